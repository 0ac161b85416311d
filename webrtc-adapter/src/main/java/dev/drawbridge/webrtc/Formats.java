package dev.drawbridge.webrtc;

import dev.drawbridge.Encoding;
import dev.onvoid.webrtc.media.video.VideoCaptureCapability;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which of a camera's formats is opened. Pure. */
final class Formats {
    private static final int MAX_WIDTH = 1280;
    private static final int MAX_HEIGHT = 720;
    private static final int ENOUGH_FPS = 30;

    private Formats() {}

    /** Whether anything is said about formats. */
    static boolean said(Encoding wanted) {
        return wanted.width().isPresent()
                || wanted.height().isPresent()
                || wanted.frameRate().isPresent();
    }

    /** The one that is opened; null: what the driver prefers. */
    static @Nullable VideoCaptureCapability best(List<VideoCaptureCapability> all, Encoding wanted) {
        return said(wanted) ? nearest(all, wanted) : nearest(all);
    }

    /** The largest picture that fits, then the rate next to what is enough. */
    static @Nullable VideoCaptureCapability nearest(List<VideoCaptureCapability> all) {
        return all.stream()
                .filter(one -> one.width <= MAX_WIDTH && one.height <= MAX_HEIGHT && one.frameRate > 0)
                .max(Comparator.comparingInt((VideoCaptureCapability one) -> Math.min(one.frameRate, ENOUGH_FPS / 2))
                        .thenComparingInt(one -> one.width * one.height)
                        .thenComparingInt(one -> -Math.abs(one.frameRate - ENOUGH_FPS)))
                .orElse(null);
    }

    private static @Nullable VideoCaptureCapability nearest(List<VideoCaptureCapability> all, Encoding wanted) {
        return all.stream()
                .filter(one -> one.frameRate > 0)
                .min(Comparator.comparingDouble((VideoCaptureCapability one) -> distance(one, wanted))
                        .thenComparingInt(one -> -one.width * one.height))
                .orElse(null);
    }

    /** How far the best one is from what is wanted; 0 is exact. Of a camera that tells no formats it is not known. */
    static double misfit(List<VideoCaptureCapability> all, Encoding wanted) {
        VideoCaptureCapability best = nearest(all, wanted);
        return best == null ? Double.MAX_VALUE : distance(best, wanted);
    }

    /** As browsers reckon it: the differences, each as a part of the larger number. What is not said is as without options. */
    private static double distance(VideoCaptureCapability one, Encoding wanted) {
        boolean anySize = wanted.width().isEmpty() && wanted.height().isEmpty();
        double across = anySize || wanted.width().isPresent()
                ? apart(one.width, wanted.width().orElse(MAX_WIDTH))
                : 0;
        double down = anySize || wanted.height().isPresent()
                ? apart(one.height, wanted.height().orElse(MAX_HEIGHT))
                : 0;
        return across + down + apart(one.frameRate, wanted.frameRate().orElse(ENOUGH_FPS));
    }

    private static double apart(int is, int wanted) {
        return Math.abs(is - wanted) / (double) Math.max(is, wanted);
    }
}
