@NullMarked
package dev.drawbridge.internal.runtime;

import org.jspecify.annotations.NullMarked;
