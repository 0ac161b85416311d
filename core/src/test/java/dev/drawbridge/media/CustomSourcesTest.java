package dev.drawbridge.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CustomSourcesTest {

    @Test
    void before_the_start_the_newest_pictures_wait() throws Exception {
        CustomVideo custom = VideoSources.custom(2);
        for (int luma = 1; luma <= 5; luma++) {
            custom.pushI420(picture(luma), 2, 2);
        }
        assertThat(custom.dropped()).isEqualTo(3);

        BlockingQueue<VideoFrame> frames = new LinkedBlockingQueue<>();
        custom.start(frames::add);
        assertThat(luma(frames)).isEqualTo(4);
        assertThat(luma(frames)).isEqualTo(5);
        custom.pushI420(picture(6), 2, 2);
        assertThat(luma(frames)).isEqualTo(6);
        custom.stop();
    }

    @Test
    void a_slow_consumer_costs_the_oldest_pictures_and_nobody_waits() throws Exception {
        CustomVideo custom = VideoSources.custom(3);
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        BlockingQueue<VideoFrame> frames = new LinkedBlockingQueue<>();
        custom.start(frame -> {
            busy.countDown();
            await(free);
            frames.add(frame);
        });
        custom.pushI420(picture(0), 2, 2);
        await(busy);
        for (int luma = 1; luma <= 10; luma++) {
            custom.pushI420(picture(luma), 2, 2);
        }
        assertThat(custom.dropped()).isEqualTo(7);
        free.countDown();
        for (int expected : new int[] {0, 8, 9, 10}) {
            assertThat(luma(frames)).isEqualTo(expected);
        }
        custom.stop();
    }

    @Test
    void after_the_stop_pictures_are_dropped_and_a_second_start_is_fresh() throws Exception {
        CustomVideo custom = VideoSources.custom();
        custom.stop();
        BlockingQueue<VideoFrame> first = new LinkedBlockingQueue<>();
        custom.start(first::add);
        custom.pushI420(picture(1), 2, 2);
        assertThat(luma(first)).isEqualTo(1);
        custom.stop();
        custom.pushI420(picture(2), 2, 2);
        assertThat(custom.dropped()).isEqualTo(1);

        BlockingQueue<VideoFrame> second = new LinkedBlockingQueue<>();
        custom.start(second::add);
        custom.pushI420(picture(3), 2, 2);
        assertThat(luma(second)).isEqualTo(3);
        assertThat(first).isEmpty();
        custom.stop();
    }

    @Test
    void a_consumer_that_throws_gets_the_next_picture() throws Exception {
        CustomVideo custom = VideoSources.custom();
        BlockingQueue<VideoFrame> frames = new LinkedBlockingQueue<>();
        custom.start(frame -> {
            frames.add(frame);
            throw new AssertionError("on purpose");
        });
        custom.pushI420(picture(1), 2, 2);
        assertThat(luma(frames)).isEqualTo(1);
        custom.pushI420(picture(2), 2, 2);
        assertThat(luma(frames)).isEqualTo(2);
        custom.stop();
    }

    @Test
    void argb_pictures_are_converted() throws Exception {
        CustomVideo custom = VideoSources.custom();
        ByteBuffer pixels = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        pixels.asIntBuffer().put(new int[] {0xff00c000, 0xff00c000, 0xff00c000, 0xff00c000});
        custom.pushArgb(pixels, 2, 2, 8);
        BlockingQueue<VideoFrame> frames = new LinkedBlockingQueue<>();
        custom.start(frames::add);
        VideoFrame frame = frames.poll(10, TimeUnit.SECONDS);
        assertThat(PixelsTest.distance(Pixels.rgbAt(frame, 1, 1), 0x00c000)).isLessThanOrEqualTo(4);
        custom.stop();
    }

    @Test
    void a_picture_waits_for_its_time_and_one_of_another_clock_does_not() throws Exception {
        CustomVideo custom = VideoSources.custom();
        BlockingQueue<Long> times = new LinkedBlockingQueue<>();
        BlockingQueue<VideoFrame> frames = new LinkedBlockingQueue<>();
        custom.start(frame -> {
            times.add(System.nanoTime());
            frames.add(frame);
        });
        long now = System.nanoTime();
        long due = now + 150_000_000;
        custom.pushI420(picture(1), 2, 2, now - 1_000_000_000);
        custom.pushI420(picture(2), 2, 2, due);
        custom.pushI420(picture(3), 2, 2, now + CustomVideo.AHEAD.toNanos() + 60_000_000_000L);
        for (int luma = 1; luma <= 3; luma++) {
            assertThat(luma(frames)).isEqualTo(luma);
        }
        times.remove();
        assertThat(times.remove() - due).isNotNegative();
        custom.stop();
    }

    @Test
    void a_picture_that_waits_for_its_time_holds_up_no_stop() {
        CustomVideo custom = VideoSources.custom();
        BlockingQueue<VideoFrame> frames = new LinkedBlockingQueue<>();
        custom.start(frames::add);
        custom.pushI420(picture(1), 2, 2, System.nanoTime() + 4_000_000_000L);
        long begin = System.nanoTime();
        custom.stop();
        assertThat(System.nanoTime() - begin).isLessThan(3_000_000_000L);
        assertThat(frames).isEmpty();
    }

    @Test
    void nv12_pictures_are_taken_apart() throws Exception {
        CustomVideo custom = VideoSources.custom();
        byte[] data = new byte[7 + 6 * 5]; // 3x3 with a stride of 6, behind 7 bytes of something else
        for (int row = 0; row < 3; row++) {
            for (int x = 0; x < 3; x++) {
                data[7 + row * 6 + x] = (byte) (10 * row + x);
            }
        }
        for (int row = 0; row < 2; row++) {
            for (int x = 0; x < 2; x++) {
                data[7 + 18 + row * 6 + 2 * x] = (byte) (100 + 10 * row + x);
                data[7 + 18 + row * 6 + 2 * x + 1] = (byte) (50 + 10 * row + x);
            }
        }
        ByteBuffer buffer = ByteBuffer.wrap(data).position(7);
        custom.pushNv12(buffer, 3, 3, 6);
        assertThat(buffer.position()).isEqualTo(7);
        BlockingQueue<VideoFrame> frames = new LinkedBlockingQueue<>();
        custom.start(frames::add);
        VideoFrame frame = frames.poll(10, TimeUnit.SECONDS);
        custom.stop();
        for (int row = 0; row < 3; row++) {
            for (int x = 0; x < 3; x++) {
                assertThat(frame.y().get(row * frame.strideY() + x)).isEqualTo((byte) (10 * row + x));
                assertThat(frame.u().get(row / 2 * frame.strideU() + x / 2))
                        .isEqualTo((byte) (100 + 10 * (row / 2) + x / 2));
                assertThat(frame.v().get(row / 2 * frame.strideV() + x / 2))
                        .isEqualTo((byte) (50 + 10 * (row / 2) + x / 2));
            }
        }
        assertThatIllegalArgumentException().isThrownBy(() -> custom.pushNv12(ByteBuffer.allocate(27), 3, 3, 6));
        assertThatIllegalArgumentException().isThrownBy(() -> custom.pushNv12(ByteBuffer.allocate(99), 3, 3, 3));
    }

    @Test
    void sound_of_any_rate_loses_no_sample() throws Exception {
        for (int rate : new int[] {8_000, 11_025, 22_050, 44_056, 96_000, 192_000}) {
            CustomAudio custom = AudioSources.custom(200);
            BlockingQueue<AudioFrame> blocks = new LinkedBlockingQueue<>();
            custom.start(blocks::add);
            short[] ramp = new short[rate / 10];
            for (int i = 0; i < ramp.length; i++) {
                ramp[i] = (short) i;
            }
            custom.push(ramp, rate, 1);
            int at = 0;
            while (ramp.length - at >= rate / 100) {
                AudioFrame block = blocks.poll(10, TimeUnit.SECONDS);
                assertThat(block.sampleRate()).isEqualTo(rate);
                for (short sample : block.samples()) {
                    assertThat(sample).isEqualTo((short) at++);
                }
            }
            custom.stop();
        }
    }

    @Test
    void a_standing_picture_comes_at_once_and_again() throws Exception {
        VideoFrame picture = Pixels.fromI420(picture(7), 2, 2, 0);
        VideoSource still = VideoSources.still(picture, 20);
        for (int round = 0; round < 2; round++) {
            BlockingQueue<VideoFrame> frames = new LinkedBlockingQueue<>();
            long begin = System.nanoTime();
            still.start(frames::add);
            for (int i = 0; i < 3; i++) {
                assertThat(luma(frames)).isEqualTo(7);
            }
            assertThat(System.nanoTime() - begin).isGreaterThan(90_000_000);
            still.stop();
        }
        assertThatIllegalArgumentException().isThrownBy(() -> VideoSources.still(picture, 0));
    }

    @Test
    void bad_sizes_are_refused_and_push_nothing() {
        CustomVideo custom = VideoSources.custom(1);
        assertThatIllegalArgumentException().isThrownBy(() -> custom.pushI420(ByteBuffer.allocate(5), 2, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> custom.pushArgb(ByteBuffer.allocate(15), 2, 2, 8));
        assertThatIllegalArgumentException().isThrownBy(() -> custom.pushI420(ByteBuffer.allocate(5), 0, 0));
        assertThat(custom.dropped()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> VideoSources.custom(0));
        assertThatIllegalArgumentException().isThrownBy(() -> AudioSources.custom(1));
    }

    @Test
    void sound_of_any_length_leaves_in_blocks_of_ten_milliseconds() throws Exception {
        CustomAudio custom = AudioSources.custom();
        BlockingQueue<AudioFrame> blocks = new LinkedBlockingQueue<>();
        custom.start(blocks::add);
        short[] ramp = new short[480 * 3];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = (short) i;
        }
        for (int from = 0; from < ramp.length; from += 144) {
            custom.push(java.util.Arrays.copyOfRange(ramp, from, from + 144), 24_000, 2);
        }
        for (int block = 0; block < 3; block++) {
            AudioFrame frame = blocks.poll(10, TimeUnit.SECONDS);
            assertThat(frame).isNotNull();
            assertThat(frame.samples()).hasSize(480).startsWith((short) (block * 480));
            assertThat(frame.sampleRate()).isEqualTo(24_000);
            assertThat(frame.channels()).isEqualTo(2);
        }
        custom.stop();
    }

    @Test
    void sound_from_a_buffer_keeps_its_byte_order() throws Exception {
        CustomAudio custom = AudioSources.custom();
        ByteBuffer pcm = ByteBuffer.allocate(2 + 160).order(ByteOrder.LITTLE_ENDIAN);
        pcm.position(2);
        pcm.putShort(2, (short) 0x0102);
        custom.push(pcm, 8000, 1);
        assertThat(pcm.position()).isEqualTo(2);
        BlockingQueue<AudioFrame> blocks = new LinkedBlockingQueue<>();
        custom.start(blocks::add);
        AudioFrame frame = blocks.poll(10, TimeUnit.SECONDS);
        assertThat(frame.samples()).hasSize(80).startsWith((short) 0x0102);
        custom.stop();
    }

    @Test
    void bad_sound_is_refused() {
        CustomAudio custom = AudioSources.custom();
        assertThatIllegalArgumentException().isThrownBy(() -> custom.push(new short[3], 48_000, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> custom.push(new short[3], 48_000, 3));
        assertThatIllegalArgumentException().isThrownBy(() -> custom.push(new short[3], 7_999, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> custom.push(new short[3], 192_001, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> custom.push(ByteBuffer.allocate(3), 48_000, 1));
    }

    @Test
    void a_tone_has_its_frequency_and_no_jumps() throws Exception {
        Tone tone = new Tone(440);
        int crossings = 0;
        short last = 0;
        for (int block = 0; block < 100; block++) {
            for (short sample : tone.block(block).samples()) {
                assertThat(Math.abs(sample - last)).isLessThan(400);
                crossings += last < 0 && sample >= 0 ? 1 : 0;
                last = sample;
            }
        }
        assertThat(crossings).isBetween(439, 441);

        AudioSource source = AudioSources.tone(1000);
        BlockingQueue<AudioFrame> blocks = new LinkedBlockingQueue<>();
        source.start(blocks::add);
        for (int i = 0; i < 3; i++) {
            assertThat(blocks.poll(10, TimeUnit.SECONDS)).isNotNull();
        }
        source.stop();
        assertThatIllegalArgumentException().isThrownBy(() -> AudioSources.tone(19));
    }

    private static ByteBuffer picture(int luma) {
        return ByteBuffer.wrap(new byte[] {(byte) luma, 0, 0, 0, 0, 0});
    }

    private static int luma(BlockingQueue<VideoFrame> frames) throws InterruptedException {
        VideoFrame frame = frames.poll(10, TimeUnit.SECONDS);
        assertThat(frame).isNotNull();
        return frame.y().get(0);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
