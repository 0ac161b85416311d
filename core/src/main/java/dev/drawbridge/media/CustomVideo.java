package dev.drawbridge.media;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Pictures that the program pushes, whenever it has one. A bounded queue drops the oldest, so a slow network never makes the
 * program wait. A {@code BufferedImage} goes through {@link Images#toFrame}.
 *
 * <p><b>Time.</b> Pictures leave in the order in which they were pushed. One whose time is still to come waits for it; what was pushed
 * behind it needs a place in the queue until then. A time that lies more than {@link #AHEAD} ahead is of another clock and is not
 * waited for, nor is one that has passed.
 *
 * <p><b>Thread:</b> every method from any thread. <b>Blocking:</b> pushing copies and returns. Before the session started the
 * newest pictures wait; after it ended they are dropped and counted.
 */
public final class CustomVideo implements VideoSource {
    /** How far a picture's time may lie ahead. */
    public static final Duration AHEAD = Duration.ofSeconds(5);

    private final PushedFrames<VideoFrame> frames;

    CustomVideo(int capacity) {
        if (capacity < 1 || capacity > 120) {
            throw new IllegalArgumentException("capacity of " + capacity + " pictures: must be 1 to 120");
        }
        frames = new PushedFrames<>("custom-video", capacity, VideoFrame::timestampNanos);
    }

    /**
     * Pushes a picture in I420: all of Y, then U, then V, without gaps, BT.601 limited range. The rows of U and V have {@code
     * (width + 1) / 2} bytes. The buffer's position stays where it is, and the buffer may be used again at once.
     *
     * @throws IllegalArgumentException if a size is not 1 to 16384, or the buffer has too few bytes
     */
    public void pushI420(ByteBuffer data, int width, int height) {
        pushI420(data, width, height, System.nanoTime());
    }

    /**
     * The same with the time that the picture is of.
     *
     * @param timestampNanos of {@link System#nanoTime}; a picture is not sent before its time
     * @throws IllegalArgumentException as without it
     */
    public void pushI420(ByteBuffer data, int width, int height, long timestampNanos) {
        frames.push(Pixels.fromI420(data, width, height, timestampNanos));
    }

    /**
     * Pushes a picture in NV12: the rows of Y, then rows of as many bytes in which U and V take turns, BT.601 limited range. The buffer's
     * position stays where it is, and the buffer may be used again at once.
     *
     * @param strideBytes from one row to the next, of both kinds; at least the width, made even
     * @throws IllegalArgumentException if a size is not 1 to 16384, or the buffer has too few bytes
     */
    public void pushNv12(ByteBuffer data, int width, int height, int strideBytes) {
        pushNv12(data, width, height, strideBytes, System.nanoTime());
    }

    /**
     * The same with the time that the picture is of, as in {@link #pushI420(ByteBuffer, int, int, long)}.
     *
     * @throws IllegalArgumentException as without it
     */
    public void pushNv12(ByteBuffer data, int width, int height, int strideBytes, long timestampNanos) {
        frames.push(Pixels.fromNv12(data, width, height, strideBytes, timestampNanos));
    }

    /**
     * Pushes a picture of 4 bytes a pixel, {@code 0xAARRGGBB} as an {@code int} in the buffer's own byte order: with a
     * little-endian buffer that is B, G, R, A in memory. Alpha is ignored. The buffer's position stays where it is, and the buffer
     * may be used again at once.
     *
     * @param strideBytes from one row to the next, at least {@code 4 * width}
     * @throws IllegalArgumentException if a size is not 1 to 16384, or the buffer has too few bytes
     */
    public void pushArgb(ByteBuffer data, int width, int height, int strideBytes) {
        pushArgb(data, width, height, strideBytes, System.nanoTime());
    }

    /**
     * The same with the time that the picture is of, as in {@link #pushI420(ByteBuffer, int, int, long)}.
     *
     * @throws IllegalArgumentException as without it
     */
    public void pushArgb(ByteBuffer data, int width, int height, int strideBytes, long timestampNanos) {
        frames.push(Pixels.fromArgb(data, width, height, strideBytes, timestampNanos));
    }

    /** Pushes a picture as it is, without a copy, for its own time. */
    public void push(VideoFrame frame) {
        frames.push(frame);
    }

    @Override
    public String name() {
        return "custom video";
    }

    @Override
    public void start(Consumer<VideoFrame> output) {
        frames.start(output);
    }

    @Override
    public void stop() {
        frames.stop();
    }

    @Override
    public long dropped() {
        return frames.dropped();
    }
}
