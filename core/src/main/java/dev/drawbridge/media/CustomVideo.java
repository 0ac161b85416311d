package dev.drawbridge.media;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Pictures that the program pushes, whenever it has one. A bounded queue drops the oldest, so a slow network never makes the
 * program wait. A {@code BufferedImage} goes through {@link Images#toFrame}.
 *
 * <p><b>Thread:</b> every method from any thread. <b>Blocking:</b> pushing copies and returns. Before the session started the
 * newest pictures wait; after it ended they are dropped and counted.
 */
public final class CustomVideo implements VideoSource {
    private final PushedFrames<VideoFrame> frames;

    CustomVideo(int capacity) {
        if (capacity < 1 || capacity > 120) {
            throw new IllegalArgumentException("capacity of " + capacity + " pictures: must be 1 to 120");
        }
        frames = new PushedFrames<>("custom-video", capacity);
    }

    /**
     * Pushes a picture in I420: all of Y, then U, then V, without gaps, BT.601 limited range. The rows of U and V have {@code
     * (width + 1) / 2} bytes. The buffer's position stays where it is, and the buffer may be used again at once.
     *
     * @throws IllegalArgumentException if a size is not 1 to 16384, or the buffer has too few bytes
     */
    public void pushI420(ByteBuffer data, int width, int height) {
        frames.push(Pixels.fromI420(data, width, height, System.nanoTime()));
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
        frames.push(Pixels.fromArgb(data, width, height, strideBytes, System.nanoTime()));
    }

    /** Pushes a picture as it is, without a copy. */
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
