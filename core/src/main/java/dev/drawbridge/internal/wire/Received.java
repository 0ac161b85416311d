package dev.drawbridge.internal.wire;

import java.util.Optional;

/**
 * A handshake frame, read.
 *
 * @param from the peer that sent it; empty when the server did
 * @param message what it says
 */
public record Received(Optional<PeerId> from, Message message) {}
