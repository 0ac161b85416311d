package dev.drawbridge.internal.sinks;

import dev.drawbridge.media.SinkException;
import java.io.IOException;

/**
 * What a recording writes into. Its pictures are the ticks of one clock, its sound is one row of samples without a gap, and both begin at
 * the same moment.
 *
 * <p><b>Thread:</b> one, but for {@link #abort}. <b>Blocking:</b> as long as the disk, or the encoder, takes.
 */
public interface Target {

    /** Whether pictures may be left out when it cannot take them all. Where not, each tick has its picture. */
    boolean takesGaps();

    /**
     * The picture of a tick.
     *
     * @param i420 without gaps, in the size with which the target was opened; valid during the call
     * @param tick counts up from 0, one at a time where {@link #takesGaps} is false
     */
    void picture(byte[] i420, long tick) throws IOException;

    /**
     * The next samples.
     *
     * @param pcm 16-bit little-endian stereo of 48 kHz; valid during the call
     * @param length in bytes
     * @param at how many samples of a channel came before
     */
    void sound(byte[] pcm, int length, long at) throws IOException;

    /**
     * Completes the file.
     *
     * @throws SinkException if it is not whole, and why
     */
    void finish() throws IOException, SinkException;

    /** Lets go of everything, however it stands; what was written stays. Any thread, idempotent. */
    void abort();

    /** What a failed write means. */
    SinkException explained(IOException failure);
}
