package dev.drawbridge.media;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A sine tone in blocks of 10 ms, paced by absolute deadlines so that it never drifts. */
final class Tone implements AudioSource {
    static final int SAMPLE_RATE = 48_000;
    private static final int BLOCK = SAMPLE_RATE / 100;
    private static final long BLOCK_NANOS = 10_000_000;
    private static final double AMPLITUDE = 0.2 * Short.MAX_VALUE;

    private final int hertz;
    private @Nullable Delivery<AudioFrame> current; // guarded by this

    Tone(int hertz) {
        if (hertz < 20 || hertz > 20_000) {
            throw new IllegalArgumentException("tone of " + hertz + " Hz: must be 20 to 20000");
        }
        this.hertz = hertz;
    }

    @Override
    public String name() {
        return "tone " + hertz + " Hz";
    }

    @Override
    public synchronized void start(Consumer<AudioFrame> output) {
        if (current != null) {
            throw new IllegalStateException("the tone is already in use: one source feeds one session");
        }
        current = new Delivery<>("tone", output, this::run);
        current.begin();
    }

    @Override
    public void stop() {
        Delivery<AudioFrame> ended;
        synchronized (this) {
            ended = current;
            current = null;
        }
        if (ended != null) {
            ended.end();
        }
    }

    private void run(Delivery<AudioFrame> delivery) {
        long start = System.nanoTime();
        for (long block = 0; delivery.running(); block++) {
            delivery.sleepUntil(start + block * BLOCK_NANOS);
            delivery.deliver(block(block));
        }
    }

    /** Block number n of the tone; the phase comes from the number alone, so no error adds up. */
    AudioFrame block(long number) {
        short[] samples = new short[BLOCK];
        long first = number * BLOCK;
        for (int i = 0; i < BLOCK; i++) {
            double cycles = ((first + i) % SAMPLE_RATE) * (double) hertz / SAMPLE_RATE;
            samples[i] = (short) Math.round(AMPLITUDE * Math.sin(2 * Math.PI * cycles));
        }
        return new AudioFrame(samples, SAMPLE_RATE, 1);
    }
}
