package dev.drawbridge.spi;

/**
 * One ICE candidate as it travels on the wire. {@code toString} hides the address.
 *
 * @param candidate the line that begins with {@code candidate:}
 * @param sdpMid the media section's id; empty when the peer did not tell it
 * @param sdpMLineIndex the media section's number, from 0
 */
public record IceCandidate(String candidate, String sdpMid, int sdpMLineIndex) {

    @Override
    public String toString() {
        return "candidate(" + sdpMLineIndex + ")";
    }
}
