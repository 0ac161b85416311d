/** The audit log: events in words, the chain of its lines, and the look at one. Pure. */
@NullMarked
package dev.drawbridge.internal.audit;

import org.jspecify.annotations.NullMarked;
