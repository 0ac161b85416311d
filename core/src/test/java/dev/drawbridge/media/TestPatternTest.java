package dev.drawbridge.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.time.LocalTime;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestPatternTest {
    private static final LocalTime NOON = LocalTime.NOON;

    @ParameterizedTest
    @CsvSource({"64, 48", "160, 90", "321, 181", "640, 480", "1280, 720"})
    void the_counter_is_read_back_at_every_size(int width, int height) {
        TestPattern pattern = VideoSources.testPattern(width, height, 30);
        for (long number : new long[] {0, 1, 2, 29, 30, 0x555555, 0xaaaaaa, 0xffffff}) {
            assertThat(TestPattern.readCounter(pattern.draw(number, NOON))).hasValue(number);
        }
        assertThat(TestPattern.readCounter(pattern.draw(0x1000005, NOON))).hasValue(5);
    }

    @Test
    void the_counter_survives_noise_and_scaling() {
        VideoFrame frame = VideoSources.testPattern(640, 360, 30).draw(123_456, NOON);
        Random random = new Random(3);
        byte[] small = new byte[160 * 90];
        for (int y = 0; y < 90; y++) {
            for (int x = 0; x < 160; x++) {
                int luma = frame.y().get(y * 4 * frame.strideY() + x * 4) & 0xff;
                small[y * 160 + x] = (byte) Math.max(0, Math.min(255, luma * 3 / 4 + random.nextInt(61) - 20));
            }
        }
        ByteBuffer chroma = ByteBuffer.allocate(80 * 45);
        VideoFrame received = new VideoFrame(160, 90, ByteBuffer.wrap(small), 160, chroma, 80, chroma, 80, 0, 0);
        assertThat(TestPattern.readCounter(received)).hasValue(123_456);
    }

    @Test
    void a_picture_without_a_counter_is_not_misread() {
        int[] pixels = new int[320 * 180];
        assertThat(TestPattern.readCounter(Pixels.fromArgb(pixels, 320, 180, 0)))
                .isEmpty();
        assertThat(TestPattern.readCounter(Pixels.fromArgb(new int[4], 2, 2, 0)))
                .isEmpty();
        int misread = 0;
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = i / 10 % 2 == 0 ? random.nextInt() : pixels[i - 1];
            }
            misread += TestPattern.readCounter(Pixels.fromArgb(pixels, 320, 180, 0))
                            .isPresent()
                    ? 1
                    : 0;
        }
        assertThat(misread).isZero();
    }

    @Test
    void fixed_patches_have_the_promised_colours_in_every_frame() {
        TestPattern pattern = VideoSources.testPattern(641, 363, 30);
        for (long number : new long[] {0, 17, 999_999}) {
            VideoFrame frame = pattern.draw(number, NOON);
            for (int bar = 0; bar < 8; bar++) {
                double relX = (bar + 0.5) / 8;
                int drawn = Pixels.rgbAt(frame, (int) (relX * 641), (int) (0.25 * 363));
                int promised = TestPattern.colorAt(relX, 0.25).orElseThrow();
                assertThat(PixelsTest.distance(drawn, promised)).isLessThanOrEqualTo(4);
            }
        }
        assertThat(TestPattern.colorAt(0.5, 0.55)).isEmpty();
        assertThat(TestPattern.colorAt(-0.1, 0.2)).isEmpty();
        assertThat(TestPattern.colorAt(Double.NaN, 0.2)).isEmpty();
    }

    @Test
    void two_frames_differ_in_block_text_and_cells() {
        TestPattern pattern = VideoSources.testPattern(640, 360, 30);
        ByteBuffer first = pattern.draw(1, NOON).y();
        ByteBuffer second = pattern.draw(2, NOON.plusNanos(33_000_000)).y();
        assertThat(differing(first, second, 0.5, 0.6)).isPositive();
        assertThat(differing(first, second, 0.6, 0.74)).isPositive();
        assertThat(differing(first, second, 0.75, 0.9)).isPositive();
        assertThat(differing(first, second, 0.9, 1)).isPositive();
        assertThat(differing(first, second, 0, 0.5)).isZero();
    }

    private static int differing(ByteBuffer a, ByteBuffer b, double from, double to) {
        int count = 0;
        for (int i = ((int) (from * 360)) * 640; i < ((int) (to * 360)) * 640; i++) {
            count += a.get(i) == b.get(i) ? 0 : 1;
        }
        return count;
    }

    @Test
    void frames_come_in_order_until_it_is_stopped() throws Exception {
        TestPattern pattern = VideoSources.testPattern(64, 48, 120);
        BlockingQueue<VideoFrame> frames = new LinkedBlockingQueue<>();
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        pattern.start(frame -> {
            thread.complete(Thread.currentThread());
            frames.add(frame);
        });
        long last = -1;
        for (int i = 0; i < 10; i++) {
            VideoFrame frame = frames.poll(10, TimeUnit.SECONDS);
            assertThat(frame).isNotNull();
            long number = TestPattern.readCounter(frame).orElseThrow();
            assertThat(number).isGreaterThan(last);
            last = number;
        }
        assertThatIllegalStateException().isThrownBy(() -> pattern.start(frame -> {}));
        pattern.stop();
        pattern.stop();
        thread.get().join(5000);
        assertThat(thread.get().isAlive()).isFalse();
        assertThat(thread.get().isDaemon()).isTrue();
        assertThat(thread.get().getName()).isEqualTo("drawbridge-testpattern");
    }

    @Test
    void it_may_be_stopped_from_inside_its_output() throws Exception {
        TestPattern pattern = VideoSources.testPattern(64, 48, 120);
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        pattern.start(frame -> {
            pattern.stop();
            thread.complete(Thread.currentThread());
        });
        thread.get(10, TimeUnit.SECONDS).join(5000);
        assertThat(thread.get().isAlive()).isFalse();
    }

    @Test
    void sizes_and_rates_are_bounded() {
        assertThatIllegalArgumentException().isThrownBy(() -> VideoSources.testPattern(63, 48, 30));
        assertThatIllegalArgumentException().isThrownBy(() -> VideoSources.testPattern(64, 4321, 30));
        assertThatIllegalArgumentException().isThrownBy(() -> VideoSources.testPattern(64, 48, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> VideoSources.testPattern(64, 48, 121));
    }
}
