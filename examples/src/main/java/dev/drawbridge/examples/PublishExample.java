package dev.drawbridge.examples;

import dev.drawbridge.CloseReason;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.media.AudioSources;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.webrtc.WebRtcMedia;
import java.util.function.Consumer;

/** Publishes a stream until it ends: with {@code &secure}, until its one viewer has left. */
public final class PublishExample {
    private PublishExample() {}

    /**
     * Starts the example.
     *
     * @param args options such as {@code push=door&secure&wss=ws://127.0.0.1:8080}
     */
    public static void main(String[] args) throws SessionException, InterruptedException {
        run(SessionOptions.parse(args[0]), System.out::println);
    }

    static CloseReason run(SessionOptions options, Consumer<String> say) throws SessionException, InterruptedException {
        // Without this, Publisher.start(options) takes the first camera and the default microphone.
        WebRtcMedia media = WebRtcMedia.builder()
                .video(VideoSources.testPattern(640, 360, 30))
                .audio(AudioSources.tone(440))
                .build();
        try (Publisher publisher = Publisher.start(options, media)) {
            say.accept("published");
            publisher.on(ViewerJoined.class, event -> say.accept(event.viewer() + " is watching"));
            publisher.on(ViewerLeft.class, event -> say.accept(event.viewer() + " left: " + event.reason()));
            return publisher.awaitClosed();
        }
    }
}
