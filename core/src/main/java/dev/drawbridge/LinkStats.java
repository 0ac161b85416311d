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
 * @param packetsLost media packets that did not arrive: of ours, as the peer reports it, and of the peer's
 * @param bitrateKbps media sent and received since whoever asks asked before, per second; 0 the first time
 * @param width of the last sent or decoded picture; 0 before the first
 * @param height likewise
 * @param videoCodec such as {@code VP8}; empty while no video flows
 * @param audioCodec such as {@code opus}; empty while no sound flows
 * @param encoder the name of what encodes or decodes the video, such as {@code libvpx}; empty while it is not known
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
        long packetsLost,
        long bitrateKbps,
        int width,
        int height,
        String videoCodec,
        String audioCodec,
        String encoder,
        Optional<Duration> roundTrip,
        String path) {

    /** Before anything happened. */
    public static final LinkStats NONE =
            new LinkStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "", "", "", Optional.empty(), "");

    /** The same with another bitrate. A media library, which does not know who asks, leaves that at 0. */
    public LinkStats withBitrateKbps(long kbps) {
        return new LinkStats(
                bytesSent,
                packetsSent,
                framesSent,
                bytesReceived,
                packetsReceived,
                framesReceived,
                framesDropped,
                packetsLost,
                kbps,
                width,
                height,
                videoCodec,
                audioCodec,
                encoder,
                roundTrip,
                path);
    }
}
