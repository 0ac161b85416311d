package dev.drawbridge;

/**
 * One viewer of one publisher session.
 *
 * @param number 1, 2, 3 … in the order of the requests; never used twice in a session, so somebody who comes back is another viewer
 * @param peer the id under which the handshake server knows it; proves nothing about who it is
 */
public record ViewerId(int number, String peer) {
    @Override
    public String toString() {
        return "viewer-" + number;
    }
}
