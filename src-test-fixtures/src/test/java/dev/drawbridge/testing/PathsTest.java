package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.CloseReason;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.SessionState;
import dev.drawbridge.Viewer;
import dev.drawbridge.spi.SelectedPath;
import dev.drawbridge.testing.Stage.Party;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole sessions with {@code privacy}, {@code icefilter} and {@code lanonly}. */
@ExtendWith(LeakGuard.class)
class PathsTest {
    private static final String TURN = "&turn=u;p;turn:192.0.2.1";
    private static final SelectedPath.End PUBLIC = new SelectedPath.End("prflx", "udp", "203.0.113.9", 4000);
    /** As libwebrtc has it before the peer's candidate has come. */
    private static final SelectedPath.End UNTOLD = new SelectedPath.End("prflx", "udp", "", 4000);

    private Stage stage = new Stage();

    @AfterEach
    void everybodyEnds() {
        stage.close();
    }

    private Party<Publisher> publisher(String options, FakeMedia media) throws Exception {
        Party<Publisher> party = stage.publisher("push=cam&" + options, media, builder -> builder);
        stage.pass(Stage.MOMENT);
        return party;
    }

    private Party<Viewer> viewer(String options, FakeMedia media) throws Exception {
        Party<Viewer> party = stage.viewer("view=cam&" + options, media);
        stage.pass(Stage.MOMENT);
        return party;
    }

    private FakeMedia media() {
        return stage.network.media();
    }

    // ---- relays

    @ParameterizedTest
    @EnumSource(Shape.class)
    void a_private_session_is_sealed_through_the_relay(Shape shape) throws Exception {
        stage = new Stage(shape);
        Party<Publisher> publisher = publisher("secure&privacy" + TURN, media());
        assertThat(publisher.media().links()).as("the look for a relay is over").allMatch(FakeLink::closed);

        viewer("", media());

        assertThat(publisher.story())
                .containsExactly("Announced", "ViewerRequested viewer-1", "ViewerJoined viewer-1", "Sealed viewer-1");
        assertThat(publisher.media().link().settings().relayOnly()).isTrue();
        assertThat(stage.server.log().toString())
                .doesNotContain("typ host raddr")
                .doesNotContain("192.168.99.99");
    }

    @Test
    void without_a_relay_both_sides_end_in_time_and_say_so() throws Exception {
        Party<Publisher> publisher = publisher("privacy" + TURN, media().neverRelay());
        stage.pass(Duration.ofSeconds(9));
        assertThat(publisher.session().state()).isEqualTo(SessionState.ANNOUNCED);
        stage.pass(Duration.ofSeconds(2));
        assertThat(publisher.event(Closed.class).reason()).isEqualTo(CloseReason.NO_RELAY);

        publisher("secure", media());
        Party<Viewer> viewer = viewer("privacy" + TURN, media().neverRelay());
        stage.pass(Duration.ofSeconds(11));
        assertThat(viewer.event(Closed.class).reason()).isEqualTo(CloseReason.NO_RELAY);
    }

    @Test
    void a_relay_that_is_gone_when_somebody_asks_refuses_him_alone() throws Exception {
        FakeMedia media = media();
        Party<Publisher> publisher = publisher("secure&privacy" + TURN, media);
        media.neverRelay();
        viewer("", media());
        stage.pass(Duration.ofSeconds(11));

        assertThat(publisher.story()).contains("ViewerRefused viewer-1 NO_RELAY");
        assertThat(publisher.session().state()).isNotEqualTo(SessionState.CLOSED);
        assertThat(publisher.packets()).isZero();
    }

    // ---- filters

    @ParameterizedTest
    @ValueSource(
            strings = {"icefilter=host", "icefilter=UDP", "icefilter=192.168.0.0/16", "icefilter=typ host", "lanonly"})
    void what_a_filter_allows_connects(String filter) throws Exception {
        Party<Publisher> publisher = publisher("secure&" + filter, media());
        Party<Viewer> viewer = viewer(filter, media());
        stage.pass(Stage.MOMENT);

        assertThat(publisher.story()).endsWith("ViewerJoined viewer-1", "Sealed viewer-1");
        assertThat(viewer.story()).contains("StreamStarted", "MediaStarted");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "icefilter=srflx",
                "icefilter=tcp",
                "icefilter=10.0.0.0/8",
                "icefilter=fe80:",
                "icefilter=typ relay"
            })
    void a_filter_that_leaves_nothing_ends_the_session_and_names_what_it_took(String filter) throws Exception {
        Party<Publisher> publisher = publisher("secure&" + filter, media());
        Party<Viewer> viewer = viewer("", media());
        stage.pass(Duration.ofSeconds(21));

        assertThat(publisher.event(Closed.class))
                .extracting(Closed::reason, Closed::detail)
                .containsExactly(CloseReason.NO_PATH, "filtered out: ours 1 host/udp; theirs 1 host/udp");
        assertThat(publisher.packets()).isZero();
        assertThat(viewer.story()).doesNotContain("StreamStarted");
    }

    @Test
    void a_viewer_whose_filter_leaves_nothing_ends_within_the_connect_deadline() throws Exception {
        publisher("secure", media());
        Party<Viewer> viewer = viewer("icefilter=srflx", media());
        stage.pass(Duration.ofSeconds(21));

        assertThat(viewer.event(Closed.class))
                .extracting(Closed::reason, Closed::detail)
                .containsExactly(CloseReason.NO_PATH, "filtered out: ours 1 host/udp; theirs 1 host/udp");
    }

    @Test
    void a_peer_that_has_nothing_allowed_is_refused_and_the_next_one_gets_in() throws Exception {
        Party<Publisher> publisher = publisher("secure&icefilter=host", media());
        Party<Viewer> elsewhere = viewer("", media().candidateType("srflx").neverConnect());
        stage.pass(Duration.ofSeconds(21));

        assertThat(publisher.events(ViewerRefused.class).get(0).detail()).isEqualTo("filtered out: theirs 1 srflx/udp");
        elsewhere.session().close();
        viewer("", media());
        assertThat(publisher.session().state()).isEqualTo(SessionState.SEALED);
    }

    // ---- paths that nobody named

    @Test
    void a_connection_from_an_address_that_the_filter_forbids_is_refused_without_a_packet() throws Exception {
        Party<Publisher> publisher = publisher("secure&lanonly", media().path(PUBLIC));
        viewer("", media());
        stage.pass(Stage.MOMENT);

        assertThat(publisher.events(ViewerRefused.class).get(0).detail()).isEqualTo("the path was host/udp");
        assertThat(publisher.story()).doesNotContain("ViewerJoined viewer-1");
        assertThat(publisher.packets()).isZero();
    }

    @Test
    void an_address_that_the_peer_does_not_name_in_time_is_forbidden() throws Exception {
        Party<Publisher> publisher = publisher("secure&icefilter=host", media().path(PUBLIC));
        viewer("", media());
        stage.pass(Duration.ofMillis(1500));
        assertThat(publisher.story()).containsExactly("Announced", "ViewerRequested viewer-1");
        stage.pass(Duration.ofSeconds(1));

        assertThat(publisher.story()).contains("ViewerRefused viewer-1 NO_PATH");
        assertThat(publisher.packets()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"icefilter=host", "icefilter=192.168.0.0/16", "lanonly"})
    void a_peer_whose_checks_are_quicker_than_its_candidates_gets_in_as_soon_as_its_address_is_told(String filter)
            throws Exception {
        FakeMedia media = media().path(UNTOLD);
        Party<Publisher> publisher = publisher("secure&" + filter, media);
        viewer("", media());
        stage.pass(Stage.MOMENT);
        assertThat(publisher.story()).containsExactly("Announced", "ViewerRequested viewer-1");

        media.path(new SelectedPath.End("host", "udp", "192.168.100.9", 1));
        stage.pass(Stage.MOMENT);
        assertThat(publisher.story()).endsWith("ViewerJoined viewer-1", "Sealed viewer-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"icefilter=host", "icefilter=192.168.0.0/16", "icefilter=typ host", "lanonly"})
    void an_address_that_is_never_told_is_refused_without_a_packet(String filter) throws Exception {
        Party<Publisher> publisher = publisher("secure&" + filter, media().path(UNTOLD));
        viewer("", media());
        stage.pass(Duration.ofMillis(2500));

        assertThat(publisher.story())
                .contains("ViewerRefused viewer-1 NO_PATH")
                .doesNotContain("ViewerJoined viewer-1");
        assertThat(publisher.packets()).isZero();
    }

    @Test
    void what_comes_through_a_path_is_heard_after_it_was_looked_at() throws Exception {
        FakeMedia media = media().path(PUBLIC);
        Party<Viewer> viewer = stage.viewer("view=cam&icefilter=host", media);
        CompletableFuture<String> data = new CompletableFuture<>();
        viewer.session().on(DataReceived.class, event -> data.complete(event.json()));
        Party<Publisher> publisher = publisher("secure", media());
        publisher.session().send("hello");
        stage.pass(Stage.MOMENT);
        assertThat(viewer.story()).doesNotContain("StreamStarted", "MediaStarted");
        assertThat(data).isNotDone();

        media.path(new SelectedPath.End("host", "udp", "192.168.100.9", 1));
        stage.pass(Duration.ofSeconds(2));
        assertThat(viewer.story()).containsSubsequence("StreamStarted", "MediaStarted");
        assertThat(data).succeedsWithin(Duration.ofSeconds(5)).isEqualTo("\"hello\"");
    }

    @Test
    void a_connection_that_moves_to_a_forbidden_path_is_ended_within_a_second() throws Exception {
        FakeMedia media = media();
        Party<Publisher> publisher = publisher("secure&lanonly", media);
        viewer("", media());
        assertThat(publisher.session().state()).isEqualTo(SessionState.SEALED);

        media.path(PUBLIC);
        stage.pass(Duration.ofMillis(1100));

        assertThat(publisher.story()).contains("ViewerLeft viewer-1 FORBIDDEN_PATH");
        stage.pass(Duration.ofSeconds(2));
        assertThat(publisher.event(Closed.class).reason()).isEqualTo(CloseReason.VIEWER_LEFT);
    }
}
