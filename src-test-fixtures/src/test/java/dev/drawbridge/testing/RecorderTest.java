package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.Recorder;
import dev.drawbridge.media.RecorderOptions;
import dev.drawbridge.media.RecorderOptions.Codec;
import dev.drawbridge.media.Recording;
import dev.drawbridge.media.SinkException;
import dev.drawbridge.media.SinkException.Reason;
import dev.drawbridge.media.TestPattern;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.media.VideoSources;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real files, written by a real {@code ffmpeg} where there has to be one, and read back by another. */
class RecorderTest {
    private static final long MILLI = 1_000_000;
    private static final long PERIOD = 40 * MILLI;

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofMinutes(2));

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "film.webm, VP8, vp8 320x180, opus",
        "film.webm, VP9, vp9 320x180, opus",
        "film.MP4, H264, h264 320x180, aac",
    })
    void a_file_has_its_pictures_and_its_sound(String name, Codec codec, String video, String audio) throws Exception {
        Path file = folder.resolve(name);
        Recorder recorder = Recorder.to(
                file, RecorderOptions.builder().frameRate(25).codec(codec).build());
        feed(recorder, 25, 320, 180);
        Recording recording = done(recorder);

        assertThat(recording.file()).isEqualTo(file);
        RecordedFile read = RecordedFile.of(file);
        assertThat(read.streams()).containsExactly(video, audio);
        assertThat(read.pictures().size())
                .isEqualTo((int) recording.pictures())
                .isEqualTo(read.grey(32, 18).size());
        // Each of those that came, or was left out since the program began late.
        assertThat(recording.pictures() - recording.repeated() + recording.dropped())
                .isEqualTo(25);
        assertThat(recording.length()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(read.pictures().get(0)).isLessThan(0.03);
        assertThat(read.sound().length / (double) RecordedFile.RATE)
                .isBetween(
                        recording.length().toMillis() / 1000.0 - 0.06,
                        recording.length().toMillis() / 1000.0 + 0.1);
    }

    @Test
    void without_ffmpeg_pictures_and_sound_go_into_two_files_as_they_are() throws Exception {
        Path file = folder.resolve("film.y4m");
        Recorder recorder =
                Recorder.to(file, RecorderOptions.builder().frameRate(25).build());
        feed(recorder, 20, 320, 180);
        Recording recording = done(recorder);

        assertThat(RecordedFile.of(file).streams()).containsExactly("rawvideo 320x180");
        assertThat(RecordedFile.of(file).pictures()).hasSize((int) recording.pictures());
        short[] sound = RecordedFile.of(folder.resolve("film.wav")).sound();
        assertThat(sound.length).isEqualTo((int) (recording.length().toMillis() * RecordedFile.RATE / 1000));
        assertThat(sound).contains((short) 1000);
    }

    @Test
    void sound_alone_needs_no_picture() throws Exception {
        for (String name : List.of("talk.wav", "talk.webm")) {
            Recorder recorder = Recorder.to(
                    folder.resolve(name), RecorderOptions.builder().soundOnly().build());
            feed(recorder, 15, 0, 0);
            Recording recording = done(recorder);
            assertThat(recording.pictures()).isZero();
            assertThat(recording.length()).isBetween(Duration.ofMillis(590), Duration.ofSeconds(10));
            assertThat(RecordedFile.of(folder.resolve(name)).streams())
                    .containsExactly(name.endsWith("wav") ? "pcm_s16le" : "opus");
        }
    }

    @Test
    void pictures_of_other_sizes_go_on_in_the_size_of_the_first() throws Exception {
        Path file = folder.resolve("film.webm");
        Recorder recorder =
                Recorder.to(file, RecorderOptions.builder().frameRate(25).build());
        feed(recorder, 10, 321, 180);
        feed(recorder, 10, 160, 90);
        feed(recorder, 10, 180, 320);
        Recording recording = done(recorder);

        assertThat(RecordedFile.of(file).streams()).contains("vp8 320x180");
        List<byte[]> pictures = RecordedFile.of(file).grey(32, 18);
        assertThat(pictures.size()).isEqualTo((int) recording.pictures());
        // The first bar of the pattern is light, and black where a high picture stands in a wide one.
        long wide = pictures.stream()
                .takeWhile(picture -> (picture[3 * 32 + 1] & 255) > 150)
                .count();
        assertThat(wide + recording.dropped()).isGreaterThanOrEqualTo(19); // of both wide sizes
        byte[] last = pictures.get(pictures.size() - 1);
        assertThat(last[3 * 32 + 1] & 255).isLessThan(40);
        assertThat(last[3 * 32 + 12] & 255).isGreaterThan(100);
    }

    @Test
    void a_file_that_is_there_is_kept_unless_it_is_to_be_overwritten() throws Exception {
        for (String name : List.of("film.webm", "film.y4m", "other.y4m", "film.wav")) {
            Path there = folder.resolve(name.equals("other.y4m") ? "other.wav" : name);
            Files.writeString(there, "precious");
            assertThatThrownBy(() -> Recorder.to(folder.resolve(name), RecorderOptions.defaults()))
                    .isInstanceOfSatisfying(
                            SinkException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FILE_EXISTS))
                    .hasMessageContaining("overwrite");
            assertThat(there).hasContent("precious");
        }
        Recorder recorder = Recorder.to(
                folder.resolve("film.webm"),
                RecorderOptions.builder().overwrite().build());
        feed(recorder, 5, 320, 180);
        done(recorder);
        assertThat(RecordedFile.of(folder.resolve("film.webm")).pictures()).isNotEmpty();
    }

    @Test
    void what_cannot_be_recorded_is_said_at_once_and_with_what_to_do() {
        RecorderOptions plain = RecorderOptions.defaults();
        assertFails("film.avi", plain, Reason.FORMAT, ".webm");
        assertFails("film", plain, Reason.FORMAT, ".webm");
        assertFails("film.webm", RecorderOptions.builder().codec(Codec.H264).build(), Reason.FORMAT, ".mp4");
        assertFails("no/such/film.y4m", plain, Reason.IO, "make it");
        assertFails(
                "film.webm",
                RecorderOptions.builder().ffmpeg(folder.resolve("ffmpeg")).build(),
                Reason.FFMPEG_MISSING,
                "apt-get install ffmpeg");
        assertThat(folder).isEmptyDirectory();
    }

    private void assertFails(String name, RecorderOptions options, Reason reason, String hint) {
        assertThatThrownBy(() -> Recorder.to(folder.resolve(name), options))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(hint);
    }

    @Test
    void an_ffmpeg_that_is_killed_leaves_a_file_that_can_be_played() throws Exception {
        for (String name : List.of("film.webm", "film.mp4")) {
            Path file = folder.resolve(name);
            Recorder recorder =
                    Recorder.to(file, RecorderOptions.builder().frameRate(25).build());
            feed(recorder, 50, 320, 180);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (seen(file) <= 40 && System.nanoTime() - deadline < 0) { // how much is in it depends on the machine
                feed(recorder, 15, 320, 180);
            }
            ProcessHandle ffmpeg = ProcessHandle.current()
                    .children()
                    .filter(child -> child.info().command().orElse("").endsWith("ffmpeg"))
                    .findFirst()
                    .orElseThrow();
            ffmpeg.destroyForcibly();
            ffmpeg.onExit().get(30, TimeUnit.SECONDS);
            feed(recorder, 5, 320, 180);

            assertThatThrownBy(() -> done(recorder))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            SinkException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FFMPEG_FAILED));
            assertThat(RecordedFile.of(file).pictures()).hasSizeGreaterThan(40);
            assertThat(RecordedFile.of(file).blocks()).isNotEmpty();
        }
    }

    /** Pictures that are in a file which is still being written. */
    private static int seen(Path file) {
        try {
            return RecordedFile.of(file).pictures().size();
        } catch (AssertionError e) { // its beginning is not there yet
            return 0;
        }
    }

    @Test
    void an_ffmpeg_that_takes_nothing_costs_pictures_and_time_is_right_when_it_goes_on() throws Exception {
        Path file = folder.resolve("film.webm");
        Recorder recorder =
                Recorder.to(file, RecorderOptions.builder().frameRate(25).build());
        feed(recorder, 25, 320, 180);
        long ffmpeg = ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("ffmpeg"))
                .findFirst()
                .orElseThrow()
                .pid();
        signal(ffmpeg, "STOP");
        feed(recorder, 75, 320, 180);
        signal(ffmpeg, "CONT");
        feed(recorder, 15, 320, 180);
        Recording recording = done(recorder);

        assertThat(recording.dropped()).isGreaterThan(10);
        assertThat(recording.length()).isGreaterThan(Duration.ofMillis(4400));
        List<Double> times = RecordedFile.of(file).pictures();
        assertThat(times).hasSize((int) recording.pictures());
        // The last one begins a tick before the end, whatever was left out before.
        assertThat(times.get(times.size() - 1)).isCloseTo(recording.length().toMillis() / 1000.0 - 0.04, within(0.1));
    }

    private static void signal(long process, String name) throws IOException, InterruptedException {
        SystemProgram.run(List.of("kill", "-" + name, Long.toString(process)));
    }

    /** Pictures of the pattern in their time, 25 a second, with sound of the value 1000; without a size sound alone. */
    private static void feed(Recorder recorder, int pictures, int width, int height) throws InterruptedException {
        TestPattern pattern = width > 0 && height >= 48 ? VideoSources.testPattern(width, height, 25) : null;
        long start = System.nanoTime();
        for (int i = 0; i < pictures; i++) {
            long time = start + i * PERIOD;
            TimeUnit.NANOSECONDS.sleep(Math.max(0, time - System.nanoTime()));
            if (pattern != null) {
                recorder.picture(stamped(pattern.draw(i, LocalTime.NOON), time));
            }
            for (int block = 0; block < 4; block++) {
                short[] samples = new short[480];
                Arrays.fill(samples, (short) 1000);
                recorder.sound(new AudioFrame(samples, 48_000, 1, time + block * 10L * MILLI));
            }
        }
        TimeUnit.NANOSECONDS.sleep(Math.max(0, start + pictures * PERIOD - System.nanoTime()));
    }

    private static VideoFrame stamped(VideoFrame frame, long time) {
        ByteBuffer u = frame.u();
        return new VideoFrame(
                frame.width(),
                frame.height(),
                frame.y(),
                frame.strideY(),
                u,
                frame.strideU(),
                frame.v(),
                frame.strideV(),
                0,
                time);
    }

    private static Recording done(Recorder recorder) throws Exception {
        return recorder.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
