@NullMarked
package dev.drawbridge.media;

import org.jspecify.annotations.NullMarked;
