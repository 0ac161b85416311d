package dev.drawbridge.webrtc;

/** Lets no more pictures a second through than are wanted, as evenly as they come. Not for several threads at once. */
final class Pace {
    private final long period;
    private long due;
    private boolean begun;

    Pace(int perSecond) {
        period = 1_000_000_000L / perSecond;
    }

    /** The next one is admitted whenever it comes. */
    void reset() {
        begun = false;
    }

    /** Whether a picture that comes now is one of them. A source of the same rate trembles, so it may be a quarter early. */
    boolean admits(long nanos) {
        if (!begun || nanos - due > period) {
            begun = true;
            due = nanos + period;
            return true;
        }
        if (due - nanos > period / 4) {
            return false;
        }
        due += period;
        return true;
    }
}
