package dev.drawbridge.internal.machine;

import java.time.Duration;

/** Every time limit of the machines. */
public final class Times {
    /** A socket that is neither open nor gone by then is given up. */
    public static final Duration DIAL = Duration.ofSeconds(15);
    /** Waiting for a room's listing before entering once more, and again before going on without it. */
    public static final Duration LISTING = Duration.ofMillis(2500);
    /** Between two announcements of an id that is taken; three are tried after the first. */
    public static final Duration RESEED = Duration.ofSeconds(5);

    public static final int RESEEDS = 3;
    /** Between two requests for a stream that has not come or is not connected: either may have been lost. */
    public static final Duration ASK = Duration.ofSeconds(3);
    /** A request that follows our offer sooner is the same one again. Shorter than {@link #ASK}, which the network may shorten. */
    public static final Duration ECHO = Duration.ofSeconds(2);
    /** A candidate that is younger is not pushed out: time for three messages over a slow server, ICE and DTLS. */
    public static final Duration TENURE = Duration.ofMillis(2500);
    /** An offer from somebody else replaces a connection that has not come about by then. */
    public static final Duration YIELD = Duration.ofSeconds(3);
    /** A member of a room whose stream was lost so often in a row makes room for one that waits. */
    static final int PATIENT_LOSSES = 3;
    /** From the request to the answer. */
    public static final Duration ANSWER = Duration.ofSeconds(10);
    /** From the making of a connection to its first relay candidate, where only those count. */
    public static final Duration RELAY = Duration.ofSeconds(10);
    /** A viewer whose filter has left nothing for so long does not wait for the end of another attempt. */
    public static final Duration HOPELESS = Duration.ofSeconds(10);
    /** From the request to the connection. */
    public static final Duration CONNECT = Duration.ofSeconds(20);
    /** The program's time to approve a viewer. */
    public static final Duration APPROVAL = Duration.ofSeconds(30);
    /** Between two looks at an admitted viewer. */
    public static final Duration PING = Duration.ofSeconds(1);
    /** So many looks without a sign of life are an interruption: noticed 4 to 5 s after the viewer's last word. */
    static final int SILENT_TICKS = 4;
    /** Between two figures for a viewer who wants them again and again. */
    public static final Duration STATS = Duration.ofSeconds(3);
    /** Between two looks of a viewer at a publisher's channel; if nothing came in between, it is pinged. */
    public static final Duration VIEWER_PING = Duration.ofSeconds(10);
    /** So many pings in a row without a sign of life are an interruption: noticed 40 to 50 s after the publisher's last word. */
    static final int MISSED_PINGS = 3;
    /** How long an interrupted peer may stay away. */
    public static final Duration GRACE = Duration.ofSeconds(10);
    /** A transport that breaks its promise to be gone. */
    public static final Duration SEAL = Duration.ofSeconds(5);
    /** The whole of close. */
    public static final Duration CLOSE = Duration.ofMillis(1800);

    /** A connection to the server that is lost earlier has not stood: the next pause is longer than the one before it. */
    public static final Duration STANDS = Duration.ofSeconds(30);

    private static final Duration FIRST_RECONNECT = Duration.ofMillis(500);
    /** With a fifth of chance on top the longest pause is 30 s. */
    private static final Duration LAST_RECONNECT = Duration.ofSeconds(25);

    private static final int QUICK_REPEATS = 6;
    private static final Duration QUICK_REPEAT = Duration.ofMillis(2500);
    private static final Duration SLOW_REPEAT = Duration.ofSeconds(30);
    private static final Duration FIRST_REBUILD = Duration.ofSeconds(5);
    private static final Duration LAST_RETRY = Duration.ofSeconds(30);

    private Times() {}

    /** 0.5 s, 1 s, 2 s … 16 s, 25 s for attempts 1, 2, 3 …, and up to a fifth more by chance. */
    public static Duration reconnect(int attempt) {
        return doubling(FIRST_RECONNECT, attempt, LAST_RECONNECT);
    }

    /** How long somebody waits who has announced and repeated that so often: 2.5 s for the first quarter of a minute, then 30 s. */
    public static Duration repeat(int repeats) {
        return quickRepeat(repeats) ? QUICK_REPEAT : SLOW_REPEAT;
    }

    static boolean quickRepeat(int repeats) {
        return repeats < QUICK_REPEATS;
    }

    /** From here on the pauses are long. */
    static int slowRepeats(int repeats) {
        return Math.max(repeats, QUICK_REPEATS);
    }

    /**
     * How old a candidate's connection must be to be made anew when its peer asks again: 5 s, 10 s, then {@link #CONNECT}. Each
     * gets longer than the one before, so that a slow network is not stopped for ever.
     */
    public static Duration rebuild(int attempt) {
        return doubling(FIRST_REBUILD, attempt, CONNECT);
    }

    /** The viewer's patience for an offer: 15 s, 45 s, 180 s, then the option {@code retry}. */
    public static Duration offer(int attempt, Duration last) {
        return switch (attempt) {
            case 0 -> Duration.ofSeconds(15);
            case 1 -> Duration.ofSeconds(45);
            case 2 -> Duration.ofMinutes(3);
            default -> last;
        };
    }

    /** After a loss: the option {@code retrytimeout} (5 s), doubling to 30 s. */
    public static Duration again(int attempt, Duration first) {
        return first.compareTo(LAST_RETRY) >= 0 ? first : doubling(first, attempt, LAST_RETRY);
    }

    private static Duration doubling(Duration first, int attempt, Duration last) {
        Duration delay = first.multipliedBy(1L << Math.min(attempt - 1, 10));
        return delay.compareTo(last) > 0 ? last : delay;
    }
}
