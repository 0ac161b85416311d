package dev.drawbridge.internal.sinks;

import dev.drawbridge.media.VideoFrame;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Brings pictures of any size and rotation into one size, as large as they fit and with black around them. A picture that has the size
 * already is copied as it is. Its memory is used again for each. Not for several threads at once.
 */
final class Fitting {
    private final int width;
    private final int height;
    private final byte[] i420;
    private byte[] plane = new byte[0];
    private byte[] turned = new byte[0];

    /** Black at first. Both sides have to be even. */
    Fitting(int width, int height) {
        this.width = width;
        this.height = height;
        i420 = new byte[width * height * 3 / 2];
        black();
    }

    /** The picture, I420 without gaps; the same array for all. */
    byte[] i420() {
        return i420;
    }

    private void black() {
        Arrays.fill(i420, 0, width * height, (byte) 16);
        Arrays.fill(i420, width * height, i420.length, (byte) 128);
    }

    void draw(VideoFrame frame) {
        boolean upright = frame.rotation() % 180 == 0;
        int shownWidth = upright ? frame.width() : frame.height();
        int shownHeight = upright ? frame.height() : frame.width();
        double scale = Math.min((double) width / shownWidth, (double) height / shownHeight);
        // Even, and at even places, so that the planes of colour lie where the one of light lies.
        int fitWidth = Math.min(width, Math.max(2, 2 * (int) Math.round(shownWidth * scale / 2)));
        int fitHeight = Math.min(height, Math.max(2, 2 * (int) Math.round(shownHeight * scale / 2)));
        int left = (width - fitWidth) / 4 * 2;
        int top = (height - fitHeight) / 4 * 2;
        if (fitWidth < width || fitHeight < height) {
            black();
        }
        int luma = width * height;
        int chromaWidth = (frame.width() + 1) / 2;
        int chromaHeight = (frame.height() + 1) / 2;
        Place full = new Place(0, width, left, top, fitWidth, fitHeight);
        Place half = new Place(luma, width / 2, left / 2, top / 2, fitWidth / 2, fitHeight / 2);
        Place last = new Place(luma + luma / 4, width / 2, left / 2, top / 2, fitWidth / 2, fitHeight / 2);
        plane(frame.y(), frame.strideY(), frame.width(), frame.height(), frame.rotation(), full);
        plane(frame.u(), frame.strideU(), chromaWidth, chromaHeight, frame.rotation(), half);
        plane(frame.v(), frame.strideV(), chromaWidth, chromaHeight, frame.rotation(), last);
    }

    /** Where a plane goes: its first byte, the length of its rows, and the part of it that the picture fills. */
    private record Place(int at, int stride, int left, int top, int width, int height) {}

    private void plane(ByteBuffer from, int stride, int fromWidth, int fromHeight, int rotation, Place to) {
        if (rotation == 0 && fromWidth == to.width && fromHeight == to.height) {
            for (int y = 0; y < fromHeight; y++) {
                from.get(y * stride, i420, to.at + (to.top + y) * to.stride + to.left, fromWidth);
            }
            return;
        }
        int size = fromWidth * fromHeight;
        if (plane.length < size) {
            plane = new byte[size];
        }
        for (int y = 0; y < fromHeight; y++) {
            from.get(y * stride, plane, y * fromWidth, fromWidth);
        }
        boolean upright = rotation % 180 == 0;
        byte[] source = rotation == 0 ? plane : turn(fromWidth, fromHeight, rotation);
        scale(source, upright ? fromWidth : fromHeight, upright ? fromHeight : fromWidth, to);
    }

    private byte[] turn(int fromWidth, int fromHeight, int rotation) {
        if (turned.length < fromWidth * fromHeight) {
            turned = new byte[fromWidth * fromHeight];
        }
        for (int y = 0; y < fromHeight; y++) {
            for (int x = 0; x < fromWidth; x++) {
                int to =
                        switch (rotation) {
                            case 90 -> x * fromHeight + fromHeight - 1 - y;
                            case 180 -> (fromHeight - 1 - y) * fromWidth + fromWidth - 1 - x;
                            default -> (fromWidth - 1 - x) * fromHeight + y;
                        };
                turned[to] = plane[y * fromWidth + x];
            }
        }
        return turned;
    }

    /** Between the four nearest points; places are in 1/256 of a pixel. */
    private void scale(byte[] from, int fromWidth, int fromHeight, Place to) {
        for (int y = 0; y < to.height; y++) {
            int down = place(y, to.height, fromHeight);
            int upper = (down >> 8) * fromWidth;
            int lower = Math.min((down >> 8) + 1, fromHeight - 1) * fromWidth;
            int partY = down & 255;
            int row = to.at + (to.top + y) * to.stride + to.left;
            for (int x = 0; x < to.width; x++) {
                int across = place(x, to.width, fromWidth);
                int left = across >> 8;
                int right = Math.min(left + 1, fromWidth - 1);
                int partX = across & 255;
                int high = (from[upper + left] & 255) * (256 - partX) + (from[upper + right] & 255) * partX;
                int low = (from[lower + left] & 255) * (256 - partX) + (from[lower + right] & 255) * partX;
                i420[row + x] = (byte) ((high * (256 - partY) + low * partY + 32768) >> 16);
            }
        }
    }

    /** The middle of a pixel lies on the middle of what it shows. */
    private static int place(int at, int length, int fromLength) {
        long middle = (2L * at + 1) * fromLength * 128 / length - 128;
        return (int) Math.max(0, Math.min(middle, (fromLength - 1) * 256L));
    }
}
