package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.SignalingLost;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionState;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.Stage.Party;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Without secure mode: viewers come and go, and the handshake server too. */
@ExtendWith(LeakGuard.class)
class OpenSessionTest {
    private static final String PUBLISH = "push=market1";
    private static final String WATCH = "view=market1";

    private Stage stage = new Stage();

    @AfterEach
    void everybodyEnds() {
        stage.close();
    }

    @Test
    void exactly_as_many_watch_as_are_allowed() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&maxviewers=2");
        Party<Viewer> first = stage.viewer(WATCH);
        stage.viewer(WATCH);
        Party<Viewer> third = stage.viewer(WATCH);
        assertThat(publisher.story())
                .containsExactly(
                        "Announced",
                        "ViewerRequested viewer-1",
                        "ViewerJoined viewer-1",
                        "ViewerRequested viewer-2",
                        "ViewerJoined viewer-2",
                        "ViewerRequested viewer-3",
                        "ViewerRefused viewer-3 FULL");
        assertThat(third.story()).doesNotContain("StreamStarted");
        first.session().close();
        stage.pass(Duration.ofSeconds(20));
        assertThat(third.story()).as("it asked again and there was room").contains("StreamStarted");
        assertThat(publisher.story())
                .endsWith("ViewerLeft viewer-1 BYE", "ViewerRequested viewer-4", "ViewerJoined viewer-4");
    }

    @Test
    void the_limit_holds_when_all_come_at_once() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&maxviewers=3");
        List<Party<Viewer>> viewers = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            viewers.add(stage.viewer(WATCH, stage.network.media()));
        }
        stage.pass(Stage.MOMENT);
        assertThat(publisher.story())
                .filteredOn(line -> line.startsWith("ViewerJoined"))
                .hasSize(3);
        assertThat(publisher.story()).filteredOn(line -> line.endsWith(" FULL")).hasSize(4);
        assertThat(publisher.media().links()).filteredOn(FakeLink::released).hasSize(3);
        assertThat(publisher.media().links())
                .filteredOn(link -> link.packetsSent() > 0)
                .hasSize(3);
        assertThat(viewers)
                .filteredOn(viewer -> viewer.story().contains("MediaStarted"))
                .hasSize(3);
    }

    @Test
    void viewers_come_and_go() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        for (int i = 1; i <= 20; i++) {
            Party<Viewer> viewer = stage.viewer(WATCH);
            assertThat(publisher.session().state()).isEqualTo(SessionState.SERVING);
            viewer.session().close();
            stage.pass(Stage.MOMENT);
            assertThat(publisher.story()).endsWith("ViewerJoined viewer-" + i, "ViewerLeft viewer-" + i + " BYE");
        }
        assertThat(publisher.session().state()).isEqualTo(SessionState.ANNOUNCED);
    }

    @Test
    void the_program_can_send_a_viewer_away() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        publisher.session().disconnect(publisher.event(ViewerJoined.class).viewer());
        stage.pass(Stage.MOMENT);
        assertThat(publisher.story()).endsWith("ViewerLeft viewer-1 DISCONNECTED");
        assertThat(viewer.story()).endsWith("StreamEnded BYE");
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void a_lost_server_is_found_again_and_the_stream_announced_again(Shape shape) throws Exception {
        stage = new Stage(shape);
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> watching = stage.viewer(WATCH);
        stage.server.restart();
        stage.pass(Duration.ofSeconds(2));
        assertThat(publisher.story())
                .containsExactly(
                        "Announced",
                        "ViewerRequested viewer-1",
                        "ViewerJoined viewer-1",
                        "SignalingLost",
                        "SignalingRestored");
        assertThat(watching.story())
                .containsExactly(
                        "StreamRequested", "StreamStarted", "MediaStarted", "SignalingLost", "SignalingRestored");
        Party<Viewer> next = stage.viewer(WATCH);
        assertThat(next.story()).contains("StreamStarted");
        assertThat(publisher.story()).endsWith("ViewerRequested viewer-2", "ViewerJoined viewer-2");
    }

    @Test
    void the_server_is_tried_again_after_half_a_second_and_then_ever_later_up_to_half_a_minute() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        stage.server.unreachable().disconnectAll();
        Instant lost = stage.time.now();
        stage.pass(Duration.ofMinutes(5));
        List<Duration> told = publisher.events(SignalingLost.class).stream()
                .map(SignalingLost::retryIn)
                .toList();
        assertThat(told.subList(0, 8))
                .containsExactly(
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(16),
                        Duration.ofSeconds(25),
                        Duration.ofSeconds(25));
        List<Instant> attempts = stage.server.attempts();
        assertThat(attempts.size()).isEqualTo(told.size());
        Instant before = lost;
        for (int i = 1; i < attempts.size(); i++) {
            Duration waited = Duration.between(before, attempts.get(i));
            Duration wanted = told.get(i - 1);
            // Up to a fifth of chance, and the wire.
            assertThat(waited.toMillis()).isBetween(wanted.toMillis(), wanted.toMillis() * 6 / 5 + 10);
            before = attempts.get(i);
        }
        stage.server.acceptAgain();
        stage.pass(Duration.ofSeconds(40));
        assertThat(publisher.story()).endsWith("SignalingRestored");
        assertThat(stage.viewer(WATCH).story()).contains("StreamStarted");
    }

    @Test
    void a_server_that_accepts_and_hangs_up_at_once_is_tried_ever_later() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        int before = stage.server.attempts().size();
        Instant minute = stage.time.now().plus(Duration.ofMinutes(1));
        while (stage.time.now().isBefore(minute)) {
            stage.server.disconnectAll();
            stage.pass(Duration.ofMillis(10));
        }
        // Half a second, one, two … sixteen and twenty-five: each tries six or seven times.
        assertThat(stage.server.attempts().size() - before).isBetween(12, 14);
        stage.passUntil(
                () -> publisher.story().get(publisher.story().size() - 1).equals("SignalingRestored")
                        && viewer.story().get(viewer.story().size() - 1).equals("SignalingRestored"));
        stage.pass(Duration.ofSeconds(30));
        stage.server.disconnectAll();
        stage.pass(Stage.MOMENT);
        for (Party<?> party : List.of(publisher, viewer)) {
            List<SignalingLost> lost = party.events(SignalingLost.class);
            assertThat(lost.get(lost.size() - 1).retryIn()).as("it stood").isEqualTo(Duration.ofMillis(500));
        }
    }

    @Test
    void an_established_server_that_refuses_or_stalls_is_tried_on() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        stage.server.refuse(503).disconnectAll();
        stage.pass(Duration.ofMinutes(1));
        stage.server.stall();
        stage.pass(Duration.ofMinutes(2));
        stage.server.failTls();
        stage.pass(Duration.ofMinutes(1));
        assertThat(publisher.session().state()).isNotEqualTo(SessionState.CLOSED);
        stage.server.acceptAgain();
        stage.passUntil(() -> publisher.story().contains("SignalingRestored"));
        assertThat(stage.viewer(WATCH).story()).contains("StreamStarted");
    }

    @Test
    void a_taken_stream_id_is_tried_three_times_more_five_seconds_apart_and_then_given_up() throws Exception {
        Party<Publisher> holder = stage.publisher(PUBLISH);
        Instant start = stage.time.now();
        Party<Publisher> second = stage.publisher(PUBLISH);
        stage.pass(Duration.ofMinutes(1));
        assertThat(second.story())
                .containsExactly(
                        "Announced",
                        "AnnouncementRefused 1",
                        "Announced",
                        "AnnouncementRefused 2",
                        "Announced",
                        "AnnouncementRefused 3",
                        "Announced",
                        "Closed STREAM_ID_IN_USE");
        Duration lasted = Duration.between(start, second.event(Closed.class).at());
        assertThat(lasted).isBetween(Duration.ofSeconds(15), Duration.ofMillis(15_100));
        assertThat(holder.story()).containsExactly("Announced");
    }

    @Test
    void a_stream_id_that_becomes_free_is_taken() throws Exception {
        Party<Publisher> holder = stage.publisher(PUBLISH);
        Party<Publisher> second = stage.publisher(PUBLISH);
        holder.session().close();
        stage.pass(Duration.ofMinutes(1));
        assertThat(second.story()).containsExactly("Announced", "AnnouncementRefused 1", "Announced");
        assertThat(stage.viewer(WATCH).story()).contains("StreamStarted");
    }

    @Test
    void an_interrupted_viewer_beyond_the_grace_has_left_and_the_session_goes_on() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        publisher.media().link().interrupt();
        stage.pass(Duration.ofSeconds(11));
        assertThat(publisher.story()).endsWith("ViewerInterrupted viewer-1", "ViewerLeft viewer-1 LOST");
        assertThat(viewer.story()).endsWith("StreamInterrupted", "StreamEnded LOST");
        stage.pass(Duration.ofSeconds(10));
        assertThat(viewer.story()).endsWith("StreamEnded LOST", "StreamRequested", "StreamStarted", "MediaStarted");
        assertThat(publisher.story()).endsWith("ViewerJoined viewer-2");
    }

    @Test
    void a_viewer_that_is_gone_before_its_channel_opened_does_not_stay_for_ever() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&maxviewers=1");
        Party<Viewer> viewer = stage.viewer(WATCH, stage.network.media());
        for (int i = 0; i < 1000 && !viewer.story().contains("StreamStarted"); i++) {
            stage.pass(Duration.ofNanos(500_000));
        }
        viewer.media().link().close();
        stage.pass(Duration.ofMinutes(1));
        assertThat(publisher.story()).anyMatch(line -> line.startsWith("ViewerLeft viewer-1"));
    }
}
