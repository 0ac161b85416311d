package dev.drawbridge.internal.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drawbridge.media.Pixels;
import dev.drawbridge.media.VideoFrame;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FittingTest {
    private static final int RED = 0xff0000;
    private static final int GREEN = 0x00ff00;
    private static final int BLUE = 0x0000ff;
    private static final int WHITE = 0xffffff;

    @Test
    void a_picture_of_the_right_size_is_copied_exactly() {
        VideoFrame frame = quarters(64, 48, 0);
        Fitting fitting = new Fitting(64, 48);
        fitting.draw(frame);
        VideoFrame copy = Pixels.fromI420(ByteBuffer.wrap(fitting.i420()), 64, 48, 0);
        assertThat(Pixels.toArgb(copy)).isEqualTo(Pixels.toArgb(frame));
    }

    @ParameterizedTest
    @CsvSource({"32, 24", "128, 96", "640, 480", "33, 25"})
    void one_of_another_size_fills_it_with_each_corner_in_its_place(int width, int height) {
        Fitting fitting = new Fitting(64, 48);
        fitting.draw(quarters(width, height, 0));
        assertCorners(fitting, RED, GREEN, BLUE, WHITE, 8, 8);
    }

    @Test
    void a_wide_one_in_a_high_one_has_black_above_and_below_also_after_another_shape() {
        Fitting fitting = new Fitting(64, 64);
        fitting.draw(quarters(64, 64, 0));
        fitting.draw(quarters(128, 64, 0));
        assertThat(rgb(fitting, 64, 32, 4)).isEqualTo(0);
        assertThat(rgb(fitting, 64, 32, 60)).isEqualTo(0);
        assertColour(rgb(fitting, 64, 8, 20), RED);
        assertColour(rgb(fitting, 64, 56, 44), WHITE);
        fitting.draw(quarters(64, 128, 0));
        assertThat(rgb(fitting, 64, 4, 32)).isEqualTo(0);
        assertThat(rgb(fitting, 64, 60, 32)).isEqualTo(0);
        assertColour(rgb(fitting, 64, 20, 8), RED);
    }

    @Test
    void rotations_are_carried_out_clockwise() {
        // Red, green above blue, white; turned clockwise the lower left corner comes to the upper left.
        Fitting high = new Fitting(48, 64);
        high.draw(quarters(64, 48, 90));
        assertColour(rgb(high, 48, 8, 8), BLUE);
        assertColour(rgb(high, 48, 40, 8), RED);
        assertColour(rgb(high, 48, 8, 56), WHITE);
        high.draw(quarters(64, 48, 270));
        assertColour(rgb(high, 48, 8, 8), GREEN);
        assertColour(rgb(high, 48, 40, 8), WHITE);
        assertColour(rgb(high, 48, 8, 56), RED);
        Fitting wide = new Fitting(64, 48);
        wide.draw(quarters(64, 48, 180));
        assertCorners(wide, WHITE, BLUE, GREEN, RED, 8, 8);
    }

    @Test
    void sizes_that_are_extreme_do_no_harm() {
        Fitting fitting = new Fitting(64, 48);
        for (int[] size : new int[][] {{1, 1}, {1, 4000}, {4000, 1}, {3, 2}, {2000, 1500}}) {
            for (int rotation = 0; rotation < 360; rotation += 90) {
                fitting.draw(plain(size[0], size[1], rotation));
                assertThat(fitting.i420()[64 * 23 + 31] & 255).isCloseTo(200, within(1));
            }
        }
    }

    private static void assertCorners(
            Fitting at, int upperLeft, int upperRight, int lowerLeft, int lowerRight, int x, int y) {
        assertColour(rgb(at, 64, x, y), upperLeft);
        assertColour(rgb(at, 64, 63 - x, y), upperRight);
        assertColour(rgb(at, 64, x, 47 - y), lowerLeft);
        assertColour(rgb(at, 64, 63 - x, 47 - y), lowerRight);
    }

    private static int rgb(Fitting fitting, int width, int x, int y) {
        int height = fitting.i420().length * 2 / 3 / width;
        return Pixels.rgbAt(Pixels.fromI420(ByteBuffer.wrap(fitting.i420()), width, height, 0), x, y);
    }

    private static void assertColour(int is, int expected) {
        for (int shift = 0; shift < 24; shift += 8) {
            assertThat(is >> shift & 255).as("%06x", is).isCloseTo(expected >> shift & 255, within(12));
        }
    }

    private static VideoFrame plain(int width, int height, int rotation) {
        byte[] luma = new byte[width * height];
        Arrays.fill(luma, (byte) 200);
        int chroma = (width + 1) / 2;
        ByteBuffer grey = ByteBuffer.wrap(new byte[chroma * ((height + 1) / 2)]);
        return new VideoFrame(width, height, ByteBuffer.wrap(luma), width, grey, chroma, grey, chroma, rotation, 0);
    }

    private static VideoFrame quarters(int width, int height, int rotation) {
        int[] pixels = new int[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                boolean left = x < width / 2;
                boolean up = y < height / 2;
                pixels[y * width + x] = up ? (left ? RED : GREEN) : left ? BLUE : WHITE;
            }
        }
        VideoFrame still = Pixels.fromArgb(pixels, width, height, 0);
        return new VideoFrame(
                width,
                height,
                still.y(),
                still.strideY(),
                still.u(),
                still.strideU(),
                still.v(),
                still.strideV(),
                rotation,
                0);
    }
}
