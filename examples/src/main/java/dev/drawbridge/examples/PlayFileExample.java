package dev.drawbridge.examples;

import dev.drawbridge.CloseReason;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.media.AudioSources;
import dev.drawbridge.media.MediaFile;
import dev.drawbridge.media.Playback;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.webrtc.WebRtcMedia;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows a test pattern until somebody watches, then a film from its beginning, and ends with it. Needs ffmpeg. */
public final class PlayFileExample {
    private static final Logger LOG = LoggerFactory.getLogger(PlayFileExample.class);

    private PlayFileExample() {}

    /**
     * Starts the example.
     *
     * @param args options such as {@code push=cinema&secure&wss=ws://127.0.0.1:8080}, and a film with sound
     */
    public static void main(String[] args) throws SessionException, InterruptedException {
        run(SessionOptions.parse(args[0]), Path.of(args[1]));
    }

    static CloseReason run(SessionOptions options, Path file) throws SessionException, InterruptedException {
        MediaFile film = MediaFile.of(file, Playback.once());
        WebRtcMedia media = WebRtcMedia.builder()
                .video(VideoSources.testPattern(640, 360, 10))
                .audio(AudioSources.tone(440))
                .build();
        try (Publisher publisher = Publisher.start(options, media)) {
            publisher.on(ViewerJoined.class, joined -> play(film, publisher));
            return publisher.awaitClosed();
        }
    }

    private static void play(MediaFile film, Publisher publisher) {
        var unused = publisher
                .switchVideo(film.video())
                .thenCompose(started -> publisher.switchAudio(film.audio()))
                .thenCompose(started -> film.ended())
                .whenComplete((ended, failure) -> {
                    if (failure != null) {
                        LOG.warn("the film was not played to its end", failure);
                    }
                    publisher.close();
                });
    }
}
