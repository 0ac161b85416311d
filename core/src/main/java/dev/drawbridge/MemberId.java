package dev.drawbridge;

/**
 * Somebody in the room of a viewer's session. Whoever publishes a stream stays the same member as long as that stream is known, also
 * where its connection to the handshake server is a new one; somebody without a stream is known by that connection alone.
 *
 * @param number 1, 2, 3 … in the order in which they were heard of; never used twice in a session, so somebody who left and comes
 *     back is another member
 * @param peer the id under which the handshake server knew it then; proves nothing about who it is
 */
public record MemberId(int number, String peer) {
    @Override
    public String toString() {
        return "member-" + number;
    }
}
