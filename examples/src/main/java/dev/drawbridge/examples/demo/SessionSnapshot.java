package dev.drawbridge.examples.demo;

import dev.drawbridge.Session;
import dev.drawbridge.SessionState;
import dev.drawbridge.SessionStats;
import dev.drawbridge.Viewer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a session stands.
 *
 * @param watching whether it is a viewer's
 * @param meanRgb the mean colour of a viewer's last picture
 */
record SessionSnapshot(SessionState state, SessionStats stats, boolean watching, OptionalInt meanRgb)
        implements Snapshot {

    /** <b>Blocking:</b> up to 500 ms, as {@link Session#stats()}. */
    static SessionSnapshot of(Session session, OptionalInt meanRgb) {
        return new SessionSnapshot(session.state(), session.stats(), session instanceof Viewer, meanRgb);
    }

    @Override
    public Instant at() {
        return stats.at();
    }

    @Override
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("state", state.name());
        if (watching) {
            fields.put("framesReceived", stats.framesReceived());
            fields.put("framesDropped", stats.framesDropped());
        } else {
            fields.put("framesSent", stats.framesSent());
            fields.put("packetsSent", stats.packetsSent());
        }
        fields.put("bitrateKbps", stats.bitrateKbps());
        fields.put("width", stats.width());
        fields.put("height", stats.height());
        meanRgb.ifPresent(rgb -> fields.put("meanRgb", List.of(rgb >> 16 & 0xff, rgb >> 8 & 0xff, rgb & 0xff)));
        stats.roundTrip().ifPresent(time -> fields.put("roundTripMs", millis(time)));
        fields.put("path", stats.path());
        Map<String, Object> marks = new LinkedHashMap<>();
        stats.marks().forEach(mark -> marks.put(mark.name(), mark.at().toEpochMilli()));
        fields.put("marks", marks);
        return fields;
    }

    @Override
    public String line() {
        Optional<String> peers = Optional.of(
                        stats.links().keySet().stream().sorted().limit(2).collect(Collectors.joining(" ")))
                .filter(text -> !text.isEmpty());
        int more = stats.links().size() - 2;
        Optional<String> others = Optional.of("+" + more).filter(text -> more > 0);
        Optional<String> who = watching ? Optional.empty() : peers.or(() -> Optional.of("no viewer yet"));
        Optional<String> size =
                Optional.of(stats.width() + "x" + stats.height()).filter(text -> stats.width() > 0);
        return Stream.of(
                        Optional.of(state.name()),
                        who,
                        others,
                        Optional.of((watching ? stats.framesReceived() : stats.framesSent()) + " frames"),
                        size,
                        Optional.of(stats.bitrateKbps() + " kbit/s"),
                        stats.roundTrip().map(time -> String.format(Locale.ROOT, "rtt %.1f ms", millis(time))),
                        Optional.of(stats.path()).filter(path -> !path.isEmpty()))
                .flatMap(Optional::stream)
                .collect(Collectors.joining("  "));
    }

    private static double millis(Duration time) {
        return Math.round(time.toNanos() / 1_000.0) / 1_000.0;
    }
}
