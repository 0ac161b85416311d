@NullMarked
package dev.drawbridge.signaling;

import org.jspecify.annotations.NullMarked;
