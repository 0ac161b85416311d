package dev.drawbridge.webrtc;

import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.media.VideoSource;
import dev.onvoid.webrtc.media.MediaDevices;
import dev.onvoid.webrtc.media.video.I420Buffer;
import dev.onvoid.webrtc.media.video.VideoCapture;
import dev.onvoid.webrtc.media.video.VideoCaptureCapability;
import dev.onvoid.webrtc.media.video.VideoDevice;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A camera of this machine, at 1280x720 or the nearest below that. A camera has nothing to do with a native factory, and its driver
 * may take its time, so its calls stay off the native thread; the lock keeps them one at a time.
 */
final class Camera implements VideoSource {
    private static final Logger LOG = LoggerFactory.getLogger(Camera.class);
    private static final int MAX_WIDTH = 1280;
    private static final int MAX_HEIGHT = 720;
    private static final int ENOUGH_FPS = 30;

    private final VideoDevice device;
    private final AtomicLong dropped = new AtomicLong();
    private volatile @Nullable Consumer<VideoFrame> output;
    private @Nullable VideoCapture capture; // guarded by this

    private Camera(VideoDevice device) {
        this.device = device;
    }

    /** In the order of the system. May hang in a driver. The native library has to be loaded. */
    static List<VideoSource> all() {
        return MediaDevices.getVideoCaptureDevices().stream()
                .<VideoSource>map(Camera::new)
                .toList();
    }

    @Override
    public String name() {
        return device.getName();
    }

    @Override
    public synchronized void start(Consumer<VideoFrame> to) throws IOException {
        if (capture != null) {
            throw new IllegalStateException("the camera is already in use: one source feeds one session");
        }
        VideoCapture opening = new VideoCapture();
        try {
            opening.setVideoCaptureDevice(device);
            VideoCaptureCapability format = nearest(MediaDevices.getVideoCaptureCapabilities(device));
            if (format != null) {
                opening.setVideoCaptureCapability(format);
            }
            opening.setVideoSink(this::captured);
            output = to;
            opening.start();
        } catch (Throwable e) {
            output = null;
            dispose(opening);
            throw new IOException(
                    "the camera " + name() + " could not be opened; close the program that uses it, or choose"
                            + " another one with videodevice, videodevice=testpattern, or own frames",
                    e);
        }
        capture = opening;
    }

    /** The largest picture that fits, then the rate next to what is enough; null: what the driver prefers. */
    static @Nullable VideoCaptureCapability nearest(List<VideoCaptureCapability> all) {
        return all.stream()
                .filter(one -> one.width <= MAX_WIDTH && one.height <= MAX_HEIGHT && one.frameRate > 0)
                .max(Comparator.comparingInt((VideoCaptureCapability one) -> Math.min(one.frameRate, ENOUGH_FPS / 2))
                        .thenComparingInt(one -> one.width * one.height)
                        .thenComparingInt(one -> -Math.abs(one.frameRate - ENOUGH_FPS)))
                .orElse(null);
    }

    /** On a thread of the driver. */
    private void captured(dev.onvoid.webrtc.media.video.VideoFrame frame) {
        NativeThread.callback(() -> {
            try {
                Consumer<VideoFrame> to = output;
                if (to == null) {
                    return;
                }
                if (frame.buffer instanceof I420Buffer picture) {
                    to.accept(Frames.toJava(picture, frame.rotation, System.nanoTime()));
                } else {
                    dropped.incrementAndGet();
                }
            } finally {
                frame.release();
            }
        });
    }

    @Override
    public synchronized void stop() {
        output = null;
        VideoCapture open = capture;
        capture = null;
        if (open != null) {
            try {
                open.stop();
            } catch (Throwable e) {
                LOG.warn("the camera was not stopped cleanly", e);
            }
            dispose(open);
        }
    }

    private static void dispose(VideoCapture ended) {
        try {
            ended.dispose();
        } catch (Throwable e) {
            LOG.debug("the camera was not given back cleanly", e);
        }
    }

    @Override
    public long dropped() {
        return dropped.get();
    }
}
