package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Publishers.announced;
import static dev.drawbridge.internal.machine.Publishers.answered;
import static dev.drawbridge.internal.machine.Publishers.joined;
import static dev.drawbridge.internal.machine.Publishers.offered;
import static dev.drawbridge.internal.machine.Publishers.sealed;
import static dev.drawbridge.internal.machine.Samples.asks;
import static dev.drawbridge.internal.machine.Samples.candidates;
import static dev.drawbridge.internal.machine.Samples.certificate;
import static dev.drawbridge.internal.machine.Samples.changed;
import static dev.drawbridge.internal.machine.Samples.connected;
import static dev.drawbridge.internal.machine.Samples.gathered;
import static dev.drawbridge.internal.machine.Samples.gone;
import static dev.drawbridge.internal.machine.Samples.heard;
import static dev.drawbridge.internal.machine.Samples.offer;
import static dev.drawbridge.internal.machine.Samples.open;
import static dev.drawbridge.internal.machine.Samples.opened;
import static dev.drawbridge.internal.machine.Samples.relayed;
import static dev.drawbridge.internal.machine.Samples.says;
import static dev.drawbridge.internal.machine.Samples.secure;
import static dev.drawbridge.internal.machine.Samples.viewer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.SessionEvent;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.wire.Message.Candidates.Side;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.PeerLinkListener.Operation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What both machines do where {@code privacy}, {@code icefilter} or {@code lanonly} leave no path, or the connection took another. */
class PathsTest {
    private static final StreamId STREAM = StreamId.of("camera1");
    private static final int PROBE = PublisherState.Open.PROBE;
    private static final Timer PROBING = Timer.of(Timer.Kind.RELAY, PROBE);

    private static Input dropped(int link, boolean ours, boolean theirs) {
        return new Input.CandidatesDropped(link, ours, theirs, "theirs 2 host/udp");
    }

    private static <E extends SessionEvent> E event(Driver<?> of, Class<E> kind) {
        List<E> all =
                of.events().stream().filter(kind::isInstance).map(kind::cast).toList();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    // ---- a publisher that needs a relay -----------------------------------------------------------------------------

    @Test
    void once_announced_it_looks_whether_there_is_a_relay() {
        Driver<PublisherState> publisher = announced(relayed(secure()));
        assertThat(publisher.lastWords())
                .containsExactly(
                        "signal Seed",
                        "Announced",
                        "open link -1",
                        "make offer on -1",
                        "start RELAY -1 (10 s)",
                        "start REPEAT (2.5 s)");

        publisher.take(gathered(PROBE));
        assertThat(publisher.lastWords()).containsExactly("close link -1");
        assertThat(publisher.timers()).doesNotContainKey(PROBING);
        assertThat(publisher.phase()).isEqualTo("ANNOUNCED");

        assertThat(publisher.take(gathered(PROBE)).last()).as("late").isEmpty();
        publisher.take(gone(1)).fire(Timer.of(Timer.Kind.RECONNECT)).take(opened(2));
        assertThat(publisher.lastWords()).as("once is enough").doesNotContain("open link -1");
    }

    @Test
    void without_a_relay_in_ten_seconds_it_ends() {
        Driver<PublisherState> publisher = announced(relayed(secure())).pass(Times.RELAY.minusMillis(1));
        assertThat(publisher.phase()).isEqualTo("ANNOUNCED");
        publisher.pass(Duration.ofMillis(1));

        assertThat(publisher.lastWords())
                .containsExactly("close socket 1", "close link -1", "close media", "start CLOSE (1.8 s)");
        publisher.take(gone(1), new Input.MediaGone());
        assertThat(publisher.eventWords()).containsExactly("Announced", "Closed NO_RELAY");
    }

    @Test
    void a_link_that_cannot_even_be_made_ends_it_at_once() {
        Driver<PublisherState> publisher = announced(relayed(secure()))
                .take(new Input.LinkFailed(PROBE, Operation.CREATE, "no such thing"))
                .take(gone(1), new Input.MediaGone());

        assertThat(event(publisher, SessionEvent.Closed.class).detail()).isEqualTo("no such thing");
        assertThat(publisher.eventWords()).endsWith("Closed NO_RELAY");
    }

    @Test
    void a_relay_of_the_first_viewer_answers_the_question_too() {
        Driver<PublisherState> publisher = announced(relayed(secure()));
        int anna = offered(publisher, "anna");
        assertThat(publisher.timers()).containsKeys(PROBING, Timer.of(Timer.Kind.RELAY, anna));

        publisher.take(gathered(anna));
        assertThat(publisher.lastWords()).contains("signal anna Candidates", "close link -1");
        assertThat(publisher.timers()).doesNotContainKeys(PROBING, Timer.of(Timer.Kind.RELAY, anna));
    }

    @Test
    void who_finds_no_relay_any_more_is_refused_and_ends_nothing() {
        Driver<PublisherState> publisher = announced(relayed(open(3))).take(gathered(PROBE));
        answered(publisher, "anna");
        publisher.pass(Times.RELAY);

        assertThat(publisher.eventWords()).endsWith("ViewerRefused viewer-1 NO_RELAY");
        assertThat(publisher.phase()).isEqualTo("ANNOUNCED");
    }

    @Test
    void who_asks_again_in_vain_is_refused_for_the_same_reason() {
        Driver<PublisherState> publisher = announced(relayed(open(3))).take(gathered(PROBE));
        answered(publisher, "anna");
        publisher.pass(Times.rebuild(1)).take(asks(1, "anna"));

        assertThat(publisher.eventWords()).endsWith("ViewerRefused viewer-1 NO_RELAY", "ViewerRequested viewer-2");
    }

    @Test
    void an_admission_while_it_still_looks_leaves_one_link() {
        Driver<PublisherState> publisher = announced(relayed(secure()));
        int anna = joined(publisher, "anna");

        assertThat(publisher.lastWords()).contains("close link -1", "release media on " + anna);
        assertThat(publisher.timers()).doesNotContainKey(PROBING);
        assertThat(publisher.take(gone(1)).phase()).isEqualTo("SEALED");
        assertThat(publisher.eventWords()).startsWith("Announced", "ViewerRequested viewer-1", "ViewerJoined viewer-1");
    }

    @Test
    void a_program_that_closes_it_closes_the_look_as_well() {
        assertThat(announced(relayed(secure())).take(new Input.CloseAsked()).lastWords())
                .contains("close link -1");
    }

    // ---- filters, at a publisher ------------------------------------------------------------------------------------

    @Test
    void a_peer_whose_candidates_are_all_filtered_out_is_refused_with_what_is_missing() {
        Driver<PublisherState> publisher = announced(secure());
        int anna = answered(publisher, "anna");
        publisher.take(dropped(anna, false, true)).pass(Times.CONNECT);

        SessionEvent.ViewerRefused refused = event(publisher, SessionEvent.ViewerRefused.class);
        assertThat(refused.reason()).isEqualTo(SessionEvent.RefusalReason.NO_PATH);
        assertThat(refused.detail()).isEqualTo("filtered out: theirs 2 host/udp");
        assertThat(publisher.phase()).as("the next one may have others").isEqualTo("ANNOUNCED");
    }

    @Test
    void a_candidate_that_came_after_all_makes_it_a_connection_that_failed() {
        Driver<PublisherState> publisher = announced(secure());
        int anna = answered(publisher, "anna");
        publisher.take(dropped(anna, false, true), dropped(anna, false, false)).take(changed(anna, LinkState.FAILED));

        assertThat(publisher.eventWords()).endsWith("ViewerRefused viewer-1 NO_CONNECTION");
        assertThat(event(publisher, SessionEvent.ViewerRefused.class).detail()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_filter_that_leaves_nothing_of_ours_ends_the_session(boolean answers) {
        Driver<PublisherState> publisher = announced(secure());
        int anna = answers ? answered(publisher, "anna") : offered(publisher, "anna");
        publisher.take(dropped(anna, true, false)).pass(answers ? Times.CONNECT : Times.ANSWER);
        publisher.take(gone(1), new Input.MediaGone());

        assertThat(publisher.eventWords()).endsWith("ViewerRefused viewer-1 SESSION_CLOSED", "Closed NO_PATH");
        assertThat(event(publisher, SessionEvent.Closed.class).detail()).isEqualTo("filtered out: theirs 2 host/udp");
    }

    @Test
    void who_is_watched_already_is_not_ended_by_it() {
        Driver<PublisherState> publisher = announced(open(3));
        joined(publisher, "anna");
        int bert = answered(publisher, "bert");
        publisher.take(dropped(bert, true, true), changed(bert, LinkState.FAILED));

        assertThat(publisher.eventWords()).endsWith("ViewerRefused viewer-2 NO_PATH");
        assertThat(publisher.phase()).isEqualTo("SERVING");
    }

    @Test
    void a_candidate_on_a_forbidden_path_is_refused_before_any_media_leaves() {
        Driver<PublisherState> publisher = announced(secure());
        int anna = answered(publisher, "anna");
        publisher.take(new Input.PathForbidden(anna, "host/udp"));

        assertThat(publisher.lastWords()).contains("close link " + anna).doesNotContain("release media on " + anna);
        assertThat(event(publisher, SessionEvent.ViewerRefused.class))
                .extracting(SessionEvent.ViewerRefused::reason, SessionEvent.ViewerRefused::detail)
                .containsExactly(SessionEvent.RefusalReason.NO_PATH, "the path was host/udp");

        int bert = answered(publisher, "bert");
        publisher.take(dropped(bert, false, false), new Input.PathForbidden(bert, "prflx/udp"));
        assertThat(publisher.events().get(publisher.events().size() - 1).toString())
                .contains("the path was prflx/udp; filtered out: theirs 2 host/udp");
    }

    @Test
    void a_viewer_who_moves_to_a_forbidden_path_is_out_and_in_secure_mode_that_is_the_end() {
        Driver<PublisherState> publisher = sealed().take(new Input.PathForbidden(1, "host/udp"), new Input.MediaGone());
        assertThat(publisher.eventWords()).endsWith("ViewerLeft viewer-1 FORBIDDEN_PATH", "Closed VIEWER_LEFT");
    }

    // ---- a viewer ---------------------------------------------------------------------------------------------------

    private static Driver<ViewerState> negotiating(ViewerRules rules) {
        return new Driver<>(new ViewerMachine(rules))
                .take(new Input.Start(), opened(1), says(1, "pub", offer("s1", certificate("pub"))));
    }

    private static String end(Driver<ViewerState> viewer) {
        viewer.take(gone(1), new Input.MediaGone());
        return Words.of(event(viewer, SessionEvent.Closed.class));
    }

    @Test
    void a_viewer_without_a_relay_in_ten_seconds_ends() {
        Driver<ViewerState> viewer = negotiating(relayed(viewer(STREAM)));
        assertThat(viewer.lastWords()).contains("start RELAY 1 (10 s)");
        viewer.pass(Times.RELAY);
        assertThat(end(viewer)).isEqualTo("Closed NO_RELAY");

        Driver<ViewerState> again = negotiating(relayed(viewer(STREAM)))
                .pass(Duration.ofSeconds(6))
                .take(says(1, "pub", offer("s2", certificate("pub"))));
        assertThat(again.lastWords()).as("of both attempts together").contains("start RELAY 2 (4 s)");

        Driver<ViewerState> other = negotiating(relayed(viewer(STREAM))).take(gathered(1));
        assertThat(other.timers()).doesNotContainKey(Timer.of(Timer.Kind.RELAY, 1));
        assertThat(negotiating(relayed(viewer(STREAM))).take(connected(1)).timers())
                .as("connected, so there is one")
                .doesNotContainKey(Timer.of(Timer.Kind.RELAY, 1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_viewer_whose_filter_leaves_nothing_on_one_side_ends_and_says_what_is_missing(boolean ours) {
        Driver<ViewerState> viewer = negotiating(viewer(STREAM)).take(dropped(1, ours, !ours));
        viewer.pass(Times.CONNECT);

        assertThat(end(viewer)).isEqualTo("Closed NO_PATH");
        assertThat(event(viewer, SessionEvent.Closed.class).detail()).isEqualTo("filtered out: theirs 2 host/udp");
    }

    @Test
    void a_viewer_that_has_candidates_left_asks_again() {
        Driver<ViewerState> viewer =
                negotiating(viewer(STREAM)).take(dropped(1, false, false), changed(1, LinkState.FAILED));
        assertThat(viewer.phase()).isEqualTo("ASKING");
    }

    @Test
    void a_viewer_on_a_forbidden_path_ends_and_one_that_moves_to_it_asks_again() {
        Driver<ViewerState> viewer = negotiating(viewer(STREAM)).take(new Input.PathForbidden(1, "host/udp"));
        assertThat(end(viewer)).isEqualTo("Closed NO_PATH");
        assertThat(event(viewer, SessionEvent.Closed.class).detail()).isEqualTo("the path was host/udp");

        Driver<ViewerState> moved =
                negotiating(viewer(STREAM)).take(connected(1), new Input.PathForbidden(1, "host/udp"));
        assertThat(moved.eventWords()).endsWith("StreamStarted camera1", "StreamEnded camera1 FORBIDDEN_PATH");
        assertThat(moved.phase()).isEqualTo("ASKING");
    }

    @Test
    void candidates_that_come_through_a_connection_do_not_show_that_its_path_is_allowed() {
        Driver<ViewerState> viewer = negotiating(viewer(STREAM)).take(heard(1, candidates(Side.PUBLISHER, "s1", true)));
        assertThat(viewer.lastWords()).containsExactly("add candidates on 1");
        assertThat(viewer.phase()).isEqualTo("NEGOTIATING");

        viewer.take(new Input.PathForbidden(1, "host/udp"));
        assertThat(end(viewer)).isEqualTo("Closed NO_PATH");
    }

    @Test
    void after_the_end_no_path_matters() {
        Driver<PublisherState> publisher = announced(relayed(secure())).take(new Input.CloseAsked());
        assertThat(publisher
                        .take(
                                gathered(PROBE),
                                dropped(1, true, true),
                                new Input.PathForbidden(1, "host/udp"),
                                new Input.TimerFired(PROBING),
                                asks(1, "anna"))
                        .last())
                .isEmpty();
    }
}
