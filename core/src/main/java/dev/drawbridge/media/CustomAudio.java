package dev.drawbridge.media;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Sound that the program pushes, at the pace of the sound. Pieces of any length are regrouped into blocks of 10 ms, a little less where 10 ms are no whole samples; a bounded
 * queue drops the oldest.
 *
 * <p><b>Thread:</b> every method from any thread. <b>Blocking:</b> pushing copies and returns. Before the session started the
 * newest blocks wait; after it ended they are dropped and counted.
 */
public final class CustomAudio implements AudioSource {
    private final PushedFrames<AudioFrame> frames;
    private short[] rest = new short[0]; // guarded by this: what does not fill a block yet
    private int restRate;
    private int restChannels;

    CustomAudio(int capacity) {
        if (capacity < 2 || capacity > 1000) {
            throw new IllegalArgumentException("capacity of " + capacity + " blocks: must be 2 to 1000");
        }
        frames = new PushedFrames<>("custom-audio", capacity, block -> System.nanoTime());
    }

    /**
     * Pushes 16-bit samples, channels interleaved.
     *
     * @param sampleRate in Hz, 8000 to 192000
     * @param channels 1 or 2
     * @throws IllegalArgumentException if the rate or the channels are out of range, or the samples do not go evenly into channels
     */
    public void push(short[] samples, int sampleRate, int channels) {
        regroup(new AudioFrame(samples, sampleRate, channels));
    }

    /**
     * Like {@link #push(short[], int, int)}, from the buffer's remaining bytes, 16 bits a sample in its own byte order. The buffer's
     * position stays where it is.
     *
     * @throws IllegalArgumentException also if the bytes are not whole samples
     */
    public void push(ByteBuffer pcm, int sampleRate, int channels) {
        if (pcm.remaining() % 2 != 0) {
            throw new IllegalArgumentException(pcm.remaining() + " bytes: must be whole samples of 2 bytes");
        }
        short[] samples = new short[pcm.remaining() / 2];
        pcm.duplicate().order(pcm.order()).asShortBuffer().get(samples);
        push(samples, sampleRate, channels);
    }

    private synchronized void regroup(AudioFrame piece) {
        if (piece.sampleRate() != restRate || piece.channels() != restChannels) {
            rest = new short[0]; // under 10 ms of another format cannot be joined to this
            restRate = piece.sampleRate();
            restChannels = piece.channels();
        }
        short[] samples = piece.samples();
        int block = restRate / 100 * restChannels;
        short[] all = Arrays.copyOf(rest, rest.length + samples.length);
        System.arraycopy(samples, 0, all, rest.length, samples.length);
        int from = 0;
        for (; all.length - from >= block; from += block) {
            frames.push(new AudioFrame(Arrays.copyOfRange(all, from, from + block), restRate, restChannels));
        }
        rest = Arrays.copyOfRange(all, from, all.length);
    }

    @Override
    public String name() {
        return "custom audio";
    }

    @Override
    public void start(Consumer<AudioFrame> output) {
        frames.start(output);
    }

    @Override
    public void stop() {
        frames.stop();
    }

    @Override
    public long dropped() {
        return frames.dropped();
    }
}
