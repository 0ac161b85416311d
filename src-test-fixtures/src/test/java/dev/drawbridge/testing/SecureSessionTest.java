package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionState;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.Stage.Party;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Secure mode from the outside: real sessions, nothing but the world around them is made up. */
@ExtendWith(LeakGuard.class)
class SecureSessionTest {
    private static final String PUBLISH = "push=bridge1&secure&password=correct-horse";
    private static final String WATCH = "view=bridge1&password=correct-horse";

    private Stage stage = new Stage();

    @AfterEach
    void everybodyEnds() {
        stage.close();
    }

    /** From the seal on the server has nothing of the publisher but one Close, which came before. */
    private void assertSealedOff(Party<Publisher> publisher, int connection) {
        Instant sealed = publisher.event(Sealed.class).at();
        List<LogEntry> log = stage.server.log(connection);
        assertThat(log.stream().filter(entry -> entry.isIn(LogEntry.Kind.CLOSE)))
                .hasSize(1);
        LogEntry last = log.get(log.size() - 1);
        assertThat(last.kind()).isEqualTo(LogEntry.Kind.GONE);
        // When the publisher cuts the connection, the server learns of it one wire's length later.
        assertThat(last.at()).isBeforeOrEqualTo(sealed.plusMillis(1));
        int close = log.indexOf(log.stream()
                .filter(entry -> entry.isIn(LogEntry.Kind.CLOSE))
                .findFirst()
                .orElseThrow());
        assertThat(log.subList(close + 1, log.size()))
                .noneMatch(entry -> entry.direction() == LogEntry.Direction.IN && entry.kind() != LogEntry.Kind.GONE);
        assertThat(publisher.signaling().attempts()).isEqualTo(connection);
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void the_first_viewer_is_joined_and_sealed_in_and_its_end_is_the_end(Shape shape) throws Exception {
        stage = new Stage(shape);
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        assertThat(publisher.session().state()).isEqualTo(SessionState.ANNOUNCED);
        Party<Viewer> viewer = stage.viewer(WATCH);

        assertThat(publisher.story())
                .containsExactly("Announced", "ViewerRequested viewer-1", "ViewerJoined viewer-1", "Sealed viewer-1");
        assertThat(publisher.session().state()).isEqualTo(SessionState.SEALED);
        assertThat(viewer.story()).containsExactly("StreamRequested", "StreamStarted", "MediaStarted");
        assertSealedOff(publisher, 1);

        AtomicInteger pictures = new AtomicInteger();
        viewer.session().onVideo(picture -> pictures.incrementAndGet());
        stage.pass(Duration.ofMinutes(10));
        assertThat(publisher.packets()).isGreaterThan(10_000);
        assertSealedOff(publisher, 1);

        viewer.session().close();
        stage.pass(Stage.MOMENT);
        assertThat(viewer.story())
                .containsExactly(
                        "StreamRequested",
                        "StreamStarted",
                        "MediaStarted",
                        "StreamEnded SESSION_CLOSED",
                        "Closed CLOSED_BY_APPLICATION");
        assertThat(publisher.story())
                .containsExactly(
                        "Announced",
                        "ViewerRequested viewer-1",
                        "ViewerJoined viewer-1",
                        "Sealed viewer-1",
                        "ViewerLeft viewer-1 BYE",
                        "Closed VIEWER_LEFT");
        assertThat(publisher.session().state()).isEqualTo(SessionState.CLOSED);
        assertSealedOff(publisher, 1);
    }

    private static int number(Party<Publisher> publisher) {
        return publisher.event(ViewerJoined.class).viewer().number();
    }

    @Test
    void a_server_that_never_answers_the_close_delays_the_seal_by_a_quarter_of_a_second_at_most() throws Exception {
        stage.server.ignoreCloses();
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH, stage.network.media());
        for (int i = 0; i < 100; i++) {
            stage.pass(Duration.ofMillis(10));
            stage.server.sendToAll("{\"request\":\"offerSDP\",\"from\":\"late" + i + "\"}");
        }
        Instant joined = publisher.event(ViewerJoined.class).at();
        Instant sealed = publisher.event(Sealed.class).at();
        assertThat(Duration.between(joined, sealed)).isEqualTo(Duration.ofMillis(250));
        assertThat(publisher.story())
                .endsWith("ViewerJoined viewer-" + number(publisher), "Sealed viewer-" + number(publisher));
        assertThat(stage.server.log(1))
                .as("the server went on talking while it was left")
                .anyMatch(entry -> entry.direction() == LogEntry.Direction.OUT
                        && entry.at().isAfter(joined));
        assertThat(viewer.story()).contains("StreamStarted");
        assertSealedOff(publisher, 1);
    }

    @Test
    void a_ghost_that_never_answers_keeps_nobody_out_and_gets_not_one_packet() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> ghost = stage.viewer(WATCH, stage.network.media().neverAnswer());
        stage.pass(Stage.MOMENT);
        Party<Viewer> viewer = stage.viewer(WATCH);
        stage.pass(Duration.ofMinutes(1));
        assertThat(publisher.story())
                .containsExactly(
                        "Announced",
                        "ViewerRequested viewer-1",
                        "ViewerRequested viewer-2",
                        "ViewerRefused viewer-1 BRIDGE_RAISED",
                        "ViewerJoined viewer-2",
                        "Sealed viewer-2");
        assertThat(viewer.story()).contains("MediaStarted");
        assertThat(ghost.story()).doesNotContain("StreamStarted");
        FakeLink toGhost = publisher.media().links().get(0);
        assertThat(toGhost.packetsSent()).isZero();
        assertThat(toGhost.released()).isFalse();
        assertThat(toGhost.closed()).isTrue();
        assertThat(publisher.media().links().get(1).packetsSent()).isPositive();
    }

    @Test
    void ghosts_alone_are_refused_in_time_and_the_publisher_waits_on() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        stage.viewer(WATCH, stage.network.media().neverAnswer());
        stage.viewer(WATCH, stage.network.media().neverConnect());
        stage.pass(Duration.ofSeconds(11));
        assertThat(publisher.story())
                .as("each has asked again meanwhile, and so is tried anew")
                .endsWith(
                        "ViewerRefused viewer-1 NO_ANSWER",
                        "ViewerRequested viewer-3",
                        "ViewerRefused viewer-2 NO_CONNECTION",
                        "ViewerRequested viewer-4");
        stage.pass(Duration.ofSeconds(3));
        assertThat(publisher.session().state()).isEqualTo(SessionState.NEGOTIATING);
        stage.viewer(WATCH);
        assertThat(publisher.story())
                .endsWith(
                        "ViewerRequested viewer-5",
                        "ViewerRefused viewer-3 BRIDGE_RAISED",
                        "ViewerRefused viewer-4 BRIDGE_RAISED",
                        "ViewerJoined viewer-5",
                        "Sealed viewer-5");
    }

    @Test
    void the_real_viewer_gets_in_beside_a_crowd_of_ghosts() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        for (int i = 0; i < 12; i++) {
            stage.viewer(WATCH, stage.network.media().neverAnswer());
        }
        stage.viewer(WATCH);
        assertThat(publisher.story())
                .contains("ViewerRefused viewer-1 BRIDGE_RAISED", "ViewerRefused viewer-12 BRIDGE_RAISED")
                .endsWith("Sealed viewer-13");
        assertThat(publisher.media().links().subList(0, 12)).allMatch(link -> link.packetsSent() == 0);
    }

    @Test
    void who_negotiates_when_the_first_is_in_is_refused_without_a_packet() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> slow = stage.viewer(WATCH, stage.network.media().slow(Duration.ofMillis(500)));
        Party<Viewer> quick = stage.viewer(WATCH, stage.network.media());
        stage.pass(Duration.ofSeconds(5));
        assertThat(publisher.story())
                .containsExactly(
                        "Announced",
                        "ViewerRequested viewer-1",
                        "ViewerRequested viewer-2",
                        "ViewerRefused viewer-1 BRIDGE_RAISED",
                        "ViewerJoined viewer-2",
                        "Sealed viewer-2");
        assertThat(publisher.media().links().get(0).packetsSent()).isZero();
        assertThat(quick.story()).contains("StreamStarted");
        assertThat(slow.story()).doesNotContain("StreamStarted", "MediaStarted");
    }

    @Test
    void two_that_connect_in_the_same_instant_are_one_viewer_and_one_refused() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> one = stage.viewer(WATCH, stage.network.media());
        Party<Viewer> other = stage.viewer(WATCH, stage.network.media());
        stage.pass(Stage.MOMENT);
        assertThat(publisher.story())
                .containsExactly(
                        "Announced",
                        "ViewerRequested viewer-1",
                        "ViewerRequested viewer-2",
                        "ViewerRefused viewer-2 BRIDGE_RAISED",
                        "ViewerJoined viewer-1",
                        "Sealed viewer-1");
        assertThat(publisher.media().links().get(1).packetsSent()).isZero();
        assertThat(one.story()).contains("MediaStarted");
        assertThat(other.story()).doesNotContain("MediaStarted");
    }

    @Test
    void after_the_seal_nobody_who_asks_is_heard() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        stage.viewer(WATCH);
        List<String> before = publisher.story();
        Party<Viewer> late = stage.viewer(WATCH);
        stage.pass(Duration.ofMinutes(5));
        assertThat(late.story())
                .containsSubsequence("StreamRequested", "StreamMissing")
                .doesNotContain("StreamStarted");
        assertThat(publisher.story()).isEqualTo(before);
        assertThat(publisher.media().links()).hasSize(1);
        assertSealedOff(publisher, 1);
    }

    @Test
    void after_the_viewer_left_nobody_comes_in_again() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        viewer.session().close();
        stage.pass(Stage.MOMENT);
        List<String> end = publisher.story();
        assertThat(end).endsWith("ViewerLeft viewer-1 BYE", "Closed VIEWER_LEFT");
        Party<Viewer> again = stage.viewer(WATCH);
        stage.pass(Duration.ofMinutes(5));
        assertThat(again.story()).doesNotContain("StreamStarted");
        assertThat(publisher.story()).isEqualTo(end);
        assertThat(publisher.media().closed()).isTrue();
        assertSealedOff(publisher, 1);
    }

    @Test
    void a_viewer_that_vanishes_after_its_channel_is_cut_has_left() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        viewer.media().link().close();
        stage.pass(Stage.MOMENT);
        assertThat(publisher.story()).endsWith("ViewerLeft viewer-1 CHANNEL_CLOSED", "Closed VIEWER_LEFT");
    }

    @Test
    void an_interruption_within_the_grace_is_told_and_is_no_new_viewer() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        publisher.media().link().interrupt();
        stage.pass(Duration.ofMillis(9_900));
        assertThat(publisher.session().state()).isEqualTo(SessionState.INTERRUPTED);
        assertThat(viewer.session().state()).isEqualTo(SessionState.INTERRUPTED);
        publisher.media().link().resume();
        stage.pass(Duration.ofMinutes(1));
        assertThat(publisher.story())
                .containsExactly(
                        "Announced",
                        "ViewerRequested viewer-1",
                        "ViewerJoined viewer-1",
                        "Sealed viewer-1",
                        "ViewerInterrupted viewer-1",
                        "ViewerResumed viewer-1");
        assertThat(publisher.session().state()).isEqualTo(SessionState.SEALED);
        assertThat(viewer.story()).endsWith("StreamInterrupted", "StreamResumed");
        assertSealedOff(publisher, 1);
    }

    @Test
    void an_interruption_beyond_the_grace_is_the_end() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        publisher.media().link().interrupt();
        stage.pass(Duration.ofSeconds(13));
        assertThat(publisher.story())
                .endsWith("ViewerInterrupted viewer-1", "ViewerLeft viewer-1 LOST", "Closed VIEWER_LEFT");
        assertThat(viewer.story()).endsWith("StreamInterrupted", "StreamEnded LOST", "Closed STREAM_ENDED");
        assertSealedOff(publisher, 1);
    }

    @Test
    void a_connection_that_fails_is_the_end_at_once() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        stage.viewer(WATCH);
        publisher.media().link().fail();
        stage.pass(Stage.MOMENT);
        assertThat(publisher.story()).endsWith("ViewerLeft viewer-1 LOST", "Closed VIEWER_LEFT");
    }

    @Test
    void a_viewer_whose_process_is_killed_is_interrupted_within_6_s_and_has_left_within_16() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        stage.pass(Duration.ofMinutes(1));
        assertThat(publisher.story()).as("it answers its pings").endsWith("Sealed viewer-1");

        viewer.media().link().vanish();
        stage.pass(Duration.ofSeconds(6));
        assertThat(publisher.story()).endsWith("Sealed viewer-1", "ViewerInterrupted viewer-1");
        stage.pass(Duration.ofSeconds(10));
        assertThat(publisher.story())
                .endsWith("ViewerInterrupted viewer-1", "ViewerLeft viewer-1 LOST", "Closed VIEWER_LEFT");
    }

    @Test
    void a_server_lost_before_the_first_viewer_is_mended_and_seals_nothing() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        publisher.signaling().breakNetwork();
        stage.pass(Duration.ofSeconds(2));
        assertThat(publisher.story()).containsExactly("Announced", "SignalingLost", "SignalingRestored");
        stage.viewer(WATCH);
        assertThat(publisher.story()).endsWith("ViewerJoined viewer-1", "Sealed viewer-1");
        assertSealedOff(publisher, 2);
    }

    @Test
    void the_viewers_own_secure_does_not_disconnect_it() throws Exception {
        stage.publisher("push=bridge1&password=correct-horse");
        Party<Viewer> viewer = stage.viewer(WATCH + "&secure");
        stage.pass(Duration.ofMinutes(1));
        assertThat(viewer.story()).containsExactly("StreamRequested", "StreamStarted", "MediaStarted");
        assertThat(stage.server.connections()).isEqualTo(2);
    }

    @Test
    void data_travels_both_ways_after_the_seal() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        EventRecorder atPublisher = EventRecorder.of(publisher.session());
        EventRecorder atViewer = EventRecorder.of(viewer.session());
        publisher.session().send("down");
        viewer.session().send("up");
        stage.pass(Stage.MOMENT);
        assertThat(atViewer.await(DataReceived.class).json()).isEqualTo("\"down\"");
        var up = atPublisher.await(DataReceived.class);
        assertThat(up.json()).isEqualTo("\"up\"");
        assertThat(up.from()).isEqualTo("viewer-1");
        assertSealedOff(publisher, 1);
    }
}
