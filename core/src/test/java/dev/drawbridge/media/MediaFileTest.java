package dev.drawbridge.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Films through a real ffmpeg. */
class MediaFileTest {
    private static final Duration FLASH = Duration.ofMillis(600);

    @TempDir
    static Path folder;

    private static Path film;

    /** 1.2 s of black and silence, with a white picture and a beep from 0.6 to 0.8 s. */
    @BeforeAll
    static void make_a_film() throws Exception {
        film = folder.resolve("-film.mp4");
        ffmpeg(
                "-f",
                "lavfi",
                "-i",
                "color=black:s=160x120:r=25:d=1.2,drawbox=color=white:t=fill:enable='between(t,0.599,0.799)'",
                "-f",
                "lavfi",
                "-i",
                "aevalsrc='0.8*sin(2*PI*1000*t)*between(t,0.6,0.8)':d=1.2:s=44100",
                "-c:v",
                "mpeg4",
                "-q:v",
                "2",
                "-c:a",
                "aac",
                "-ac",
                "1",
                "file:" + film);
    }

    private static void ffmpeg(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-loglevel", "error", "-y"));
        command.addAll(List.of(words));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new AssertionError("this test needs ffmpeg; on Debian: apt-get install ffmpeg", e);
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static long children() {
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive).count();
    }

    private static void await_no_children() throws InterruptedException {
        for (int i = 0; i < 750 && children() > 0; i++) {
            Thread.sleep(20);
        }
        assertThat(children()).isZero();
    }

    @Test
    void pictures_and_sound_are_in_step_also_when_it_is_looped() throws Exception {
        MediaFile looped = MediaFile.of(film, Playback.looped());
        BlockingQueue<Long> flashes = new LinkedBlockingQueue<>();
        BlockingQueue<Long> beeps = new LinkedBlockingQueue<>();
        boolean[] bright = {false};
        int[] silence = {10_000};
        looped.video().start(frame -> {
            assertThat(frame.width()).isEqualTo(160);
            boolean white = (frame.y().get(60 * frame.strideY() + 80) & 0xff) > 128;
            if (white && !bright[0]) {
                flashes.add(frame.timestampNanos());
            }
            bright[0] = white;
        });
        looped.audio().start(block -> {
            assertThat(block.sampleRate()).isEqualTo(48_000);
            for (int i = 0; i < block.samples().length; i += 2) {
                boolean loud = Math.abs(block.samples()[i]) > 8_000;
                if (loud && silence[0] > 4_800) {
                    beeps.add(block.timestampNanos() + i / 2 * 1_000_000_000L / 48_000);
                }
                silence[0] = loud ? 0 : silence[0] + 1;
            }
        });
        // Three rounds; on a busy machine more, since a picture or a block that is late there is left out.
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (together(flashes, beeps) < 3 && System.nanoTime() - deadline < 0) {
            Thread.sleep(50);
        }
        looped.video().stop();
        looped.audio().stop();
        assertThat(together(flashes, beeps)).as("%s and %s", flashes, beeps).isGreaterThanOrEqualTo(3);
        List<Long> seen = List.copyOf(flashes);
        assertThat((seen.get(2) - seen.get(0)) / 1_000_000).as("two rounds").isBetween(2_200L, 15_000L);
        await_no_children();
    }

    /** How many of the flashes have a beep within 40 ms. */
    private static long together(Collection<Long> flashes, Collection<Long> beeps) {
        return flashes.stream()
                .filter(flash -> beeps.stream().anyMatch(beep -> Math.abs(flash - beep) < 40_000_000))
                .count();
    }

    @Test
    void it_begins_where_it_is_to_begin_and_tells_its_end() throws Exception {
        MediaFile late = MediaFile.of(film, Playback.once().from(FLASH), 80, 80);
        BlockingQueue<VideoFrame> frames = new LinkedBlockingQueue<>();
        late.video().start(frames::add);
        late.ended().toCompletableFuture().get(30, TimeUnit.SECONDS);
        VideoFrame first = frames.remove();
        assertThat(first.width()).isEqualTo(80);
        assertThat(first.height()).isEqualTo(60);
        assertThat(first.y().get(0) & 0xff).isGreaterThan(200);
        assertThat(frames.size() + late.video().dropped()).isBetween(12L, 16L);
        frames.clear();
        late.rewind();
        late.ended().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertThat(frames.remove().y().get(0) & 0xff).isGreaterThan(200);
        late.video().stop();
        await_no_children();
    }

    @Test
    void a_stop_in_the_middle_ends_the_process() throws Exception {
        MediaFile looped = MediaFile.of(film, Playback.looped());
        BlockingQueue<AudioFrame> blocks = new LinkedBlockingQueue<>();
        looped.audio().start(blocks::add);
        assertThat(blocks.poll(30, TimeUnit.SECONDS)).isNotNull();
        long begin = System.nanoTime();
        looped.audio().stop();
        assertThat(System.nanoTime() - begin).isLessThan(7_000_000_000L);
        await_no_children();
    }

    @Test
    void the_process_does_not_outlive_a_program_that_is_killed() throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Playing.class.getName(),
                        film.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(program.inputReader().readLine()).isEqualTo("playing");
        List<ProcessHandle> running = program.descendants().toList();
        assertThat(running).isNotEmpty();
        program.destroyForcibly();
        for (ProcessHandle process : running) {
            process.onExit().get(30, TimeUnit.SECONDS);
        }
    }

    static final class Playing {
        public static void main(String[] arguments) throws Exception {
            MediaFile.of(Path.of(arguments[0]), Playback.looped()).video().start(frame -> {});
            System.out.println("playing");
            Thread.sleep(60_000);
        }
    }

    @Test
    void what_ffmpeg_cannot_read_fails_at_the_start_with_its_own_words() throws Exception {
        Path text = Files.writeString(folder.resolve("text.mp4"), "Dear Ada");
        assertThatIOException()
                .isThrownBy(() -> MediaFile.of(text, Playback.once()).video().start(frame -> {}))
                .withMessageContaining("text.mp4 cannot be played: ffmpeg ended with 1")
                .withMessageContaining("Invalid data");
        assertThatIOException()
                .isThrownBy(() -> MediaFile.of(folder.resolve("http:none"), Playback.once())
                        .audio()
                        .start(block -> {}))
                .withMessageContaining("No such file");
    }

    @Test
    void a_file_without_sound_says_so() throws Exception {
        Path mute = folder.resolve("mute.mp4");
        ffmpeg("-i", "file:" + film, "-an", "-c:v", "copy", "file:" + mute);
        MediaFile silent = MediaFile.of(mute, Playback.once());
        IOException refused =
                catchThrowableOfType(IOException.class, () -> silent.audio().start(block -> {}));
        assertThat(refused).hasMessageContaining("no sound in mute.mp4");
        await_no_children();
    }

    @Test
    void nothing_comes_from_the_network_for_a_playlist() throws Exception {
        Path list = Files.write(
                folder.resolve("list.m3u8"),
                Arrays.asList(
                        "#EXTM3U",
                        "#EXT-X-TARGETDURATION:1",
                        "#EXTINF:1,",
                        "http://127.0.0.1:9/a.ts",
                        "#EXT-X-ENDLIST"));
        assertThatIOException()
                .isThrownBy(() -> MediaFile.of(list, Playback.once()).video().start(frame -> {}))
                .withMessageContaining("whitelist");
    }

    @Test
    void without_ffmpeg_the_message_says_what_to_do() {
        MediaFile none = MediaFile.of("ffmpeg-that-is-not-there", film, Playback.once(), 640, 360);
        assertThatIOException()
                .isThrownBy(() -> none.video().start(frame -> {}))
                .withMessageContaining("install ffmpeg (Debian: apt-get install ffmpeg) or use Y4M and WAV");
    }

    @Test
    void pictures_are_not_kept_back_for_sound_that_begins_much_later() throws Exception {
        Path late = folder.resolve("late.mp4");
        ffmpeg(
                "-f",
                "lavfi",
                "-i",
                "color=black:s=64x48:r=25:d=9",
                "-itsoffset",
                "8",
                "-f",
                "lavfi",
                "-i",
                "sine=d=1",
                "-c:v",
                "mpeg4",
                "-c:a",
                "aac",
                "file:" + late);
        MediaFile film = MediaFile.of(late, Playback.once().from(Duration.ofMillis(6_800)));
        BlockingQueue<VideoFrame> frames = new LinkedBlockingQueue<>();
        BlockingQueue<AudioFrame> blocks = new LinkedBlockingQueue<>();
        film.video().start(frames::add);
        film.audio().start(blocks::add);
        VideoFrame first = frames.poll(30, TimeUnit.SECONDS);
        film.ended().toCompletableFuture().get(30, TimeUnit.SECONDS);
        film.video().stop();
        film.audio().stop();
        assertThat(frames.size() + film.video().dropped()).isBetween(48L, 58L);
        assertThat((blocks.remove().timestampNanos() - first.timestampNanos()) / 1_000_000)
                .isBetween(700L, 12_000L);
    }

    @Test
    void a_picture_in_a_loop_is_read_no_more_than_once_a_second() throws Exception {
        Path png = folder.resolve("still.png");
        ffmpeg("-f", "lavfi", "-i", "color=white:s=64x48", "-frames:v", "1", "file:" + png);
        MediaFile still = MediaFile.of(png, Playback.looped());
        BlockingQueue<VideoFrame> frames = new LinkedBlockingQueue<>();
        still.video().start(frames::add);
        VideoFrame first = frames.poll(30, TimeUnit.SECONDS);
        VideoFrame second = frames.poll(30, TimeUnit.SECONDS);
        still.video().stop();
        assertThat(second.timestampNanos() - first.timestampNanos()).isGreaterThanOrEqualTo(1_000_000_000L);
        await_no_children();
    }

    @Test
    void more_pixels_than_can_be_read_are_refused_at_once() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MediaFile.of(film, Playback.once(), 7680, 7680))
                .withMessageContaining("no more pixels than 7680x4320");
        assertThat(MediaFile.of(film, Playback.once(), 4320, 7680).video().name())
                .isEqualTo("-film.mp4");
    }
}
