@NullMarked
package dev.drawbridge.internal.crypto;

import org.jspecify.annotations.NullMarked;
