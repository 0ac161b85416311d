package dev.drawbridge.internal.runtime;

import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.AudioMuted;
import dev.drawbridge.SessionEvent.LabelChanged;
import dev.drawbridge.SessionEvent.ProtocolViolation;
import dev.drawbridge.SessionEvent.TallyChanged;
import dev.drawbridge.SessionEvent.VideoMuted;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Which events are logged at INFO: a few of each kind in an hour. Servers and strangers decide how many there are of most kinds,
 * and a log is no place for them to fill. Not thread-safe.
 */
final class LogVolume {
    /** Of each kind in an hour. A whole secure session takes about seven lines in all. */
    static final int LOUD = 5;

    private static final Duration WINDOW = Duration.ofHours(1);

    private final Map<Class<?>, Integer> told = new HashMap<>();
    private Instant windowEnd = Instant.MIN;

    /** How loud one event is. */
    enum Level {
        INFO,
        /** At INFO, and from here on silence at INFO. */
        LAST_INFO,
        DEBUG
    }

    Level of(SessionEvent event) {
        if (event instanceof ProtocolViolation
                || event instanceof TallyChanged
                || event instanceof LabelChanged
                || event instanceof AudioMuted
                || event instanceof VideoMuted) {
            return Level.DEBUG; // a peer decides how many there are, and nobody has to do anything about them
        }
        if (!event.at().isBefore(windowEnd)) {
            windowEnd = event.at().plus(WINDOW);
            told.clear();
        }
        int count = told.merge(event.getClass(), 1, (old, one) -> Math.min(old + one, LOUD + 1));
        return count < LOUD ? Level.INFO : count == LOUD ? Level.LAST_INFO : Level.DEBUG;
    }
}
