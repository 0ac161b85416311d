package dev.drawbridge.internal.runtime;

import java.util.function.IntConsumer;

/**
 * A peer's wishes for one bitrate: how much it wants and the most that it wants whatever else it says, which come apart. The newest of
 * each counts. The program's own bound is above both, and the link's business. On the session's thread.
 */
final class Ceiling {
    private static final int NONE = -1;

    private final IntConsumer limit;
    private int wanted = NONE;
    private int most = NONE;

    /** @param limit takes kbps, negative for the default */
    Ceiling(IntConsumer limit) {
        this.limit = limit;
    }

    void wants(int kbps) {
        wanted = Math.max(NONE, kbps);
        limit.accept(effective());
    }

    void wantsAtMost(int kbps) {
        most = Math.max(NONE, kbps);
        limit.accept(effective());
    }

    private int effective() {
        return most == NONE ? wanted : wanted == NONE ? most : Math.min(wanted, most);
    }
}
