/** The shell around a machine: its loop, threads, timers, and everything that carries out effects. */
@NullMarked
package dev.drawbridge.internal.runtime;

import org.jspecify.annotations.NullMarked;
