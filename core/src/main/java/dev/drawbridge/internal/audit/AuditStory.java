package dev.drawbridge.internal.audit;

import dev.drawbridge.SessionEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Decides which events stand in the audit log in a line of their own. What strangers repeat is counted together when it floods, and
 * the count is told before the next line, so that the order stays and no event is missing. Not thread-safe.
 */
public final class AuditStory {
    /** So many lines of what strangers can cause in one {@link #WINDOW}; what is beyond is counted. */
    static final int BURST = 32;

    static final Duration WINDOW = Duration.ofMinutes(1);
    /** From so many lines on, what strangers can cause is only counted. */
    static final int STRANGERS = 10_000;
    /** From so many lines on, who came in and who left is only counted, too: a secure session, with one viewer, never gets here. */
    static final int VIEWERS = 2 * STRANGERS;

    private final Map<String, Long> counted = new LinkedHashMap<>();
    private Instant since = Instant.MIN;
    private Instant until = Instant.MIN;
    private Instant windowEnd = Instant.MIN;
    private int inWindow;
    private int lines;

    /** What is to be written. */
    public record Entry(Instant at, String what) {}

    /** Takes the next event: no line, its own, or that of a count and its own. */
    public List<Entry> take(SessionEvent event) {
        AuditFact fact = AuditFact.of(event);
        if (fact == null) {
            return List.of();
        }
        if (!worthALine(fact, event.at())) {
            count(fact, event.at());
            return List.of();
        }
        Entry own = new Entry(event.at(), fact.text());
        List<Entry> entries = counted.isEmpty() ? List.of(own) : List.of(together(), own);
        counted.clear();
        lines += entries.size();
        return entries;
    }

    private boolean worthALine(AuditFact fact, Instant at) {
        switch (fact.by()) {
            case SESSION -> {
                return true;
            }
            case VIEWER -> {
                return lines < VIEWERS;
            }
            case STRANGER -> {
                if (!at.isBefore(windowEnd)) {
                    windowEnd = at.plus(WINDOW);
                    inWindow = 0;
                }
                return lines < STRANGERS && inWindow++ < BURST;
            }
        }
        throw new IllegalStateException("caused by " + fact.by());
    }

    private void count(AuditFact fact, Instant at) {
        if (counted.isEmpty()) {
            since = at;
        }
        until = at;
        counted.merge(fact.what(), 1L, Long::sum);
    }

    private Entry together() {
        long sum = counted.values().stream().mapToLong(Long::longValue).sum();
        String kinds = counted.entrySet().stream()
                .map(kind -> kind.getValue() + " " + kind.getKey())
                .collect(Collectors.joining(", "));
        return new Entry(until, sum + " together since " + AuditChain.time(since) + ": " + kinds);
    }
}
