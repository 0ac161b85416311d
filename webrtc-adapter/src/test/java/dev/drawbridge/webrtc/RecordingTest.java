package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.StreamId;
import dev.drawbridge.Viewer;
import dev.drawbridge.media.AudioSources;
import dev.drawbridge.media.CustomAudio;
import dev.drawbridge.media.CustomVideo;
import dev.drawbridge.media.Recorder;
import dev.drawbridge.media.RecorderOptions;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.RecordedFile;
import dev.drawbridge.testing.Shape;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Real sessions, recorded and photographed. */
class RecordingTest {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 180;

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofMinutes(3));

    @TempDir
    Path folder;

    @Test
    @Tag("alone") // it is milliseconds that are looked at
    void a_flash_and_a_beep_of_one_moment_are_less_than_40_ms_apart_in_the_file() throws Exception {
        Map<String, List<List<Double>>> all = new TreeMap<>();
        List<String> wrong = new ArrayList<>(List.of(".webm", ".mp4"));
        // Where other programs take the processors, the library's own buffer jumps by 100 ms and more at once, now and
        // then throughout a recording. A fault of ours would be in all three.
        for (int i = 1; i <= 3 && !wrong.isEmpty(); i++) {
            List<Path> files = new ArrayList<>();
            for (String ending : wrong) {
                files.add(folder.resolve("sync" + i + ending));
            }
            synchronous(files);
            for (Path file : files) {
                String ending = file.toString().replaceAll(".*\\.", ".");
                List<Double> errors = errors(RecordedFile.of(file));
                System.out.printf(Locale.ROOT, "%s: sound later than picture by %s ms%n", ending, errors);
                all.computeIfAbsent(ending, any -> new ArrayList<>()).add(errors);
                double[] apart = errors.stream().mapToDouble(Math::abs).sorted().toArray();
                if (apart.length >= 3 && apart[apart.length / 2] < 40) {
                    wrong.remove(ending);
                }
            }
        }
        assertThat(wrong).as(all.toString()).isEmpty();
    }

    /** Records some seconds of flashes and beeps that went through two sessions. */
    private static void synchronous(List<Path> files) throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER);
                Flashing flashing = new Flashing()) {
            stage.keep(Publisher.builder(stage.options("push=camera1"))
                    .media(WebRtcMedia.builder()
                            .video(flashing.video)
                            .audio(flashing.audio)
                            .build())
                    .signaling(stage.signaling())
                    .start());
            Viewer viewer = stage.keep(Viewer.builder(stage.options("view=camera1"))
                    .signaling(stage.signaling())
                    .start());
            List<Recorder> recorders = new ArrayList<>();
            for (Path file : files) {
                recorders.add(viewer.record(
                        file, RecorderOptions.builder().frameRate(30).build()));
            }
            viewer.snapshot().toCompletableFuture().get(30, TimeUnit.SECONDS);
            TimeUnit.SECONDS.sleep(5);
            for (Recorder recorder : recorders) {
                System.out.println(recorder.close().toCompletableFuture().get(40, TimeUnit.SECONDS));
            }
        }
    }

    /** For each flash, how many milliseconds later its beep begins. */
    private static List<Double> errors(RecordedFile file) {
        List<Double> times = file.pictures();
        List<byte[]> pictures = file.grey(16, 16);
        short[] sound = file.sound();
        List<Double> beeps = new ArrayList<>();
        int quiet = 0;
        for (int i = 0; i < sound.length; i++) {
            boolean loud = Math.abs(sound[i]) > 3000;
            if (loud && quiet > RecordedFile.RATE / 4) {
                beeps.add((double) i / RecordedFile.RATE);
            }
            quiet = loud ? 0 : quiet + 1;
        }
        List<Double> errors = new ArrayList<>();
        for (int i = 1; i < Math.min(pictures.size(), times.size()); i++) {
            if (mean(pictures.get(i)) > 120 && mean(pictures.get(i - 1)) <= 120) {
                double flash = times.get(i);
                beeps.stream()
                        .map(beep -> (beep - flash) * 1000)
                        .filter(error -> Math.abs(error) < 400)
                        .findFirst()
                        .ifPresent(error -> errors.add(Math.round(error * 10) / 10.0));
            }
        }
        return errors;
    }

    private static double mean(byte[] picture) {
        long sum = 0;
        for (byte light : picture) {
            sum += light & 255;
        }
        return (double) sum / picture.length;
    }

    /** Black and still, and once a second white and loud for a tenth of it. */
    private static final class Flashing implements AutoCloseable {
        final CustomVideo video = VideoSources.custom();
        final CustomAudio audio = AudioSources.custom();
        private volatile boolean running = true;

        Flashing() {
            Thread thread = new Thread(this::run, "flashing");
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            long start = System.nanoTime();
            for (int block = 0; running; block++) {
                long due = start + block * 10_000_000L;
                while (due - System.nanoTime() > 0) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                boolean now = block % 100 < 10;
                short[] samples = new short[480];
                for (int i = 0; i < 480 && now; i++) {
                    samples[i] = (short) (12_000 * Math.sin(2 * Math.PI * i / 48));
                }
                audio.push(samples, 48_000, 1);
                if (block % 4 == 0 || block % 100 == 0) {
                    video.push(TestFrames.plain(WIDTH, HEIGHT, now ? 235 : 16, 128, 128));
                }
            }
        }

        @Override
        public void close() {
            running = false;
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void a_recording_survives_the_sudden_death_of_the_program() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            stage.publish("push=camera1", new EventRecorder());
            Path webm = folder.resolve("film.webm");
            Path y4m = folder.resolve("film.y4m");
            try (Programs.Running program = Programs.run(
                    Keeping.class, "view=camera1&wss=" + stage.server.uri(), webm.toString(), y4m.toString())) {
                program.line("recording");
                TimeUnit.SECONDS.sleep(5);
                program.signal("KILL");
                assertThat(program.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            }
            // Its ffmpeg sees the end of its input, and completes the file.
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (written(webm) && System.nanoTime() - deadline < 0) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
            TimeUnit.SECONDS.sleep(1); // for systems that do not tell what their programs were started with
            assertThat(RecordedFile.of(webm).pictures()).hasSizeGreaterThan(60);
            assertThat(RecordedFile.of(webm).blocks()).hasSizeGreaterThan(100);
            assertThat(RecordedFile.of(webm).grey(16, 9)).hasSizeGreaterThan(60);
            assertThat(RecordedFile.of(y4m).pictures()).hasSizeGreaterThan(60);
            assertThat(RecordedFile.of(folder.resolve("film.wav")).sound().length)
                    .isGreaterThan(2 * RecordedFile.RATE - RecordedFile.RATE / 2);
        }
    }

    /** Whether a program that was started with this file runs. */
    private static boolean written(Path file) {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().arguments().stream())
                .flatMap(Arrays::stream)
                .anyMatch(("file:" + file)::equals);
    }

    /** Records until it is killed. */
    static final class Keeping {
        public static void main(String[] arguments) throws Exception {
            Viewer viewer = Viewer.start(SessionOptions.parse(arguments[0]), WebRtcMedia.create());
            for (int i = 1; i < arguments.length; i++) {
                viewer.record(Path.of(arguments[i]));
            }
            viewer.snapshot().toCompletableFuture().get(30, TimeUnit.SECONDS);
            System.out.println("recording");
            viewer.awaitClosed();
        }
    }

    @Test
    void two_streams_of_one_viewer_go_into_two_files_which_are_whole_when_the_session_ends() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            stage.publish("push=camera1", new EventRecorder());
            stage.keep(Publisher.builder(stage.options("push=camera2"))
                    .media(WebRtcMedia.builder()
                            .video(VideoSources.testPattern(160, 120, 30))
                            .build())
                    .signaling(stage.signaling())
                    .start());
            Viewer viewer = stage.keep(Viewer.builder(stage.options("view=camera1,camera2"))
                    .signaling(stage.signaling())
                    .start());
            List<Recorder> recorders = new ArrayList<>();
            for (String name : List.of("camera1", "camera2")) {
                recorders.add(
                        viewer.record(StreamId.of(name), folder.resolve(name + ".webm"), RecorderOptions.defaults()));
            }
            for (String name : List.of("camera1", "camera2")) {
                viewer.snapshot(StreamId.of(name)).toCompletableFuture().get(30, TimeUnit.SECONDS);
            }
            TimeUnit.SECONDS.sleep(1);
            viewer.close();
            for (Recorder recorder : recorders) {
                recorder.done().toCompletableFuture().get(40, TimeUnit.SECONDS);
            }
            assertThat(RecordedFile.of(folder.resolve("camera1.webm")).streams())
                    .contains("vp8 320x180", "opus");
            assertThat(RecordedFile.of(folder.resolve("camera2.webm")).streams())
                    .contains("vp8 160x120", "opus");
            assertThat(viewer.snapshot()).failsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void a_snapshot_is_a_picture_of_the_stream() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            stage.publish("push=camera1", new EventRecorder());
            Viewer viewer = stage.keep(Viewer.builder(stage.options("view=camera1"))
                    .signaling(stage.signaling())
                    .start());
            Path png = folder.resolve("picture.png");
            assertThat(viewer.snapshot(png))
                    .succeedsWithin(Duration.ofSeconds(30))
                    .isEqualTo(png);
            assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(WIDTH);
            assertThat(viewer.snapshot(folder.resolve("no/such.png")))
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableThat()
                    .withMessageContaining("cannot be written");
        }
    }
}
