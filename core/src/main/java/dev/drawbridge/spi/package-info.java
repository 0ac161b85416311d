@NullMarked
package dev.drawbridge.spi;

import org.jspecify.annotations.NullMarked;
