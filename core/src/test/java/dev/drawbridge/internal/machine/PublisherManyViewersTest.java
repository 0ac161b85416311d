package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Publishers.announced;
import static dev.drawbridge.internal.machine.Publishers.answered;
import static dev.drawbridge.internal.machine.Publishers.joined;
import static dev.drawbridge.internal.machine.Publishers.offered;
import static dev.drawbridge.internal.machine.Samples.SESSION;
import static dev.drawbridge.internal.machine.Samples.answer;
import static dev.drawbridge.internal.machine.Samples.asking;
import static dev.drawbridge.internal.machine.Samples.asks;
import static dev.drawbridge.internal.machine.Samples.candidates;
import static dev.drawbridge.internal.machine.Samples.certificate;
import static dev.drawbridge.internal.machine.Samples.changed;
import static dev.drawbridge.internal.machine.Samples.connected;
import static dev.drawbridge.internal.machine.Samples.described;
import static dev.drawbridge.internal.machine.Samples.heard;
import static dev.drawbridge.internal.machine.Samples.open;
import static dev.drawbridge.internal.machine.Samples.request;
import static dev.drawbridge.internal.machine.Samples.says;
import static dev.drawbridge.internal.machine.Samples.sdp;
import static dev.drawbridge.internal.machine.Samples.secure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.ViewerApproval;
import dev.drawbridge.ViewerApproval.Role;
import dev.drawbridge.ViewerId;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.Message.Candidates.Side;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.SessionDescription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Without secure mode: the limit, who comes back, and the program's approval (with secure mode, too). */
class PublisherManyViewersTest {

    // ---- maxviewers -------------------------------------------------------------------------------------------------

    @Test
    void as_many_as_allowed_watch_and_the_next_one_is_full() {
        Driver<PublisherState> publisher = announced(open(2));
        joined(publisher, "anna");
        joined(publisher, "bert");
        publisher.take(asks(1, "carl"));

        assertThat(publisher.lastWords()).containsExactly("ViewerRequested viewer-3", "ViewerRefused viewer-3 FULL");
    }

    @Test
    void the_limit_is_exact_when_several_negotiate_side_by_side() {
        Driver<PublisherState> publisher = announced(open(2));
        int anna = answered(publisher, "anna");
        int bert = answered(publisher, "bert");
        int carl = answered(publisher, "carl");
        publisher.take(connected(carl), connected(anna), connected(bert));

        assertThat(publisher.lastWords()).containsExactly("close link 2", "ViewerRefused viewer-2 FULL");
        assertThat(((PublisherState.Open) publisher.state()).viewers()).hasSize(2);
    }

    @Test
    void a_place_is_free_again_once_its_viewer_has_left() {
        Driver<PublisherState> publisher = announced(open(1));
        int anna = joined(publisher, "anna");
        publisher.take(heard(anna, new Message.Bye()));
        assertThat(publisher.lastWords())
                .containsExactly("tell 1 Bye", "close link 1", "ViewerLeft viewer-1 BYE", "start REPEAT (2.5 s)");

        joined(publisher, "bert");
        assertThat(publisher.lastEventWords()).containsExactly("ViewerJoined viewer-2");
    }

    @Test
    void nobody_is_let_in_when_nobody_is_allowed() {
        Driver<PublisherState> publisher = announced(open(0)).take(asks(1, "anna"));

        assertThat(publisher.lastEventWords())
                .containsExactly("ViewerRequested viewer-1", "ViewerRefused viewer-1 FULL");
    }

    @Test
    void an_interrupted_viewer_keeps_its_place() {
        Driver<PublisherState> publisher = announced(open(1));
        int anna = joined(publisher, "anna");
        publisher.take(changed(anna, LinkState.DISCONNECTED), asks(1, "bert"));
        assertThat(publisher.lastEventWords()).endsWith("ViewerRefused viewer-2 FULL");

        assertThat(publisher.take(connected(anna)).lastEventWords()).containsExactly("ViewerResumed viewer-1");
    }

    @Test
    void without_secure_mode_the_server_is_kept() {
        Driver<PublisherState> publisher = announced(open(9));
        joined(publisher, "anna");

        assertThat(publisher.lastWords())
                .containsExactly(
                        "release media on 1",
                        "tell 1 PublisherInfo",
                        "ViewerJoined viewer-1",
                        "start PING 1 (1 s)",
                        "tell 1 Ping");
        assertThat(publisher.phase()).isEqualTo("SERVING");
        assertThat(publisher.timers()).containsOnlyKeys(Timer.of(Timer.Kind.PING, 1));
    }

    // ---- who comes back ---------------------------------------------------------------------------------------------

    @Test
    void a_viewer_that_watches_and_asks_again_is_ignored() {
        Driver<PublisherState> publisher = announced(open(9));
        joined(publisher, "anna");

        assertThat(publisher.take(asks(1, "anna")).last()).isEmpty();
    }

    @Test
    void an_interrupted_viewer_that_asks_again_is_replaced_by_itself() {
        Driver<PublisherState> publisher = announced(open(1));
        int anna = joined(publisher, "anna");
        publisher.take(changed(anna, LinkState.DISCONNECTED), asks(1, "anna"));

        assertThat(publisher.lastEventWords())
                .containsExactly("ViewerLeft viewer-1 REPLACED", "ViewerRequested viewer-2");
        assertThat(publisher.lastWords()).containsSubsequence("close link 1", "open link 2");
        assertThat(publisher.timers().keySet()).allMatch(timer -> timer.subject() == 2);
    }

    @Test
    void a_lost_viewer_leaves_and_the_session_goes_on() {
        Driver<PublisherState> publisher = announced(open(9));
        int anna = joined(publisher, "anna");
        publisher.take(changed(anna, LinkState.DISCONNECTED)).pass(Times.GRACE);

        assertThat(publisher.lastEventWords()).containsExactly("ViewerLeft viewer-1 LOST");
        assertThat(publisher.phase()).isEqualTo("ANNOUNCED");
    }

    @Test
    void a_viewer_that_breaks_a_security_rule_leaves_alone() {
        Driver<PublisherState> publisher = announced(open(9));
        int anna = joined(publisher, "anna");
        joined(publisher, "bert");
        publisher.take(
                heard(anna, new Message.IceRestartRequest()),
                described(anna, SessionDescription.Type.OFFER),
                heard(anna, answer(1, "eve")));

        assertThat(publisher.lastEventWords()).endsWith("ViewerLeft viewer-1 SECURITY_VIOLATION");
        assertThat(publisher.phase()).isEqualTo("SERVING");
    }

    @Test
    void the_server_cannot_end_a_viewer() {
        Driver<PublisherState> publisher = announced(open(9));
        joined(publisher, "anna");
        PublisherState before = publisher.state();
        publisher.take(
                says(1, "anna", new Message.Bye()),
                says(1, "anna", answer(1, "eve")),
                says(1, "anna", new Message.KeyFrameRequest()),
                says(1, "anna", new Message.BitrateRequest(0)));

        assertThat(publisher.state()).isEqualTo(before);
        assertThat(publisher.eventWords()).endsWith("ViewerJoined viewer-1");
    }

    @Test
    void data_goes_to_every_viewer_and_to_no_candidate() {
        Driver<PublisherState> publisher = announced(open(9));
        joined(publisher, "anna");
        joined(publisher, "bert");
        offered(publisher, "carl");
        publisher.take(Samples.data(Recipient.everybody()));

        assertThat(publisher.lastWords()).containsExactly("send Pipe to [1, 2]");
    }

    @Test
    void data_for_one_viewer_goes_to_no_other() {
        Driver<PublisherState> publisher = announced(open(9));
        joined(publisher, "anna");
        joined(publisher, "bert");
        publisher.take(Samples.data(new Recipient.OneViewer(new ViewerId(2, "bert"))));

        assertThat(publisher.lastWords()).containsExactly("send Pipe to [2]");
        assertThat(publisher.phase()).isEqualTo("SERVING");
    }

    @Test
    void data_for_somebody_who_is_not_in_goes_to_nobody() {
        Driver<PublisherState> publisher = announced(open(9));
        joined(publisher, "anna");
        offered(publisher, "carl");

        for (ViewerId viewer :
                List.of(new ViewerId(2, "carl"), new ViewerId(3, "dora"), new ViewerId(1, "anna in another session"))) {
            publisher.take(Samples.data(new Recipient.OneViewer(viewer)));
            assertThat(publisher.lastWords()).containsExactly("refuse data: NO_SUCH_PEER");
        }
    }

    @Test
    void a_stranger_does_not_speak_for_a_viewer() {
        Driver<PublisherState> publisher = announced(open(9));
        joined(publisher, "anna");

        assertThat(publisher
                        .take(says(1, "mallory", candidates(Side.VIEWER, SESSION + "1", true)))
                        .last())
                .isEmpty();
        assertThat(publisher
                        .take(says(1, "anna", candidates(Side.VIEWER, SESSION + "1", true)))
                        .lastWords())
                .containsExactly("add candidates on 1");
    }

    @Test
    void each_viewer_has_its_own_time() {
        Driver<PublisherState> publisher = announced(open(9));
        joined(publisher, "anna");
        int bert = joined(publisher, "bert");
        publisher.take(heard(bert, new Message.Pong("1"))).fire(Timer.of(Timer.Kind.PING, bert));
        assertThat(publisher.lastWords()).containsExactly("start PING 2 (1 s)", "tell 2 Ping");

        publisher.take(changed(1, LinkState.DISCONNECTED), changed(bert, LinkState.DISCONNECTED));
        publisher.fire(Timer.of(Timer.Kind.GRACE, bert));
        assertThat(publisher.lastEventWords()).containsExactly("ViewerLeft viewer-2 LOST");
    }

    // ---- approval ---------------------------------------------------------------------------------------------------

    private static int waiting(Driver<PublisherState> publisher, String peer) {
        int link = answered(publisher, peer);
        publisher.take(connected(link), heard(link, request(peer)));
        return link;
    }

    @Test
    void the_program_is_asked_once_the_viewer_is_connected_and_has_said_what_it_wants() {
        Driver<PublisherState> publisher = announced(asking(secure()));
        int anna = answered(publisher, "anna");
        assertThat(publisher.take(connected(anna)).last()).isEmpty();

        publisher.take(heard(anna, request("Anna")));
        assertThat(publisher.lastWords()).containsExactly("start APPROVAL 1 (30 s)", "ask the program about viewer-1");
        assertThat(publisher.timers()).containsOnlyKeys(Timer.of(Timer.Kind.APPROVAL, 1));
    }

    @Test
    void the_order_of_connection_and_request_does_not_matter() {
        Driver<PublisherState> publisher = announced(asking(secure()));
        int anna = answered(publisher, "anna");
        publisher.take(heard(anna, request("Anna")));
        assertThat(publisher.last()).isEmpty();

        assertThat(publisher.take(connected(anna)).lastWords()).contains("ask the program about viewer-1");
    }

    @Test
    void the_program_is_asked_once() {
        Driver<PublisherState> publisher = announced(asking(secure()));
        int anna = waiting(publisher, "anna");

        assertThat(publisher.take(heard(anna, request("Anna"))).last()).isEmpty();
    }

    @Test
    void no_media_leaves_before_the_program_agrees() {
        Driver<PublisherState> publisher = announced(asking(secure()));
        int anna = waiting(publisher, "anna");
        assertThat(publisher.effects()).noneMatch(Effect.ReleaseMedia.class::isInstance);

        publisher.take(new Input.Decided(anna, true));
        assertThat(publisher.last().get(0)).isEqualTo(new Effect.CloseSocket(1));
        assertThat(publisher.lastWords()).contains("release media on 1", "ViewerJoined viewer-1");
    }

    @Test
    void a_refused_viewer_leaves_room_for_the_next() {
        Driver<PublisherState> publisher = announced(asking(secure()));
        int anna = waiting(publisher, "anna");
        int bert = waiting(publisher, "bert");
        publisher.take(new Input.Decided(anna, false));
        assertThat(publisher.lastWords()).containsExactly("close link 1", "ViewerRefused viewer-1 NOT_APPROVED");

        publisher.take(new Input.Decided(bert, true));
        assertThat(publisher.lastEventWords()).containsExactly("ViewerJoined viewer-2", "LabelChanged");
    }

    @Test
    void a_program_that_says_nothing_for_thirty_seconds_has_said_no() {
        Driver<PublisherState> publisher = announced(asking(secure()));
        waiting(publisher, "anna");
        publisher.pass(Duration.ofSeconds(30));

        assertThat(publisher.lastEventWords()).containsExactly("ViewerRefused viewer-1 NOT_APPROVED");
    }

    @Test
    void two_approvals_at_once_admit_the_first_in_secure_mode() {
        Driver<PublisherState> publisher = announced(asking(secure()));
        int anna = waiting(publisher, "anna");
        int bert = waiting(publisher, "bert");
        publisher.take(new Input.Decided(bert, true), new Input.Decided(anna, true));

        assertThat(publisher.eventWords())
                .containsSubsequence("ViewerRefused viewer-1 BRIDGE_RAISED", "ViewerJoined viewer-2")
                .doesNotContain("ViewerJoined viewer-1");
    }

    @Test
    void approvals_beyond_the_limit_are_full() {
        Driver<PublisherState> publisher = announced(asking(open(1)));
        int anna = waiting(publisher, "anna");
        int bert = waiting(publisher, "bert");
        publisher.take(new Input.Decided(anna, true), new Input.Decided(bert, true));

        assertThat(publisher.lastEventWords()).containsExactly("ViewerRefused viewer-2 FULL");
    }

    @Test
    void an_approval_without_a_question_is_nothing() {
        Driver<PublisherState> publisher = announced(asking(secure()));
        int anna = answered(publisher, "anna");

        assertThat(publisher.take(new Input.Decided(anna, true)).last()).isEmpty();
        assertThat(publisher.take(new Input.Decided(99, true)).last()).isEmpty();
    }

    @Test
    void a_viewer_that_does_not_say_what_it_wants_is_refused_in_time() {
        Driver<PublisherState> publisher = announced(asking(secure()));
        int anna = answered(publisher, "anna");
        publisher.take(connected(anna)).pass(Times.CONNECT);

        assertThat(publisher.lastEventWords()).containsExactly("ViewerRefused viewer-1 NO_CONNECTION");
    }

    @Test
    void who_has_vanished_when_the_program_agrees_is_not_admitted() {
        Driver<PublisherState> publisher = announced(asking(secure()));
        int anna = joined(publisher, "anna");
        publisher.take(heard(anna, request("Anna")), changed(anna, LinkState.DISCONNECTED));
        publisher.take(new Input.Decided(anna, true));

        assertThat(publisher.lastWords())
                .containsExactly("close link 1", "ViewerRefused viewer-1 NO_CONNECTION", "start REPEAT (2.5 s)");
        assertThat(publisher.phase()).isEqualTo("ANNOUNCED");
    }

    @Test
    void who_was_away_for_a_moment_is_admitted_when_the_program_agrees() {
        Driver<PublisherState> publisher = announced(asking(secure()));
        int anna = joined(publisher, "anna");
        publisher.take(heard(anna, request("Anna")), changed(anna, LinkState.DISCONNECTED), connected(anna));
        assertThat(publisher.last()).as("asked once").isEmpty();

        publisher.take(new Input.Decided(anna, true));
        assertThat(publisher.lastEventWords()).containsExactly("ViewerJoined viewer-1", "LabelChanged");
    }

    // ---- what the server could make up ------------------------------------------------------------------------------

    @Test
    void the_server_cannot_renegotiate_what_stands() {
        Driver<PublisherState> publisher = announced(open(9));
        int anna = joined(publisher, "anna");
        assertThat(publisher
                        .take(says(1, "anna", new Message.IceRestartRequest()))
                        .last())
                .isEmpty();

        publisher.take(heard(anna, new Message.IceRestartRequest()), described(anna, SessionDescription.Type.OFFER));
        assertThat(publisher.take(says(1, "anna", answer(anna, "anna"))).last())
                .as("the offer went over the channel")
                .isEmpty();
        assertThat(publisher.take(heard(anna, answer(anna, "anna"))).lastWords())
                .containsExactly("accept answer on 1");
    }

    @Test
    void the_server_cannot_put_words_into_a_candidates_mouth() {
        Driver<PublisherState> publisher = announced(asking(secure()));
        int anna = joined(publisher, "anna");
        publisher.take(says(1, "anna", request("The Boss")));
        assertThat(publisher.last()).isEmpty();
        assertThat(publisher.take(says(1, "anna", new Message.Ping("1"))).last())
                .isEmpty();

        publisher.take(heard(anna, request("Anna")));
        assertThat(publisher.last()).contains(asked(anna, Role.VIEWER, "sha-256 " + certificate("anna")));
    }

    private static Effect asked(int link, Role role, String fingerprint) {
        return new Effect.AskApproval(
                link, new ViewerApproval.Request(new ViewerId(link, "anna"), "Anna", role, fingerprint));
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void the_program_is_told_which_role_a_viewer_claims(Role role) {
        Driver<PublisherState> publisher = announced(asking(secure()));
        int anna = joined(publisher, "anna");
        Message.ViewerRequest.Role claimed = Message.ViewerRequest.Role.valueOf(role.name());
        publisher.take(heard(anna, new Message.ViewerRequest(true, true, "Anna", claimed)));

        assertThat(publisher.last()).contains(asked(anna, role, "sha-256 " + certificate("anna")));
    }

    /** The library compares one of them, and a liar would put the one of somebody else beside its own. */
    @Test
    void of_several_fingerprints_the_program_is_told_none() {
        Driver<PublisherState> publisher = announced(asking(secure()));
        int anna = offered(publisher, "anna");
        String two = sdp(certificate("anna")) + "a=fingerprint:sha-512 " + certificate("bert") + "\r\n";
        publisher.take(
                says(1, "anna", new Message.Answer(Optional.empty(), two, true)),
                connected(anna),
                heard(anna, request("Anna")));

        assertThat(publisher.last()).contains(asked(anna, Role.VIEWER, ""));
    }

    @Test
    void what_a_candidate_wants_counts_already_for_it_says_so_once() {
        Driver<PublisherState> publisher = announced(asking(secure()));
        int anna = joined(publisher, "anna");

        assertThat(publisher.take(heard(anna, new Message.BitrateRequest(800))).lastWords())
                .containsExactly("limit video on 1 to 800 kbps");
        assertThat(publisher
                        .take(heard(anna, new Message.AudioBitrateRequest(64)))
                        .lastWords())
                .containsExactly("limit audio on 1 to 64 kbps");
    }

    @Test
    void a_grace_that_ends_after_the_return_ends_nothing() {
        Driver<PublisherState> publisher = announced(open(9));
        int anna = joined(publisher, "anna");
        publisher.take(
                changed(anna, LinkState.DISCONNECTED),
                connected(anna),
                new Input.TimerFired(Timer.of(Timer.Kind.GRACE, anna)));

        assertThat(publisher.last()).isEmpty();
    }
}
