package dev.drawbridge.webrtc;

/**
 * Lets no more pictures a second through than are wanted, as evenly as they come. What was refused last is owed, for it may be the last one
 * of a source that stands still. Not for several threads at once.
 */
final class Pace {
    private final long period;
    private long due;
    private boolean begun;
    private boolean owing;
    private boolean planned;

    Pace(int perSecond) {
        period = 1_000_000_000L / perSecond;
    }

    /** The next one is admitted whenever it comes, and nothing is owed. */
    void reset() {
        begun = false;
        owing = false;
    }

    /** Whether a picture that comes now is one of them. A source of the same rate trembles, so it may be a quarter early. */
    boolean admits(long nanos) {
        if (!begun || nanos - due > period) {
            begun = true;
            due = nanos + period;
        } else if (due - nanos > period / 4) {
            owing = true;
            return false;
        } else {
            due += period;
        }
        owing = false;
        return true;
    }

    /**
     * To be called after a refusal.
     *
     * @return in how many milliseconds {@link #overdue} is to be asked; 0 if it will be already, or nothing is owed
     */
    long plan(long nanos) {
        if (planned || !owing) {
            return 0;
        }
        planned = true;
        return Math.max(0, overdueAt() - nanos) / 1_000_000 + 1;
    }

    /** When planned: whether the newest picture is to be shown now. If not, {@link #plan} says whether to ask again. */
    boolean overdue(long nanos) {
        planned = false;
        if (!owing || nanos - overdueAt() < 0) {
            return false;
        }
        owing = false;
        due = nanos + period;
        return true;
    }

    /** A source that goes on has brought the next one by then. */
    private long overdueAt() {
        return due + period - period / 4;
    }
}
