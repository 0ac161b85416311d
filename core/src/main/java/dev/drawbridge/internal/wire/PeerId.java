package dev.drawbridge.internal.wire;

/** A peer's address at the handshake server: chosen by the server (hosted dialect) or by the peer itself (custom dialect). */
public record PeerId(String value) {
    @Override
    public String toString() {
        return value;
    }
}
