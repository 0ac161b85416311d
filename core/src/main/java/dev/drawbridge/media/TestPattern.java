package dev.drawbridge.media;

import java.time.LocalTime;
import java.time.ZoneId;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A moving test pattern: eight colour bars, a moving block, a large frame counter with the wall clock, and the counter once more as
 * black and white cells for machines. Programs compare what arrives with {@link #colorAt} and {@link #readCounter}.
 *
 * <p>Frame n is due at start + n / rate, so the pattern never drifts; a frame that would be late by more than one is left out, and
 * the counter shows it.
 *
 * <p><b>Thread:</b> every method from any thread. Made by {@link VideoSources#testPattern}.
 */
public final class TestPattern implements VideoSource {
    private final PatternPainter painter;
    private final int framesPerSecond;
    private final AtomicLong dropped = new AtomicLong();
    private @Nullable Delivery<VideoFrame> current; // guarded by this

    TestPattern(int width, int height, int framesPerSecond) {
        if (width < 64 || width > 7680 || height < 48 || height > 4320) {
            throw new IllegalArgumentException(
                    "test pattern of " + width + "x" + height + ": must be 64x48 to 7680x4320");
        }
        if (framesPerSecond < 1 || framesPerSecond > 120) {
            throw new IllegalArgumentException(framesPerSecond + " frames per second: must be 1 to 120");
        }
        this.painter = new PatternPainter(width, height);
        this.framesPerSecond = framesPerSecond;
    }

    @Override
    public String name() {
        return "testpattern " + painter.width() + "x" + painter.height() + "@" + framesPerSecond;
    }

    /** Frame number n with this time on it, as the running pattern would show it. */
    public VideoFrame draw(long number, LocalTime clock) {
        return painter.paint(number, clock, System.nanoTime());
    }

    @Override
    public synchronized void start(Consumer<VideoFrame> output) {
        if (current != null) {
            throw new IllegalStateException("the pattern is already in use: one source feeds one session");
        }
        current = new Delivery<>("testpattern", output, this::run);
        current.begin();
    }

    @Override
    public void stop() {
        Delivery<VideoFrame> ended;
        synchronized (this) {
            ended = current;
            current = null;
        }
        if (ended != null) {
            ended.end();
        }
    }

    private void run(Delivery<VideoFrame> delivery) {
        long period = 1_000_000_000L / framesPerSecond;
        long start = System.nanoTime();
        for (long number = 0; delivery.running(); number++) {
            delivery.sleepUntil(start + due(number));
            delivery.deliver(draw(number, LocalTime.now(ZoneId.systemDefault())));
            while (System.nanoTime() - (start + due(number + 1)) > period) {
                number++;
                dropped.incrementAndGet();
            }
        }
    }

    /** Nanoseconds after the start; from the number alone, so that rounding does not add up. */
    private long due(long number) {
        return number / framesPerSecond * 1_000_000_000L + number % framesPerSecond * 1_000_000_000L / framesPerSecond;
    }

    /** Frames left out because the consumer was slow. */
    @Override
    public long dropped() {
        return dropped.get();
    }

    /**
     * The colour {@code 0xRRGGBB} that stands at this place in every frame; empty where something moves. Compare with some
     * tolerance (about 30 a channel after a codec), and at the middle of a bar: {@code relX = (bar + 0.5) / 8}, {@code relY = 0.25}.
     *
     * @param relX from 0 (left) to 1
     * @param relY from 0 (top) to 1
     */
    public static OptionalInt colorAt(double relX, double relY) {
        return PatternPainter.colorAt(relX, relY);
    }

    /**
     * Reads the frame counter of a received frame, also when it was scaled; empty if there is none to be read. The counter starts
     * again at 0 after 2^24 frames.
     */
    public static OptionalLong readCounter(VideoFrame frame) {
        return PatternPainter.readCounter(frame);
    }
}
