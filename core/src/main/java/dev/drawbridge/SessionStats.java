package dev.drawbridge;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Figures of a session at one moment. Immutable. The totals are those of the live peer connections.
 *
 * @param at when they were taken
 * @param framesSent pictures sent, over all viewers
 * @param packetsSent media packets sent, over all viewers and candidates
 * @param framesReceived pictures decoded, over all streams
 * @param framesDropped decoded pictures that no sink took in time
 * @param packetsLost media packets that did not arrive, over all connections
 * @param bitrateKbps media sent and received since whoever asks asked before, per second, over all connections; 0 the first time
 * @param width of the last picture of the newest connection; 0 before the first
 * @param height likewise
 * @param roundTrip of the newest connection, when measured
 * @param path of the newest connection by type, such as {@code host/udp}; empty before there is one
 * @param links every live peer connection: a publisher's by viewer (candidates included), a viewer's by stream id
 * @param marks when the session reached its first steps, in order
 */
public record SessionStats(
        Instant at,
        long framesSent,
        long packetsSent,
        long framesReceived,
        long framesDropped,
        long packetsLost,
        long bitrateKbps,
        int width,
        int height,
        Optional<Duration> roundTrip,
        String path,
        Map<String, LinkStats> links,
        List<Mark> marks) {

    /**
     * A step that was reached for the first time.
     *
     * @param name such as {@code socket open}, {@code offer}, {@code connected}, {@code channel open}, {@code first frame},
     *     {@code socket gone}
     */
    public record Mark(String name, Instant at) {}

    /** Without the names of the links, which are whole stream ids at a viewer. */
    @Override
    public String toString() {
        return "SessionStats[at=" + at + ", framesSent=" + framesSent + ", packetsSent=" + packetsSent
                + ", framesReceived="
                + framesReceived + ", framesDropped=" + framesDropped + ", packetsLost=" + packetsLost
                + ", bitrateKbps=" + bitrateKbps + ", size="
                + width + "x"
                + height + ", roundTrip=" + roundTrip + ", path=" + path + ", links=" + links.values() + ", marks="
                + marks + "]";
    }
}
