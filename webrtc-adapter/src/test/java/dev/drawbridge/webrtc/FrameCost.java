package dev.drawbridge.webrtc;

import com.sun.management.ThreadMXBean;
import dev.drawbridge.media.CustomVideo;
import dev.drawbridge.media.Images;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.media.VideoSources;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.media.FourCC;
import dev.onvoid.webrtc.media.audio.AudioDeviceModule;
import dev.onvoid.webrtc.media.audio.AudioLayer;
import dev.onvoid.webrtc.media.video.CustomVideoSource;
import dev.onvoid.webrtc.media.video.NativeI420Buffer;
import dev.onvoid.webrtc.media.video.VideoBufferConverter;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one picture of the program costs until the library's source has it: processor time of all threads that it passes, bytes of Java
 * memory, and the time that goes by. The bare way converts with the library's own converter, into native memory.
 */
final class FrameCost {
    private static final int WIDTH = BenchPictures.WIDTH;
    private static final int HEIGHT = BenchPictures.HEIGHT;
    /** {@link OwnMedia} keeps pictures apart. */
    private static final long APART = 2_000_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private FrameCost() {}

    /** What the threads of one way spent on pictures. */
    private static final class Spent {
        private final List<Double> micros = new ArrayList<>();
        private final List<Double> kilobytes = new ArrayList<>();
        private final List<Double> until = new ArrayList<>();
    }

    /** A way from the program to the library's source. */
    private interface Way {
        /** Returns when {@link #handedOver} can be waited for; what it costs is the caller's. */
        void push() throws Exception;

        /** Waits, which costs nothing. */
        default void handedOver() {}

        /** Of the threads behind the caller's. */
        default long[] threads() {
            return new long[0];
        }
    }

    static List<String> table(int frames, int turns) throws Exception {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT, "One picture of %dx%d, medians of %d turns of %d each:", WIDTH, HEIGHT, turns, frames));
        lines.add("");
        lines.add(
                "| from | µs of a core | bare | ratio | Java memory, kB | bare | µs until the library has it | bare |");
        lines.add("|---|---|---|---|---|---|---|---|");
        try (Ours ours = new Ours()) {
            Map<String, Way> bare = bare();
            for (Map.Entry<String, Way> one : ours.ways().entrySet()) {
                Way other = bare.get(one.getKey());
                measure(one.getValue(), frames, new Spent());
                measure(other, frames, new Spent());
                Spent our = new Spent();
                Spent their = new Spent();
                for (int turn = 0; turn < turns; turn++) {
                    measure(one.getValue(), frames, our);
                    measure(other, frames, their);
                }
                double micros = Bench.median(our.micros, value -> value);
                double bareMicros = Bench.median(their.micros, value -> value);
                lines.add(String.format(
                        Locale.ROOT,
                        "| %s | %.0f | %.0f | %.2f | %.1f | %.1f | %.0f | %.0f |",
                        one.getKey(),
                        micros,
                        bareMicros,
                        micros / bareMicros,
                        Bench.median(our.kilobytes, value -> value),
                        Bench.median(their.kilobytes, value -> value),
                        Bench.median(our.until, value -> value),
                        Bench.median(their.until, value -> value)));
            }
        }
        return lines;
    }

    private static void measure(Way way, int frames, Spent into) throws Exception {
        long[] behind = way.threads();
        long cpu = -sum(THREADS.getThreadCpuTime(behind));
        long bytes = -sum(THREADS.getThreadAllocatedBytes(behind));
        long next = System.nanoTime();
        for (int i = 0; i < frames; i++) {
            while (System.nanoTime() < next) {
                Thread.onSpinWait();
            }
            long begin = System.nanoTime();
            bytes -= THREADS.getCurrentThreadAllocatedBytes();
            cpu -= THREADS.getCurrentThreadCpuTime();
            way.push();
            cpu += THREADS.getCurrentThreadCpuTime();
            bytes += THREADS.getCurrentThreadAllocatedBytes();
            way.handedOver();
            into.until.add((System.nanoTime() - begin) / 1e3);
            next = System.nanoTime() + APART;
        }
        cpu += sum(THREADS.getThreadCpuTime(behind));
        bytes += sum(THREADS.getThreadAllocatedBytes(behind));
        into.micros.add(cpu / 1e3 / frames);
        into.kilobytes.add(bytes / 1e3 / frames);
    }

    private static long sum(long[] values) {
        long sum = 0;
        for (long value : values) {
            sum += value;
        }
        return sum;
    }

    // ---- the same pictures for both

    private static int[] pixels() {
        int[] pixels = new int[WIDTH * HEIGHT];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (i * 2654435) >>> 8;
        }
        return pixels;
    }

    private static BufferedImage image(int type) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
        image.setRGB(0, 0, WIDTH, HEIGHT, pixels(), 0, WIDTH);
        return image;
    }

    private static ByteBuffer argb() {
        ByteBuffer argb = ByteBuffer.allocateDirect(4 * WIDTH * HEIGHT).order(ByteOrder.LITTLE_ENDIAN);
        argb.asIntBuffer().put(pixels());
        return argb;
    }

    private static ByteBuffer i420() {
        return ByteBuffer.allocateDirect(WIDTH * HEIGHT * 3 / 2);
    }

    private static final String INT_IMAGE = "`BufferedImage`, `TYPE_INT_RGB`";
    private static final String BYTE_IMAGE = "`BufferedImage`, `TYPE_3BYTE_BGR`";
    private static final String ARGB = "ARGB, `pushArgb`";
    private static final String I420 = "I420, `pushI420`";
    private static final String FRAME = "I420, `push(VideoFrame)`";

    // ---- Drawbridge

    /** The real way: a custom source, its thread, the own media of a transport, the native thread. */
    private static final class Ours implements AutoCloseable {
        private final OwnMedia media = new OwnMedia();
        private final CustomVideo custom = VideoSources.custom();
        private final long[] threads;
        private long pushed;
        private final AtomicLong copied = new AtomicLong();

        Ours() {
            onNative(() -> {
                media.create(true, false);
                media.receiverAdded();
            });
            custom.start(picture -> {
                media.video(picture);
                copied.incrementAndGet();
            });
            threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals(NativeThread.NAME)
                            || thread.getName().equals("drawbridge-custom-video"))
                    .mapToLong(Thread::getId)
                    .toArray();
        }

        Map<String, Way> ways() {
            BufferedImage ints = image(BufferedImage.TYPE_INT_RGB);
            BufferedImage bytes = image(BufferedImage.TYPE_3BYTE_BGR);
            ByteBuffer argb = argb();
            ByteBuffer i420 = i420();
            VideoFrame frame = TestFrames.plain(WIDTH, HEIGHT, 120, 90, 200);
            Map<String, Way> ways = new LinkedHashMap<>();
            ways.put(INT_IMAGE, way(() -> custom.push(Images.toFrame(ints))));
            ways.put(BYTE_IMAGE, way(() -> custom.push(Images.toFrame(bytes))));
            ways.put(ARGB, way(() -> custom.pushArgb(argb, WIDTH, HEIGHT, 4 * WIDTH)));
            ways.put(I420, way(() -> custom.pushI420(i420, WIDTH, HEIGHT)));
            ways.put(FRAME, way(() -> custom.push(frame)));
            return ways;
        }

        private Way way(Runnable push) {
            return new Way() {
                @Override
                public void push() {
                    pushed++;
                    push.run();
                }

                @Override
                public void handedOver() {
                    while (copied.get() < pushed) {
                        Thread.onSpinWait();
                    }
                    onNative(() -> {}); // behind the hand-over
                }

                @Override
                public long[] threads() {
                    return threads;
                }
            };
        }

        private interface Work {
            void run() throws Exception;
        }

        private static void onNative(Work work) {
            CountDownLatch done = new CountDownLatch(1);
            NativeThread.post(() -> {
                try {
                    work.run();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                } finally {
                    done.countDown();
                }
            });
            try {
                done.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            custom.stop();
            long dropped = media.counters(0, 0).videoDropped() + custom.dropped();
            onNative(media::dispose);
            if (dropped > 0) {
                throw new IllegalStateException(dropped + " pictures were dropped, the figures are too good");
            }
        }
    }

    // ---- bare webrtc-java

    private static Map<String, Way> bare() {
        // A source wants the library loaded, which a factory does.
        PeerConnectionFactory factory = new PeerConnectionFactory(new AudioDeviceModule(AudioLayer.kDummyAudio));
        CustomVideoSource source = new CustomVideoSource();
        factory.createVideoTrack("picture", source);
        BufferedImage ints = image(BufferedImage.TYPE_INT_RGB);
        BufferedImage bytes = image(BufferedImage.TYPE_3BYTE_BGR);
        ByteBuffer between = ByteBuffer.allocateDirect(4 * WIDTH * HEIGHT).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer argb = argb();
        ByteBuffer i420 = i420();
        Map<String, Way> ways = new LinkedHashMap<>();
        ways.put(INT_IMAGE, () -> {
            int[] pixels = ((DataBufferInt) ints.getRaster().getDataBuffer()).getData();
            between.asIntBuffer().put(pixels);
            push(source, converted(between, FourCC.ARGB));
        });
        ways.put(BYTE_IMAGE, () -> {
            byte[] pixels = ((DataBufferByte) bytes.getRaster().getDataBuffer()).getData();
            NativeI420Buffer buffer = NativeI420Buffer.allocate(WIDTH, HEIGHT);
            VideoBufferConverter.convertToI420(pixels, buffer, FourCC.BG24);
            push(source, buffer);
        });
        ways.put(ARGB, () -> push(source, converted(argb, FourCC.ARGB)));
        Way planes = () -> {
            NativeI420Buffer buffer = NativeI420Buffer.allocate(WIDTH, HEIGHT);
            int luma = WIDTH * HEIGHT;
            buffer.getDataY().put(i420.slice(0, luma));
            buffer.getDataU().put(i420.slice(luma, luma / 4));
            buffer.getDataV().put(i420.slice(luma + luma / 4, luma / 4));
            push(source, buffer);
        };
        ways.put(I420, planes);
        ways.put(FRAME, planes);
        return ways;
    }

    private static NativeI420Buffer converted(ByteBuffer pixels, FourCC format) throws Exception {
        NativeI420Buffer buffer = NativeI420Buffer.allocate(WIDTH, HEIGHT);
        VideoBufferConverter.convertToI420(pixels, buffer, format);
        return buffer;
    }

    private static void push(CustomVideoSource source, NativeI420Buffer buffer) {
        source.pushFrame(new dev.onvoid.webrtc.media.video.VideoFrame(buffer, System.nanoTime()));
        buffer.release();
    }
}
