package dev.drawbridge.internal.machine;

import java.time.Duration;
import java.time.Instant;

/**
 * How many links may be made in vain, however often strangers ask: one that was offered and closed leaves some 160 KB behind in
 * the native library, linearly over thousands (see docs/secure-mode.md). A bucket of {@link #BURST} that gains one every
 * {@link #REFILL}; as arithmetic, the time at which it will be full again.
 */
record Allowance(Instant full) {
    /** A minute of twenty requests a second, so that such a flood keeps nobody out, and some more: at most 240 MB. */
    static final int BURST = 1500;
    /** 360 links an hour: at most 58 MB. */
    static final Duration REFILL = Duration.ofSeconds(10);

    static final Allowance WHOLE = new Allowance(Instant.EPOCH);

    boolean covers(Instant now) {
        return !full.isAfter(now.plus(REFILL.multipliedBy(BURST - 1L)));
    }

    Allowance spent(Instant now) {
        return new Allowance((full.isAfter(now) ? full : now).plus(REFILL));
    }

    /** Somebody was admitted, so that link was not in vain: an audience that comes and goes is not a flood. */
    Allowance regained() {
        return new Allowance(full.minus(REFILL));
    }
}
