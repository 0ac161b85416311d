package dev.drawbridge.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drawbridge.CloseReason;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.Viewer;
import dev.drawbridge.media.Pixels;
import dev.drawbridge.media.Recording;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.RecordedFile;
import dev.drawbridge.testing.Shape;
import dev.drawbridge.testing.VirtualScreen;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Every example works, against a real handshake server and with real media. */
class ExamplesTest {
    private static final long LIMIT = 30;

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofMinutes(2));

    private HandshakeServer server;

    @BeforeEach
    void start_the_server() {
        server = HandshakeServer.start(Shape.ROUTER);
    }

    @AfterEach
    void stop_the_server() {
        server.close();
    }

    @Test
    void publishing_and_viewing_meet_and_the_secure_session_ends_with_its_viewer() throws Exception {
        BlockingQueue<String> said = new LinkedBlockingQueue<>();
        FutureTask<CloseReason> publishing = start(() -> PublishExample.run(options("push=door&secure"), said::add));
        assertThat(said.poll(LIMIT, TimeUnit.SECONDS)).isEqualTo("published");

        BufferedImage image = ViewExample.picture(options("view=door"));

        assertThat(image.getWidth()).isEqualTo(640);
        assertThat(image.getHeight()).isEqualTo(360);
        assertThat(publishing.get(LIMIT, TimeUnit.SECONDS)).isEqualTo(CloseReason.VIEWER_LEFT);
        assertThat(said.poll(LIMIT, TimeUnit.SECONDS)).isEqualTo("viewer-1 is watching");
        assertThat(said.poll(LIMIT, TimeUnit.SECONDS)).startsWith("viewer-1 left: ");
    }

    @Test
    void pictures_of_the_program_arrive_in_their_colours() throws Exception {
        FutureTask<Void> publishing = start(() -> {
            CustomFramesExample.run(options("push=door&secure"));
            return null;
        });

        Color sky = new Color(ViewExample.picture(options("view=door")).getRGB(160, 200));

        assertThat(sky.getRed()).isCloseTo(CustomFramesExample.SKY.getRed(), within(30));
        assertThat(sky.getGreen()).isCloseTo(CustomFramesExample.SKY.getGreen(), within(30));
        assertThat(sky.getBlue()).isCloseTo(CustomFramesExample.SKY.getBlue(), within(30));
        publishing.get(LIMIT, TimeUnit.SECONDS);
    }

    @Test
    void the_listener_hears_everything_and_data_goes_both_ways() throws Exception {
        BlockingQueue<SessionEvent> events = new LinkedBlockingQueue<>();
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        FutureTask<CloseReason> publishing =
                start(() -> EventsExample.run(options("push=door&secure&datamode"), events::add));
        assertThat(next(events)).isEqualTo("Announced");

        try (Viewer viewer = Viewer.start(options("view=door&datamode"))) {
            viewer.on(DataReceived.class, event -> received.add(event.json()));
            assertThat(received.poll(LIMIT, TimeUnit.SECONDS)).isEqualTo("\"nobody else is listening now\"");
            viewer.send("bread");
            assertThat(received.poll(LIMIT, TimeUnit.SECONDS)).isEqualTo("\"thank you for \\\"bread\\\"\"");
        }

        assertThat(publishing.get(LIMIT, TimeUnit.SECONDS)).isEqualTo(CloseReason.VIEWER_LEFT);
        for (String kind :
                new String[] {"ViewerRequested", "ViewerJoined", "Sealed", "DataReceived", "ViewerLeft", "Closed"}) {
            assertThat(next(events)).isEqualTo(kind);
        }
    }

    @Test
    void a_file_gets_from_one_program_to_the_other(@TempDir Path ours, @TempDir Path theirs) throws Exception {
        Path file = Files.writeString(ours.resolve("letter.txt"), "Dear Ada");
        FutureTask<Boolean> offering = start(() -> {
            FileExample.offer(options("push=desk&secure&datamode"), file);
            return true;
        });
        assertThat(FileExample.fetch(options("view=desk&datamode"), theirs))
                .isEqualTo(theirs.resolve("letter.txt"))
                .hasContent("Dear Ada");
        assertThat(offering.get(LIMIT, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_stream_is_recorded_into_a_file_with_a_picture_beside_it(@TempDir Path folder) throws Exception {
        FutureTask<CloseReason> publishing = start(() -> PublishExample.run(options("push=door&secure"), line -> {}));
        Path file = folder.resolve("door.webm");

        Recording recording = RecordExample.run(options("view=door"), file, Duration.ofSeconds(2));

        assertThat(RecordedFile.of(file).streams()).containsExactly("vp8 640x360", "opus");
        assertThat(recording.pictures()).isGreaterThan(10);
        assertThat(RecordedFile.of(file).pictures()).hasSize((int) recording.pictures());
        assertThat(folder.resolve("door.webm.png")).isNotEmptyFile();
        publishing.get(LIMIT, TimeUnit.SECONDS);
    }

    @Test
    void a_screen_is_published() throws Exception {
        try (VirtualScreen screen = VirtualScreen.start(640, 480)) {
            Process program = screen.on(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            ScreenExample.class.getName(),
                            "push=desk&secure&password=only4tests&wss=" + server.uri()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                BufferedImage image = ViewExample.picture(options("view=desk"));
                assertThat(image.getWidth()).isEqualTo(640);
                assertThat(image.getHeight()).isEqualTo(480);
                assertThat(program.waitFor(LIMIT, TimeUnit.SECONDS)).isTrue();
                assertThat(program.exitValue()).isZero();
            } finally {
                program.destroyForcibly();
            }
        }
    }

    @Test
    void a_film_is_shown_to_who_comes_and_the_session_ends_with_it(@TempDir Path folder) throws Exception {
        Path film = folder.resolve("film.mkv");
        Process ffmpeg = new ProcessBuilder(
                        "ffmpeg",
                        "-nostdin",
                        "-loglevel",
                        "error",
                        "-f",
                        "lavfi",
                        "-i",
                        "color=0x2060C0:s=320x240:r=25:d=3",
                        "-f",
                        "lavfi",
                        "-i",
                        "sine=440:d=3",
                        "-c:v",
                        "mpeg4",
                        "-q:v",
                        "2",
                        film.toString())
                .inheritIO()
                .start();
        assertThat(ffmpeg.waitFor()).isZero();
        FutureTask<CloseReason> playing = start(() -> PlayFileExample.run(options("push=cinema&secure"), film));
        BlockingQueue<VideoFrame> pictures = new LinkedBlockingQueue<>(1000);
        try (Viewer viewer = Viewer.start(options("view=cinema"))) {
            viewer.onVideo(pictures::offer);
            VideoFrame picture = pictures.poll(LIMIT, TimeUnit.SECONDS);
            while (picture != null && picture.height() != 240) {
                picture = pictures.poll(LIMIT, TimeUnit.SECONDS); // of the pattern
            }
            assertThat(picture).isNotNull();
            Color sky = new Color(Pixels.rgbAt(picture, 160, 120));
            assertThat(sky.getRed()).isCloseTo(0x20, within(30));
            assertThat(sky.getGreen()).isCloseTo(0x60, within(30));
            assertThat(sky.getBlue()).isCloseTo(0xC0, within(30));
            assertThat(playing.get(LIMIT, TimeUnit.SECONDS)).isEqualTo(CloseReason.CLOSED_BY_APPLICATION);
        }
    }

    private SessionOptions options(String query) {
        return SessionOptions.parse(query + "&password=only4tests&wss=" + server.uri());
    }

    private static String next(BlockingQueue<SessionEvent> events) throws InterruptedException {
        SessionEvent event = events.poll(LIMIT, TimeUnit.SECONDS);
        return event == null ? "nothing" : event.getClass().getSimpleName();
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "example");
        thread.setDaemon(true);
        thread.start();
        return task;
    }
}
