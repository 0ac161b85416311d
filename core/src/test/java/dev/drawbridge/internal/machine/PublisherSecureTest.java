package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Publishers.announced;
import static dev.drawbridge.internal.machine.Publishers.answered;
import static dev.drawbridge.internal.machine.Publishers.joined;
import static dev.drawbridge.internal.machine.Publishers.offered;
import static dev.drawbridge.internal.machine.Publishers.sealed;
import static dev.drawbridge.internal.machine.Samples.SESSION;
import static dev.drawbridge.internal.machine.Samples.answer;
import static dev.drawbridge.internal.machine.Samples.asks;
import static dev.drawbridge.internal.machine.Samples.candidates;
import static dev.drawbridge.internal.machine.Samples.changed;
import static dev.drawbridge.internal.machine.Samples.connected;
import static dev.drawbridge.internal.machine.Samples.described;
import static dev.drawbridge.internal.machine.Samples.gathered;
import static dev.drawbridge.internal.machine.Samples.gone;
import static dev.drawbridge.internal.machine.Samples.heard;
import static dev.drawbridge.internal.machine.Samples.opened;
import static dev.drawbridge.internal.machine.Samples.says;
import static dev.drawbridge.internal.machine.Samples.secure;
import static dev.drawbridge.internal.machine.Samples.server;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.ViewerId;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.Message.Candidates.Side;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.PeerLinkListener.Operation;
import dev.drawbridge.spi.SessionDescription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntBiFunction;
import org.junit.jupiter.api.Test;

/** Secure mode: candidates, the admission, the seal, and the one viewer to the end. */
class PublisherSecureTest {
    private static final Timer PING = Timer.of(Timer.Kind.PING, 1);

    // ---- candidates -------------------------------------------------------------------------------------------------

    @Test
    void a_request_makes_a_candidate_with_an_offer_and_two_deadlines() {
        Driver<PublisherState> publisher = announced(secure()).take(asks(1, "anna"));

        assertThat(publisher.phase()).isEqualTo("NEGOTIATING");
        assertThat(publisher.lastWords())
                .containsExactly(
                        "ViewerRequested viewer-1",
                        "open link 1",
                        "make offer on 1",
                        "start ANSWER 1 (10 s)",
                        "start CONNECT 1 (20 s)");
    }

    @Test
    void an_offer_goes_to_the_one_who_asked_with_a_session_of_its_own() {
        Driver<PublisherState> publisher = announced(secure());
        offered(publisher, "anna");
        List<Effect> first = publisher.last();
        offered(publisher, "bert");

        assertThat(Words.of(first)).containsExactly("signal anna Offer");
        assertThat(publisher.lastWords()).containsExactly("signal bert Offer");
        assertThat(session(first)).isNotEqualTo(session(publisher.last()));
    }

    @Test
    void who_asks_twice_at_once_gets_one_offer() {
        Driver<PublisherState> publisher = announced(secure()).take(asks(1, "anna"), asks(1, "anna"));
        assertThat(publisher.last()).isEmpty();

        offered(publisher, "anna");
        publisher.pass(Times.ECHO.minusMillis(1));
        assertThat(publisher.take(asks(1, "anna")).last()).isEmpty();
    }

    @Test
    void who_asks_again_later_is_told_the_same_again() {
        Driver<PublisherState> publisher = announced(secure());
        int link = offered(publisher, "anna");
        List<Effect> offer = publisher.last();
        publisher.take(gathered(link), gathered(link)).pass(Times.ECHO).take(asks(1, "anna"));

        assertThat(publisher.lastWords()).containsExactly("signal anna Offer", "signal anna Candidates");
        assertThat(publisher.last()).startsWith(offer.get(0));
        Message.Candidates all =
                (Message.Candidates) ((Effect.SendSignal) publisher.last().get(1)).message();
        assertThat(all.list()).hasSize(2);
        assertThat(publisher.take(asks(1, "anna")).last()).as("an echo").isEmpty();
    }

    @Test
    void who_has_answered_and_asks_again_is_told_the_same_again_too() {
        Driver<PublisherState> publisher = announced(secure());
        answered(publisher, "anna");
        publisher.pass(Times.ECHO).take(asks(1, "anna"));

        assertThat(publisher.lastWords()).containsExactly("signal anna Offer");
        assertThat(publisher.take(connected(1)).phase()).isEqualTo("SEALING");
    }

    @Test
    void an_attempt_that_came_to_nothing_is_made_anew_when_its_peer_asks_again_and_each_has_longer() {
        Driver<PublisherState> publisher = announced(secure());
        answered(publisher, "anna");
        publisher.pass(Duration.ofSeconds(5)).take(asks(1, "anna"));
        assertThat(publisher.lastWords())
                .containsExactly(
                        "close link 1",
                        "ViewerRefused viewer-1 NO_CONNECTION",
                        "ViewerRequested viewer-2",
                        "open link 2",
                        "make offer on 2",
                        "start ANSWER 2 (10 s)",
                        "start CONNECT 2 (20 s)");

        publisher
                .take(described(2, SessionDescription.Type.OFFER), says(1, "anna", answer(2, "anna")))
                .pass(Duration.ofMillis(9_999));
        assertThat(publisher.take(asks(1, "anna")).lastWords()).containsExactly("signal anna Offer");
        publisher.pass(Duration.ofMillis(1)).take(asks(1, "anna"));
        assertThat(publisher.lastEventWords())
                .containsExactly("ViewerRefused viewer-2 NO_CONNECTION", "ViewerRequested viewer-3");
    }

    @Test
    void who_is_connected_or_waits_for_approval_is_not_offered_again() {
        Driver<PublisherState> publisher = announced(Samples.asking(secure()));
        publisher.take(connected(answered(publisher, "anna"))).pass(Duration.ofSeconds(8));
        assertThat(publisher.take(asks(1, "anna")).last()).isEmpty();

        publisher.take(heard(1, Samples.request("Anna")), changed(1, LinkState.DISCONNECTED));
        assertThat(publisher.take(asks(1, "anna")).last()).isEmpty();
    }

    @Test
    void no_candidate_gets_media_before_it_is_admitted() {
        Driver<PublisherState> publisher = announced(secure());
        int link = answered(publisher, "anna");
        publisher.take(
                says(1, "anna", candidates(Side.VIEWER, SESSION + "1", true)),
                gathered(link),
                new Input.ChannelOpened(link),
                heard(link, Samples.request("Anna")));

        assertThat(publisher.effects()).noneMatch(Effect.ReleaseMedia.class::isInstance);
    }

    @Test
    void a_silent_requester_does_not_keep_the_next_viewer_out() {
        Driver<PublisherState> publisher = announced(secure());
        offered(publisher, "ghost");
        joined(publisher, "anna");

        assertThat(publisher.phase()).isEqualTo("SEALING");
        assertThat(publisher.lastEventWords())
                .containsExactly("ViewerRefused viewer-1 BRIDGE_RAISED", "ViewerJoined viewer-2");
    }

    @Test
    void a_silent_requester_is_refused_after_ten_seconds() {
        Driver<PublisherState> publisher = announced(secure());
        offered(publisher, "ghost");
        publisher.pass(Duration.ofMillis(9_999));
        assertThat(publisher.phase()).isEqualTo("NEGOTIATING");

        publisher.pass(Duration.ofMillis(1));
        assertThat(publisher.phase()).isEqualTo("ANNOUNCED");
        assertThat(publisher.lastWords())
                .containsExactly("close link 1", "ViewerRefused viewer-1 NO_ANSWER", "start REPEAT (2.5 s)");
        assertThat(publisher.timers()).containsOnlyKeys(Timer.of(Timer.Kind.REPEAT));
    }

    @Test
    void who_answers_and_never_connects_is_refused_after_twenty_seconds() {
        Driver<PublisherState> publisher = announced(secure());
        answered(publisher, "anna");
        publisher.pass(Duration.ofSeconds(20));

        assertThat(publisher.lastEventWords()).containsExactly("ViewerRefused viewer-1 NO_CONNECTION");
        assertThat(publisher.timers()).containsOnlyKeys(Timer.of(Timer.Kind.REPEAT));
    }

    @Test
    void who_was_refused_may_ask_again_as_another_viewer() {
        Driver<PublisherState> publisher = announced(secure());
        offered(publisher, "anna");
        publisher.pass(Duration.ofSeconds(10)).take(asks(1, "anna"));

        assertThat(publisher.lastEventWords()).containsExactly("ViewerRequested viewer-2");
    }

    /** All places are taken by others, who have come at once and {@code reached} this far. */
    private static Driver<PublisherState> crowded(
            PublisherRules rules, ToIntBiFunction<Driver<PublisherState>, String> reached) {
        Driver<PublisherState> publisher = announced(rules);
        for (int i = 1; i <= PublisherRules.MAX_CANDIDATES; i++) {
            int unused = reached.applyAsInt(publisher, "ghost" + i);
        }
        return publisher;
    }

    @Test
    void one_more_than_there_are_places_pushes_out_the_oldest_silent_one() {
        Driver<PublisherState> publisher = announced(secure());
        answered(publisher, "busy");
        for (int i = 2; i <= PublisherRules.MAX_CANDIDATES; i++) {
            offered(publisher, "ghost" + i);
        }
        publisher.pass(Times.TENURE).take(asks(1, "anna"));

        assertThat(publisher.lastEventWords())
                .containsExactly("ViewerRequested viewer-65", "ViewerRefused viewer-2 NO_ANSWER");
        assertThat(((PublisherState.Open) publisher.state()).candidates()).hasSize(PublisherRules.MAX_CANDIDATES);
    }

    @Test
    void who_answers_and_never_connects_keeps_nobody_out() {
        Driver<PublisherState> publisher = crowded(secure(), Publishers::answered);
        publisher.pass(Times.TENURE).take(asks(1, "anna"));
        assertThat(publisher.lastEventWords())
                .containsExactly("ViewerRequested viewer-65", "ViewerRefused viewer-1 NO_CONNECTION");

        publisher.take(described(65, SessionDescription.Type.OFFER), says(1, "anna", answer(65, "anna")));
        assertThat(publisher.take(connected(65)).lastEventWords()).endsWith("ViewerJoined viewer-65");
    }

    @Test
    void who_is_new_is_not_pushed_out() {
        Driver<PublisherState> publisher = crowded(secure(), Publishers::offered);
        publisher.pass(Times.TENURE.minusMillis(1)).take(asks(1, "anna"));

        assertThat(publisher.lastWords()).containsExactly("ViewerRequested viewer-65", "ViewerRefused viewer-65 FULL");
    }

    @Test
    void one_more_is_refused_when_all_are_connected_and_wait_for_approval() {
        Driver<PublisherState> publisher = crowded(Samples.asking(secure()), Publishers::joined);
        publisher.pass(Times.TENURE).take(asks(1, "anna"));

        assertThat(publisher.lastWords()).containsExactly("ViewerRequested viewer-65", "ViewerRefused viewer-65 FULL");
    }

    @Test
    void an_answer_for_another_session_is_dropped() {
        Driver<PublisherState> publisher = announced(secure());
        int link = offered(publisher, "anna");

        assertThat(publisher.take(says(1, "anna", answer(link + 1, "anna"))).last())
                .isEmpty();
    }

    @Test
    void an_answer_without_a_session_is_taken() {
        Driver<PublisherState> publisher = announced(secure());
        offered(publisher, "anna");
        publisher.take(
                says(1, "anna", new Message.Answer(Optional.empty(), Samples.sdp(Samples.certificate("anna")), true)));

        assertThat(publisher.lastWords()).containsExactly("accept answer on 1");
    }

    @Test
    void a_second_answer_is_dropped() {
        Driver<PublisherState> publisher = announced(secure());
        int link = answered(publisher, "anna");

        assertThat(publisher.take(says(1, "anna", answer(link, "mallory"))).last())
                .isEmpty();
    }

    @Test
    void what_strangers_say_is_dropped() {
        Driver<PublisherState> publisher = announced(secure());
        offered(publisher, "anna");

        assertThat(publisher.take(says(1, "mallory", answer(1, "mallory"))).last())
                .isEmpty();
        assertThat(publisher
                        .take(says(1, "mallory", candidates(Side.VIEWER, SESSION + "1", true)))
                        .last())
                .isEmpty();
    }

    @Test
    void our_candidates_go_to_the_peer_and_its_candidates_to_the_link() {
        Driver<PublisherState> publisher = announced(secure());
        int link = offered(publisher, "anna");

        assertThat(publisher.take(gathered(link)).lastWords()).containsExactly("signal anna Candidates");
        publisher.take(says(1, "anna", candidates(Side.VIEWER, SESSION + "1", true)));
        assertThat(publisher.lastWords()).containsExactly("add candidates on 1");
    }

    @Test
    void candidates_of_the_wrong_side_or_session_are_dropped() {
        Driver<PublisherState> publisher = announced(secure());
        offered(publisher, "anna");

        assertThat(publisher
                        .take(says(1, "anna", candidates(Side.PUBLISHER, SESSION + "1", true)))
                        .last())
                .isEmpty();
        assertThat(publisher
                        .take(says(1, "anna", candidates(Side.VIEWER, "other", true)))
                        .last())
                .isEmpty();
    }

    @Test
    void a_candidate_whose_connection_fails_is_refused() {
        Driver<PublisherState> publisher = announced(secure());
        int link = answered(publisher, "anna");
        publisher.take(changed(link, LinkState.FAILED));

        assertThat(publisher.lastWords())
                .containsExactly("close link 1", "ViewerRefused viewer-1 NO_CONNECTION", "start REPEAT (2.5 s)");
    }

    @Test
    void a_candidate_whose_answer_is_garbage_is_refused() {
        Driver<PublisherState> publisher = announced(secure());
        int link = answered(publisher, "anna");
        publisher.take(new Input.LinkFailed(link, Operation.ACCEPT, "bad SDP"));

        assertThat(publisher.lastWords())
                .containsExactly(
                        "ProtocolViolation BAD_DESCRIPTION",
                        "close link 1",
                        "ViewerRefused viewer-1 BAD_PEER",
                        "start REPEAT (2.5 s)");
    }

    @Test
    void a_bad_candidate_line_costs_only_itself() {
        Driver<PublisherState> publisher = announced(secure());
        int link = answered(publisher, "anna");
        publisher.take(new Input.LinkFailed(link, Operation.ADD_CANDIDATE, "bad line"));
        assertThat(publisher.lastWords()).containsExactly("ProtocolViolation BAD_CANDIDATE");

        assertThat(publisher.take(connected(link)).phase()).isEqualTo("SEALING");
    }

    @Test
    void a_candidate_that_closes_its_channel_has_withdrawn() {
        Driver<PublisherState> publisher = announced(secure());
        int link = answered(publisher, "anna");

        assertThat(publisher.take(new Input.ChannelClosed(link)).lastEventWords())
                .containsExactly("ViewerRefused viewer-1 WITHDRAWN");
    }

    // ---- the admission ----------------------------------------------------------------------------------------------

    @Test
    void the_first_who_is_connected_is_admitted_and_the_gate_shuts_first() {
        Driver<PublisherState> publisher = announced(secure());
        joined(publisher, "anna");

        assertThat(publisher.phase()).isEqualTo("SEALING");
        assertThat(publisher.last().get(0)).isEqualTo(new Effect.CloseSocket(1));
        assertThat(publisher.lastWords())
                .containsExactly(
                        "close socket 1",
                        "release media on 1",
                        "tell 1 PublisherInfo",
                        "ViewerJoined viewer-1",
                        "start PING 1 (1 s)",
                        "tell 1 Ping",
                        "start SEAL (5 s)");
    }

    @Test
    void everybody_else_is_refused_in_the_same_step() {
        Driver<PublisherState> publisher = announced(secure());
        offered(publisher, "silent");
        answered(publisher, "slow");
        joined(publisher, "anna");

        assertThat(publisher.lastWords())
                .containsSubsequence(
                        "close socket 1",
                        "close link 1",
                        "ViewerRefused viewer-1 BRIDGE_RAISED",
                        "close link 2",
                        "ViewerRefused viewer-2 BRIDGE_RAISED",
                        "release media on 3",
                        "ViewerJoined viewer-3");
        assertThat(publisher.timers()).containsOnlyKeys(Timer.of(Timer.Kind.SEAL), Timer.of(Timer.Kind.PING, 3));
    }

    @Test
    void the_second_who_connects_finds_nobody() {
        Driver<PublisherState> publisher = announced(secure());
        int slow = answered(publisher, "slow");
        joined(publisher, "anna");

        assertThat(publisher.take(connected(slow)).last()).isEmpty();
        assertThat(publisher.take(asks(1, "late")).last()).isEmpty();
        assertThat(publisher.effects().stream().filter(Effect.ReleaseMedia.class::isInstance))
                .hasSize(1);
    }

    @Test
    void the_viewer_is_told_that_the_session_is_secure() {
        Driver<PublisherState> publisher = announced(secure());
        joined(publisher, "anna");

        assertThat(publisher.last()).contains(new Effect.SendChannel(1, new Message.PublisherInfo("cam", true)));
    }

    @Test
    void after_the_admission_no_frame_goes_to_the_server_whatever_happens() {
        Driver<PublisherState> publisher = announced(secure());
        int link = joined(publisher, "anna");
        int before = publisher.effects().size();
        publisher.take(
                gathered(link),
                described(link, SessionDescription.Type.OFFER),
                asks(1, "bert"),
                server(1, new Message.StreamIdTaken()),
                server(1, new Message.IdentityRejected()),
                says(1, "anna", new Message.IceRestartRequest()),
                new Input.TimerFired(Timer.of(Timer.Kind.RESEED)),
                new Input.TimerFired(Timer.of(Timer.Kind.RECONNECT)),
                gone(1),
                opened(2),
                asks(2, "carl"),
                gathered(link));

        assertThat(Words.of(
                        publisher.effects().subList(before, publisher.effects().size())))
                .containsExactly("tell 1 Candidates", "tell 1 Offer", "Sealed viewer-1", "tell 1 Candidates");
    }

    @Test
    void a_viewer_admitted_while_the_server_is_lost_needs_no_gate() {
        Driver<PublisherState> publisher = announced(secure());
        int link = answered(publisher, "anna");
        publisher.take(gone(1), connected(link));

        assertThat(publisher.phase()).isEqualTo("SEALED");
        assertThat(publisher.lastEventWords()).containsExactly("ViewerJoined viewer-1", "Sealed viewer-1");
        assertThat(publisher.timers()).as("nobody reconnects").containsOnlyKeys(PING);
    }

    @Test
    void a_viewer_admitted_while_the_server_is_dialled_again_stops_the_dialling() {
        Driver<PublisherState> publisher = announced(secure());
        int link = answered(publisher, "anna");
        publisher.take(gone(1)).fire(Timer.of(Timer.Kind.RECONNECT));
        publisher.take(connected(link));

        assertThat(publisher.last().get(0)).isEqualTo(new Effect.CloseSocket(2));
        assertThat(publisher.phase()).isEqualTo("SEALING");
        assertThat(publisher.take(opened(2)).last()).isEmpty();
        assertThat(publisher.take(gone(2)).lastEventWords()).containsExactly("Sealed viewer-1");
    }

    @Test
    void a_socket_that_was_told_to_go_and_is_not_gone_yet_delays_the_seal() {
        Driver<PublisherState> publisher = announced(secure());
        int link = answered(publisher, "anna");
        publisher.take(server(1, new Message.IdentityRejected()), connected(link));
        assertThat(publisher.phase()).isEqualTo("SEALING");
        assertThat(publisher.eventWords()).doesNotContain("Sealed viewer-1");

        assertThat(publisher.take(gone(1)).lastEventWords()).containsExactly("Sealed viewer-1");
    }

    // ---- the seal ---------------------------------------------------------------------------------------------------

    @Test
    void sealed_is_told_when_the_socket_is_gone_and_not_before() {
        Driver<PublisherState> publisher = announced(secure());
        joined(publisher, "anna");
        assertThat(publisher.eventWords()).doesNotContain("Sealed viewer-1");
        assertThat(publisher.take(gone(7)).phase()).isEqualTo("SEALING");

        publisher.take(gone(1));
        assertThat(publisher.phase()).isEqualTo("SEALED");
        assertThat(publisher.eventWords())
                .containsExactly("Announced", "ViewerRequested viewer-1", "ViewerJoined viewer-1", "Sealed viewer-1");
        assertThat(publisher.timers()).containsOnlyKeys(PING);
    }

    @Test
    void a_socket_that_does_not_go_ends_the_session_instead_of_a_false_promise() {
        Driver<PublisherState> publisher = announced(secure());
        joined(publisher, "anna");
        publisher.pass(Times.SEAL);

        assertThat(publisher.lastWords())
                .containsExactly(
                        "tell 1 Bye", "ViewerLeft viewer-1 SESSION_CLOSED", "close media", "start CLOSE (1.8 s)");
        publisher.take(new Input.MediaGone()).pass(Times.CLOSE);
        assertThat(publisher.lastWords()).containsExactly("Closed INTERNAL_ERROR", "finish");
        assertThat(publisher.eventWords()).doesNotContain("Sealed viewer-1");
    }

    @Test
    void renegotiation_goes_over_the_channel() {
        Driver<PublisherState> publisher = sealed();
        publisher.take(heard(1, new Message.IceRestartRequest()));
        assertThat(publisher.lastWords()).containsExactly("restart ICE on 1");

        publisher.take(described(1, SessionDescription.Type.OFFER));
        assertThat(publisher.lastWords()).containsExactly("tell 1 Offer");
        publisher.take(heard(1, answer(1, "anna", false)));
        assertThat(publisher.lastWords()).containsExactly("accept answer on 1");
    }

    @Test
    void one_offer_at_a_time_is_open() {
        Driver<PublisherState> publisher = sealed().take(heard(1, new Message.IceRestartRequest()));

        assertThat(publisher.take(heard(1, new Message.IceRestartRequest())).last())
                .isEmpty();
    }

    @Test
    void an_ice_restart_that_fails_here_does_not_block_the_next_one() {
        Driver<PublisherState> publisher = sealed().take(
                        heard(1, new Message.IceRestartRequest()),
                        new Input.LinkFailed(1, Operation.OFFER, "no"),
                        heard(1, new Message.IceRestartRequest()));

        assertThat(publisher.lastWords()).containsExactly("restart ICE on 1");
    }

    @Test
    void an_answer_that_the_library_refuses_does_not_block_the_next_restart() {
        Driver<PublisherState> publisher = sealed().take(
                        heard(1, new Message.IceRestartRequest()),
                        new Input.LinkFailed(1, Operation.ACCEPT, "no"),
                        heard(1, new Message.IceRestartRequest()));

        assertThat(publisher.lastWords()).containsExactly("restart ICE on 1");
    }

    @Test
    void another_thing_that_fails_leaves_the_offer_open() {
        Driver<PublisherState> publisher = sealed().take(
                        heard(1, new Message.IceRestartRequest()),
                        new Input.LinkFailed(1, Operation.ADD_CANDIDATE, "no"),
                        heard(1, new Message.IceRestartRequest()));

        assertThat(publisher.last()).isEmpty();
    }

    @Test
    void the_viewers_answer_for_another_session_is_dropped() {
        Driver<PublisherState> publisher = sealed().take(
                        heard(1, new Message.IceRestartRequest()),
                        described(1, SessionDescription.Type.OFFER),
                        heard(1, answer(2, "mallory")));

        assertThat(publisher.last()).isEmpty();
        assertThat(publisher.take(heard(1, answer(1, "anna"))).lastWords()).containsExactly("accept answer on 1");
    }

    @Test
    void an_answer_with_another_certificate_ends_the_session() {
        Driver<PublisherState> publisher = sealed().take(
                        heard(1, new Message.IceRestartRequest()),
                        described(1, SessionDescription.Type.OFFER),
                        heard(1, answer(1, "mallory")));

        assertThat(publisher.lastEventWords())
                .containsExactly("ProtocolViolation FINGERPRINT_CHANGED", "ViewerLeft viewer-1 SECURITY_VIOLATION");
        publisher.take(new Input.MediaGone());
        assertThat(publisher.lastEventWords()).containsExactly("Closed SECURITY_VIOLATION");
    }

    @Test
    void the_viewers_channel_is_answered() {
        Driver<PublisherState> publisher = sealed();

        assertThat(publisher.take(heard(1, new Message.Ping("7"))).last())
                .containsExactly(new Effect.SendChannel(1, new Message.Pong("7")));
        assertThat(publisher.take(heard(1, new Message.KeyFrameRequest())).lastWords())
                .containsExactly("key frame on 1");
        assertThat(publisher.take(heard(1, new Message.BitrateRequest(300))).lastWords())
                .containsExactly("limit video on 1 to 300 kbps");
        assertThat(publisher.take(heard(1, new Message.Privileged("zoom"))).lastWords())
                .containsExactly("ask the program about viewer-1's zoom");
        assertThat(publisher.take(heard(1, new Message.Pipe("\"hi\""))).lastWords())
                .containsExactly("DataReceived");
        assertThat(publisher.take(heard(1, new Message.Chat("hello"))).lastWords())
                .containsExactly("ChatReceived");
        assertThat(publisher.take(heard(1, new Message.Malformed("x"))).lastWords())
                .containsExactly("ProtocolViolation MALFORMED");
    }

    @Test
    void data_of_the_program_goes_to_the_viewer() {
        Driver<PublisherState> publisher = sealed().take(Samples.data(Recipient.everybody()));
        assertThat(publisher.last()).containsExactly(new Effect.SendData(7, List.of(1), new Message.Pipe("1")));

        assertThat(publisher
                        .take(Samples.data(new Recipient.OneViewer(new ViewerId(2, "bert"))))
                        .lastWords())
                .containsExactly("refuse data: NO_SUCH_PEER");
        assertThat(publisher
                        .take(new Input.CloseAsked(), Samples.data(Recipient.everybody()))
                        .lastWords())
                .containsExactly("refuse data: SESSION_CLOSED");
    }

    // ---- interruption and the end -----------------------------------------------------------------------------------

    @Test
    void a_short_interruption_is_told_and_over_without_a_new_viewer() {
        Driver<PublisherState> publisher = sealed().take(changed(1, LinkState.DISCONNECTED));
        assertThat(publisher.phase()).isEqualTo("INTERRUPTED");
        assertThat(publisher.lastWords()).containsExactly("ViewerInterrupted viewer-1", "start GRACE 1 (10 s)");

        publisher.pass(Duration.ofSeconds(9)).take(connected(1));
        assertThat(publisher.phase()).isEqualTo("SEALED");
        assertThat(publisher.lastWords()).containsExactly("ViewerResumed viewer-1");
        assertThat(publisher.timers()).containsOnlyKeys(PING);
    }

    @Test
    void an_interruption_is_told_once_and_its_grace_begins_once() {
        Driver<PublisherState> publisher = sealed().take(changed(1, LinkState.DISCONNECTED));
        publisher.pass(Duration.ofSeconds(6)).take(changed(1, LinkState.DISCONNECTED));
        assertThat(publisher.last()).isEmpty();

        publisher.pass(Duration.ofSeconds(4));
        assertThat(publisher.lastEventWords()).containsExactly("ViewerLeft viewer-1 LOST");
    }

    @Test
    void after_the_grace_the_viewer_has_left_and_the_session_is_over() {
        Driver<PublisherState> publisher = sealed().take(changed(1, LinkState.DISCONNECTED));
        publisher.pass(Times.GRACE);
        assertThat(publisher.phase()).isEqualTo("CLOSING");

        publisher.take(new Input.MediaGone());
        assertThat(publisher.phase()).isEqualTo("CLOSED");
        assertThat(publisher.eventWords())
                .endsWith("ViewerInterrupted viewer-1", "ViewerLeft viewer-1 LOST", "Closed VIEWER_LEFT");
    }

    @Test
    void a_failed_connection_is_lost_at_once() {
        assertThat(sealed().take(changed(1, LinkState.FAILED)).lastEventWords())
                .containsExactly("ViewerLeft viewer-1 LOST");
    }

    @Test
    void a_goodbye_ends_the_session() {
        Driver<PublisherState> publisher = sealed().take(heard(1, new Message.Bye()), new Input.MediaGone());

        assertThat(publisher.eventWords()).endsWith("ViewerLeft viewer-1 BYE", "Closed VIEWER_LEFT");
    }

    @Test
    void a_closed_channel_ends_the_session() {
        Driver<PublisherState> publisher = sealed().take(new Input.ChannelClosed(1), new Input.MediaGone());

        assertThat(publisher.eventWords()).endsWith("ViewerLeft viewer-1 CHANNEL_CLOSED", "Closed VIEWER_LEFT");
    }

    @Test
    void disconnecting_the_viewer_ends_the_session() {
        Driver<PublisherState> publisher = sealed().take(new Input.DisconnectAsked(1), new Input.MediaGone());

        assertThat(publisher.eventWords()).endsWith("ViewerLeft viewer-1 DISCONNECTED", "Closed VIEWER_LEFT");
    }

    @Test
    void a_viewer_who_leaves_during_the_seal_ends_the_session_once_the_socket_is_gone() {
        Driver<PublisherState> publisher = announced(secure());
        joined(publisher, "anna");
        publisher.take(heard(1, new Message.Bye()), new Input.MediaGone());
        assertThat(publisher.phase()).isEqualTo("CLOSING");

        publisher.take(gone(1));
        assertThat(publisher.eventWords())
                .endsWith("ViewerJoined viewer-1", "ViewerLeft viewer-1 BYE", "Closed VIEWER_LEFT");
    }

    @Test
    void what_other_links_do_after_the_seal_is_nobodys_business() {
        Driver<PublisherState> publisher = sealed();
        PublisherState before = publisher.state();
        publisher.take(connected(2), heard(2, new Message.Bye()), new Input.ChannelClosed(2));

        assertThat(publisher.state()).isEqualTo(before);
    }

    @Test
    void closing_a_sealed_session_says_goodbye() {
        Driver<PublisherState> publisher = sealed().take(new Input.CloseAsked());
        assertThat(publisher.lastWords())
                .containsExactly(
                        "tell 1 Bye", "ViewerLeft viewer-1 SESSION_CLOSED", "close media", "start CLOSE (1.8 s)");

        publisher.take(new Input.MediaGone());
        assertThat(publisher.lastWords()).containsExactly("Closed CLOSED_BY_APPLICATION", "finish");
    }

    private static Optional<String> session(List<Effect> effects) {
        Effect.SendSignal send = (Effect.SendSignal) effects.get(0);
        return ((Message.Offer) send.message()).session();
    }

    @Test
    void nobody_is_admitted_who_has_not_answered() {
        Driver<PublisherState> publisher = announced(secure());
        int anna = offered(publisher, "anna");
        publisher.take(connected(anna));

        assertThat(publisher.last()).isEmpty();
        assertThat(publisher.phase()).isEqualTo("NEGOTIATING");
    }
}
