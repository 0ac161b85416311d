package dev.drawbridge.webrtc;

import dev.drawbridge.Encoding;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.media.VideoSource;
import dev.onvoid.webrtc.media.MediaDevices;
import dev.onvoid.webrtc.media.video.I420Buffer;
import dev.onvoid.webrtc.media.video.VideoCapture;
import dev.onvoid.webrtc.media.video.VideoCaptureCapability;
import dev.onvoid.webrtc.media.video.VideoDevice;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A camera of this machine, at the format that is wanted or the one next to it; without a wish at 1280x720 or the nearest below that. A camera has nothing to do with a native factory, and its driver
 * may take its time, so its calls stay off the native thread; the lock keeps them one at a time.
 */
final class Camera implements VideoSource, Sources.Device {
    private static final Logger LOG = LoggerFactory.getLogger(Camera.class);

    private final VideoDevice device;
    private final Encoding wanted;
    private final AtomicLong dropped = new AtomicLong();
    private volatile @Nullable Consumer<VideoFrame> output;
    private @Nullable VideoCapture capture; // guarded by this

    private Camera(VideoDevice device, Encoding wanted) {
        this.device = device;
        this.wanted = wanted;
    }

    /** In the order of the system. May hang in a driver. The native library has to be loaded. */
    static List<VideoSource> all(Encoding wanted) {
        return MediaDevices.getVideoCaptureDevices().stream()
                .<VideoSource>map(device -> new Camera(device, wanted))
                .toList();
    }

    /** Likewise, with all that each can do. */
    static List<DeviceList.Camera> described() {
        return MediaDevices.getVideoCaptureDevices().stream()
                .map(device -> new DeviceList.Camera(
                        device.getName(),
                        MediaDevices.getVideoCaptureCapabilities(device).stream()
                                .map(one -> new DeviceList.Format(one.width, one.height, one.frameRate))
                                .distinct()
                                .toList()))
                .toList();
    }

    /** Asks the driver, which may take its time. */
    @Override
    public double misfit(Encoding encoding) {
        return Formats.misfit(MediaDevices.getVideoCaptureCapabilities(device), encoding);
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
            VideoCaptureCapability format = Formats.best(MediaDevices.getVideoCaptureCapabilities(device), wanted);
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
