package dev.drawbridge.internal.runtime;

import dev.drawbridge.internal.wire.Limits;

/**
 * What one sender has waiting for the session's thread: a server, a peer, or the program with its data. Bounded, so that no sender can
 * take the memory, nor make the others wait for longer than it takes to read this much. Any thread.
 */
final class Backlog {
    /** What a message costs beside its text, in characters. */
    static final int EACH = 256;

    private final Runnable whenFull;
    private long waiting; // guarded by this
    private boolean full; // guarded by this

    /** @param whenFull called when the bound is passed, once until everything was read; on the thread of the sender */
    Backlog(Runnable whenFull) {
        this.whenFull = whenFull;
    }

    /** Whether a message may wait; each one that may is to be {@link #read}. One alone always may. */
    boolean admits(int chars) {
        synchronized (this) {
            if (full) {
                return false;
            }
            if (waiting == 0 || waiting + chars + EACH <= Limits.UNREAD) {
                waiting += chars + EACH;
                return true;
            }
            full = true;
        }
        whenFull.run();
        return false;
    }

    synchronized void read(int chars) {
        waiting -= chars + EACH;
        full &= waiting > 0;
    }
}
