package dev.drawbridge.webrtc;

/**
 * How much longer than a picture the sound waits in the library. What was captured together arrives together, but the library keeps
 * sound back for some 100 ms against the jitter of the network and pictures hardly at all; it brings the two together itself only after
 * some ten seconds, and never where a publisher tells no times. So sound is stamped as if it had waited as long as a picture.
 *
 * <p><b>Thread:</b> any.
 */
final class LipSync {
    /** What the two buffers have done so far: seconds that all pictures and samples together have waited, and how many they were. */
    record Buffers(double pictureSeconds, double pictures, double sampleSeconds, double samples) {
        static final Buffers EMPTY = new Buffers(0, 0, 0, 0);
    }

    /** The library keeps nothing back for longer. */
    private static final double MOST_SECONDS = 2;

    private Buffers before = Buffers.EMPTY; // guarded by this
    private volatile long behindNanos;

    /** By how much sound comes later than the picture that belongs to it; 0 while that is not known. */
    long behindNanos() {
        return behindNanos;
    }

    synchronized void look(Buffers now) {
        double pictures = now.pictures() - before.pictures();
        double samples = now.samples() - before.samples();
        if (pictures <= 0 || samples <= 0) {
            return; // without pictures nothing has to be in time with them
        }
        double behind = (now.sampleSeconds() - before.sampleSeconds()) / samples
                - (now.pictureSeconds() - before.pictureSeconds()) / pictures;
        if (Math.abs(behind) < MOST_SECONDS) {
            behindNanos = Math.round(behind * 1e9);
        }
        before = now;
    }
}
