package dev.drawbridge.examples;

import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.Viewer;
import dev.drawbridge.media.Images;
import dev.drawbridge.media.VideoFrame;
import java.awt.image.BufferedImage;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Watches a stream and takes one picture of it. */
public final class ViewExample {
    private ViewExample() {}

    /**
     * Starts the example.
     *
     * @param args options such as {@code view=door&wss=ws://127.0.0.1:8080}
     */
    public static void main(String[] args) throws SessionException, InterruptedException {
        BufferedImage image = picture(SessionOptions.parse(args[0]));
        System.out.println("a picture of " + image.getWidth() + "x" + image.getHeight());
    }

    /** Waits as long as it takes: a stream that is not live yet is asked for again by itself. */
    static BufferedImage picture(SessionOptions options) throws SessionException, InterruptedException {
        BlockingQueue<VideoFrame> frames = new ArrayBlockingQueue<>(1);
        try (Viewer viewer = Viewer.start(options)) {
            viewer.onVideo(frames::offer); // a sink must not wait: what does not fit is left out
            return Images.toImage(frames.take());
        }
    }
}
