package dev.drawbridge.internal.runtime;

import dev.drawbridge.LinkStats;
import dev.drawbridge.SessionStats;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sums up what the links say for one who asks again and again. Bitrates are reckoned from one question of his to the next. */
public final class StatsSum {
    private final Map<String, Long> lastBytes = new HashMap<>();
    private Instant lastAt = Instant.MIN;

    /** The figures at this moment. Any thread, one at a time. */
    public synchronized SessionStats of(Map<String, LinkStats> links, List<SessionStats.Mark> marks, Instant now) {
        long framesSent = 0;
        long packetsSent = 0;
        long framesReceived = 0;
        long framesDropped = 0;
        long packetsLost = 0;
        long kbps = 0;
        LinkStats newest = LinkStats.NONE;
        Map<String, LinkStats> rated = new LinkedHashMap<>();
        for (Map.Entry<String, LinkStats> entry : links.entrySet()) {
            newest = entry.getValue().withBitrateKbps(kbps(entry.getKey(), entry.getValue(), now));
            rated.put(entry.getKey(), newest);
            framesSent += newest.framesSent();
            packetsSent += newest.packetsSent();
            framesReceived += newest.framesReceived();
            framesDropped += newest.framesDropped();
            packetsLost += newest.packetsLost();
            kbps += newest.bitrateKbps();
        }
        lastBytes.clear();
        links.forEach((name, link) -> lastBytes.put(name, bytes(link)));
        lastAt = now;
        return new SessionStats(
                now,
                framesSent,
                packetsSent,
                framesReceived,
                framesDropped,
                packetsLost,
                kbps,
                newest.width(),
                newest.height(),
                newest.roundTrip(),
                newest.path(),
                Map.copyOf(rated),
                marks);
    }

    /** Of a connection that was not there the last time, everything is new; a name that begins anew begins at 0. */
    private long kbps(String name, LinkStats link, Instant now) {
        if (lastAt.equals(Instant.MIN)) {
            return 0;
        }
        long since = Math.max(1, Duration.between(lastAt, now).toMillis());
        long before = lastBytes.getOrDefault(name, 0L);
        long bytes = bytes(link);
        return (bytes < before ? bytes : bytes - before) * 8 / since;
    }

    private static long bytes(LinkStats link) {
        return link.bytesSent() + link.bytesReceived();
    }
}
