package dev.drawbridge.internal.sinks;

import dev.drawbridge.media.AudioFrame;

/** Brings a block of sound to two channels of a given rate, by linear interpolation within the block. Pure. */
public final class Stereo {
    private Stereo() {}

    /** The samples of both channels, interleaved. What is like that already is not copied. */
    public static short[] of(AudioFrame frame, int rate) {
        if (frame.channels() == 2 && frame.sampleRate() == rate) {
            return frame.samples();
        }
        short[] in = frame.samples();
        int channels = frame.channels();
        int length = in.length / channels;
        int wanted = (int) Math.round((double) length * rate / frame.sampleRate());
        short[] out = new short[2 * wanted];
        for (int i = 0; i < wanted; i++) {
            double place = (double) i * frame.sampleRate() / rate;
            int before = Math.min((int) place, length - 1);
            int after = Math.min(before + 1, length - 1);
            for (int c = 0; c < 2; c++) {
                int channel = Math.min(c, channels - 1);
                int a = in[before * channels + channel];
                int b = in[after * channels + channel];
                out[2 * i + c] = (short) Math.round(a + (b - a) * (place - before));
            }
        }
        return out;
    }
}
