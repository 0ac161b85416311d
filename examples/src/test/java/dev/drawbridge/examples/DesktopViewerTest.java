package dev.drawbridge.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.SessionState;
import dev.drawbridge.media.TestPattern;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.Shape;
import dev.drawbridge.testing.VirtualScreen;
import dev.drawbridge.webrtc.WebRtcMedia;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The desktop viewer in a program and on a screen of its own; what can be seen there is compared with what is published. */
@EnabledOnOs(OS.LINUX)
class DesktopViewerTest {
    private static final int WIDTH = 1100;
    private static final int HEIGHT = 760;
    private static final int BARS = 8;

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofMinutes(4));

    @TempDir
    Path folder;

    @Test
    void the_window_shows_the_pattern_with_black_beside_it_and_says_so_when_the_publisher_is_gone() throws Exception {
        try (HandshakeServer server = HandshakeServer.start(Shape.ROUTER);
                VirtualScreen screen = VirtualScreen.start(WIDTH, HEIGHT)) {
            String wss = "&password=only4tests&wss=" + server.uri();
            Process window = show(screen, "view=door" + wss);
            try (Publisher publisher = Publisher.start(
                    SessionOptions.parse("push=door&secure&label=Front_door" + wss),
                    // Higher than the window's picture is, so that there is black on either side.
                    WebRtcMedia.builder()
                            .video(VideoSources.testPattern(480, 360, 15))
                            .build())) {
                BufferedImage seen = await(screen, DesktopViewerTest::showsThePattern);
                save(seen, "desktop-viewer.png");
                assertThat(publisher.state()).isEqualTo(SessionState.SEALED);
                Area picture = area(seen);
                assertThat((double) picture.width / picture.height).isBetween(1.3, 1.37);
                // The bar of the window's own panel beside the picture is black.
                int beside = picture.left - 30;
                assertThat(beside).isPositive();
                assertThat(seen.getRGB(beside, picture.top + picture.height / 2) & 0xffffff)
                        .isZero();
            }
            BufferedImage over = await(screen, image -> !showsThePattern(image) && lit(image) > 500);
            save(over, "desktop-viewer-over.png");
            assertThat(window.isAlive()).isTrue();
            window.destroy();
            assertThat(window.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void a_link_that_leads_nowhere_is_explained_in_the_window() throws Exception {
        try (VirtualScreen screen = VirtualScreen.start(WIDTH, HEIGHT)) {
            Process window = show(screen, "view=door&wss=ws://127.0.0.1:9");
            try {
                save(await(screen, image -> lit(image) > 1500), "desktop-viewer-error.png");
            } finally {
                window.destroy();
            }
        }
    }

    private Process show(VirtualScreen screen, String options) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                DesktopViewerExample.class.getName(),
                options);
        builder.environment().put("DISPLAY", screen.display());
        File log = folder.resolve("log").toFile();
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    private interface Wish {
        boolean fulfilled(BufferedImage image);
    }

    private BufferedImage await(VirtualScreen screen, Wish wish) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            BufferedImage image = photograph(screen);
            if (wish.fulfilled(image)) {
                return image;
            }
            if (System.nanoTime() > deadline) {
                save(image, "desktop-viewer-failed.png");
                Path log = folder.resolve("log");
                throw new AssertionError("it did not show in time; the program said:\n"
                        + (Files.exists(log) ? Files.readString(log) : ""));
            }
            TimeUnit.MILLISECONDS.sleep(300);
        }
    }

    private BufferedImage photograph(VirtualScreen screen) throws Exception {
        Path file = folder.resolve("screen.png");
        int status = new ProcessBuilder(List.of(
                        "ffmpeg",
                        "-v",
                        "error",
                        "-nostdin",
                        "-y",
                        "-f",
                        "x11grab",
                        "-video_size",
                        WIDTH + "x" + HEIGHT,
                        "-i",
                        screen.display(),
                        "-frames:v",
                        "1",
                        file.toString()))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(status)
                .as("ffmpeg -f x11grab; on Debian: apt-get install ffmpeg")
                .isZero();
        return ImageIO.read(file.toFile());
    }

    /** Kept where the build leaves its results, for people to look at. */
    private static void save(BufferedImage image, String name) throws IOException {
        Path target = Path.of("target");
        if (Files.isDirectory(target)) {
            ImageIO.write(image, "png", target.resolve(name).toFile());
        }
    }

    private static boolean showsThePattern(BufferedImage image) {
        Area area = area(image);
        if (area.width < 300) {
            return false;
        }
        for (int bar = 0; bar < BARS - 1; bar++) { // the last one is nearly black
            int x = area.left + (int) ((bar + 0.5) / BARS * area.width);
            int y = area.top + area.height / 4;
            int expected = TestPattern.colorAt((bar + 0.5) / BARS, 0.25).orElseThrow();
            if (!close(image.getRGB(x, y), expected)) {
                return false;
            }
        }
        return true;
    }

    private record Area(int left, int top, int width, int height) {}

    /** Where the picture is: from its first bar, which is light, to the last, of which only seven can be told from black. */
    private static Area area(BufferedImage image) {
        int light = TestPattern.colorAt(0.5 / BARS, 0.25).orElseThrow();
        int blue = TestPattern.colorAt(6.5 / BARS, 0.25).orElseThrow();
        int left = -1;
        int right = -1;
        int top = -1;
        for (int y = 0; y < image.getHeight(); y++) {
            int run = 0;
            for (int x = 0; x < image.getWidth(); x++) {
                run = close(image.getRGB(x, y), light) ? run + 1 : 0;
                if (run == 30 && left < 0) {
                    left = x - 29;
                    top = y;
                }
                if (left >= 0 && close(image.getRGB(x, y), blue)) {
                    right = Math.max(right, x);
                }
            }
        }
        // The bars take the upper half.
        int bottom = top;
        while (left >= 0 && bottom + 1 < image.getHeight() && close(image.getRGB(left + 15, bottom + 1), light)) {
            bottom++;
        }
        return left < 0 || right < 0
                ? new Area(0, 0, 0, 0)
                : new Area(left, top, (right - left + 1) * BARS / (BARS - 1), 2 * (bottom - top + 1));
    }

    private static boolean close(int rgb, int expected) {
        Color is = new Color(rgb);
        Color wanted = new Color(expected);
        return Math.abs(is.getRed() - wanted.getRed()) < 30
                && Math.abs(is.getGreen() - wanted.getGreen()) < 30
                && Math.abs(is.getBlue() - wanted.getBlue()) < 30;
    }

    /** Light pixels in the upper part, where a message stands. */
    private static int lit(BufferedImage image) {
        int count = 0;
        for (int y = 0; y < 540; y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                count += (image.getRGB(x, y) & 0xff) > 120 ? 1 : 0;
            }
        }
        return count;
    }
}
