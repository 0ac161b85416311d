package dev.drawbridge.examples;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.media.CustomVideo;
import dev.drawbridge.media.Images;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.webrtc.WebRtcMedia;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.time.Duration;

/** Publishes pictures that the program draws itself. */
public final class CustomFramesExample {
    static final Color SKY = new Color(0x20, 0x60, 0xC0);
    private static final Duration FRAME = Duration.ofMillis(40);

    private CustomFramesExample() {}

    /**
     * Starts the example.
     *
     * @param args options such as {@code push=door&wss=ws://127.0.0.1:8080}
     */
    public static void main(String[] args) throws SessionException {
        run(SessionOptions.parse(args[0]));
    }

    static void run(SessionOptions options) throws SessionException {
        CustomVideo video = VideoSources.custom();
        try (Publisher publisher =
                Publisher.start(options, WebRtcMedia.builder().video(video).build())) {
            // Waiting for the end is also what paces the pictures.
            for (int number = 0; publisher.awaitClosed(FRAME).isEmpty(); number++) {
                video.push(Images.toFrame(draw(number)));
            }
        }
    }

    /** A sun that crosses the sky. */
    private static BufferedImage draw(int number) {
        BufferedImage image = new BufferedImage(320, 240, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        pen.setColor(SKY);
        pen.fillRect(0, 0, 320, 240);
        pen.setColor(Color.YELLOW);
        pen.fillOval(number * 4 % 360 - 40, 20, 40, 40);
        pen.dispose();
        return image;
    }
}
