package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.AnnouncementRefused;
import dev.drawbridge.SessionEvent.SignalingLost;
import dev.drawbridge.SessionEvent.SignalingRestored;
import dev.drawbridge.SessionState;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.Stage.Party;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** This machine gets another address, so that its connection to the server is dead and nothing says so. */
@ExtendWith(LeakGuard.class)
class MovedMachineTest {
    private static final Duration AT_ONCE = Duration.ofMillis(700);

    private Stage stage = new Stage();

    @AfterEach
    void everybody_ends() {
        stage.server.disconnectAll(); // it would keep what it does not know to be dead
        stage.close();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void a_session_that_is_told_has_the_server_back_at_once_and_does_not_give_its_id_up(Shape shape) throws Exception {
        stage = new Stage(shape);
        Party<Publisher> publisher = stage.publisher("push=camera1");
        publisher.signaling().move();
        stage.pass(Duration.ofSeconds(1));
        assertThat(publisher.events(SignalingLost.class)).isEmpty();

        publisher.session().networkChanged();
        stage.pass(AT_ONCE);
        assertThat(publisher.event(SignalingRestored.class)).isNotNull();
        stage.pass(Duration.ofMinutes(1));
        if (shape != Shape.FANOUT) { // which knows no ids; for the others our dead connection still has it
            assertThat(publisher.events(AnnouncementRefused.class)).hasSizeGreaterThan(3);
        }
        stage.server.disconnectAll();
        stage.pass(Duration.ofSeconds(10));
        assertThat(stage.viewer("view=camera1").story()).contains("StreamStarted");
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void a_peer_that_is_interrupted_is_reason_enough_to_look(Shape shape) throws Exception {
        stage = new Stage(shape);
        Party<Publisher> publisher = stage.publisher("push=camera1");
        Party<Viewer> viewer = stage.viewer("view=camera1");
        publisher.media().link().interrupt();
        stage.pass(Stage.MOMENT);
        publisher.media().link().resume();
        stage.pass(Stage.MOMENT);
        assertThat(publisher.story()).as("it was not our network").endsWith("ViewerResumed viewer-1");

        publisher.signaling().move();
        viewer.signaling().move();
        publisher.media().link().interrupt();
        stage.pass(AT_ONCE);
        for (Party<?> party : List.of(publisher, viewer)) {
            assertThat(party.story()).contains("SignalingLost", "SignalingRestored");
        }
        publisher.media().link().resume();
        stage.pass(Stage.MOMENT);
        assertThat(viewer.session().state()).isEqualTo(SessionState.WATCHING);
        assertThat(viewer.media().links()).hasSize(1);
    }

    @Test
    void a_sealed_session_tells_its_viewer_and_not_the_server() throws Exception {
        Party<Publisher> publisher = stage.publisher("push=camera1&secure");
        Party<Viewer> viewer = stage.viewer("view=camera1");
        assertThat(publisher.session().state()).isEqualTo(SessionState.SEALED);
        int log = stage.server.log().size();
        for (int i = 0; i < 100; i++) {
            publisher.session().networkChanged();
        }
        stage.pass(Duration.ofMinutes(1));
        assertThat(stage.server.log()).hasSize(log);
        assertThat(publisher.signaling().attempts()).isEqualTo(1);
        assertThat(publisher.media().link().texts())
                .filteredOn(text -> text.contains("\"description\""))
                .as("one at a time")
                .hasSizeBetween(1, 100);
        assertThat(viewer.session().state()).isEqualTo(SessionState.WATCHING);
        publisher.session().close();
        stage.pass(Stage.MOMENT);
        publisher.session().networkChanged();
    }
}
