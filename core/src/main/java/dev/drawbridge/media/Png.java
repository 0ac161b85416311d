package dev.drawbridge.media;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** A picture as a PNG file, without the module {@code java.desktop}. Turned as it is to be shown. Pure but for {@link #write}. */
public final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte BITS = 8;
    private static final byte RGB = 2;
    /** The filter that says of each byte how it differs from that of the pixel to the left: pictures compress far better so. */
    private static final byte FROM_THE_LEFT = 1;

    private Png() {}

    /**
     * Writes a picture to a file; one of that name is overwritten.
     *
     * @throws IOException if it cannot be written
     */
    public static void write(VideoFrame frame, Path file) throws IOException {
        Files.write(file, bytes(frame));
    }

    /** The whole file. It takes some 100 ms for a picture of 1920x1080, so not on a thread that somebody waits for. */
    public static byte[] bytes(VideoFrame frame) {
        int[] pixels = Pixels.toArgb(frame);
        boolean upright = frame.rotation() % 180 == 0;
        int width = upright ? frame.width() : frame.height();
        int height = upright ? frame.height() : frame.width();
        try {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            file.write(SIGNATURE);
            chunk(
                    file,
                    "IHDR",
                    ByteBuffer.allocate(13)
                            .putInt(width)
                            .putInt(height)
                            .put(BITS)
                            .put(RGB)
                            .array());
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            Deflater fast = new Deflater(Deflater.BEST_SPEED);
            try (DeflaterOutputStream out = new DeflaterOutputStream(packed, fast)) {
                byte[] row = new byte[1 + 3 * width];
                for (int y = 0; y < height; y++) {
                    row[0] = FROM_THE_LEFT;
                    int left = 0;
                    for (int x = 0; x < width; x++) {
                        int rgb = pixels[turned(frame, x, y)];
                        row[1 + 3 * x] = (byte) ((rgb >> 16) - (left >> 16));
                        row[2 + 3 * x] = (byte) ((rgb >> 8) - (left >> 8));
                        row[3 + 3 * x] = (byte) (rgb - left);
                        left = rgb;
                    }
                    out.write(row);
                }
            } finally {
                fast.end();
            }
            chunk(file, "IDAT", packed.toByteArray());
            chunk(file, "IEND", new byte[0]);
            return file.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // nothing but memory is written to
        }
    }

    /** Where the pixel lies in the planes that is to be shown here. */
    private static int turned(VideoFrame frame, int x, int y) {
        int width = frame.width();
        int height = frame.height();
        return switch (frame.rotation()) {
            case 90 -> (height - 1 - x) * width + y;
            case 180 -> (height - 1 - y) * width + width - 1 - x;
            case 270 -> x * width + width - 1 - y;
            default -> y * width + x;
        };
    }

    private static void chunk(ByteArrayOutputStream file, String type, byte[] content) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 sum = new CRC32();
        sum.update(name);
        sum.update(content);
        DataOutputStream out = new DataOutputStream(file);
        out.writeInt(content.length);
        out.write(name);
        out.write(content);
        out.writeInt((int) sum.getValue());
    }
}
