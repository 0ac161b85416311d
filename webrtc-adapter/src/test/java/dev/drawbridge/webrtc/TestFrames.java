package dev.drawbridge.webrtc;

import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.AudioSource;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.media.VideoSource;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Sources whose content a test can recognise on the other side. */
final class TestFrames {
    private TestFrames() {}

    /** One plain colour. */
    static VideoFrame plain(int width, int height, int y, int u, int v) {
        int chromaWidth = (width + 1) / 2;
        int chromaHeight = (height + 1) / 2;
        return new VideoFrame(
                width,
                height,
                filled(width * height, y),
                width,
                filled(chromaWidth * chromaHeight, u),
                chromaWidth,
                filled(chromaWidth * chromaHeight, v),
                chromaWidth,
                0,
                System.nanoTime());
    }

    private static ByteBuffer filled(int size, int value) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) value);
        return ByteBuffer.wrap(bytes);
    }

    /** Counts of Y, U and V in the middle of a picture. */
    static int[] middle(VideoFrame frame) {
        int cx = frame.width() / 4;
        int cy = frame.height() / 4;
        return new int[] {
            frame.y().get(2 * cy * frame.strideY() + 2 * cx) & 0xff,
            frame.u().get(cy * frame.strideU() + cx) & 0xff,
            frame.v().get(cy * frame.strideV() + cx) & 0xff
        };
    }

    /** Delivers from a thread of its own until it is stopped. */
    abstract static class Timed<T> {
        /** One permit for each that was delivered. */
        final Semaphore delivered = new Semaphore(0);

        private final long periodNanos;
        private volatile boolean running;

        Timed(long periodNanos) {
            this.periodNanos = periodNanos;
        }

        abstract T next();

        public void start(Consumer<T> output) {
            running = true;
            Thread thread = new Thread(
                    () -> {
                        long due = System.nanoTime();
                        while (running) {
                            output.accept(next());
                            delivered.release();
                            due += periodNanos;
                            LockSupport.parkNanos(due - System.nanoTime());
                        }
                    },
                    "test-source");
            thread.setDaemon(true);
            thread.start();
        }

        public void stop() {
            running = false;
        }
    }

    /** The same plain picture again and again. */
    static final class PlainVideo extends Timed<VideoFrame> implements VideoSource {
        private final VideoFrame frame;

        PlainVideo(VideoFrame frame, int fps) {
            super(1_000_000_000L / fps);
            this.frame = frame;
        }

        @Override
        VideoFrame next() {
            return frame;
        }

        @Override
        public String name() {
            return "plain";
        }
    }

    /** A sine in blocks of the given length. */
    static final class Sine extends Timed<AudioFrame> implements AudioSource {
        private final int rate;
        private final int channels;
        private final int block;
        private final double hertz;
        private long at;

        Sine(int rate, int channels, int block, double hertz) {
            super(1_000_000_000L * block / rate);
            this.rate = rate;
            this.channels = channels;
            this.block = block;
            this.hertz = hertz;
        }

        @Override
        AudioFrame next() {
            short[] samples = new short[block * channels];
            for (int i = 0; i < block; i++) {
                short sample = (short) (12_000 * Math.sin(2 * Math.PI * hertz * at++ / rate));
                for (int c = 0; c < channels; c++) {
                    samples[i * channels + c] = sample;
                }
            }
            return new AudioFrame(samples, rate, channels);
        }

        @Override
        public String name() {
            return "sine";
        }
    }
}
