package dev.drawbridge.webrtc;

import dev.drawbridge.SessionEvent.MediaKind;
import dev.drawbridge.spi.MediaTransport.SourceListener;

/**
 * Notices that a device delivers nothing any more. Drivers do not say so in any way that is the same everywhere, and asking the system for
 * its devices may hang; a camera or microphone that is there delivers all the time. The caller brings the time.
 */
final class Silence {
    private final MediaKind kind;
    private final String source;
    private final long patienceNanos;
    private final SourceListener listener;
    private volatile long heardAt;
    private boolean lost; // of the thread that looks

    Silence(MediaKind kind, String source, long patienceNanos, long now, SourceListener listener) {
        this.kind = kind;
        this.source = source;
        this.patienceNanos = patienceNanos;
        this.listener = listener;
        heardAt = now;
    }

    /** It has delivered something. Any thread. */
    void heard(long now) {
        heardAt = now;
    }

    /**
     * To be called about once a second, always on the same thread.
     *
     * @return whether it is lost
     */
    boolean look(long now) {
        boolean silent = now - heardAt > patienceNanos;
        if (silent && !lost) {
            listener.lost(kind, source);
        } else if (!silent && lost) {
            listener.restored(kind, source);
        }
        lost = silent;
        return lost;
    }
}
