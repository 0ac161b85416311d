package dev.drawbridge.media;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * One picture in I420 (planar YUV 4:2:0, BT.601 limited range), in plain Java memory. Immutable by contract: nobody writes into
 * the planes after construction, so a frame may be kept and shared between threads.
 */
public final class VideoFrame {
    private final int width;
    private final int height;
    private final ByteBuffer y;
    private final ByteBuffer u;
    private final ByteBuffer v;
    private final int strideY;
    private final int strideU;
    private final int strideV;
    private final int rotation;
    private final long timestampNanos;

    /**
     * Wraps planes without copying them.
     *
     * @param rotation clockwise degrees for display: 0, 90, 180 or 270
     * @param timestampNanos {@link System#nanoTime} at capture; only differences mean anything
     * @throws IllegalArgumentException if a size is not 1 to 16384, the rotation is another one, or a plane is shorter than its
     *     stride and height demand
     */
    public VideoFrame(
            int width,
            int height,
            ByteBuffer y,
            int strideY,
            ByteBuffer u,
            int strideU,
            ByteBuffer v,
            int strideV,
            int rotation,
            long timestampNanos) {
        if (width < 1 || width > 16384 || height < 1 || height > 16384) {
            throw new IllegalArgumentException("frame size " + width + "x" + height + ": must be 1x1 to 16384x16384");
        }
        if (rotation % 90 != 0 || rotation < 0 || rotation > 270) {
            throw new IllegalArgumentException("rotation " + rotation + ": must be 0, 90, 180 or 270");
        }
        this.width = width;
        this.height = height;
        this.y = plane("Y", y, strideY, width, height);
        this.u = plane("U", u, strideU, (width + 1) / 2, (height + 1) / 2);
        this.v = plane("V", v, strideV, (width + 1) / 2, (height + 1) / 2);
        this.strideY = strideY;
        this.strideU = strideU;
        this.strideV = strideV;
        this.rotation = rotation;
        this.timestampNanos = timestampNanos;
    }

    private static ByteBuffer plane(String name, ByteBuffer data, int stride, int width, int height) {
        Objects.requireNonNull(data, name);
        long needed = (long) stride * (height - 1) + width;
        if (stride < width || data.remaining() < needed) {
            throw new IllegalArgumentException(
                    name + " plane: stride " + stride + " and " + data.remaining() + " bytes, needs " + needed);
        }
        return data.slice().asReadOnlyBuffer();
    }

    /** In pixels, 1 to 16384. */
    public int width() {
        return width;
    }

    /** In pixels, 1 to 16384. */
    public int height() {
        return height;
    }

    /** The luma plane, read-only, position 0. Every call gives a view of its own. */
    public ByteBuffer y() {
        return y.duplicate();
    }

    /** The Cb plane, like {@link #y}. */
    public ByteBuffer u() {
        return u.duplicate();
    }

    /** The Cr plane, like {@link #y}. */
    public ByteBuffer v() {
        return v.duplicate();
    }

    /** Bytes from one row of {@link #y} to the next. */
    public int strideY() {
        return strideY;
    }

    /** Bytes from one row of {@link #u} to the next. */
    public int strideU() {
        return strideU;
    }

    /** Bytes from one row of {@link #v} to the next. */
    public int strideV() {
        return strideV;
    }

    /** Clockwise degrees by which the picture is to be turned for display. */
    public int rotation() {
        return rotation;
    }

    /** {@link System#nanoTime} at capture or decoding. */
    public long timestampNanos() {
        return timestampNanos;
    }

    /** The same picture at another time; the planes are shared. */
    public VideoFrame withTimestamp(long nanos) {
        return new VideoFrame(width, height, y, strideY, u, strideU, v, strideV, rotation, nanos);
    }

    @Override
    public String toString() {
        return "VideoFrame(" + width + "x" + height + ")";
    }
}
