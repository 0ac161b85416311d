package dev.drawbridge.internal.sinks;

import dev.drawbridge.media.AudioFrame;
import java.io.IOException;

/**
 * Blocks of sound that come when they come, as one row of samples without a gap, in which each stands at its time. Where nothing came
 * there is silence. The clock of the publisher's sound runs a little faster or slower than ours: when the blocks have been early or late
 * by 10 ms on average, that much is left out or filled in.
 *
 * <p>Pure but for the output. Not for several threads at once.
 */
final class SoundTrack {
    static final int RATE = 48_000;
    static final int CHANNELS = 2;
    /** Bytes of one sample of both channels. */
    static final int FRAME = 2 * CHANNELS;

    private static final int MILLI = RATE / 1000;
    /** How far a block may be off at once; beyond that something was missing, or came twice. */
    private static final int GAP = 100 * MILLI;
    /** How far blocks may be off on average. Single ones are, by the chance of threads. */
    private static final int DRIFT = 10 * MILLI;

    private static final double OF_A_BLOCK = 1.0 / 64;

    private final Target output;
    private final long origin;
    private final byte[] bytes = new byte[FRAME * RATE / 10];
    private int filled;
    private long written;
    private long handed;
    private double drift;

    /** @param origin when the first sample is, as {@link System#nanoTime} */
    SoundTrack(Target output, long origin) {
        this.output = output;
        this.origin = origin;
    }

    /** The next block, which was not later than those before. */
    void add(AudioFrame block) throws IOException {
        short[] samples = Stereo.of(block, RATE);
        int length = samples.length / CHANNELS;
        long off = place(block.timestampNanos()) - written;
        int skip = 0;
        if (off > GAP) {
            silence(off);
            drift = 0;
        } else if (off < -GAP || written == 0) {
            skip = (int) Math.min(length, Math.max(0, -off));
            silence(Math.max(0, off));
            drift = 0;
        } else {
            drift += (off - drift) * OF_A_BLOCK;
            if (drift > DRIFT) {
                silence((long) drift);
                drift = 0;
            } else if (drift < -DRIFT) {
                int tooMuch = (int) Math.min(length, -drift);
                skip = tooMuch;
                drift += tooMuch;
            }
        }
        for (int i = skip * CHANNELS; i < samples.length; i++) {
            put(samples[i]);
        }
        written += length - skip;
    }

    /** Nothing has come for a while: what lies more than a tenth of a second before this moment is silence. */
    void waitedUntil(long nanos) throws IOException {
        if (place(nanos) - written > GAP) {
            silence(place(nanos) - written - GAP / 2);
        }
    }

    /** The end: silence up to this moment, if there was no sound. */
    void end(long nanos) throws IOException {
        silence(place(nanos) - written);
        flush();
    }

    /** Samples of one channel so far. */
    long written() {
        return written;
    }

    private long place(long nanos) {
        return Math.round((nanos - origin) * (RATE / 1e9));
    }

    private void silence(long samples) throws IOException {
        for (long i = 0; i < samples * CHANNELS; i++) {
            put((short) 0);
        }
        written += Math.max(0, samples);
    }

    private void put(short sample) throws IOException {
        bytes[filled++] = (byte) sample;
        bytes[filled++] = (byte) (sample >> 8);
        if (filled == bytes.length) {
            flush();
        }
    }

    /** Hands over what has gathered. */
    void flush() throws IOException {
        if (filled > 0) {
            output.sound(bytes, filled, handed);
            handed += filled / FRAME;
            filled = 0;
        }
    }
}
