package dev.drawbridge.internal.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.Recording;
import dev.drawbridge.media.SinkException;
import dev.drawbridge.media.SinkException.Reason;
import dev.drawbridge.media.VideoFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TapeTest {
    private static final Path FILE = Path.of("film.webm");
    private static final int RATE = 50;
    private static final long MILLI = 1_000_000;

    /** One that leaves no tick out, however late the thread that writes may be. */
    private final Samples target = new Samples() {
        @Override
        public boolean takesGaps() {
            return false;
        }
    };

    /** All of it is handed over beforehand with the times of what is to come, so no thread can be late. */
    @Test
    void each_tick_has_the_newest_picture_and_sound_and_pictures_end_together() throws Exception {
        Tape tape = tape(Optional.empty(), target);
        long start = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            tape.sound(block(start + i * 10L * MILLI));
            if (i % 4 == 0) { // 25 a second, each for two ticks
                tape.picture(picture(50 + i, start + i * 10L * MILLI));
            }
        }
        sleepUntil(start + 500 * MILLI);
        Recording recording = get(tape.close());
        assertThat(recording.pictures()).isGreaterThanOrEqualTo(26);
        assertThat(recording.repeated()).isEqualTo(recording.pictures() - 13);
        assertThat(recording.dropped()).isZero();
        assertThat(recording.width()).isEqualTo(32);
        assertThat(recording.length().toMillis()).isEqualTo(recording.pictures() * 1000 / RATE);
        assertThat(target.left().length).isEqualTo((int) (recording.pictures() * SoundTrack.RATE / RATE));
        assertThat(target.ticks).hasSize((int) recording.pictures());
        for (int i = 0; i < 26; i++) {
            assertThat(target.ticks.get(i)).isEqualTo(i);
            assertThat(target.lumas.get(i)).isEqualTo(50 + Math.min(24, i) / 2 * 4);
        }
        assertThat(target.finished).isTrue();
        assertThat(target.aborted).isTrue();
    }

    @Test
    void a_target_that_takes_nothing_for_a_while_costs_pictures_and_has_a_gap_in_time_with_nothing_piled_up()
            throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        Samples slow = new Samples() {
            @Override
            public synchronized void picture(byte[] i420, long tick) throws IOException {
                super.picture(i420, tick);
                begun.countDown();
                await(free);
            }
        };
        Tape tape = tape(Optional.empty(), slow);
        long start = System.nanoTime();
        tape.picture(picture(100, start));
        await(begun);
        for (int i = 1; i < 100; i++) {
            sleepUntil(start + i * 10L * MILLI);
            tape.picture(picture(100, start + i * 10L * MILLI));
        }
        free.countDown();
        Recording recording = get(tape.close());
        assertThat(recording.dropped()).isGreaterThan(60);
        assertThat(recording.pictures() - recording.repeated() + recording.dropped())
                .isEqualTo(100);
        assertThat(slow.ticks.get(1)).isGreaterThan(20);
        assertThat(recording.length().toMillis()).isGreaterThan(950);
    }

    @Test
    void with_a_size_it_begins_black_with_the_first_sound() throws Exception {
        Tape tape = tape(Optional.of(new Tape.Size(32, 16)), target);
        long start = System.nanoTime();
        tape.sound(block(start));
        tape.picture(picture(200, start + 100 * MILLI));
        sleepUntil(start + 200 * MILLI);
        get(tape.close());
        assertThat(target.lumas.get(0)).isEqualTo(16);
        assertThat(target.lumas.get(target.lumas.size() - 1)).isEqualTo(200);
    }

    @Test
    void sound_that_is_kept_back_by_400_ms_stands_at_its_time_all_the_same() throws Exception {
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - 700 * MILLI); // the clock may pass its end
        long start = now.get();
        Tape tape = new Tape(plan(Optional.empty()), (width, height) -> target, now::get);
        tape.picture(picture(100, start));
        int blocks = 160;
        for (int i = 0; i < blocks; i += 10) {
            // What is due without this sound is written before it comes.
            now.set(start + (i * 10L + 400) * MILLI);
            awaitTicks(1 + (i * 10 + 400 - 150) / (1000 / RATE));
            for (int j = i; j < i + 10; j++) {
                tape.sound(block(start + j * 10L * MILLI, j + 1));
            }
        }
        now.set(start + (blocks * 10L + 400) * MILLI);
        get(tape.close());
        short[] left = target.left();
        for (int i = 0; i < blocks; i++) {
            assertThat(left[i * 480]).isEqualTo((short) (i + 1));
            assertThat(left[i * 480 + 479]).isEqualTo((short) (i + 1));
        }
        assertThat(left[blocks * 480]).isZero();
        assertThat(left).hasSize((blocks * 10 + 420) * 48);
    }

    /** More than a second and a half is not waited for. */
    @Test
    void where_no_sound_comes_there_is_silence() throws Exception {
        AtomicLong now = new AtomicLong(0);
        Tape tape = new Tape(plan(Optional.empty()), (width, height) -> target, now::get);
        tape.picture(picture(100, 0));
        now.set(3_000 * MILLI);
        awaitTicks(1 + (3_000 - 150) / (1000 / RATE));
        tape.sound(block(0, 9)); // too late
        now.set(3_100 * MILLI);
        get(tape.close());
        assertThat(target.left()).hasSize(3_120 * 48).containsOnly((short) 0);
    }

    @Test
    void what_another_clock_has_stamped_counts_as_of_when_it_came() throws Exception {
        AtomicLong now = new AtomicLong(3_600_000 * MILLI);
        Tape tape = new Tape(plan(Optional.empty()), (width, height) -> target, now::get);
        for (int i = 0; i < 10; i++) {
            tape.picture(picture(100 + i, i * 20L * MILLI));
            tape.sound(block(i * 20L * MILLI, 7));
            tape.sound(block((i * 20L + 10) * MILLI, 7));
            now.addAndGet(20 * MILLI);
        }
        Recording recording = get(tape.close());
        assertThat(recording.length()).isEqualTo(Duration.ofMillis(220));
        assertThat(target.lumas.subList(0, 10)).containsExactly(100, 101, 102, 103, 104, 105, 106, 107, 108, 109);
        assertThat(target.left()[0]).isEqualTo((short) 7);
        assertThat(target.changes()).isLessThan(10);
    }

    @Test
    void nothing_is_opened_when_nothing_comes() {
        Tape tape = tape(Optional.empty(), target);
        tape.sound(block(System.nanoTime()));
        assertThatThrownBy(() -> get(tape.close()))
                .hasRootCauseInstanceOf(SinkException.class)
                .hasMessageContaining("no picture came");
        assertThat(target.finished || target.aborted).isFalse();
    }

    @Test
    void a_target_that_fails_ends_it_and_is_let_go() throws Exception {
        Samples broken = new Samples() {
            @Override
            public synchronized void picture(byte[] i420, long tick) throws IOException {
                throw new IOException("no space left");
            }
        };
        Tape tape = tape(Optional.empty(), broken);
        tape.picture(picture(1, System.nanoTime()));
        assertThat(tape.done())
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IO))
                .withMessage("no space left");
        assertThat(broken.aborted).isTrue();
        assertThat(tape.close()).failsWithin(Duration.ofSeconds(10));
    }

    private static Tape tape(Optional<Tape.Size> size, Target target) {
        return new Tape(plan(size), (width, height) -> target);
    }

    private static Tape.Plan plan(Optional<Tape.Size> size) {
        return new Tape.Plan(FILE, true, true, size, RATE);
    }

    private void awaitTicks(int ticks) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (target.written() < ticks) {
            assertThat(System.nanoTime() - deadline)
                    .as("%s of %s ticks", target.written(), ticks)
                    .isNegative();
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    private static Recording get(CompletionStage<Recording> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static VideoFrame picture(int luma, long time) {
        byte[] light = new byte[32 * 16];
        Arrays.fill(light, (byte) luma);
        ByteBuffer grey = ByteBuffer.wrap(new byte[16 * 8]);
        return new VideoFrame(32, 16, ByteBuffer.wrap(light), 32, grey, 16, grey, 16, 0, time);
    }

    private static AudioFrame block(long time) {
        return block(time, 0);
    }

    private static AudioFrame block(long time, int value) {
        short[] samples = new short[480];
        Arrays.fill(samples, (short) value);
        return new AudioFrame(samples, 48_000, 1, time);
    }

    private static void sleepUntil(long time) throws InterruptedException {
        long left = time - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("not freed");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
