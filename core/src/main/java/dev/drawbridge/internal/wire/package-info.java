/** Frames to and from messages, in both dialects. Pure. */
@NullMarked
package dev.drawbridge.internal.wire;

import org.jspecify.annotations.NullMarked;
