package dev.drawbridge.media;

import java.time.Duration;

/**
 * Which part of a file is played, and how often.
 *
 * @param from where it begins, each time; zero for the beginning
 * @param loop whether it begins again at its end, for ever
 */
public record Playback(Duration from, boolean loop) {
    private static final Duration LONGEST = Duration.ofDays(30);

    /**
     * Checks them.
     *
     * @throws IllegalArgumentException if the start is negative or above 30 days
     */
    public Playback {
        if (from.isNegative() || from.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("start at " + from + ": must be 0 to 30 days");
        }
    }

    /** From the beginning to the end. */
    public static Playback once() {
        return new Playback(Duration.ZERO, false);
    }

    /** From the beginning to the end, again and again. */
    public static Playback looped() {
        return new Playback(Duration.ZERO, true);
    }

    /** The same from another place on. */
    public Playback from(Duration start) {
        return new Playback(start, loop);
    }
}
