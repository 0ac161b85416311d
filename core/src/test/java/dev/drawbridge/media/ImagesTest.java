package dev.drawbridge.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagesTest {

    @Test
    void an_image_has_the_pixels_of_the_picture_whatever_its_size_and_strides() {
        for (int[] size : new int[][] {{1, 1}, {7, 5}, {64, 48}}) {
            VideoFrame frame = noise(size[0], size[1], 0);
            BufferedImage image = Images.toImage(frame);
            for (int y = 0; y < size[1]; y++) {
                for (int x = 0; x < size[0]; x++) {
                    assertThat(image.getRGB(x, y) & 0xffffff).isEqualTo(Pixels.rgbAt(frame, x, y));
                }
            }
        }
    }

    @Test
    void an_image_that_fits_is_used_again_and_another_is_not() {
        VideoFrame frame = noise(8, 6, 0);
        BufferedImage image = Images.toImage(noise(8, 6, 0));
        assertThat(Images.toImage(frame, image)).isSameAs(image);
        assertThat(image.getRGB(3, 3) & 0xffffff).isEqualTo(Pixels.rgbAt(frame, 3, 3));
        for (BufferedImage other : new BufferedImage[] {
            new BufferedImage(6, 8, BufferedImage.TYPE_INT_RGB),
            new BufferedImage(8, 6, BufferedImage.TYPE_3BYTE_BGR),
            new BufferedImage(16, 12, BufferedImage.TYPE_INT_RGB).getSubimage(2, 2, 8, 6),
        }) {
            BufferedImage made = Images.toImage(frame, other);
            assertThat(made).isNotSameAs(other);
            assertThat(made.getRGB(7, 5) & 0xffffff).isEqualTo(Pixels.rgbAt(frame, 7, 5));
        }
    }

    @Test
    void a_png_is_read_by_others_as_the_same_picture_turned_as_it_is_shown(@TempDir Path folder) throws Exception {
        for (int rotation = 0; rotation < 360; rotation += 90) {
            VideoFrame frame = noise(9, 5, rotation);
            BufferedImage read = ImageIO.read(new ByteArrayInputStream(Png.bytes(frame)));
            for (int y = 0; y < 5; y++) {
                for (int x = 0; x < 9; x++) {
                    int shown =
                            switch (rotation) {
                                case 90 -> read.getRGB(4 - y, x);
                                case 180 -> read.getRGB(8 - x, 4 - y);
                                case 270 -> read.getRGB(y, 8 - x);
                                default -> read.getRGB(x, y);
                            };
                    assertThat(shown & 0xffffff).isEqualTo(Pixels.rgbAt(frame, x, y));
                }
            }
        }
        Path file = folder.resolve("picture.png");
        Png.write(noise(64, 36, 0), file);
        assertThat(Files.size(file)).isPositive();
        assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(64);
    }

    private static VideoFrame noise(int width, int height, int rotation) {
        Random random = new Random(width);
        int stride = width + 3;
        int chroma = (width + 1) / 2 + 5;
        byte[] y = new byte[stride * height];
        byte[] u = new byte[chroma * ((height + 1) / 2)];
        byte[] v = new byte[u.length];
        random.nextBytes(y);
        random.nextBytes(u);
        random.nextBytes(v);
        return new VideoFrame(
                width,
                height,
                ByteBuffer.wrap(y),
                stride,
                ByteBuffer.wrap(u),
                chroma,
                ByteBuffer.wrap(v),
                chroma,
                rotation,
                0);
    }
}
