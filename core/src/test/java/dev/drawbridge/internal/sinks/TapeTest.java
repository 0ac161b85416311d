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
import org.junit.jupiter.api.Test;

class TapeTest {
    private static final Path FILE = Path.of("film.webm");
    private static final int RATE = 50;
    private static final long MILLI = 1_000_000;

    private final Samples target = new Samples();

    @Test
    void each_tick_has_the_newest_picture_and_sound_and_pictures_end_together() throws Exception {
        Tape tape = tape(Optional.empty(), target);
        long start = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            sleepUntil(start + i * 10L * MILLI);
            tape.sound(block(start + i * 10L * MILLI));
            if (i % 4 == 0) { // 25 a second, each for two ticks
                tape.picture(picture(50 + i, start + i * 10L * MILLI));
            }
        }
        Recording recording = get(tape.close());
        assertThat(recording.pictures()).isBetween(23L, 28L);
        assertThat(recording.repeated()).isBetween(10L, 15L);
        assertThat(recording.dropped()).isZero();
        assertThat(recording.width()).isEqualTo(32);
        assertThat(recording.length().toMillis()).isEqualTo(recording.pictures() * 1000 / RATE);
        assertThat(target.left().length).isEqualTo((int) (recording.pictures() * SoundTrack.RATE / RATE));
        for (int i = 0; i < target.ticks.size() - 2; i++) {
            assertThat(target.ticks.get(i)).isEqualTo(i);
            assertThat(target.lumas.get(i)).isEqualTo(50 + i / 2 * 4);
        }
        assertThat(target.finished).isTrue();
        assertThat(target.aborted).isTrue();
    }

    @Test
    void a_target_that_takes_nothing_for_a_while_costs_pictures_and_has_a_gap_in_time_with_nothing_piled_up()
            throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        Samples slow = new Samples() {
            @Override
            public synchronized void picture(byte[] i420, long tick) throws IOException {
                super.picture(i420, tick);
                await(free);
            }
        };
        Tape tape = tape(Optional.empty(), slow);
        long start = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            sleepUntil(start + i * 10L * MILLI);
            tape.picture(picture(100, start + i * 10L * MILLI));
        }
        free.countDown();
        Recording recording = get(tape.close());
        assertThat(recording.dropped()).isGreaterThan(60);
        assertThat(recording.pictures() + recording.dropped()).isBetween(98L, 102L + recording.repeated());
        assertThat(slow.ticks.get(1)).isGreaterThan(20);
        assertThat(recording.length().toMillis()).isBetween(950L, 1500L);
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
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IO))
                .withMessage("no space left");
        assertThat(broken.aborted).isTrue();
        assertThat(tape.close()).failsWithin(Duration.ofSeconds(1));
    }

    private static Tape tape(Optional<Tape.Size> size, Target target) {
        return new Tape(new Tape.Plan(FILE, true, true, size, RATE), (width, height) -> target);
    }

    private static Recording get(CompletionStage<Recording> stage) throws Exception {
        return stage.toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private static VideoFrame picture(int luma, long time) {
        byte[] light = new byte[32 * 16];
        Arrays.fill(light, (byte) luma);
        ByteBuffer grey = ByteBuffer.wrap(new byte[16 * 8]);
        return new VideoFrame(32, 16, ByteBuffer.wrap(light), 32, grey, 16, grey, 16, 0, time);
    }

    private static AudioFrame block(long time) {
        return new AudioFrame(new short[480], 48_000, 1, time);
    }

    private static void sleepUntil(long time) throws InterruptedException {
        long left = time - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("not freed");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
