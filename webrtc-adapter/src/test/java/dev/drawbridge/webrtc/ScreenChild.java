package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.media.Pixels;
import dev.drawbridge.media.ScreenVideo;
import dev.drawbridge.media.Screens;
import dev.drawbridge.media.VideoFrame;
import java.awt.Color;
import java.awt.Graphics;
import java.awt.Rectangle;
import java.awt.Robot;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.swing.JFrame;
import javax.swing.JPanel;
import javax.swing.SwingUtilities;

/** The programs of {@link ScreenTest}. */
final class ScreenChild {
    private static final int RED = 0xe02020;
    private static final int BLUE = 0x2020e0;
    private static final int GREEN = 0x20c020;

    private ScreenChild() {}

    /** One without a screen. */
    static final class Nowhere {
        public static void main(String[] arguments) {
            try {
                Screens.whole().start(frame -> {});
                System.out.println("refused not at all");
            } catch (IOException e) {
                System.out.println("refused " + e.getMessage());
            }
            System.exit(0);
        }
    }

    /** One that shows a window, half red and half blue, and looks at it in every way. */
    static final class Showing {
        public static void main(String[] arguments) {
            int status = 1;
            try {
                look();
                System.out.println("end well");
                status = 0;
            } catch (Throwable e) {
                e.printStackTrace(System.out);
            }
            System.exit(status); // the desktop's threads go on
        }

        private static void look() throws Exception {
            JFrame card = window("A test card", 100, 50, RED, BLUE);
            ScreenVideo whole =
                    Screens.whole().framesPerSecond(20).atMost(400, 300).cursor(false);
            WebRtcMedia media = WebRtcMedia.builder().video(whole).build();
            try (Pair pair = new Pair(media).connect()) {
                pair.publisher.link.releaseMedia();
                // Half as large as the screen.
                see(
                        pair,
                        "the screen",
                        400,
                        300,
                        picture -> is(picture, 80, 75, RED) && is(picture, 160, 75, BLUE) && is(picture, 300, 200, 0));

                use(media, Screens.region(new Rectangle(100, 50, 150, 200)).cursor(false));
                see(pair, "a region", 150, 200, picture -> is(picture, 20, 20, RED) && is(picture, 130, 180, RED));

                ScreenVideo found = Screens.window("TEST card").cursor(false);
                use(media, found);
                see(pair, "the window", 300, 200, picture -> is(picture, 75, 100, RED) && is(picture, 225, 100, BLUE));
                SwingUtilities.invokeAndWait(() -> card.setLocation(450, 350));
                window("In its place", 100, 50, GREEN, GREEN);
                settle();
                pair.viewer.pictures.clear();
                // At most one second later it is followed.
                see(
                        pair,
                        "the window elsewhere",
                        300,
                        200,
                        picture -> is(picture, 75, 100, RED) && is(picture, 225, 100, BLUE));

                ScreenVideo own = Screens.window(card).atMost(150, 1000).cursor(false);
                use(media, own);
                see(
                        pair,
                        "the own window",
                        150,
                        100,
                        picture -> is(picture, 37, 50, RED) && is(picture, 112, 50, BLUE));
                media.muteVideo(true);
                see(pair, "black", 150, 100, picture -> is(picture, 37, 50, 0) && is(picture, 112, 50, 0));
                media.muteVideo(false);
                see(pair, "the own window", 150, 100, picture -> is(picture, 37, 50, RED));
            }
            pointer();
            ending(card);
        }

        private static void pointer() throws Exception {
            Robot hand = new Robot();
            hand.mouseMove(200, 150);
            settle();
            Rectangle around = new Rectangle(150, 100, 100, 100); // all green
            VideoFrame with = one(Screens.region(around));
            VideoFrame without = one(Screens.region(around).cursor(false));
            assertThat(is(with, 52, 58, 0)).as("the pointer is black").isTrue();
            assertThat(is(without, 52, 58, GREEN)).as("there is none").isTrue();
            assertThat(is(with, 20, 20, GREEN)).isTrue();
            // What lies outside is black.
            VideoFrame beyond = one(Screens.region(new Rectangle(700, 500, 200, 200)));
            assertThat(beyond.width()).isEqualTo(200);
            assertThat(is(beyond, 190, 190, 0)).isTrue();
        }

        private static void ending(JFrame card) throws Exception {
            ScreenVideo theirs = Screens.window("test card").framesPerSecond(10);
            ScreenVideo own = Screens.window(card).framesPerSecond(10);
            theirs.start(frame -> {});
            own.start(frame -> {});
            SwingUtilities.invokeAndWait(card::dispose);
            for (ScreenVideo each : new ScreenVideo[] {theirs, own}) {
                try {
                    each.ended().toCompletableFuture().get(20, TimeUnit.SECONDS);
                    throw new AssertionError("it ended in order");
                } catch (ExecutionException e) {
                    assertThat(e.getCause()).isInstanceOf(IOException.class).hasMessageContaining("closed");
                }
                each.stop();
            }
            try {
                Screens.window("test card").start(frame -> {});
                throw new AssertionError("it is still there");
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("Screens.region");
            }
        }

        private static VideoFrame one(ScreenVideo source) throws Exception {
            BlockingQueue<VideoFrame> frames = new LinkedBlockingQueue<>();
            source.start(frames::add);
            VideoFrame frame = frames.poll(20, TimeUnit.SECONDS);
            source.stop();
            assertThat(frame).isNotNull();
            return frame;
        }

        private static void use(WebRtcMedia media, ScreenVideo next) throws Exception {
            media.switchVideo(next.framesPerSecond(20)).toCompletableFuture().get(20, TimeUnit.SECONDS);
        }

        private static void see(Pair pair, String what, int width, int height, Predicate<VideoFrame> wanted)
                throws Exception {
            long late = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            VideoFrame last = null;
            while (System.nanoTime() < late) {
                last = pair.viewer.next(pair.viewer.pictures, "picture of " + what);
                if (last.width() == width && last.height() == height && wanted.test(last)) {
                    System.out.println("seen: " + what);
                    return;
                }
            }
            throw new AssertionError(what + " was not seen, but " + last);
        }

        private static boolean is(VideoFrame picture, int x, int y, int colour) {
            int seen = Pixels.rgbAt(picture, x, y);
            for (int shift = 0; shift <= 16; shift += 8) {
                if (Math.abs((seen >> shift & 0xff) - (colour >> shift & 0xff)) > 40) {
                    return false;
                }
            }
            return true;
        }

        private static JFrame window(String title, int x, int y, int left, int right) throws Exception {
            JFrame[] made = {null};
            SwingUtilities.invokeAndWait(() -> {
                JFrame frame = new JFrame(title);
                frame.setUndecorated(true);
                frame.setContentPane(new JPanel() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected void paintComponent(Graphics pen) {
                        pen.setColor(new Color(left));
                        pen.fillRect(0, 0, 150, 200);
                        pen.setColor(new Color(right));
                        pen.fillRect(150, 0, 150, 200);
                    }
                });
                frame.setBounds(x, y, 300, 200);
                frame.setVisible(true);
                made[0] = frame;
            });
            settle();
            return made[0];
        }

        private static void settle() throws Exception {
            new Robot().waitForIdle();
            Thread.sleep(100);
        }
    }
}
