package dev.drawbridge.media;

import java.nio.ByteBuffer;

/**
 * Between RGB and I420 (BT.601, limited range), and a look at single colours. Colours are {@code 0xRRGGBB}. Pure; rotation is not
 * applied.
 */
public final class Pixels {
    private Pixels() {}

    /**
     * Copies a picture from I420 without gaps; see {@link CustomVideo#pushI420}.
     *
     * @throws IllegalArgumentException if a size is not 1 to 16384, or the buffer has too few bytes
     */
    public static VideoFrame fromI420(ByteBuffer data, int width, int height, long timestampNanos) {
        checkSize(width, height);
        int luma = width * height;
        int chroma = ((width + 1) / 2) * ((height + 1) / 2);
        if (data.remaining() < luma + 2 * chroma) {
            throw new IllegalArgumentException(
                    data.remaining() + " bytes: I420 of " + width + "x" + height + " needs " + (luma + 2 * chroma));
        }
        byte[] copy = new byte[luma + 2 * chroma];
        data.duplicate().get(copy);
        return frame(copy, width, height, timestampNanos);
    }

    /** The same without a copy. */
    static VideoFrame wrapI420(byte[] planes, int width, int height, long timestampNanos) {
        checkSize(width, height);
        int needed = width * height + 2 * ((width + 1) / 2) * ((height + 1) / 2);
        if (planes.length < needed) {
            throw new IllegalArgumentException(
                    planes.length + " bytes: I420 of " + width + "x" + height + " needs " + needed);
        }
        return frame(planes, width, height, timestampNanos);
    }

    /**
     * Copies a picture from NV12; see {@link CustomVideo#pushNv12}.
     *
     * @throws IllegalArgumentException if a size is not 1 to 16384, the stride is below the width made even, or the buffer has too few
     *     bytes
     */
    public static VideoFrame fromNv12(ByteBuffer data, int width, int height, int strideBytes, long timestampNanos) {
        checkSize(width, height);
        int chromaWidth = (width + 1) / 2;
        int chromaHeight = (height + 1) / 2;
        long needed = (long) strideBytes * (height + chromaHeight - 1) + 2L * chromaWidth;
        if (strideBytes < 2 * chromaWidth || data.remaining() < needed) {
            throw new IllegalArgumentException("stride " + strideBytes + " and " + data.remaining() + " bytes: NV12 of "
                    + width + "x" + height + " needs a stride of " + 2 * chromaWidth + " and " + needed + " bytes");
        }
        ByteBuffer source = data.slice();
        byte[] planes = new byte[width * height + 2 * chromaWidth * chromaHeight];
        for (int row = 0; row < height; row++) {
            source.get(row * strideBytes, planes, row * width, width);
        }
        byte[] pairs = new byte[2 * chromaWidth];
        int u = width * height;
        int v = u + chromaWidth * chromaHeight;
        for (int row = 0; row < chromaHeight; row++) {
            source.get((height + row) * strideBytes, pairs);
            for (int x = 0; x < chromaWidth; x++) {
                planes[u++] = pairs[2 * x];
                planes[v++] = pairs[2 * x + 1];
            }
        }
        return frame(planes, width, height, timestampNanos);
    }

    /**
     * Converts a picture of 4 bytes a pixel; see {@link CustomVideo#pushArgb}.
     *
     * @throws IllegalArgumentException if a size is not 1 to 16384, the stride is below {@code 4 * width}, or the buffer has too few
     *     bytes
     */
    public static VideoFrame fromArgb(ByteBuffer data, int width, int height, int strideBytes, long timestampNanos) {
        checkSize(width, height);
        long needed = (long) strideBytes * (height - 1) + 4L * width;
        if (strideBytes < 4 * width || data.remaining() < needed) {
            throw new IllegalArgumentException("stride " + strideBytes + " and " + data.remaining() + " bytes: ARGB of "
                    + width + "x" + height + " needs a stride of " + 4 * width + " and " + needed + " bytes");
        }
        ByteBuffer source = data.slice().order(data.order());
        RgbRows.Source rows = (y, into) -> {
            source.position(y * strideBytes);
            source.asIntBuffer().get(into, 0, width);
        };
        return fromRows(rows, width, height, timestampNanos);
    }

    /**
     * Converts pixels {@code 0xAARRGGBB}, row by row without gaps.
     *
     * @throws IllegalArgumentException if a size is not 1 to 16384, or there are too few pixels
     */
    public static VideoFrame fromArgb(int[] pixels, int width, int height, long timestampNanos) {
        checkSize(width, height);
        if (pixels.length < width * height) {
            throw new IllegalArgumentException(pixels.length + " pixels: " + width + "x" + height + " needs more");
        }
        RgbRows.Source rows = (y, into) -> System.arraycopy(pixels, y * width, into, 0, width);
        return fromRows(rows, width, height, timestampNanos);
    }

    static VideoFrame fromRows(RgbRows.Source rows, int width, int height, long timestampNanos) {
        return frame(RgbRows.planes(rows, width, height), width, height, timestampNanos);
    }

    private static VideoFrame frame(byte[] planes, int width, int height, long timestampNanos) {
        int luma = width * height;
        int chromaWidth = (width + 1) / 2;
        int chroma = chromaWidth * ((height + 1) / 2);
        return new VideoFrame(
                width,
                height,
                ByteBuffer.wrap(planes, 0, luma),
                width,
                ByteBuffer.wrap(planes, luma, chroma),
                chromaWidth,
                ByteBuffer.wrap(planes, luma + chroma, chroma),
                chromaWidth,
                0,
                timestampNanos);
    }

    private static void checkSize(int width, int height) {
        if (width < 1 || width > 16384 || height < 1 || height > 16384) {
            throw new IllegalArgumentException("picture of " + width + "x" + height + ": must be 1x1 to 16384x16384");
        }
    }

    /** All pixels as {@code 0xFFRRGGBB}, row by row. */
    public static int[] toArgb(VideoFrame frame) {
        int[] pixels = new int[frame.width() * frame.height()];
        toArgb(frame, pixels);
        return pixels;
    }

    /**
     * Like {@link #toArgb(VideoFrame)}, into an array that is there.
     *
     * @param into as long as the picture has pixels, or longer
     * @throws IllegalArgumentException if it is shorter
     */
    public static void toArgb(VideoFrame frame, int[] into) {
        int width = frame.width();
        int height = frame.height();
        if (into.length < width * height) {
            throw new IllegalArgumentException(into.length + " pixels: " + frame + " has more");
        }
        // Whole rows at a time: a look into a buffer for each pixel takes three times as long.
        byte[] y = new byte[width];
        byte[] u = new byte[(width + 1) / 2];
        byte[] v = new byte[(width + 1) / 2];
        ByteBuffer lumas = frame.y();
        ByteBuffer us = frame.u();
        ByteBuffer vs = frame.v();
        for (int row = 0; row < height; row++) {
            lumas.get(row * frame.strideY(), y);
            if (row % 2 == 0) {
                us.get(row / 2 * frame.strideU(), u);
                vs.get(row / 2 * frame.strideV(), v);
            }
            row(y, u, v, into, row * width);
        }
    }

    private static void row(byte[] y, byte[] u, byte[] v, int[] into, int at) {
        for (int x = 0; x < y.length; x++) {
            into[at + x] = 0xff000000 | rgb(y[x] & 0xff, u[x >> 1] & 0xff, v[x >> 1] & 0xff);
        }
    }

    /**
     * The colour of one pixel.
     *
     * @throws IndexOutOfBoundsException if it lies outside the picture
     */
    public static int rgbAt(VideoFrame frame, int x, int y) {
        if (x < 0 || x >= frame.width() || y < 0 || y >= frame.height()) {
            throw new IndexOutOfBoundsException("pixel " + x + "," + y + " of " + frame);
        }
        return rgb(
                frame.y().get(y * frame.strideY() + x) & 0xff,
                frame.u().get(y / 2 * frame.strideU() + x / 2) & 0xff,
                frame.v().get(y / 2 * frame.strideV() + x / 2) & 0xff);
    }

    /** The mean of the colours that the picture shows. */
    public static int meanRgb(VideoFrame frame) {
        long red = 0;
        long green = 0;
        long blue = 0;
        // Pixel by pixel: a camera's planes may hold colours beyond what a screen shows, and the mean of those is
        // another colour.
        for (int pixel : toArgb(frame)) {
            red += pixel >> 16 & 0xff;
            green += pixel >> 8 & 0xff;
            blue += pixel & 0xff;
        }
        double count = (double) frame.width() * frame.height();
        return (int) Math.round(red / count) << 16
                | (int) Math.round(green / count) << 8
                | (int) Math.round(blue / count);
    }

    private static int rgb(int y, int u, int v) {
        int c = 298 * (y - 16) + 128;
        int d = u - 128;
        int e = v - 128;
        return clamp(c + 409 * e) << 16 | clamp(c - 100 * d - 208 * e) << 8 | clamp(c + 516 * d);
    }

    private static int clamp(int scaled) {
        return Math.max(0, Math.min(255, scaled >> 8));
    }
}
