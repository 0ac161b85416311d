package dev.drawbridge.examples;

import dev.drawbridge.CloseReason;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.media.ScreenVideo;
import dev.drawbridge.media.Screens;
import dev.drawbridge.webrtc.WebRtcMedia;

/** Publishes the screen, or the window of another program. Without sound: a screen has none. */
public final class ScreenExample {
    private ScreenExample() {}

    /**
     * Starts the example.
     *
     * @param args options such as {@code push=desk&secure&wss=ws://127.0.0.1:8080}, and a part of a window's title for that window alone
     */
    public static void main(String[] args) throws SessionException, InterruptedException {
        ScreenVideo screen = args.length > 1 ? Screens.window(args[1]) : Screens.whole();
        CloseReason end =
                run(SessionOptions.parse(args[0]), screen.framesPerSecond(15).atMost(1280, 720));
        System.out.println(end.text());
        System.exit(0); // the threads of Java's desktop would go on
    }

    static CloseReason run(SessionOptions options, ScreenVideo screen) throws SessionException, InterruptedException {
        WebRtcMedia media = WebRtcMedia.builder().video(screen).build();
        try (Publisher publisher = Publisher.start(options, media)) {
            return publisher.awaitClosed();
        }
    }
}
