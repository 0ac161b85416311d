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
    private final Map<String, Seen> seen = new HashMap<>();
    private Instant lastAt = Instant.MIN;

    private record Seen(long bytes, Instant at) {}

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
        if (!links.isEmpty()) { // or else perhaps the library did not answer in time, and they will be there again
            seen.clear();
            links.forEach((name, link) -> seen.put(name, new Seen(bytes(link), now)));
        }
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
        Seen before = seen.getOrDefault(name, new Seen(0, lastAt));
        long bytes = bytes(link) < before.bytes() ? bytes(link) : bytes(link) - before.bytes();
        return bytes * 8 / Math.max(1, Duration.between(before.at(), now).toMillis());
    }

    private static long bytes(LinkStats link) {
        return link.bytesSent() + link.bytesReceived();
    }
}
