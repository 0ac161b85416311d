@NullMarked
package dev.drawbridge.internal.options;

import org.jspecify.annotations.NullMarked;
