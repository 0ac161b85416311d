package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Publishers.announced;
import static dev.drawbridge.internal.machine.Publishers.answered;
import static dev.drawbridge.internal.machine.Publishers.joined;
import static dev.drawbridge.internal.machine.Publishers.offered;
import static dev.drawbridge.internal.machine.Samples.SESSION;
import static dev.drawbridge.internal.machine.Samples.answer;
import static dev.drawbridge.internal.machine.Samples.asks;
import static dev.drawbridge.internal.machine.Samples.candidates;
import static dev.drawbridge.internal.machine.Samples.described;
import static dev.drawbridge.internal.machine.Samples.encrypted;
import static dev.drawbridge.internal.machine.Samples.end;
import static dev.drawbridge.internal.machine.Samples.gone;
import static dev.drawbridge.internal.machine.Samples.heard;
import static dev.drawbridge.internal.machine.Samples.open;
import static dev.drawbridge.internal.machine.Samples.opened;
import static dev.drawbridge.internal.machine.Samples.room;
import static dev.drawbridge.internal.machine.Samples.says;
import static dev.drawbridge.internal.machine.Samples.secure;
import static dev.drawbridge.internal.machine.Samples.server;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Dialect;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.Message.Candidates.Side;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.spi.SignalingEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The publisher and the handshake server: announce, lose, restore, close. */
class PublisherServerTest {

    private static final Timer REPEAT = Timer.of(Timer.Kind.REPEAT);

    private static Driver<PublisherState> fresh(PublisherRules rules) {
        return new Driver<>(new PublisherMachine(rules));
    }

    // ---- the first connection ---------------------------------------------------------------------------------------

    @Test
    void start_opens_a_socket_and_the_open_socket_announces() {
        Driver<PublisherState> publisher = fresh(secure()).take(new Input.Start());
        assertThat(publisher.phase()).isEqualTo("CONNECTING");
        assertThat(publisher.lastWords()).containsExactly("open socket 1", "start DIAL (15 s)");

        publisher.take(opened(1));
        assertThat(publisher.phase()).isEqualTo("ANNOUNCED");
        assertThat(publisher.lastWords()).containsExactly("signal Seed", "Announced", "start REPEAT (2.5 s)");
        assertThat(publisher.timers()).containsOnlyKeys(REPEAT);
    }

    @ParameterizedTest
    @CsvSource({
        "UNREACHABLE, SERVER_UNREACHABLE",
        "TLS_FAILED, TLS_FAILED",
        "REFUSED, SERVER_REFUSED",
        "PROTOCOL_ERROR, SERVER_PROTOCOL",
        "CLOSED_BY_SERVER, SERVER_UNREACHABLE",
        "LOST, SERVER_UNREACHABLE"
    })
    void a_first_connection_that_fails_ends_the_session_with_its_cause(SignalingEnd.Kind end, String reason) {
        Driver<PublisherState> publisher =
                fresh(secure()).take(new Input.Start(), new Input.SocketGone(1, end(end)), new Input.MediaGone());

        assertThat(publisher.phase()).as("nothing is waited for").isEqualTo("CLOSED");
        assertThat(publisher.eventWords()).containsExactly("Closed " + reason);
    }

    @Test
    void a_server_that_does_not_answer_in_time_is_given_up() {
        Driver<PublisherState> publisher =
                fresh(secure()).take(new Input.Start()).pass(Times.DIAL);
        assertThat(publisher.lastWords()).containsExactly("close socket 1", "close media", "start CLOSE (1.8 s)");

        publisher.take(new Input.MediaGone());
        assertThat(publisher.phase()).as("the socket may still exist").isEqualTo("CLOSING");
        assertThat(publisher.take(gone(1)).lastWords()).containsExactly("Closed SERVER_UNREACHABLE", "finish");
    }

    // ---- rooms ------------------------------------------------------------------------------------------------------

    @Test
    void in_a_hosted_room_the_listing_comes_before_the_announcement() {
        Driver<PublisherState> publisher = announced(room(secure(), Dialect.HOSTED));
        assertThat(publisher.phase()).isEqualTo("CONNECTING");
        assertThat(publisher.lastWords()).containsExactly("signal JoinRoom", "start LISTING (2.5 s)");

        publisher.take(server(1, new Message.Listing(List.of())));
        assertThat(publisher.lastWords()).containsExactly("signal Seed", "Announced", "start REPEAT (2.5 s)");
        assertThat(publisher.timers()).containsOnlyKeys(REPEAT);
    }

    @Test
    void without_a_listing_the_room_is_entered_once_more_and_then_the_stream_announced_all_the_same() {
        Driver<PublisherState> publisher =
                announced(room(secure(), Dialect.HOSTED)).pass(Times.LISTING);
        assertThat(publisher.lastWords()).containsExactly("signal JoinRoom", "start LISTING (2.5 s)");

        publisher.pass(Times.LISTING);

        assertThat(publisher.lastWords()).containsExactly("signal Seed", "Announced", "start REPEAT (2.5 s)");

        publisher.pass(Times.repeat(0));
        assertThat(publisher.lastWords())
                .as("perhaps it was never heard that we came")
                .containsExactly("signal JoinRoom", "signal Seed", "start REPEAT (2.5 s)");
    }

    @Test
    void a_hosted_room_that_was_listed_is_not_entered_again() {
        Driver<PublisherState> publisher =
                announced(room(secure(), Dialect.HOSTED)).take(server(1, new Message.Listing(List.of())));
        publisher.pass(Times.repeat(0));
        assertThat(publisher.lastWords()).containsExactly("signal Seed", "start REPEAT (2.5 s)");

        publisher.take(gone(1)).fire(Timer.of(Timer.Kind.RECONNECT)).take(opened(2));
        assertThat(publisher.lastWords()).as("another connection").contains("signal JoinRoom");

        Driver<PublisherState> late = announced(room(secure(), Dialect.HOSTED))
                .pass(Times.LISTING)
                .pass(Times.LISTING)
                .take(server(1, new Message.Listing(List.of())));
        assertThat(late.last()).as("the room is known, so nothing is said anew").isEmpty();
        late.pass(Times.repeat(0));
        assertThat(late.lastWords()).containsExactly("signal Seed", "start REPEAT (2.5 s)");
    }

    @Test
    void in_a_custom_room_entering_it_is_the_announcement() {
        Driver<PublisherState> publisher = announced(room(secure(), Dialect.CUSTOM));

        assertThat(publisher.phase()).isEqualTo("ANNOUNCED");
        assertThat(publisher.lastWords()).containsExactly("signal JoinRoom", "Announced", "start REPEAT (2.5 s)");
    }

    @Test
    void outside_of_rooms_a_listing_changes_nothing() {
        assertThat(announced(secure())
                        .take(server(1, new Message.Listing(List.of())))
                        .last())
                .isEmpty();
    }

    // ---- the stream id ----------------------------------------------------------------------------------------------

    @Test
    void a_taken_id_is_announced_three_times_more_five_seconds_apart_and_then_ends_the_session() {
        Driver<PublisherState> publisher = announced(secure());
        for (int i = 1; i <= 3; i++) {
            publisher.take(server(1, new Message.StreamIdTaken()));
            assertThat(publisher.lastWords()).containsExactly("AnnouncementRefused", "start RESEED (5 s)");
            List<Effect> refused = publisher.last();
            publisher.pass(Duration.ofMillis(4_999));
            assertThat(publisher.last()).isEqualTo(refused);
            publisher.pass(Duration.ofMillis(1));
            assertThat(publisher.lastWords()).containsExactly("signal Seed", "Announced", "start REPEAT (2.5 s)");
        }
        publisher.take(server(1, new Message.StreamIdTaken()));
        assertThat(publisher.lastWords()).containsExactly("close socket 1", "close media", "start CLOSE (1.8 s)");

        publisher.take(new Input.MediaGone(), gone(1));
        assertThat(publisher.eventWords()).endsWith("Closed STREAM_ID_IN_USE");
    }

    @Test
    void a_taken_id_in_a_custom_room_is_announced_by_entering_it_again() {
        Driver<PublisherState> publisher = announced(room(secure(), Dialect.CUSTOM))
                .take(server(1, new Message.StreamIdTaken()))
                .pass(Times.RESEED);

        assertThat(publisher.lastWords()).containsExactly("signal JoinRoom", "Announced", "start REPEAT (2.5 s)");
    }

    @Test
    void a_request_shows_that_the_id_is_ours_and_counts_refusals_anew() {
        Driver<PublisherState> publisher = announced(open(9));
        for (int i = 1; i <= 3; i++) {
            publisher.take(server(1, new Message.StreamIdTaken())).pass(Times.RESEED);
        }
        publisher.take(asks(1, "anna"), server(1, new Message.StreamIdTaken()));

        assertThat(publisher.lastEventWords()).containsExactly("AnnouncementRefused");
    }

    @Test
    void a_taken_id_does_not_harm_who_is_watching_until_it_ends() {
        Driver<PublisherState> publisher = announced(open(9));
        joined(publisher, "anna");
        publisher.take(server(1, new Message.StreamIdTaken()));

        assertThat(publisher.phase()).isEqualTo("SERVING");
    }

    // ---- said again, because it may have been lost ------------------------------------------------------------------

    /** When the announcement was sent, in milliseconds after the first time. */
    private static List<Long> announcements(Driver<PublisherState> publisher, Duration time) {
        Instant until = publisher.now().plus(time);
        List<Long> times = new ArrayList<>();
        for (Instant due = publisher.timers().get(REPEAT);
                due != null && !due.isAfter(until);
                due = publisher.timers().get(REPEAT)) {
            publisher.pass(Duration.between(publisher.now(), due));
            assertThat(publisher.lastWords()).startsWith("signal Seed");
            assertThat(publisher.lastEventWords()).as("silently").isEmpty();
            times.add(due.toEpochMilli());
        }
        return times;
    }

    @Test
    void an_announcement_that_nobody_answers_is_repeated_every_2500_ms_for_15_s_and_then_every_30_s() {
        assertThat(announcements(announced(secure()), Duration.ofSeconds(80)))
                .containsExactly(2_500L, 5_000L, 7_500L, 10_000L, 12_500L, 15_000L, 45_000L, 75_000L);
    }

    @Test
    void nothing_is_repeated_while_somebody_negotiates_and_it_begins_anew_when_that_came_to_nothing() {
        Driver<PublisherState> publisher = announced(secure()).pass(Duration.ofSeconds(60));
        offered(publisher, "ghost");
        assertThat(publisher.timers()).doesNotContainKey(REPEAT);

        publisher.pass(Times.ANSWER);
        assertThat(publisher.lastWords())
                .containsExactly("close link 1", "ViewerRefused viewer-1 NO_ANSWER", "start REPEAT (2.5 s)");
    }

    @Test
    void nothing_is_repeated_while_somebody_watches() {
        Driver<PublisherState> publisher = announced(open(9));
        joined(publisher, "anna");
        assertThat(publisher.timers()).doesNotContainKey(REPEAT);

        publisher.take(heard(1, new Message.Bye()));
        assertThat(publisher.timers()).containsKey(REPEAT);
    }

    @Test
    void nothing_is_repeated_without_a_server_and_after_the_seal_or_the_end() {
        assertThat(announced(secure()).take(gone(1)).timers()).doesNotContainKey(REPEAT);
        assertThat(announced(secure()).take(new Input.CloseAsked()).timers()).doesNotContainKey(REPEAT);
        assertThat(Publishers.sealed().take(new Input.TimerFired(REPEAT)).last())
                .isEmpty();
    }

    @Test
    void a_room_of_the_custom_dialect_is_not_entered_for_ever_since_all_its_members_would_offer() {
        Driver<PublisherState> publisher = announced(room(secure(), Dialect.CUSTOM));
        for (int i = 1; i <= 6; i++) {
            assertThat(publisher.timers()).containsOnlyKeys(REPEAT);
            publisher.pass(Duration.ofMillis(2_500));
            assertThat(publisher.lastWords()).startsWith("signal JoinRoom");
        }
        assertThat(publisher.timers()).isEmpty();
    }

    @Test
    void on_a_new_connection_the_announcement_is_repeated_until_somebody_asks_there() {
        Driver<PublisherState> publisher = announced(secure());
        answered(publisher, "anna");
        publisher.take(gone(1)).fire(Timer.of(Timer.Kind.RECONNECT)).take(opened(2));
        assertThat(publisher.timers()).as("anna's request says nothing of it").containsKey(REPEAT);

        publisher.take(asks(2, "anna"));
        assertThat(publisher.timers()).doesNotContainKey(REPEAT);
    }

    @ParameterizedTest
    @CsvSource({"HOSTED, SERVER_UNREACHABLE", "CUSTOM, "})
    void a_first_connection_that_is_lost_before_the_announcement_ends_the_session(Dialect dialect, String reason) {
        Driver<PublisherState> publisher = announced(room(secure(), dialect)).take(gone(1), new Input.MediaGone());

        assertThat(publisher.eventWords().contains("Announced")).isNotEqualTo(reason != null);
        assertThat(publisher.phase()).isEqualTo(reason == null ? "CONNECTING" : "CLOSED");
    }

    @Test
    void an_identity_that_is_rejected_before_the_announcement_ends_the_session() {
        Driver<PublisherState> publisher = announced(room(secure(), Dialect.HOSTED))
                .take(server(1, new Message.IdentityRejected()), gone(1), new Input.MediaGone());

        assertThat(publisher.eventWords()).containsExactly("Closed SERVER_REFUSED");
    }

    @Test
    void a_taken_id_after_a_repetition_is_a_notice_and_the_next_repetition_is_late() {
        Driver<PublisherState> publisher = announced(secure()).pass(Duration.ofMillis(2_500));
        for (int i = 1; i <= 9; i++) {
            publisher.take(server(1, new Message.StreamIdTaken()));
            assertThat(publisher.lastWords()).containsExactly("ServerNotice", "start REPEAT (30 s)");
            publisher.pass(Duration.ofSeconds(30));
            assertThat(publisher.lastWords()).containsExactly("signal Seed", "start REPEAT (30 s)");
        }
        assertThat(publisher.phase()).isEqualTo("ANNOUNCED");
    }

    @Test
    void a_taken_id_is_not_announced_before_its_time() {
        Driver<PublisherState> publisher = announced(secure()).take(server(1, new Message.StreamIdTaken()));

        assertThat(publisher.timers()).containsOnlyKeys(Timer.of(Timer.Kind.RESEED));
        assertThat(publisher.pass(Times.RESEED).timers()).containsOnlyKeys(REPEAT);
    }

    // ---- loss and return --------------------------------------------------------------------------------------------

    @Test
    void a_lost_server_is_dialled_again_and_the_stream_announced_again() {
        Driver<PublisherState> publisher = announced(secure()).take(gone(1));
        assertThat(publisher.phase()).isEqualTo("CONNECTING");
        assertThat(publisher.lastWords()).containsExactly("start RECONNECT (0.5 s)", "SignalingLost");
        assertThat(publisher.last())
                .as("with jitter")
                .contains(new Effect.StartTimer(Timer.of(Timer.Kind.RECONNECT), Duration.ofMillis(500), true));

        publisher.pass(Duration.ofMillis(500));
        assertThat(publisher.lastWords()).containsExactly("open socket 2", "start DIAL (15 s)");
        publisher.take(opened(2));
        assertThat(publisher.lastWords()).containsExactly("signal Seed", "SignalingRestored", "start REPEAT (2.5 s)");
    }

    @Test
    void the_pause_between_attempts_doubles_from_half_a_second_to_twenty_five() {
        Driver<PublisherState> publisher = announced(secure());
        StringBuilder pauses = new StringBuilder();
        for (int generation = 1; generation <= 9; generation++) {
            publisher.take(gone(generation));
            Effect.StartTimer start = (Effect.StartTimer) publisher.last().stream()
                    .filter(Effect.StartTimer.class::isInstance)
                    .findFirst()
                    .orElseThrow();
            pauses.append(start.delay().toMillis()).append(' ');
            publisher.fire(Timer.of(Timer.Kind.RECONNECT));
        }

        assertThat(pauses).hasToString("500 1000 2000 4000 8000 16000 25000 25000 25000 ");
    }

    @Test
    void a_server_that_accepts_and_hangs_up_is_tried_ever_later() {
        Driver<PublisherState> publisher = announced(open(9)).take(gone(1));
        for (int generation = 2; generation <= 4; generation++) {
            publisher
                    .fire(Timer.of(Timer.Kind.RECONNECT))
                    .take(opened(generation), asks(generation, "anna"))
                    .pass(Times.STANDS.minusMillis(1))
                    .take(gone(generation));
        }
        assertThat(publisher.lastWords()).contains("start RECONNECT (4 s)");

        publisher
                .fire(Timer.of(Timer.Kind.RECONNECT))
                .take(opened(5))
                .pass(Times.STANDS)
                .take(gone(5));
        assertThat(publisher.lastWords()).as("it stood").contains("start RECONNECT (0.5 s)");
    }

    @Test
    void a_server_that_hangs_up_instead_of_listing_is_tried_ever_later() {
        Driver<PublisherState> publisher =
                announced(room(open(9), Dialect.HOSTED)).pass(Times.STANDS).take(gone(1));
        publisher.fire(Timer.of(Timer.Kind.RECONNECT)).take(opened(2), gone(2));
        assertThat(publisher.lastWords()).contains("start RECONNECT (1 s)");

        publisher
                .fire(Timer.of(Timer.Kind.RECONNECT))
                .take(opened(3))
                .pass(Times.STANDS.minusMillis(1))
                .take(gone(3));
        assertThat(publisher.lastWords()).contains("start RECONNECT (2 s)");
    }

    @Test
    void an_attempt_that_hangs_is_given_up_and_the_next_one_waits_for_its_end() {
        Driver<PublisherState> publisher = announced(secure()).take(gone(1)).fire(Timer.of(Timer.Kind.RECONNECT));
        publisher.fire(Timer.of(Timer.Kind.DIAL));
        assertThat(publisher.lastWords()).containsExactly("close socket 2", "start RECONNECT (1 s)", "SignalingLost");

        publisher.fire(Timer.of(Timer.Kind.RECONNECT));
        assertThat(publisher.lastWords()).as("there are never two sockets").containsExactly("start RECONNECT (1 s)");
        publisher.take(gone(2)).fire(Timer.of(Timer.Kind.RECONNECT));
        assertThat(publisher.lastWords()).contains("open socket 3");
    }

    @Test
    void viewers_and_candidates_outlive_the_loss_of_the_server() {
        Driver<PublisherState> publisher = announced(open(9));
        int anna = joined(publisher, "anna");
        int bert = answered(publisher, "bert");
        publisher.take(gone(1));
        assertThat(publisher.phase()).isEqualTo("SERVING");

        publisher.take(Samples.connected(bert));
        assertThat(publisher.lastEventWords()).containsExactly("ViewerJoined viewer-2");
        assertThat(publisher.take(Samples.heard(anna, new Message.Bye())).lastEventWords())
                .containsExactly("ViewerLeft viewer-1 BYE");
    }

    @Test
    void an_offer_that_cannot_be_sent_any_more_refuses_its_candidate() {
        Driver<PublisherState> publisher =
                announced(secure()).take(asks(1, "anna"), gone(1), described(1, SessionDescription.Type.OFFER));

        assertThat(publisher.lastWords()).containsExactly("close link 1", "ViewerRefused viewer-1 SIGNALING_LOST");
    }

    @Test
    void a_rejected_identity_takes_a_new_connection() {
        Driver<PublisherState> publisher = announced(secure()).take(server(1, new Message.IdentityRejected()));
        assertThat(publisher.lastWords()).containsExactly("close socket 1", "start RECONNECT (0.5 s)", "SignalingLost");

        publisher.take(gone(1)).fire(Timer.of(Timer.Kind.RECONNECT)).take(opened(2));
        assertThat(publisher.lastWords()).containsExactly("signal Seed", "SignalingRestored", "start REPEAT (2.5 s)");
    }

    @Test
    void what_comes_late_from_an_old_socket_finds_nobody() {
        Driver<PublisherState> publisher = announced(secure()).take(gone(1)).fire(Timer.of(Timer.Kind.RECONNECT));
        publisher.take(opened(2));

        assertThat(publisher.take(asks(1, "anna")).last()).isEmpty();
        assertThat(publisher.take(opened(1)).last()).isEmpty();
        assertThat(publisher.take(gone(1)).last()).isEmpty();
    }

    @Test
    void notices_and_violations_are_told() {
        Driver<PublisherState> publisher = announced(secure());

        assertThat(publisher.take(server(1, new Message.Notice("Room is full"))).lastWords())
                .containsExactly("ServerNotice");
        assertThat(publisher.take(server(1, new Message.Malformed("not JSON"))).lastWords())
                .containsExactly("ProtocolViolation MALFORMED");
        offered(publisher, "anna");
        assertThat(publisher.take(says(1, "anna", new Message.Undecipherable())).lastWords())
                .containsExactly("ProtocolViolation UNREADABLE");
    }

    // ---- encryption -------------------------------------------------------------------------------------------------

    @Test
    void where_encryption_is_required_a_plain_answer_and_plain_candidates_are_dropped() {
        Driver<PublisherState> publisher = announced(encrypted(secure()));
        int link = offered(publisher, "anna");

        publisher.take(says(1, "anna", answer(link, "anna", false)));
        assertThat(publisher.lastWords()).containsExactly("ProtocolViolation NOT_ENCRYPTED");
        publisher.take(says(1, "anna", candidates(Side.VIEWER, SESSION + "1", false)));
        assertThat(publisher.lastWords()).containsExactly("ProtocolViolation NOT_ENCRYPTED");
        publisher.take(says(1, "anna", answer(link, "anna", true)));
        assertThat(publisher.lastWords()).containsExactly("accept answer on 1");
    }

    @Test
    void where_encryption_is_only_allowed_plain_is_taken() {
        Driver<PublisherState> publisher = announced(secure());
        int link = offered(publisher, "anna");

        publisher.take(says(1, "anna", answer(link, "anna", false)));
        assertThat(publisher.lastWords()).containsExactly("accept answer on 1");
    }

    @Test
    void what_comes_over_the_channel_needs_no_encryption_of_its_own() {
        Driver<PublisherState> publisher = announced(encrypted(secure()));
        joined(publisher, "anna");
        publisher.take(Samples.heard(1, candidates(Side.VIEWER, SESSION + "1", false)));

        assertThat(publisher.lastWords()).containsExactly("add candidates on 1");
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    @Test
    void close_before_the_start_is_the_end_too() {
        Driver<PublisherState> publisher = fresh(secure()).take(new Input.CloseAsked(), new Input.MediaGone());
        assertThat(publisher.eventWords()).containsExactly("Closed CLOSED_BY_APPLICATION");

        assertThat(publisher.take(new Input.Start()).last()).isEmpty();
    }

    @Test
    void close_refuses_candidates_and_lets_viewers_go_before_the_end() {
        Driver<PublisherState> publisher = announced(open(9));
        joined(publisher, "anna");
        offered(publisher, "bert");
        publisher.take(new Input.CloseAsked());

        assertThat(publisher.lastWords())
                .containsExactly(
                        "close socket 1",
                        "close link 2",
                        "ViewerRefused viewer-2 SESSION_CLOSED",
                        "tell 1 Bye",
                        "close link 1",
                        "ViewerLeft viewer-1 SESSION_CLOSED",
                        "close media",
                        "start CLOSE (1.8 s)");
        assertThat(publisher.take(gone(1)).phase()).isEqualTo("CLOSING");
        assertThat(publisher.take(new Input.MediaGone()).lastWords())
                .containsExactly("Closed CLOSED_BY_APPLICATION", "finish");
    }

    @Test
    void what_does_not_end_in_time_does_not_hold_up_the_end() {
        Driver<PublisherState> publisher =
                announced(secure()).take(new Input.CloseAsked()).pass(Times.CLOSE);

        assertThat(publisher.phase()).isEqualTo("CLOSED");
        assertThat(publisher.lastWords()).containsExactly("Closed CLOSED_BY_APPLICATION", "finish");
    }

    @Test
    void an_effect_that_throws_ends_the_session_as_our_defect() {
        Driver<PublisherState> publisher = announced(secure())
                .take(new Input.EffectFailed("OpenLink", "NullPointerException"), gone(1), new Input.MediaGone());

        assertThat(publisher.eventWords()).endsWith("Closed INTERNAL_ERROR");
    }

    @Test
    void closed_is_absorbing() {
        Driver<PublisherState> publisher =
                announced(secure()).take(new Input.CloseAsked(), gone(1), new Input.MediaGone());
        PublisherState closed = publisher.state();
        int before = publisher.effects().size();
        publisher.take(
                new Input.Start(),
                opened(1),
                gone(1),
                asks(1, "anna"),
                new Input.CloseAsked(),
                new Input.MediaGone(),
                Samples.data(Recipient.everybody()),
                new Input.EffectFailed("x", "y"),
                new Input.TimerFired(Timer.of(Timer.Kind.CLOSE)));

        assertThat(publisher.state()).isEqualTo(closed);
        assertThat(publisher.effects()).hasSize(before);
    }

    @Test
    void a_taken_id_does_not_end_a_session_that_is_watched() {
        Driver<PublisherState> publisher = announced(open(9));
        int anna = joined(publisher, "anna");
        for (int refusal = 1; refusal <= 9; refusal++) {
            publisher.take(server(1, new Message.StreamIdTaken())).pass(Times.RESEED);
        }
        assertThat(publisher.phase()).isEqualTo("SERVING");

        publisher.take(heard(anna, new Message.Bye()), server(1, new Message.StreamIdTaken()));
        assertThat(publisher.phase()).isEqualTo("CLOSING");
    }

    @Test
    void an_id_that_our_own_lost_connection_may_hold_is_tried_for_until_it_is_free() {
        Driver<PublisherState> publisher = announced(open(9)).take(gone(1)).pass(Duration.ofSeconds(1));
        publisher.take(opened(2));
        for (int refusal = 1; refusal <= 9; refusal++) {
            publisher.take(server(2, new Message.StreamIdTaken())).pass(Times.RESEED);
            assertThat(publisher.eventWords()).endsWith("AnnouncementRefused", "Announced");
        }
    }

    @Test
    void nobody_can_ask_before_the_announcement() {
        Driver<PublisherState> publisher = announced(room(secure(), Dialect.HOSTED));

        assertThat(publisher.take(asks(1, "anna")).last()).isEmpty();
    }
}
