package dev.drawbridge.webrtc;

import dev.drawbridge.media.AudioFrame;
import java.util.Arrays;

/**
 * Cuts sound of any block length and rate into the blocks of 10 ms that the library needs, in 16-bit little-endian bytes. A change of
 * rate or channels begins anew. One caller at a time.
 */
final class AudioBlocks {
    /** Takes 10 ms of sound; the array is its own. */
    interface Output {
        void block(byte[] pcm, int sampleRate, int channels);
    }

    private static final int[] NATIVE_RATES = {8000, 16000, 32000, 44100, 48000};
    private static final int FALLBACK_RATE = 48000;

    private final Output output;
    private int inputRate;
    private int outputRate;
    private int channels;
    private short[] block = new short[0];
    private int filled;
    /** Position of the next output sample between {@code before} and the next input sample, in input samples. */
    private double position;

    private final short[] before = new short[2];

    AudioBlocks(Output output) {
        this.output = output;
    }

    void add(AudioFrame frame) {
        if (frame.sampleRate() != inputRate || frame.channels() != channels) {
            begin(frame);
        }
        if (inputRate == outputRate) {
            copy(frame.samples());
        } else {
            resample(frame.samples());
        }
    }

    private void begin(AudioFrame frame) {
        inputRate = frame.sampleRate();
        channels = frame.channels();
        outputRate = Arrays.stream(NATIVE_RATES).anyMatch(rate -> rate == inputRate) ? inputRate : FALLBACK_RATE;
        block = new short[outputRate / 100 * channels];
        filled = 0;
        position = 1;
        Arrays.fill(before, (short) 0);
    }

    private void copy(short[] samples) {
        int from = 0;
        while (from < samples.length) {
            int length = Math.min(samples.length - from, block.length - filled);
            System.arraycopy(samples, from, block, filled, length);
            from += length;
            filled += length;
            emitIfFull();
        }
    }

    /** Linear interpolation: for odd rates only; the library itself resamples the usual ones, and better. */
    private void resample(short[] samples) {
        double step = (double) inputRate / outputRate;
        for (int i = 0; i < samples.length; i += channels) {
            while (position < 1) {
                for (int c = 0; c < channels; c++) {
                    block[filled++] = (short) Math.round(before[c] + (samples[i + c] - before[c]) * position);
                }
                emitIfFull();
                position += step;
            }
            position -= 1;
            System.arraycopy(samples, i, before, 0, channels);
        }
    }

    private void emitIfFull() {
        if (filled < block.length) {
            return;
        }
        byte[] pcm = new byte[filled * 2];
        for (int i = 0; i < filled; i++) {
            pcm[2 * i] = (byte) block[i];
            pcm[2 * i + 1] = (byte) (block[i] >> 8);
        }
        filled = 0;
        output.block(pcm, outputRate, channels);
    }
}
