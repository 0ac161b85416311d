package dev.drawbridge.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drawbridge.media.VideoPanel.Scaling;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Painted into images, so it needs no screen. */
class VideoPanelTest {
    private static final int ORANGE = 0xe08020;
    private static final int PAPER = 0x102030;

    private final VideoPanel panel = new VideoPanel();

    @Test
    void fit_shows_the_whole_picture_with_background_beside_it() {
        panel.setBackground(new Color(PAPER));
        panel.accept(plain(40, 20));
        BufferedImage shown = painted(200, 200, 1);
        assertColour(shown, 100, 100, ORANGE);
        assertColour(shown, 2, 52, ORANGE);
        assertColour(shown, 197, 147, ORANGE);
        assertColour(shown, 100, 48, PAPER);
        assertColour(shown, 100, 152, PAPER);
    }

    @Test
    void fill_leaves_nothing_over_and_actual_is_one_pixel_on_one() {
        panel.setBackground(new Color(PAPER));
        panel.accept(plain(40, 20));
        panel.scaling(Scaling.FILL);
        assertColour(painted(200, 200, 1), 2, 2, ORANGE);
        panel.scaling(Scaling.ACTUAL);
        BufferedImage actual = painted(200, 200, 1);
        assertColour(actual, 81, 91, ORANGE);
        assertColour(actual, 118, 108, ORANGE);
        assertColour(actual, 78, 100, PAPER);
        assertColour(actual, 100, 88, PAPER);
        // On a screen with two pixels in each unit, the picture takes half of the units.
        BufferedImage fine = painted(200, 200, 2);
        assertColour(fine, 181, 191, ORANGE);
        assertColour(fine, 218, 208, ORANGE);
        assertColour(fine, 178, 200, PAPER);
    }

    @Test
    void rotation_and_another_size_are_followed_and_one_image_serves_all_pictures_of_a_size() {
        panel.setBackground(new Color(PAPER));
        panel.accept(turned(plain(40, 20), 90));
        BufferedImage shown = painted(200, 200, 1);
        assertThat(panel.getPreferredSize()).isEqualTo(new Dimension(20, 40));
        assertColour(shown, 100, 2, ORANGE);
        assertColour(shown, 48, 100, PAPER);
        panel.accept(plain(200, 200));
        assertColour(painted(200, 200, 1), 2, 2, ORANGE);
    }

    @Test
    void the_newest_picture_wins_and_those_that_it_replaced_are_counted() {
        for (int i = 0; i < 5; i++) {
            panel.accept(plain(40, 20));
        }
        painted(100, 100, 1);
        painted(100, 100, 1);
        assertThat(panel.painted()).isEqualTo(1);
        assertThat(panel.replaced()).isEqualTo(4);
    }

    @Test
    void a_message_shows_until_there_is_a_picture_and_again_after_clear() {
        panel.message("Nobody is there\nThis is a long line that has to be broken into several to be read as a whole");
        BufferedImage message = painted(200, 100, 1);
        assertThat(lit(message)).isGreaterThan(100);
        panel.accept(plain(40, 20));
        assertColour(painted(200, 100, 1), 100, 50, ORANGE);
        panel.soundMuted(true);
        assertThat(new Color(painted(200, 100, 1).getRGB(24, 70)).getRed()).isLessThan(120);
        panel.clear();
        assertThat(painted(200, 100, 1).getRGB(2, 2) & 0xffffff).isZero();
        assertThat(lit(painted(200, 100, 1))).isEqualTo(lit(message));
    }

    private static int lit(BufferedImage image) {
        int count = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                count += (image.getRGB(x, y) & 0xff) > 100 ? 1 : 0;
            }
        }
        return count;
    }

    private BufferedImage painted(int width, int height, int scale) {
        panel.setSize(width, height);
        BufferedImage image = new BufferedImage(width * scale, height * scale, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        pen.scale(scale, scale);
        panel.paint(pen);
        pen.dispose();
        return image;
    }

    private static VideoFrame plain(int width, int height) {
        int[] pixels = new int[width * height];
        Arrays.fill(pixels, ORANGE);
        return Pixels.fromArgb(pixels, width, height, 0);
    }

    private static VideoFrame turned(VideoFrame frame, int rotation) {
        return new VideoFrame(
                frame.width(),
                frame.height(),
                frame.y(),
                frame.strideY(),
                frame.u(),
                frame.strideU(),
                frame.v(),
                frame.strideV(),
                rotation,
                0);
    }

    private static void assertColour(BufferedImage image, int x, int y, int expected) {
        Color is = new Color(image.getRGB(x, y));
        Color wanted = new Color(expected);
        assertThat(is.getRed()).as("%s", is).isCloseTo(wanted.getRed(), within(6));
        assertThat(is.getGreen()).as("%s", is).isCloseTo(wanted.getGreen(), within(6));
        assertThat(is.getBlue()).as("%s", is).isCloseTo(wanted.getBlue(), within(6));
    }
}
