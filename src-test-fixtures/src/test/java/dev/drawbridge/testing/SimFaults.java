package dev.drawbridge.testing;

import dev.drawbridge.spi.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What went wrong in one run, in order, and what is not allowed to, by its number: that makes a failing run smaller. */
final class SimFaults {
    private static final List<String> KINDS = List.of(
            "drop",
            "duplicate",
            "reorder",
            "corrupt",
            "delay",
            "restarts",
            "silent",
            "network breaks",
            "path",
            "stranger");

    private record Fault(Instant at, String what) {}

    private final Scheduler clock;
    private final Set<Integer> forbidden;
    private final Map<Integer, Fault> happened = new TreeMap<>();
    private int count;

    SimFaults(Scheduler clock, Set<Integer> forbidden) {
        this.clock = clock;
        this.forbidden = forbidden;
    }

    /** Whether this fault, the next one, may happen. */
    boolean happens(String what) {
        int number = ++count;
        if (forbidden.contains(number)) {
            return false;
        }
        happened.put(number, new Fault(clock.now(), what));
        return true;
    }

    static String seconds(Instant at) {
        return Duration.between(VirtualTime.START, at).toMillis() / 1000.0 + " s";
    }

    Set<Integer> numbers() {
        return Set.copyOf(happened.keySet());
    }

    List<String> story() {
        return happened.values().stream()
                .map(fault -> seconds(fault.at()) + " " + fault.what())
                .toList();
    }

    /** How often each kind of fault, by the words in front of what it befell. */
    Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>();
        for (Fault fault : happened.values()) {
            for (String kind : KINDS) {
                if (fault.what().contains(kind)) {
                    counts.merge("fault: " + kind, 1, Integer::sum);
                }
            }
        }
        return counts;
    }
}
