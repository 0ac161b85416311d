package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.ProtocolViolation;
import dev.drawbridge.SessionState;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.Stage.Party;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers and servers that break the rules meet whole sessions. */
@ExtendWith(LeakGuard.class)
class HostilePeerTest {
    private static final String PUBLISH = "push=hostile1";
    private static final String WATCH = "view=hostile1";
    private static final String RESTART = "{\"iceRestartRequest\":true}";

    private final Stage stage = new Stage();

    @AfterEach
    void everybodyEnds() {
        stage.close();
    }

    @Test
    void a_server_that_sends_more_than_can_be_read_is_left_and_tried_again() throws Exception {
        Party<Publisher> publisher = stage.publisher("push=flooded1");
        String frame = "{\"pipe\":\"" + "x".repeat(1_000_000) + "\"}";
        for (int i = 0; i < 20; i++) {
            stage.server.send(1, frame);
        }
        stage.pass(Duration.ofSeconds(2));

        assertThat(publisher.story())
                .containsExactly("Announced", "ProtocolViolation MALFORMED", "SignalingLost", "SignalingRestored");
    }

    @Test
    void frames_of_nothing_count_too() throws Exception {
        Party<Publisher> publisher = stage.publisher("push=flooded1");
        for (int i = 0; i < 100_000; i++) {
            stage.server.send(1, "");
        }
        stage.pass(Duration.ofSeconds(2));

        assertThat(publisher.story()).endsWith("ProtocolViolation MALFORMED", "SignalingLost", "SignalingRestored");
        assertThat(publisher.events(ProtocolViolation.class)).last().satisfies(violation -> assertThat(violation)
                .extracting(ProtocolViolation::detail)
                .asString()
                .startsWith("more than can be read"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000, 250_000})
    void a_viewer_that_sends_more_than_can_be_read_has_to_go_and_the_others_stay(int chars) throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> bad = stage.viewer(WATCH);
        Party<Viewer> good = stage.viewer(WATCH);
        flood(publisher.media().links().get(0), chars);
        stage.pass(Duration.ofSeconds(1));

        assertThat(publisher.story()).endsWith("ProtocolViolation MALFORMED", "ViewerLeft viewer-1 CHANNEL_CLOSED");
        good.session().send("still here");
        stage.pass(Duration.ofSeconds(1));
        assertThat(good.session().state()).isEqualTo(SessionState.WATCHING);
        assertThat(bad.story()).anyMatch(line -> line.startsWith("StreamEnded "));
    }

    @Test
    void the_viewer_of_a_secure_session_that_sends_more_than_can_be_read_ends_it() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&secure");
        stage.viewer(WATCH);
        flood(publisher.media().link(), 250_000);
        stage.pass(Duration.ofSeconds(1));
        assertThat(publisher.story())
                .endsWith("ProtocolViolation MALFORMED", "ViewerLeft viewer-1 CHANNEL_CLOSED", "Closed VIEWER_LEFT");
    }

    @Test
    void a_publisher_that_sends_more_than_can_be_read_is_left() throws Exception {
        stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        flood(viewer.media().link(), 250_000);
        stage.pass(Duration.ofMillis(100));
        assertThat(viewer.story()).endsWith("ProtocolViolation MALFORMED", "StreamEnded CHANNEL_CLOSED");
    }

    private static void flood(FakeLink at, int chars) {
        String message = "{\"pipe\":\"" + "x".repeat(chars) + "\"}";
        for (int i = 0; i < 40_000 && i * (long) chars < 10_000_000; i++) {
            at.hear(message);
        }
    }

    /** Twice of what may wait. */
    private static final int MESSAGES = 80;

    @Test
    void data_that_waits_for_a_viewer_that_takes_nothing_is_bounded() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        publisher.media().link().uplink(1);
        String text = "x".repeat(250_000);
        int refused = 0;
        for (int i = 0; i < MESSAGES; i++) {
            CompletableFuture<Integer> sent = publisher.session().send(text).toCompletableFuture();
            stage.pass(Duration.ofMillis(1));
            refused += sent.isCompletedExceptionally() ? 1 : 0;
        }
        assertThat((MESSAGES - refused) * 250_000L).isBetween(8_000_000L, 10_000_000L);
        assertThat(viewer.session().state()).isEqualTo(SessionState.WATCHING);
    }

    @Test
    void a_viewer_with_another_certificate_ends_a_secure_session() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&secure");
        Party<Viewer> viewer = stage.viewer(WATCH);
        viewer.media().link().changeFingerprint();
        viewer.media().link().say(RESTART);
        stage.pass(Duration.ofSeconds(1));
        assertThat(publisher.story())
                .endsWith(
                        "Sealed viewer-1",
                        "ProtocolViolation FINGERPRINT_CHANGED",
                        "ViewerLeft viewer-1 SECURITY_VIOLATION",
                        "Closed SECURITY_VIOLATION");
    }

    @Test
    void a_viewer_with_another_certificate_leaves_an_open_session_alone() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> bad = stage.viewer(WATCH);
        Party<Viewer> good = stage.viewer(WATCH);
        bad.media().link().changeFingerprint();
        bad.media().link().say(RESTART);
        stage.pass(Duration.ofSeconds(1));
        assertThat(publisher.story())
                .endsWith("ProtocolViolation FINGERPRINT_CHANGED", "ViewerLeft viewer-1 SECURITY_VIOLATION");
        assertThat(publisher.session().state()).isEqualTo(SessionState.SERVING);
        assertThat(good.session().state()).isEqualTo(SessionState.WATCHING);
    }

    @Test
    void a_publisher_with_another_certificate_ends_the_viewer() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        publisher.media().link().changeFingerprint();
        viewer.media().link().say(RESTART);
        stage.pass(Duration.ofSeconds(1));
        assertThat(viewer.story())
                .endsWith(
                        "ProtocolViolation FINGERPRINT_CHANGED",
                        "StreamEnded SECURITY_VIOLATION",
                        "Closed SECURITY_VIOLATION");
    }

    @Test
    void an_honest_restart_goes_over_the_channel_and_changes_nothing() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&secure");
        Party<Viewer> viewer = stage.viewer(WATCH);
        List<String> before = publisher.story();
        int frames = stage.server.log().size();
        for (int i = 0; i < 3; i++) {
            viewer.media().link().say(RESTART);
            stage.pass(Duration.ofSeconds(1));
        }
        assertThat(publisher.story()).isEqualTo(before);
        assertThat(viewer.session().state()).isEqualTo(SessionState.WATCHING);
        assertThat(stage.server.log()).hasSize(frames);
        long packets = publisher.packets();
        stage.pass(Duration.ofSeconds(1));
        assertThat(publisher.packets()).isGreaterThan(packets);
    }

    @Test
    void garbage_on_the_channel_is_told_and_changes_nothing() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&secure");
        Party<Viewer> viewer = stage.viewer(WATCH);
        for (String text :
                List.of("", "garbage", "[", "null", "{\"bye\":", "\u0000", "[[[[[[[[[[", "{}".repeat(1000))) {
            viewer.media().link().hear(text);
            publisher.media().link().hear(text);
        }
        viewer.media().link().hear(new byte[] {1, 2, 3});
        publisher.media().link().hear(new byte[0]);
        stage.pass(Duration.ofSeconds(1));
        assertThat(publisher.story()).contains("ProtocolViolation MALFORMED");
        assertThat(viewer.story()).contains("ProtocolViolation MALFORMED");
        assertThat(publisher.session().state()).isEqualTo(SessionState.SEALED);
        assertThat(viewer.session().state()).isEqualTo(SessionState.WATCHING);
    }

    @Test
    void garbage_from_the_server_is_told_and_changes_nothing() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        for (String text : List.of("", "garbage", "[]", "null", "42", "{\"from\":", "{\"request\":7,\"from\":[]}")) {
            stage.server.sendToAll(text);
        }
        stage.server.sendBinary(1, new byte[] {1, 2, 3}).sendBinary(2, new byte[0]);
        stage.pass(Duration.ofSeconds(1));
        assertThat(publisher.story()).contains("ProtocolViolation MALFORMED");
        assertThat(publisher.session().state()).isEqualTo(SessionState.SERVING);
        assertThat(viewer.session().state()).isEqualTo(SessionState.WATCHING);
    }

    @Test
    void a_server_that_replays_everything_it_ever_sent_brings_nobody_in() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&maxviewers=1");
        Party<Viewer> viewer = stage.viewer(WATCH);
        List<LogEntry> sent = stage.server.log().stream()
                .filter(entry -> entry.isOut(LogEntry.Kind.TEXT))
                .toList();
        assertThat(sent).isNotEmpty();
        for (LogEntry entry : sent) {
            stage.server.send(entry.connection(), entry.text());
        }
        stage.pass(Duration.ofSeconds(30));
        assertThat(publisher.story())
                .filteredOn(line -> line.startsWith("ViewerJoined"))
                .hasSize(1);
        assertThat(publisher.session().state()).isEqualTo(SessionState.SERVING);
        assertThat(viewer.story()).containsExactly("StreamRequested", "StreamStarted", "MediaStarted");
        assertThat(publisher.media().links()).filteredOn(FakeLink::released).hasSize(1);
    }

    @Test
    void a_goodbye_that_the_server_made_up_ends_nobody() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        String peer = stage.server.log(2).stream()
                .flatMap(entry -> entry.peer().stream())
                .findFirst()
                .orElseThrow();
        stage.server.send(1, "{\"bye\":true,\"from\":\"" + peer + "\"}");
        stage.pass(Duration.ofSeconds(1));
        assertThat(publisher.session().state()).isEqualTo(SessionState.SERVING);
        assertThat(viewer.session().state()).isEqualTo(SessionState.WATCHING);
    }
}
