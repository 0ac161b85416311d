/** From a password to keys and hashes, and what they encrypt. Pure but for {@code Chance}. */
@NullMarked
package dev.drawbridge.internal.crypto;

import org.jspecify.annotations.NullMarked;
