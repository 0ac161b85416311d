package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.CloseReason;
import dev.drawbridge.Password;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.LeaveReason;
import dev.drawbridge.SessionEvent.MediaStarted;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.StreamEnded;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.SessionState;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.Shape;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The main job, with the real media library and real sockets: publish, watch, seal, leave. */
class SecureSessionTest {
    private static final URI PAGE = URI.create("https://viewer.example/watch");
    private static final String AWKWARD = "p&ss #wörd+50%25=?/\\\"'€ 😀!~*()";

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(30));

    @ParameterizedTest
    @CsvSource({
        "ROUTER, default",
        "ROUTER, own",
        "ROUTER, none",
        "FANOUT, default",
        "FANOUT, own",
        "FANOUT, none",
        "HOSTED, default",
        "HOSTED, own",
        "HOSTED, none"
    })
    void aViewerSeesAndHearsTheStreamAndTheEventsAreInOrder(Shape shape, String password) throws Exception {
        SessionOptions.Builder builder = SessionOptions.builder();
        switch (password) {
            case "own" -> builder.password(Password.of(AWKWARD));
            case "none" -> builder.password(Password.none());
            default -> builder.password(Password.defaultKey());
        }
        try (Stage stage = new Stage(shape)) {
            wholeSession(stage, stage.options("push=camera1&secure", builder));
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void theSameWorksOverTlsWithATrustedCertificate(Shape shape) throws Exception {
        try (Stage stage =
                new Stage(HandshakeServer.builder().shape(shape).tls(true).start())) {
            wholeSession(stage, stage.options("push=camera1&secure"));
        }
    }

    private static void wholeSession(Stage stage, SessionOptions options) throws Exception {
        EventRecorder story = new EventRecorder();
        Publisher publisher =
                stage.keep(stage.publishing(options).listener(story).start());
        Watcher watcher =
                stage.watch(SessionOptions.parse(publisher.viewLink(PAGE).toString()));

        Watcher.assertColours(watcher.awaitPictures());
        watcher.awaitTone();
        story.await(Sealed.class);
        assertThat(publisher.state()).isEqualTo(SessionState.SEALED);
        assertThat(watcher.viewer.state()).isEqualTo(SessionState.WATCHING);
        assertThat(watcher.link().framesReceived()).isPositive();

        watcher.close();
        assertThat(publisher.awaitClosed(Duration.ofSeconds(5))).contains(CloseReason.VIEWER_LEFT);
        story.await(Closed.class);
        assertThat(story.story())
                .containsExactly(
                        "Announced",
                        "ViewerRequested viewer-1",
                        "ViewerJoined viewer-1",
                        "Sealed viewer-1",
                        "ViewerLeft viewer-1 BYE",
                        "Closed VIEWER_LEFT");
        assertThat(publisher.events()).isEqualTo(story.events());
        watcher.story.await(Closed.class);
        // Asked for twice where the announcement is only just on its way to everybody.
        assertThat(watcher.story.story().stream().distinct())
                .containsExactly(
                        "StreamRequested",
                        "StreamStarted",
                        "MediaStarted",
                        "StreamEnded SESSION_CLOSED",
                        "Closed CLOSED_BY_APPLICATION");
    }

    @Test
    void thePublisherLeavesAndTheViewerDoesNotAskAgain() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            Publisher publisher = stage.publish("push=camera1&secure&password=correct-horse", story);
            Watcher watcher = stage.watch("view=camera1&password=correct-horse");
            watcher.awaitPictures();
            story.await(Sealed.class);

            publisher.close();

            Closed end = watcher.story.await(Closed.class);
            assertThat(end.reason()).isEqualTo(CloseReason.STREAM_ENDED);
            assertThat(watcher.story.await(StreamEnded.class).reason()).isEqualTo(LeaveReason.BYE);
            assertThat(watcher.story.events(MediaStarted.class)).hasSize(1);
            assertThat(story.await(ViewerLeft.class).reason()).isEqualTo(LeaveReason.SESSION_CLOSED);
        }
    }

    @Test
    void aViewerWhoseMediaDiesWithoutGoodbyeIsTold() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            Publisher publisher = stage.publish("push=camera1&secure", story);
            Watcher watcher = stage.watch("view=camera1");
            story.await(Sealed.class);
            watcher.story.await(MediaStarted.class);

            watcher.media.close();

            assertThat(publisher.awaitClosed(Duration.ofSeconds(5))).contains(CloseReason.VIEWER_LEFT);
            assertThat(story.await(ViewerLeft.class).reason()).isEqualTo(LeaveReason.CHANNEL_CLOSED);
        }
    }
}
