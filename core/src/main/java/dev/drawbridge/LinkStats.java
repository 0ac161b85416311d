package dev.drawbridge;

import java.time.Duration;
import java.util.Optional;

/**
 * Figures of one peer connection since it was made, from the media library itself. Immutable.
 *
 * @param bytesSent media bytes (RTP payload and headers)
 * @param packetsSent media packets; 0 until the media was released
 * @param framesSent encoded and sent pictures
 * @param bytesReceived media bytes
 * @param packetsReceived media packets
 * @param framesReceived decoded pictures
 * @param framesDropped decoded pictures that no sink took
 * @param width of the last sent or decoded picture; 0 before the first
 * @param height likewise
 * @param roundTrip of the selected path, when measured
 * @param path the selected path by type, such as {@code host/udp}, or by the way to our relay: {@code relay/udp}, {@code
 *     relay/tcp}, {@code relay/turns}; empty before there is one
 */
public record LinkStats(
        long bytesSent,
        long packetsSent,
        long framesSent,
        long bytesReceived,
        long packetsReceived,
        long framesReceived,
        long framesDropped,
        int width,
        int height,
        Optional<Duration> roundTrip,
        String path) {

    /** Before anything happened. */
    public static final LinkStats NONE = new LinkStats(0, 0, 0, 0, 0, 0, 0, 0, 0, Optional.empty(), "");
}
