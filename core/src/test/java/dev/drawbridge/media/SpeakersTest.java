package dev.drawbridge.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.media.SinkException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SpeakersTest {
    private final Semaphore room = new Semaphore(0);
    private final BlockingQueue<byte[]> played = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Speakers.Output output = new Speakers.Output() {
        @Override
        public void play(byte[] pcm) {
            room.acquireUninterruptibly();
            played.add(pcm);
        }

        @Override
        public void close() {
            closed.countDown();
        }
    };

    @Test
    void it_plays_when_some_sound_is_there_in_order_and_as_stereo() throws Exception {
        try (Speakers speakers = new Speakers(output)) {
            room.release(100);
            for (int i = 1; i <= 3; i++) {
                speakers.accept(block(i));
            }
            assertThat(played.poll(100, TimeUnit.MILLISECONDS)).isNull();
            speakers.accept(block(4));
            for (int i = 1; i <= 4; i++) {
                byte[] pcm = played.poll(20, TimeUnit.SECONDS);
                assertThat(pcm).hasSize(480 * 4);
                assertThat(Arrays.copyOf(pcm, 4)).containsExactly(i, 1, i, 1);
            }
        }
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void speakers_that_are_slower_cost_the_oldest_sound_and_no_more_than_a_fifth_of_a_second_waits() throws Exception {
        try (Speakers speakers = new Speakers(output)) {
            for (int i = 0; i < 100; i++) {
                speakers.accept(block(i));
            }
            assertThat(speakers.dropped()).isBetween(78L, 80L);
            room.release(100);
            byte[] next = played.poll(20, TimeUnit.SECONDS);
            while (next != null && next[0] != 99) {
                next = played.poll(20, TimeUnit.SECONDS);
            }
            assertThat(next).as("the newest").isNotNull();
            assertThat(played).as("what is behind it").isEmpty();
        }
    }

    @Test
    void muted_ones_play_nothing_and_count_nothing() throws Exception {
        try (Speakers speakers = new Speakers(output)) {
            room.release(100);
            speakers.muted(true);
            for (int i = 0; i < 50; i++) {
                speakers.accept(block(i));
            }
            assertThat(played.poll(100, TimeUnit.MILLISECONDS)).isNull();
            assertThat(speakers.dropped()).isZero();
        }
    }

    @Test
    void a_machine_with_and_one_without_speakers_tells_it_in_time_and_what_to_do() {
        long begin = System.nanoTime();
        try (Speakers speakers = Speakers.open()) {
            speakers.accept(block(1));
        } catch (SinkException e) {
            assertThat(e.reason()).isEqualTo(Reason.NO_DEVICE);
            assertThat(e).hasMessageContaining("go on without sound");
        }
        assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(10));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void sound_reaches_the_default_device_of_the_system(@TempDir Path folder) throws Exception {
        Path played = folder.resolve("played");
        Path devices = Files.write(
                folder.resolve("asound.conf"),
                List.of(
                        "pcm.!default { type file slave.pcm \"null\" file \"" + played + "\" format \"raw\" }",
                        "pcm.null { type null }",
                        "ctl.!default { type hw card 0 }"));
        ProcessBuilder program = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Playing.class.getName());
        program.environment().put("ALSA_CONFIG_PATH", devices.toString());
        assertThat(program.inheritIO().start().waitFor()).isZero();
        ByteBuffer pcm = ByteBuffer.wrap(Files.readAllBytes(played)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(pcm.remaining()).isBetween(48_000 * 4 / 5, 5 * 48_000 * 4);
        int loudest = 0;
        while (pcm.remaining() >= 4) {
            short left = pcm.getShort();
            assertThat(pcm.getShort()).isEqualTo(left);
            loudest = Math.max(loudest, left);
        }
        assertThat(loudest).isBetween(6_000, 7_000);
    }

    /** More than a second of a tone. */
    static final class Playing {
        public static void main(String[] arguments) throws Exception {
            try (Speakers speakers = Speakers.open()) {
                AudioSource tone = AudioSources.tone(440);
                tone.start(speakers);
                TimeUnit.MILLISECONDS.sleep(1_200);
                tone.stop();
            }
        }
    }

    private static AudioFrame block(int value) {
        short[] samples = new short[480];
        Arrays.fill(samples, (short) (256 + value));
        return new AudioFrame(samples, 48_000, 1);
    }
}
