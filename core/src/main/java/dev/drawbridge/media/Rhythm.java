package dev.drawbridge.media;

/**
 * When the pictures of a source with a steady rate are due. Picture n is due at start + n / rate, from the number alone, so that no
 * rounding adds up. Those for which it has become too late are left out. Pure.
 */
final class Rhythm {
    private static final long SECOND = 1_000_000_000L;

    private final int perSecond;
    private final long start;
    private long number;

    /** @param start of {@link System#nanoTime}; the first picture is due then */
    Rhythm(int perSecond, long start) {
        this.perSecond = perSecond;
        this.start = start;
    }

    /** When the next picture is due. */
    long due() {
        return start + number / perSecond * SECOND + number % perSecond * SECOND / perSecond;
    }

    /** This picture is done; tells how many after it are left out. */
    long next(long now) {
        long done = number++;
        while (now - due() > SECOND / perSecond) {
            number++;
        }
        return number - done - 1;
    }
}
