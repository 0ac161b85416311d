package dev.drawbridge.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and pipes as sources: their pace, their end, and that nothing holds them up. */
class PlayedSourcesTest {
    @TempDir
    Path folder;

    private final BlockingQueue<VideoFrame> frames = new LinkedBlockingQueue<>();

    private Path film(int pictures, int rate) throws IOException {
        return Files.write(folder.resolve("film.y4m"), FilesTest.y4m("YUV4MPEG2 W4 H2 F" + rate + ":1", pictures, 12));
    }

    private int next() throws InterruptedException {
        VideoFrame frame = frames.poll(30, TimeUnit.SECONDS);
        assertThat(frame).isNotNull();
        return frame.y().get(0) - 20;
    }

    /** On a machine that is busy with something else some may have been left out. */
    private void assertAllPictures(PlayedVideo video, int pictures) {
        assertThat(frames.size() + video.dropped()).isEqualTo(pictures);
    }

    private static void await(CompletionStage<Void> stage) throws Exception {
        stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static Throwable failure(CompletionStage<Void> stage) throws Exception {
        try {
            await(stage);
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (CancellationException e) {
            return e;
        }
        throw new AssertionError("it ended in order");
    }

    @Test
    void a_file_is_played_at_its_rate_and_tells_its_end() throws Exception {
        PlayedVideo video = VideoSources.y4m(film(10, 50));
        long begin = System.nanoTime();
        video.start(frames::add);
        await(video.ended());
        assertThat(System.nanoTime() - begin).isGreaterThan(190_000_000);
        assertAllPictures(video, 10);
        VideoFrame last = frames.remove();
        for (VideoFrame frame : frames) {
            int further = frame.y().get(0) - last.y().get(0);
            assertThat(further).isPositive();
            assertThat(frame.timestampNanos() - last.timestampNanos()).isGreaterThanOrEqualTo(further * 20_000_000L);
            last = frame;
        }
        assertThat(video.name()).isEqualTo("film.y4m");
        video.stop();
        await(video.ended());
    }

    @Test
    void it_can_be_played_again_after_a_stop_and_rewound_at_any_time() throws Exception {
        PlayedVideo video = VideoSources.y4m(film(5, 100));
        video.stop();
        video.rewind();
        for (int round = 0; round < 2; round++) {
            video.start(frames::add);
            assertThatIllegalStateException().isThrownBy(() -> video.start(frames::add));
            await(video.ended());
            video.rewind(); // after its end
            await(video.ended());
            video.stop();
            assertAllPictures(video, 10 * (round + 1));
        }
        PlayedVideo longer = VideoSources.y4m(film(100, 25));
        frames.clear();
        longer.start(frames::add);
        int before = next();
        while (before < 3) { // a few go by
            before = next();
        }
        longer.rewind();
        for (int after = next(); after >= before; after = next()) { // some may have been on their way
            before = after;
        }
        longer.stop();
        assertThat(failure(longer.ended())).isInstanceOf(CancellationException.class);
    }

    @Test
    void a_loop_goes_on_without_a_gap_until_it_is_stopped() throws Exception {
        PlayedVideo video = VideoSources.y4m(film(4, 50), Playback.looped().from(Duration.ofMillis(20)));
        video.start(frames::add);
        long first = 0;
        int turns = 0;
        VideoFrame before = null;
        for (int i = 0; i < 12; i++) {
            VideoFrame frame = frames.poll(30, TimeUnit.SECONDS);
            assertThat(frame.y().get(0) - 20).isBetween(1, 3);
            if (before == null) {
                first = frame.timestampNanos();
            } else if (frame.y().get(0) <= before.y().get(0)) {
                turns++;
            }
            before = frame;
        }
        video.stop();
        assertThat(turns).isGreaterThanOrEqualTo(3);
        assertThat(before.timestampNanos() - first).isBetween(11 * 20_000_000L, 10_000_000_000L);
        assertThat(failure(video.ended())).isInstanceOf(CancellationException.class);
        int left = frames.size();
        Thread.sleep(60);
        assertThat(frames).hasSize(left);
    }

    @Test
    void a_slow_consumer_leaves_pictures_out_and_stays_in_time() throws Exception {
        PlayedVideo video = VideoSources.y4m(film(50, 100));
        video.start(frame -> {
            frames.add(frame);
            pause(100);
        });
        await(video.ended());
        assertThat(video.dropped()).isPositive();
        assertAllPictures(video, 50);
        video.stop();
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void what_cannot_be_opened_fails_at_the_start_and_says_why() throws Exception {
        assertThatIOException()
                .isThrownBy(() -> VideoSources.y4m(folder.resolve("none.y4m")).start(frames::add))
                .withMessageContaining("none.y4m cannot be played");
        assertThatIOException()
                .isThrownBy(() -> VideoSources.y4m(folder).start(frames::add))
                .withMessageContaining("directory");
        Path text = Files.writeString(folder.resolve("text"), "Dear Ada");
        PlayedAudio sound = AudioSources.wav(text);
        assertThatIOException().isThrownBy(() -> sound.start(block -> {})).withMessageContaining("text");
        assertThatIOException().isThrownBy(() -> sound.start(block -> {})).withMessageContaining("text");
        assertThatIllegalArgumentException().isThrownBy(() -> Playback.once().from(Duration.ofSeconds(-1)));
    }

    @Test
    void what_is_damaged_is_played_until_there_and_told() throws Exception {
        byte[] whole = FilesTest.y4m("YUV4MPEG2 W4 H2 F50:1", 3, 12);
        Path cut = Files.write(folder.resolve("cut.y4m"), Arrays.copyOf(whole, whole.length - 3));
        PlayedVideo video = VideoSources.y4m(cut, Playback.looped());
        video.start(frames::add);
        assertThat(failure(video.ended())).isInstanceOf(IOException.class).hasMessageContaining("within picture 2");
        assertAllPictures(video, 2);
        video.stop();
    }

    @Test
    void sound_is_played_at_its_pace() throws Exception {
        Path file = Files.write(folder.resolve("a.wav"), FilesTest.wav(1, 2, 44_100, 16, new byte[44_100 * 4 / 5]));
        PlayedAudio audio = AudioSources.wav(file);
        BlockingQueue<AudioFrame> blocks = new LinkedBlockingQueue<>();
        long begin = System.nanoTime();
        audio.start(blocks::add);
        await(audio.ended());
        assertThat(System.nanoTime() - begin).isGreaterThan(190_000_000L);
        int samples = 0;
        for (AudioFrame block : blocks) {
            samples += block.samples().length / 2;
        }
        if (audio.dropped() == 0) {
            assertThat(samples).isEqualTo(44_100 / 5);
        }
        audio.stop();
    }

    @Test
    void a_pipe_plays_what_comes_when_it_comes_and_is_closed_at_its_end() throws Exception {
        PipedOutputStream far = new PipedOutputStream();
        CountDownLatch closed = new CountDownLatch(1);
        InputStream near = new PipedInputStream(far, 1 << 16) {
            @Override
            public void close() throws IOException {
                super.close();
                closed.countDown();
            }
        };
        PlayedVideo video = VideoSources.y4m(near);
        video.start(frames::add); // nobody has written anything
        byte[] all = FilesTest.y4m("YUV4MPEG2 W4 H2 F100:1", 4, 12);
        int half = all.length - 2 * 18;
        far.write(all, 0, half);
        far.flush();
        for (int i = 0; i < 1_500 && frames.size() + video.dropped() < 2; i++) {
            Thread.sleep(20);
        }
        assertAllPictures(video, 2);
        Thread.sleep(120); // much longer than its rate allows
        far.write(all, half, all.length - half);
        far.close();
        await(video.ended());
        assertAllPictures(video, 4);
        assertThat(frames)
                .isNotEmpty()
                .extracting(frame -> frame.y().get(0) - 20)
                .isSubsetOf(0, 1, 2, 3);
        assertThat(frames).extracting(frame -> frame.y().get(0)).isSorted().doesNotHaveDuplicates();
        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        assertThatIllegalStateException().isThrownBy(video::rewind);
        video.stop();
        assertThatIOException().isThrownBy(() -> video.start(frames::add)).withMessageContaining("read once");
    }

    @Test
    void a_pipe_from_which_nothing_comes_holds_up_neither_start_nor_stop() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        PlayedAudio audio = AudioSources.wav(new InputStream() {
            @Override
            public int read() {
                boolean over = false;
                while (!over) {
                    try {
                        end.await();
                        over = true;
                    } catch (InterruptedException e) {
                        // not even this helps
                    }
                }
                return -1;
            }

            @Override
            public int read(byte[] into, int from, int length) {
                return read();
            }
        });
        long begin = System.nanoTime();
        audio.start(block -> {});
        audio.stop();
        assertThat(System.nanoTime() - begin).isLessThan(7_000_000_000L);
        assertThat(failure(audio.ended())).isInstanceOf(CancellationException.class);
        end.countDown();
    }

    @Test
    void an_endless_pipe_is_read_no_further_than_it_is_played() throws Exception {
        byte[] head = FilesTest.y4m("YUV4MPEG2 W4 H2 F10:1", 0, 0);
        byte[] one = FilesTest.y4m("", 1, 12);
        long[] read = {0};
        PlayedVideo video = VideoSources.y4m(new InputStream() {
            @Override
            public int read() {
                long at = read[0]++;
                return at < head.length ? head[(int) at] : one[1 + (int) ((at - head.length) % (one.length - 1))];
            }

            @Override
            public int read(byte[] into, int from, int length) {
                for (int i = 0; i < length; i++) {
                    into[from + i] = (byte) read();
                }
                return length;
            }
        });
        video.start(frames::add);
        next();
        next();
        // Eight that wait, one in the reader's hands, and the buffer of the stream.
        assertThat(read[0]).isLessThan(18 * 12 + (1 << 17));
        video.stop();
    }
}
