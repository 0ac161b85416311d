package dev.drawbridge.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PixelsTest {

    @ParameterizedTest
    @CsvSource({
        "000000, 16, 128, 128",
        "ffffff, 235, 128, 128",
        "ff0000, 82, 90, 240",
        "00ff00, 144, 54, 34",
        "0000ff, 41, 240, 110",
        "808080, 126, 128, 128",
    })
    void colours_have_the_values_of_BT_601_limited_range(String hex, int y, int u, int v) {
        int[] pixels = new int[4];
        Arrays.fill(pixels, Integer.parseInt(hex, 16));
        VideoFrame frame = Pixels.fromArgb(pixels, 2, 2, 0);
        assertThat(frame.y().get(3) & 0xff).isEqualTo(y);
        assertThat(frame.u().get(0) & 0xff).isEqualTo(u);
        assertThat(frame.v().get(0) & 0xff).isEqualTo(v);
    }

    @Test
    void every_colour_comes_back_nearly_the_same() {
        for (int red = 0; red < 256; red += 15) {
            for (int green = 0; green < 256; green += 15) {
                for (int blue = 0; blue < 256; blue += 15) {
                    int rgb = red << 16 | green << 8 | blue;
                    int back = Pixels.rgbAt(Pixels.fromArgb(new int[] {rgb}, 1, 1, 0), 0, 0);
                    assertThat(distance(rgb, back))
                            .as("%06x -> %06x", rgb, back)
                            .isLessThanOrEqualTo(4);
                }
            }
        }
    }

    @Test
    void buffers_of_either_byte_order_and_any_stride_give_the_picture_of_the_array() {
        Random random = new Random(7);
        for (int[] size : new int[][] {{1, 1}, {2, 2}, {3, 5}, {16, 9}, {7, 4}}) {
            int width = size[0];
            int height = size[1];
            int[] pixels = random.ints((long) width * height).toArray();
            VideoFrame expected = Pixels.fromArgb(pixels, width, height, 5);
            for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
                int stride = 4 * width + 12;
                ByteBuffer buffer =
                        ByteBuffer.allocateDirect(8 + stride * height).order(order);
                for (int i = 0; i < pixels.length; i++) {
                    buffer.putInt(8 + i / width * stride + i % width * 4, pixels[i]);
                }
                buffer.position(8);
                VideoFrame frame = Pixels.fromArgb(buffer, width, height, stride, 5);
                assertThat(frame.y()).isEqualTo(expected.y());
                assertThat(frame.u()).isEqualTo(expected.u());
                assertThat(frame.v()).isEqualTo(expected.v());
                assertThat(buffer.position()).isEqualTo(8);
            }
        }
    }

    @Test
    void a_picture_of_any_size_is_what_the_formulas_make_of_it_pixel_by_pixel() {
        Random random = new Random(11);
        for (int[] size : new int[][] {{1, 1}, {2, 1}, {1, 2}, {5, 5}, {8, 8}, {9, 3}, {15, 2}, {64, 36}, {67, 35}}) {
            int width = size[0];
            int height = size[1];
            int[] pixels = random.ints((long) width * height).toArray();
            VideoFrame frame = Pixels.fromArgb(pixels, width, height, 0);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    int rgb = pixels[y * width + x];
                    int luma = ((66 * red(rgb) + 129 * green(rgb) + 25 * blue(rgb) + 128) >> 8) + 16;
                    assertThat(frame.y().get(y * frame.strideY() + x) & 0xff).isEqualTo(luma);
                }
            }
            for (int y = 0; y < height; y += 2) {
                for (int x = 0; x < width; x += 2) {
                    int red = 0;
                    int green = 0;
                    int blue = 0;
                    for (int i = 0; i < 4; i++) {
                        int row = Math.min(y + i / 2, height - 1);
                        int rgb = pixels[row * width + Math.min(x + i % 2, width - 1)];
                        red += red(rgb);
                        green += green(rgb);
                        blue += blue(rgb);
                    }
                    int at = y / 2 * frame.strideU() + x / 2;
                    assertThat(frame.u().get(at) & 0xff)
                            .isEqualTo(((-38 * red - 74 * green + 112 * blue + 512) >> 10) + 128);
                    assertThat(frame.v().get(at) & 0xff)
                            .isEqualTo(((112 * red - 94 * green - 18 * blue + 512) >> 10) + 128);
                }
            }
        }
    }

    @Test
    void a_frame_does_not_change_when_its_source_does() {
        byte[] data = new byte[6];
        VideoFrame frame = Pixels.fromI420(ByteBuffer.wrap(data), 2, 2, 0);
        Arrays.fill(data, (byte) 99);
        assertThat(frame.y().get(0)).isZero();
        assertThat(frame.v().get(0)).isZero();
    }

    @Test
    void wrong_sizes_are_refused_with_the_numbers_in_the_message() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pixels.fromI420(ByteBuffer.allocate(13), 3, 3, 0))
                .withMessageContaining("17");
        assertThatIllegalArgumentException().isThrownBy(() -> Pixels.fromI420(ByteBuffer.allocate(9), 0, 3, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Pixels.fromI420(ByteBuffer.allocate(9), 16385, 3, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Pixels.fromArgb(ByteBuffer.allocate(64), 4, 4, 15, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Pixels.fromArgb(ByteBuffer.allocate(63), 4, 4, 16, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Pixels.fromArgb(ByteBuffer.allocate(64), 4, -4, 16, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Pixels.fromArgb(new int[15], 4, 4, 0));
    }

    @Test
    void the_mean_colour_is_that_of_the_whole_picture() {
        int[] pixels = new int[64];
        Arrays.fill(pixels, 0, 32, 0x202020);
        Arrays.fill(pixels, 32, 64, 0x606060);
        assertThat(distance(Pixels.meanRgb(Pixels.fromArgb(pixels, 8, 8, 0)), 0x404040))
                .isLessThanOrEqualTo(2);
    }

    @Test
    void the_mean_is_that_of_the_colours_that_are_shown() {
        ByteBuffer luma = ByteBuffer.allocate(64);
        Arrays.fill(luma.array(), 32, 64, (byte) 235);
        // Without any chroma both halves are beyond what a screen can show.
        VideoFrame vivid = new VideoFrame(8, 8, luma, 8, ByteBuffer.allocate(16), 4, ByteBuffer.allocate(16), 4, 0, 0);
        int dark = Pixels.rgbAt(vivid, 0, 0);
        int light = Pixels.rgbAt(vivid, 0, 7);
        assertThat(distance(Pixels.meanRgb(vivid), ((dark & 0xfefefe) >> 1) + ((light & 0xfefefe) >> 1)))
                .isLessThanOrEqualTo(2);
    }

    @Test
    void images_go_in_and_out() {
        BufferedImage image = new BufferedImage(5, 3, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < 3; y++) {
            for (int x = 0; x < 5; x++) {
                image.setRGB(x, y, 0x40a060);
            }
        }
        BufferedImage back = Images.toImage(Images.toFrame(image));
        assertThat(back.getWidth()).isEqualTo(5);
        assertThat(back.getHeight()).isEqualTo(3);
        assertThat(distance(back.getRGB(4, 2) & 0xffffff, 0x40a060)).isCloseTo(0, within(4));
    }

    @Test
    void an_image_of_any_type_and_a_part_of_one_give_the_picture_of_its_colours() {
        Random random = new Random(3);
        for (int type = BufferedImage.TYPE_INT_RGB; type <= BufferedImage.TYPE_BYTE_INDEXED; type++) {
            BufferedImage whole = new BufferedImage(11, 7, type);
            for (int y = 0; y < 7; y++) {
                for (int x = 0; x < 11; x++) {
                    whole.setRGB(x, y, random.nextInt());
                }
            }
            for (BufferedImage image : new BufferedImage[] {whole, whole.getSubimage(2, 1, 7, 5)}) {
                int width = image.getWidth();
                int height = image.getHeight();
                VideoFrame expected =
                        Pixels.fromArgb(image.getRGB(0, 0, width, height, null, 0, width), width, height, 0);
                VideoFrame frame = Images.toFrame(image);
                assertThat(frame.y()).as("type %d", type).isEqualTo(expected.y());
                assertThat(frame.u()).as("type %d", type).isEqualTo(expected.u());
                assertThat(frame.v()).as("type %d", type).isEqualTo(expected.v());
            }
        }
    }

    private static int red(int rgb) {
        return rgb >> 16 & 0xff;
    }

    private static int green(int rgb) {
        return rgb >> 8 & 0xff;
    }

    private static int blue(int rgb) {
        return rgb & 0xff;
    }

    static int distance(int a, int b) {
        int red = Math.abs((a >> 16 & 0xff) - (b >> 16 & 0xff));
        int green = Math.abs((a >> 8 & 0xff) - (b >> 8 & 0xff));
        int blue = Math.abs((a & 0xff) - (b & 0xff));
        return Math.max(red, Math.max(green, blue));
    }
}
