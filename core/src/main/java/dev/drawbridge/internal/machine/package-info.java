/** The protocol and secure mode, as functions from a state and an input to the next state and effects. Pure. */
@NullMarked
package dev.drawbridge.internal.machine;

import org.jspecify.annotations.NullMarked;
