package dev.drawbridge.media;

import java.util.function.LongSupplier;

/** When that what is read is due. Pictures and sound of one file go by the same one, so they cannot drift apart. Any thread. */
final class PlayClock {
    private final LongSupplier now;
    // Guarded by this.
    private long zero;
    private boolean begun;

    PlayClock(LongSupplier now) {
        this.now = now;
    }

    /**
     * The time at which a piece is due.
     *
     * @param at its place from the beginning, in nanoseconds
     * @param waited whether nothing was there when it was wanted: if it is late then, it was read too slowly, and all that follows is
     *     put off by as much; otherwise it is the consumer who is late
     */
    synchronized long due(long at, boolean waited) {
        long time = now.getAsLong();
        if (!begun || (waited && time - (zero + at) > 0)) {
            begun = true;
            zero = time - at;
        }
        return zero + at;
    }

    /** The next piece is due at once. */
    synchronized void restart() {
        begun = false;
    }
}
