package dev.drawbridge.webrtc;

import dev.drawbridge.LinkStats;
import dev.drawbridge.spi.SelectedPath;
import dev.onvoid.webrtc.RTCStats;
import dev.onvoid.webrtc.RTCStatsReport;
import dev.onvoid.webrtc.RTCStatsType;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sums the library's report up. */
final class StatsReader {
    private StatsReader() {}

    /** What one report says. */
    record Figures(LinkStats stats, Optional<SelectedPath> path, LipSync.Buffers buffers) {}

    static Figures read(RTCStatsReport report, long skipped) {
        long bytesSent = 0;
        long packetsSent = 0;
        long framesSent = 0;
        long bytesReceived = 0;
        long packetsReceived = 0;
        long framesReceived = 0;
        long packetsLost = 0;
        LipSync.Buffers buffers = LipSync.Buffers.EMPTY;
        String videoCodec = "";
        String audioCodec = "";
        String encoder = "";
        long width = 0;
        long height = 0;
        String pairId = "";
        Map<String, RTCStats> all = report.getStats();
        for (RTCStats stats : all.values()) {
            // Null for a kind this version of webrtc-java does not know.
            RTCStatsType type = stats.getType();
            if (type == RTCStatsType.OUTBOUND_RTP) {
                bytesSent += number(stats, "bytesSent") + number(stats, "headerBytesSent");
                packetsSent += number(stats, "packetsSent");
                framesSent += number(stats, "framesSent");
                width = Math.max(width, number(stats, "frameWidth"));
                height = Math.max(height, number(stats, "frameHeight"));
                encoder = either(encoder, text(stats, "encoderImplementation"));
            } else if (type == RTCStatsType.INBOUND_RTP) {
                bytesReceived += number(stats, "bytesReceived") + number(stats, "headerBytesReceived");
                packetsReceived += number(stats, "packetsReceived");
                framesReceived += number(stats, "framesDecoded");
                packetsLost += number(stats, "packetsLost");
                width = Math.max(width, number(stats, "frameWidth"));
                height = Math.max(height, number(stats, "frameHeight"));
                encoder = either(encoder, text(stats, "decoderImplementation"));
                buffers = with(buffers, stats);
            } else if (type == RTCStatsType.REMOTE_INBOUND_RTP) {
                packetsLost += number(stats, "packetsLost");
            } else if (type == RTCStatsType.TRANSPORT) {
                pairId = text(stats, "selectedCandidatePairId");
            }
            if (type == RTCStatsType.OUTBOUND_RTP || type == RTCStatsType.INBOUND_RTP) {
                String codec = text(all.get(text(stats, "codecId")), "mimeType");
                videoCodec = either(videoCodec, codec.startsWith("video/") ? codec.substring(6) : "");
                audioCodec = either(audioCodec, codec.startsWith("audio/") ? codec.substring(6) : "");
            }
        }
        RTCStats pair = all.get(pairId);
        Optional<SelectedPath> path = pair == null ? Optional.empty() : path(all, pair);
        LinkStats stats = new LinkStats(
                bytesSent,
                packetsSent,
                framesSent,
                bytesReceived,
                packetsReceived,
                framesReceived,
                skipped,
                Math.max(0, packetsLost), // duplicates count against it
                0,
                (int) width,
                (int) height,
                videoCodec,
                audioCodec,
                encoder,
                pair == null ? Optional.empty() : roundTrip(pair),
                path.map(SelectedPath::kind).orElse(""));
        return new Figures(stats, path, buffers);
    }

    private static LipSync.Buffers with(LipSync.Buffers buffers, RTCStats stats) {
        double seconds = real(stats, "jitterBufferDelay");
        double count = real(stats, "jitterBufferEmittedCount");
        return text(stats, "kind").equals("video")
                ? new LipSync.Buffers(seconds, count, buffers.sampleSeconds(), buffers.samples())
                : new LipSync.Buffers(buffers.pictureSeconds(), buffers.pictures(), seconds, count);
    }

    private static double real(RTCStats stats, String name) {
        return stats.getAttributes().get(name) instanceof Number number ? number.doubleValue() : 0;
    }

    private static String either(String one, String other) {
        return one.isEmpty() ? other : one;
    }

    private static Optional<Duration> roundTrip(RTCStats pair) {
        return pair.getAttributes().get("currentRoundTripTime") instanceof Number seconds
                ? Optional.of(Duration.ofNanos((long) (seconds.doubleValue() * 1e9)))
                : Optional.empty();
    }

    private static Optional<SelectedPath> path(Map<String, RTCStats> all, RTCStats pair) {
        RTCStats local = all.get(text(pair, "localCandidateId"));
        RTCStats remote = all.get(text(pair, "remoteCandidateId"));
        if (local == null || remote == null) {
            return Optional.empty();
        }
        String toRelay = text(local, "relayProtocol");
        return Optional.of(new SelectedPath(end(local), end(remote), toRelay.equals("tls") ? "turns" : toRelay));
    }

    private static SelectedPath.End end(RTCStats candidate) {
        return new SelectedPath.End(
                text(candidate, "candidateType"), text(candidate, "protocol"), text(candidate, "address"), (int)
                        number(candidate, "port"));
    }

    private static long number(RTCStats stats, String name) {
        return stats.getAttributes().get(name) instanceof Number number ? number.longValue() : 0;
    }

    private static String text(@Nullable RTCStats stats, String name) {
        return stats != null && stats.getAttributes().get(name) instanceof String text ? text : "";
    }
}
