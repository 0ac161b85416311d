@NullMarked
package dev.drawbridge.internal.machine;

import org.jspecify.annotations.NullMarked;
