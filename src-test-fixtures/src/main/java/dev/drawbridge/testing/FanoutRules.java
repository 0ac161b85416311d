package dev.drawbridge.testing;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** Everything to everybody else. */
final class FanoutRules implements Rules {
    private final Set<Line> lines = new LinkedHashSet<>();

    /** Who has not shown an id yet. Only the log wants to know. */
    private final Set<Line> nameless = new HashSet<>();

    @Override
    public void opened(Line line) {
        lines.add(line);
        nameless.add(line);
    }

    @Override
    public void received(Line line, Packet packet) {
        if (!lines.contains(line)) {
            return;
        }
        if (nameless.contains(line)) {
            Envelope.read(packet.payload()).flatMap(Envelope::from).ifPresent(id -> {
                nameless.remove(line);
                line.named(id);
            });
        }
        for (Line other : lines) {
            if (other != line) {
                other.send(packet);
            }
        }
    }

    @Override
    public void closed(Line line) {
        lines.remove(line);
        nameless.remove(line);
    }
}
