package dev.drawbridge.media;

/** A block of sound: 16-bit signed PCM, channels interleaved, in plain Java memory. Nobody writes into the array after construction. */
public final class AudioFrame {
    private final short[] samples;
    private final int sampleRate;
    private final int channels;
    private final long timestampNanos;

    /**
     * Sound of this moment.
     *
     * @param samples interleaved; its length is a multiple of {@code channels}; not copied
     * @param sampleRate in Hz, 8000 to 192000
     * @param channels 1 or 2
     * @throws IllegalArgumentException if a number is out of its range, or the samples do not go evenly into channels
     */
    public AudioFrame(short[] samples, int sampleRate, int channels) {
        this(samples, sampleRate, channels, System.nanoTime());
    }

    /**
     * Sound of a given moment; otherwise like {@link #AudioFrame(short[], int, int)}.
     *
     * @param timestampNanos {@link System#nanoTime} at capture or decoding, by the same clock as {@link VideoFrame#timestampNanos}
     * @throws IllegalArgumentException if a number is out of its range, or the samples do not go evenly into channels
     */
    public AudioFrame(short[] samples, int sampleRate, int channels, long timestampNanos) {
        if (sampleRate < 8000 || sampleRate > 192_000) {
            throw new IllegalArgumentException("sample rate " + sampleRate + ": must be 8000 to 192000 Hz");
        }
        if (channels < 1 || channels > 2 || samples.length % channels != 0) {
            throw new IllegalArgumentException(
                    samples.length + " samples in " + channels + " channels: 1 or 2, evenly");
        }
        this.samples = samples;
        this.sampleRate = sampleRate;
        this.channels = channels;
        this.timestampNanos = timestampNanos;
    }

    /** The samples themselves, not a copy. */
    public short[] samples() {
        return samples;
    }

    /** Samples of one channel in a second, 8000 to 192000. */
    public int sampleRate() {
        return sampleRate;
    }

    /** 1 or 2. */
    public int channels() {
        return channels;
    }

    /** {@link System#nanoTime} at capture or decoding; only differences mean anything. */
    public long timestampNanos() {
        return timestampNanos;
    }

    @Override
    public String toString() {
        return "AudioFrame(" + samples.length / channels + " at " + sampleRate + " Hz)";
    }
}
