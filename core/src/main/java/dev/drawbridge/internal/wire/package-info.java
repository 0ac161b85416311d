@NullMarked
package dev.drawbridge.internal.wire;

import org.jspecify.annotations.NullMarked;
