package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionState;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.Stage.Party;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rooms, and publishing and viewing side by side in them. */
@ExtendWith(LeakGuard.class)
class RoomSessionTest {
    private Stage stage = new Stage();

    @AfterEach
    void everybodyEnds() {
        stage.close();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void a_stream_in_a_room_is_watched_there(Shape shape) throws Exception {
        stage = new Stage(shape);
        Party<Publisher> publisher = stage.publisher("push=inside1&room=lobby1&secure&password=correct-horse");
        stage.pass(Duration.ofSeconds(11)); // a room's listing may not come
        Party<Viewer> viewer = stage.viewer("view=inside1&room=lobby1&password=correct-horse");
        stage.pass(Duration.ofSeconds(11));
        assertThat(publisher.story())
                .containsExactly(
                        "Announced",
                        "MemberJoined member-1",
                        "ViewerRequested viewer-1",
                        "ViewerJoined viewer-1",
                        "Sealed viewer-1");
        assertThat(viewer.story())
                .startsWith("RoomEntered")
                .contains("MemberJoined member-1", "StreamAnnounced member-1")
                .containsSubsequence("StreamRequested", "StreamStarted", "MediaStarted")
                .hasSize(6);
    }

    @ParameterizedTest
    @EnumSource(
            value = Shape.class,
            names = {"ROUTER", "HOSTED"})
    void a_stream_in_another_room_is_missing(Shape shape) throws Exception {
        stage = new Stage(shape);
        Party<Publisher> publisher = stage.publisher("push=inside1&room=lobby1");
        Party<Viewer> viewer = stage.viewer("view=inside1&room=lobby2");
        stage.pass(Duration.ofSeconds(30));
        assertThat(publisher.story()).containsExactly("Announced");
        assertThat(viewer.story()).contains("StreamMissing").doesNotContain("StreamStarted");
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void sealing_what_one_publishes_does_not_harm_what_one_watches(Shape shape) throws Exception {
        stage = new Stage(shape);
        Party<Publisher> ours = stage.publisher("push=ours1&secure");
        Party<Publisher> theirs = stage.publisher("push=theirs1");
        Party<Viewer> watching = stage.viewer("view=theirs1");
        Party<Viewer> them = stage.viewer("view=ours1");
        assertThat(ours.session().state()).isEqualTo(SessionState.SEALED);
        int connections = stage.server.connections();
        stage.pass(Duration.ofHours(1));
        assertThat(stage.server.connections()).isEqualTo(connections).isEqualTo(3);
        assertThat(watching.session().state()).isEqualTo(SessionState.WATCHING);
        stage.server.restart();
        stage.pass(Duration.ofMinutes(1));
        assertThat(watching.story()).endsWith("SignalingLost", "SignalingRestored");
        assertThat(theirs.story()).endsWith("SignalingLost", "SignalingRestored");
        assertThat(ours.story()).endsWith("Sealed viewer-1");
        assertThat(them.session().state()).isEqualTo(SessionState.WATCHING);
    }
}
