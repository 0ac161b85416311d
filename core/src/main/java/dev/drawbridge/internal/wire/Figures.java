package dev.drawbridge.internal.wire;

import dev.drawbridge.LinkStats;
import java.time.Duration;

/** What a peer is told of the connection to it: no more than it could measure itself, above all no address and no path. */
final class Figures {
    private Figures() {}

    static String write(LinkStats figures) {
        return Json.write(w -> {
            w.beginObject();
            w.name("bitrate_kbps").value(figures.bitrateKbps());
            w.name("round_trip_ms")
                    .value(figures.roundTrip().map(Duration::toMillis).orElse(-1L));
            w.name("width").value(figures.width());
            w.name("height").value(figures.height());
            w.name("frames").value(figures.framesSent());
            w.name("packets_lost").value(figures.packetsLost());
            w.endObject();
        });
    }
}
