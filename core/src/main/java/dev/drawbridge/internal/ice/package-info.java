@NullMarked
package dev.drawbridge.internal.ice;

import org.jspecify.annotations.NullMarked;
