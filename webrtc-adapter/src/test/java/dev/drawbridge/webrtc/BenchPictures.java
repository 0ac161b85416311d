package dev.drawbridge.webrtc;

import dev.drawbridge.media.TestPattern;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.media.VideoSources;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The moving pictures that both sides of a benchmark send: the test pattern at 720p, 30 a second, from a thread of its own.
 *
 * <p>With a clock each picture says when it is handed over: the counter of the pattern, which machines can read, then counts units of
 * 10 µs of {@link System#nanoTime}, which all processes of a machine share (on Linux and macOS). Without one, pictures are drawn
 * before and handed over again and again, so that drawing is no part of what is measured.
 */
final class BenchPictures {
    static final int WIDTH = 1280;
    static final int HEIGHT = 720;
    static final int RATE = 30;

    private static final int DRAWN = 60;
    private static final long PERIOD = 1_000_000_000L / RATE;
    private static final long UNIT = 10_000;
    /** So much of it fits into the pattern's counter. */
    private static final long TURN = 1 << 24;
    /** A thread that sleeps wakes up late, on kernels with coarse timers by 4 ms. */
    private static final long LATE = 5_000_000;

    private final TestPattern pattern = VideoSources.testPattern(WIDTH, HEIGHT, RATE);
    private final List<VideoFrame> drawn = new ArrayList<>();
    private final Consumer<VideoFrame> to;
    private final boolean clock;
    private final Semaphore begins = new Semaphore(0);
    private volatile boolean playing;

    BenchPictures(boolean clock, Consumer<VideoFrame> to) {
        this.clock = clock;
        this.to = to;
        for (int i = 0; i < DRAWN && !clock; i++) {
            drawn.add(pattern.draw(i, LocalTime.MIN.plusNanos(i * PERIOD)));
        }
        Thread thread = new Thread(this::run, "bench-pictures");
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends by {@link #pause}. */
    void play() {
        playing = true;
        begins.release();
    }

    void pause() {
        playing = false;
    }

    private void run() {
        while (true) {
            begins.acquireUninterruptibly();
            long start = System.nanoTime() + PERIOD;
            for (long number = 0; playing; number++) {
                long due = start + number * PERIOD;
                VideoFrame picture = clock ? saying(due) : drawn(number);
                await(due);
                to.accept(picture);
                while (System.nanoTime() - (due + PERIOD) > PERIOD) {
                    number++;
                    due += PERIOD;
                }
            }
        }
    }

    private void await(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            if (!clock) {
                LockSupport.parkNanos(left);
            } else if (left > LATE) {
                LockSupport.parkNanos(left - LATE);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    VideoFrame saying(long nanos) {
        return pattern.draw(Math.floorMod(nanos / UNIT, TURN), LocalTime.MIN);
    }

    /** With a time of its own, as a source would have it. */
    private VideoFrame drawn(long number) {
        VideoFrame picture = drawn.get((int) (number % DRAWN));
        return new VideoFrame(
                WIDTH,
                HEIGHT,
                picture.y(),
                picture.strideY(),
                picture.u(),
                picture.strideU(),
                picture.v(),
                picture.strideV(),
                0,
                System.nanoTime());
    }

    /** How old a picture with a clock is, in nanoseconds, up to 167 s; empty if the clock cannot be read. */
    static OptionalLong age(VideoFrame received, long now) {
        OptionalLong clock = TestPattern.readCounter(received);
        return clock.isEmpty()
                ? clock
                : OptionalLong.of(Math.floorMod(now / UNIT - clock.getAsLong(), TURN) * UNIT + now % UNIT);
    }
}
