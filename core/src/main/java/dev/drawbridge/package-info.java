/**
 * Publishes and views live audio, video and data peer to peer. Start with {@link dev.drawbridge.SessionOptions}, then {@link
 * dev.drawbridge.Publisher} or {@link dev.drawbridge.Viewer}; what happens is told as {@link dev.drawbridge.SessionEvent}.
 */
@NullMarked
package dev.drawbridge;

import org.jspecify.annotations.NullMarked;
