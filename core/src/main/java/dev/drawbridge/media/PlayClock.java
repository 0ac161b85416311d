package dev.drawbridge.media;

import java.util.function.LongSupplier;

/** When that what is read is due. Pictures and sound of one file go by the same one, so they cannot drift apart. Any thread. */
final class PlayClock {
    private final LongSupplier now;
    // Guarded by this.
    private long zero;
    private boolean begun;
    private int round;

    PlayClock(LongSupplier now) {
        this.now = now;
    }

    /**
     * The time at which a piece is due.
     *
     * @param its the round it belongs to: what is left of an earlier one is due now, and the newest round does not go by it
     * @param at its place from the beginning, in nanoseconds
     * @param waited whether nothing was there when it was wanted: if it is late then, it was read too slowly, and all that follows is
     *     put off by as much; otherwise it is the consumer who is late
     */
    synchronized long due(int its, long at, boolean waited) {
        long time = now.getAsLong();
        if (its != round) {
            return time;
        }
        if (!begun || (waited && time - (zero + at) > 0)) {
            begun = true;
            zero = time - at;
        }
        return zero + at;
    }

    /** The first piece of this round is due at once. */
    synchronized void restart(int fresh) {
        round = fresh;
        begun = false;
    }
}
