package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Samples.STREAM;
import static dev.drawbridge.internal.machine.Samples.candidate;
import static dev.drawbridge.internal.machine.Samples.candidates;
import static dev.drawbridge.internal.machine.Samples.certificate;
import static dev.drawbridge.internal.machine.Samples.changed;
import static dev.drawbridge.internal.machine.Samples.connected;
import static dev.drawbridge.internal.machine.Samples.described;
import static dev.drawbridge.internal.machine.Samples.encrypted;
import static dev.drawbridge.internal.machine.Samples.end;
import static dev.drawbridge.internal.machine.Samples.gathered;
import static dev.drawbridge.internal.machine.Samples.gone;
import static dev.drawbridge.internal.machine.Samples.heard;
import static dev.drawbridge.internal.machine.Samples.offer;
import static dev.drawbridge.internal.machine.Samples.once;
import static dev.drawbridge.internal.machine.Samples.opened;
import static dev.drawbridge.internal.machine.Samples.room;
import static dev.drawbridge.internal.machine.Samples.says;
import static dev.drawbridge.internal.machine.Samples.scene;
import static dev.drawbridge.internal.machine.Samples.sdp;
import static dev.drawbridge.internal.machine.Samples.server;
import static dev.drawbridge.internal.machine.Samples.viewer;
import static dev.drawbridge.internal.machine.Samples.wanting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Dialect;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.Message.Candidates.Side;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.PeerLinkListener.Operation;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.spi.SignalingEnd;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The viewer from the request to the end of the stream. */
class ViewerMachineTest {
    private static final StreamId OTHER = StreamId.of("camera2");
    private static final Timer ASK = Timer.of(Timer.Kind.ASK, 1);

    private static Driver<ViewerState> asking(ViewerRules rules) {
        return new Driver<>(new ViewerMachine(rules)).take(new Input.Start(), opened(1));
    }

    /** The publisher's offer has come and link 1 answers it. */
    private static Driver<ViewerState> offered(ViewerRules rules) {
        return asking(rules).take(says(1, "pub", offer("s1", certificate("pub"))));
    }

    /** Link 1 stands and its channel is open. */
    private static Driver<ViewerState> watching(ViewerRules rules) {
        return offered(rules)
                .take(described(1, SessionDescription.Type.ANSWER), connected(1), new Input.ChannelOpened(1));
    }

    private static Driver<ViewerState> watchingSecure() {
        return watching(viewer(STREAM)).take(heard(1, new Message.PublisherInfo("cam", true)));
    }

    private static Message offerOf(StreamId stream, String session, String certificate, boolean encrypted) {
        return new Message.Offer(Optional.of(stream), Optional.of(session), sdp(certificate), encrypted);
    }

    // ---- asking -----------------------------------------------------------------------------------------------------

    @Test
    void every_wanted_stream_is_asked_for() {
        Driver<ViewerState> viewer = asking(viewer(STREAM, OTHER));

        assertThat(viewer.phase()).isEqualTo("ASKING");
        assertThat(viewer.lastWords())
                .containsExactly(
                        "signal Play",
                        "StreamRequested camera1",
                        "start OFFER 1 (15 s)",
                        "start ASK 1 (3 s)",
                        "signal Play",
                        "StreamRequested camera2",
                        "start OFFER 2 (15 s)",
                        "start ASK 2 (3 s)");
    }

    @Test
    void in_a_hosted_room_the_listing_comes_before_the_request() {
        Driver<ViewerState> viewer = asking(room(viewer(STREAM), Dialect.HOSTED));
        assertThat(viewer.phase()).isEqualTo("CONNECTING");
        assertThat(viewer.lastWords()).containsExactly("signal JoinRoom", "start LISTING (2.5 s)");

        viewer.take(server(1, new Message.Listing(List.of())));
        assertThat(viewer.lastWords())
                .containsExactly(
                        "RoomEntered",
                        "signal Play",
                        "StreamRequested camera1",
                        "start OFFER 1 (15 s)",
                        "start ASK 1 (3 s)");
    }

    @Test
    void without_a_listing_the_room_is_entered_once_more_and_then_the_stream_asked_for_all_the_same() {
        Driver<ViewerState> viewer =
                asking(room(viewer(STREAM), Dialect.HOSTED)).pass(Times.LISTING);
        assertThat(viewer.lastWords()).containsExactly("signal JoinRoom", "start LISTING (2.5 s)");

        viewer.pass(Times.LISTING);

        assertThat(viewer.lastEventWords()).containsExactly("RoomEntered", "StreamRequested camera1");
    }

    @Test
    void in_a_custom_room_nobody_lists_so_the_request_follows_at_once() {
        Driver<ViewerState> viewer = asking(room(viewer(STREAM), Dialect.CUSTOM));

        assertThat(viewer.lastWords()).containsSubsequence("signal JoinRoom", "signal Play");
        assertThat(viewer.timers()).containsOnlyKeys(Timer.of(Timer.Kind.OFFER, 1), ASK);
    }

    @Test
    void a_stream_that_is_not_there_is_asked_for_again_after_15_45_and_180_seconds_and_then_every_retry() {
        Driver<ViewerState> viewer = asking(viewer(STREAM));
        StringBuilder missing = new StringBuilder();
        for (int seconds : new int[] {15, 45, 180, 900, 900}) {
            viewer.pass(Duration.ofSeconds(seconds).minusMillis(1));
            int before = viewer.effects().size();
            viewer.pass(Duration.ofMillis(1));
            assertThat(viewer.effects().size()).as("after %s s", seconds).isGreaterThan(before);
            missing.append(viewer.lastEventWords()).append(' ');
            assertThat(viewer.lastWords()).contains("signal Play");
        }

        assertThat(missing)
                .hasToString("[StreamMissing camera1 (45 s), StreamRequested camera1] "
                        + "[StreamMissing camera1 (180 s), StreamRequested camera1] "
                        + "[StreamMissing camera1 (900 s), StreamRequested camera1] "
                        + "[StreamMissing camera1 (900 s), StreamRequested camera1] "
                        + "[StreamMissing camera1 (900 s), StreamRequested camera1] ");
    }

    @Test
    void in_the_first_15_seconds_a_request_is_repeated_silently_every_three() {
        Driver<ViewerState> viewer = asking(viewer(STREAM));
        for (int i = 1; i <= 4; i++) {
            viewer.pass(Times.ASK);
            assertThat(viewer.lastWords()).containsExactly("signal Play", "start ASK 1 (3 s)");
        }
        viewer.pass(Duration.ofSeconds(20));
        assertThat(viewer.timers()).containsOnlyKeys(Timer.of(Timer.Kind.OFFER, 1));
    }

    @Test
    void a_room_is_entered_again_with_every_repetition() {
        Driver<ViewerState> viewer =
                asking(room(viewer(STREAM), Dialect.CUSTOM)).pass(Times.ASK);
        assertThat(viewer.lastWords()).containsExactly("signal JoinRoom", "signal Play", "start ASK 1 (3 s)");

        viewer.pass(Duration.ofSeconds(12));
        assertThat(viewer.lastWords()).containsSubsequence("signal JoinRoom", "signal Play");

        Driver<ViewerState> hosted = asking(room(viewer(STREAM), Dialect.HOSTED))
                .pass(Times.LISTING)
                .pass(Times.LISTING)
                .pass(Times.ASK);
        assertThat(hosted.lastWords()).containsExactly("signal JoinRoom", "signal Play", "start ASK 1 (3 s)");
    }

    @Test
    void a_hosted_room_that_was_listed_is_not_entered_again_but_a_custom_one_whose_listing_was_made_up_is() {
        Input listing = server(1, new Message.Listing(List.of()));
        Driver<ViewerState> hosted =
                asking(room(viewer(STREAM), Dialect.HOSTED)).take(listing).pass(Times.ASK);
        assertThat(hosted.lastWords()).containsExactly("signal Play", "start ASK 1 (3 s)");

        Driver<ViewerState> custom =
                asking(room(viewer(STREAM), Dialect.CUSTOM)).take(listing).pass(Times.ASK);
        assertThat(custom.lastWords()).containsExactly("signal JoinRoom", "signal Play", "start ASK 1 (3 s)");
    }

    @Test
    void a_first_connection_that_is_lost_before_the_request_ends_the_session() {
        Driver<ViewerState> viewer =
                asking(room(viewer(STREAM), Dialect.HOSTED)).take(gone(1), new Input.MediaGone());

        assertThat(viewer.eventWords()).containsExactly("Closed SERVER_UNREACHABLE");
    }

    @Test
    void what_was_offered_and_is_not_connected_is_asked_for_every_three_seconds_until_it_is_given_up() {
        Driver<ViewerState> viewer = offered(viewer(STREAM));
        int asked = 0;
        while (viewer.timers().containsKey(ASK)) {
            viewer.pass(Times.ASK);
            asked += viewer.lastWords().contains("signal Play") ? 1 : 0;
        }
        assertThat(asked).isEqualTo(6);
        assertThat(viewer.timers()).containsOnlyKeys(Timer.of(Timer.Kind.RETRY, 1));
        assertThat(viewer.eventWords()).containsExactly("StreamRequested camera1");
    }

    @Test
    void what_is_connected_is_not_asked_for() {
        Driver<ViewerState> viewer = offered(viewer(STREAM)).take(connected(1));
        assertThat(viewer.timers()).isEmpty();

        assertThat(viewer.take(new Input.TimerFired(ASK)).last()).isEmpty();
    }

    @Test
    void an_offer_that_comes_late_is_asked_for_again_as_well() {
        Driver<ViewerState> viewer = asking(viewer(STREAM)).pass(Duration.ofSeconds(70));
        assertThat(viewer.timers()).doesNotContainKey(ASK);

        assertThat(viewer.take(says(1, "pub", offer("s1", certificate("pub")))).timers())
                .containsKey(ASK);
    }

    @Test
    void with_a_new_server_what_is_not_connected_yet_is_asked_for_at_once() {
        Driver<ViewerState> viewer = offered(viewer(STREAM)).take(gone(1));
        viewer.take(new Input.TimerFired(ASK));
        assertThat(viewer.last()).isEmpty();

        viewer.fire(Timer.of(Timer.Kind.RECONNECT)).take(opened(2));
        assertThat(viewer.lastWords()).containsExactly("signal Play", "start ASK 1 (3 s)", "SignalingRestored");
    }

    @Test
    void an_offer_that_comes_again_is_answered_again_with_all_candidates() {
        Driver<ViewerState> viewer = offered(viewer(STREAM))
                .take(described(1, SessionDescription.Type.ANSWER), gathered(1), gathered(1))
                .take(says(1, "pub", offer("s1", certificate("pub"))), described(1, SessionDescription.Type.ANSWER));

        assertThat(viewer.lastWords()).containsExactly("signal pub Answer", "signal pub Candidates");
        Message.Candidates all =
                (Message.Candidates) ((Effect.SendSignal) viewer.last().get(1)).message();
        assertThat(all.list()).hasSize(2);
    }

    @Test
    void an_offer_of_somebody_who_does_not_connect_gives_way_to_the_publishers() {
        Input real = says(1, "pub", offer("s1", certificate("pub")));
        Driver<ViewerState> viewer = asking(viewer(STREAM)).take(says(1, "eve", offer("old", certificate("eve"))));
        viewer.pass(Times.YIELD.minusMillis(1));
        assertThat(viewer.take(real).last()).isEmpty();

        viewer.pass(Duration.ofMillis(1));
        assertThat(viewer.lastWords()).as("the publisher offers again").contains("signal Play");
        assertThat(viewer.take(real).lastWords())
                .containsExactly(
                        "tell 1 Bye", "close link 1", "open link 2", "accept offer on 2", "start CONNECT 2 (20 s)");
        assertThat(viewer.take(connected(2)).lastEventWords()).containsExactly("StreamStarted camera1");
    }

    @Test
    void who_offers_ever_new_sessions_does_not_keep_the_publisher_out_by_it() {
        Driver<ViewerState> viewer = asking(viewer(STREAM));
        for (int i = 1; i <= 3; i++) {
            viewer.take(says(1, "eve", offer("e" + i, certificate("eve")))).pass(Duration.ofSeconds(1));
        }
        viewer.take(says(1, "pub", offer("s1", certificate("pub"))));

        assertThat(viewer.lastWords()).contains("open link 4");
    }

    @Test
    void a_stream_that_is_announced_is_asked_for_at_once() {
        Driver<ViewerState> viewer = asking(viewer(STREAM)).take(says(1, "pub", new Message.StreamAnnounced(STREAM)));
        assertThat(viewer.lastWords()).as("and whatever is waited for goes on").containsExactly("signal Play");

        assertThat(offered(viewer(STREAM))
                        .take(says(1, "pub", new Message.StreamAnnounced(STREAM)))
                        .lastWords())
                .as("what was offered before may be void")
                .containsExactly("signal Play");

        Driver<ViewerState> lost = watching(viewer(STREAM)).take(changed(1, LinkState.FAILED));
        assertThat(lost.take(says(1, "pub", new Message.StreamAnnounced(STREAM)))
                        .lastWords())
                .containsExactly("signal Play", "StreamRequested camera1", "start OFFER 1 (15 s)", "start ASK 1 (3 s)");

        assertThat(viewer.take(says(1, "pub", new Message.StreamAnnounced(OTHER)))
                        .last())
                .isEmpty();
    }

    @Test
    void a_stream_that_plays_is_not_dropped_because_somebody_announces_its_id() {
        Driver<ViewerState> viewer = watching(viewer(STREAM));

        assertThat(viewer.take(says(1, "impostor", new Message.StreamAnnounced(STREAM)))
                        .last())
                .isEmpty();
    }

    // ---- offers -----------------------------------------------------------------------------------------------------

    @Test
    void an_offer_makes_a_link_and_its_answer_goes_back_with_the_same_session() {
        Driver<ViewerState> viewer = offered(viewer(STREAM));
        assertThat(viewer.phase()).isEqualTo("NEGOTIATING");
        assertThat(viewer.lastWords())
                .containsExactly("open link 1", "accept offer on 1", "start CONNECT 1 (20 s)", "start ASK 1 (3 s)");
        assertThat(viewer.timers()).containsOnlyKeys(Timer.of(Timer.Kind.CONNECT, 1), ASK);

        viewer.take(described(1, SessionDescription.Type.ANSWER));
        assertThat(viewer.lastWords()).containsExactly("signal pub Answer");
        Message.Answer answer =
                (Message.Answer) ((Effect.SendSignal) viewer.last().get(0)).message();
        assertThat(answer.session()).contains("s1");
        assertThat(answer.encrypted()).isTrue();
    }

    @Test
    void a_plain_offer_gets_a_plain_answer_and_is_dropped_where_encryption_is_required() {
        Message plain = offerOf(STREAM, "s1", certificate("pub"), false);
        Driver<ViewerState> viewer =
                asking(viewer(STREAM)).take(says(1, "pub", plain), described(1, SessionDescription.Type.ANSWER));
        Message.Answer answer =
                (Message.Answer) ((Effect.SendSignal) viewer.last().get(0)).message();
        assertThat(answer.encrypted()).isFalse();

        assertThat(asking(encrypted(viewer(STREAM))).take(says(1, "pub", plain)).lastWords())
                .containsExactly("ProtocolViolation NOT_ENCRYPTED");
    }

    @Test
    void plain_candidates_are_dropped_where_encryption_is_required() {
        Driver<ViewerState> viewer = offered(encrypted(viewer(STREAM)));
        viewer.take(says(1, "pub", candidates(Side.PUBLISHER, "s1", false)));
        assertThat(viewer.lastWords()).containsExactly("ProtocolViolation NOT_ENCRYPTED");

        viewer.take(says(1, "pub", candidates(Side.PUBLISHER, "s1", true)));
        assertThat(viewer.lastWords()).containsExactly("add candidates on 1");
    }

    @Test
    void an_offer_that_nobody_asked_for_is_dropped() {
        assertThat(asking(viewer(STREAM))
                        .take(says(1, "pub", offerOf(OTHER, "s1", certificate("pub"), true)))
                        .last())
                .isEmpty();
    }

    @Test
    void an_offer_without_a_stream_is_for_the_only_wanted_one() {
        Message nameless = new Message.Offer(Optional.empty(), Optional.empty(), sdp(certificate("pub")), true);
        assertThat(asking(viewer(STREAM)).take(says(1, "pub", nameless)).lastWords())
                .contains("open link 1");

        assertThat(asking(viewer(STREAM, OTHER)).take(says(1, "pub", nameless)).last())
                .as("it could be either")
                .isEmpty();
    }

    @Test
    void another_peer_does_not_take_over_a_stream_that_negotiates_or_plays() {
        Message other = offer("s2", certificate("eve"));

        assertThat(offered(viewer(STREAM)).take(says(1, "eve", other)).last()).isEmpty();
        assertThat(watching(viewer(STREAM)).take(says(1, "eve", other)).last()).isEmpty();
        assertThat(watching(viewer(STREAM)).take(says(1, "pub", other)).last())
                .as("in the publisher's name, either")
                .isEmpty();
    }

    @Test
    void a_new_session_of_the_same_publisher_replaces_one_that_does_not_stand() {
        Driver<ViewerState> viewer = offered(viewer(STREAM)).take(says(1, "pub", offer("s2", certificate("pub2"))));

        assertThat(viewer.lastWords())
                .containsExactly(
                        "tell 1 Bye", "close link 1", "open link 2", "accept offer on 2", "start CONNECT 2 (20 s)");
        assertThat(viewer.timers()).containsOnlyKeys(Timer.of(Timer.Kind.CONNECT, 2), ASK);
    }

    @Test
    void a_new_session_of_an_interrupted_stream_ends_the_old_one_first() {
        Driver<ViewerState> viewer = watching(viewer(STREAM))
                .take(changed(1, LinkState.DISCONNECTED), says(1, "pub", offer("s2", certificate("pub2"))));

        assertThat(viewer.lastEventWords()).containsExactly("StreamEnded camera1 REPLACED");
        assertThat(viewer.timers()).containsOnlyKeys(Timer.of(Timer.Kind.CONNECT, 2), ASK);
    }

    @Test
    void a_sealed_publisher_cannot_come_back_so_an_offer_in_its_name_is_somebody_elses() {
        Driver<ViewerState> viewer = watchingSecure()
                .take(changed(1, LinkState.DISCONNECTED), says(1, "pub", offer("s2", certificate("eve"))));

        assertThat(viewer.last()).isEmpty();
        assertThat(viewer.take(connected(1)).lastEventWords()).containsExactly("StreamResumed camera1");
    }

    @Test
    void the_same_session_again_is_a_renegotiation() {
        Driver<ViewerState> viewer = offered(viewer(STREAM)).take(says(1, "pub", offer("s1", certificate("pub"))));

        assertThat(viewer.lastWords()).containsExactly("accept offer on 1");
    }

    @Test
    void candidates_go_both_ways_and_those_of_others_nowhere() {
        Driver<ViewerState> viewer = offered(viewer(STREAM));
        assertThat(viewer.take(says(1, "pub", candidates(Side.PUBLISHER, "s1", true)))
                        .lastWords())
                .containsExactly("add candidates on 1");
        assertThat(viewer.take(gathered(1)).lastWords()).containsExactly("signal pub Candidates");

        assertThat(viewer.take(says(1, "pub", candidates(Side.VIEWER, "s1", true)))
                        .last())
                .isEmpty();
        assertThat(viewer.take(says(1, "pub", candidates(Side.PUBLISHER, "s2", true)))
                        .last())
                .isEmpty();
        assertThat(viewer.take(says(1, "eve", candidates(Side.PUBLISHER, "s1", true)))
                        .last())
                .isEmpty();
    }

    @Test
    void an_offer_that_the_library_refuses_is_told_and_asked_for_again() {
        Driver<ViewerState> viewer = offered(viewer(STREAM)).take(new Input.LinkFailed(1, Operation.ACCEPT, "bad SDP"));

        assertThat(viewer.lastWords())
                .containsExactly(
                        "ProtocolViolation BAD_DESCRIPTION", "tell 1 Bye", "close link 1", "start RETRY 1 (5 s)");
        assertThat(viewer.phase()).isEqualTo("ASKING");
    }

    @Test
    void a_connection_that_does_not_come_about_is_asked_for_again() {
        Driver<ViewerState> viewer = offered(viewer(STREAM)).pass(Times.CONNECT);
        assertThat(viewer.lastWords()).containsExactly("tell 1 Bye", "close link 1", "start RETRY 1 (5 s)");

        viewer.pass(Duration.ofSeconds(5));
        assertThat(viewer.lastWords()).contains("signal Play");
    }

    // ---- the channel ------------------------------------------------------------------------------------------------

    @Test
    void the_open_channel_says_what_the_viewer_wants() {
        Driver<ViewerState> viewer = watching(viewer(STREAM));

        assertThat(viewer.last())
                .endsWith(
                        new Effect.SendChannel(
                                1, new Message.ViewerRequest(true, true, "me", Message.ViewerRequest.Role.VIEWER)),
                        new Effect.FilesWanted(1));
    }

    @Test
    void wanted_bitrates_follow_the_request() {
        Driver<ViewerState> viewer = watching(wanting(viewer(STREAM), 800, 64));

        assertThat(viewer.last())
                .endsWith(
                        new Effect.SendChannel(1, new Message.BitrateRequest(800)),
                        new Effect.SendChannel(1, new Message.AudioBitrateRequest(64)));
    }

    @Test
    void in_a_room_the_viewer_is_a_guest() {
        Driver<ViewerState> viewer = watching(room(viewer(STREAM), Dialect.CUSTOM));

        assertThat(viewer.last())
                .endsWith(
                        new Effect.SendChannel(
                                1, new Message.ViewerRequest(true, true, "me", Message.ViewerRequest.Role.GUEST)),
                        new Effect.FilesWanted(1));
    }

    @Test
    void a_scene_says_its_name() {
        Driver<ViewerState> viewer = watching(scene(room(viewer(STREAM), Dialect.CUSTOM), "stage"));

        assertThat(viewer.last())
                .endsWith(
                        new Effect.SendChannel(
                                1,
                                new Message.ViewerRequest(true, true, "me", Message.ViewerRequest.Role.SCENE, "stage")),
                        new Effect.FilesWanted(1));
    }

    @Test
    void a_second_offer_over_the_channel_brings_the_media_as_browsers_do_it() {
        Driver<ViewerState> viewer = watching(viewer(STREAM)).take(heard(1, offer("s1", certificate("pub"))));
        assertThat(viewer.lastWords()).containsExactly("accept offer on 1");

        assertThat(viewer.take(described(1, SessionDescription.Type.ANSWER)).lastWords())
                .containsExactly("tell 1 Answer");
        assertThat(viewer.take(gathered(1)).lastWords()).containsExactly("tell 1 Candidates");
        assertThat(viewer.take(heard(1, candidates(Side.PUBLISHER, "s1", false)))
                        .lastWords())
                .containsExactly("add candidates on 1");
        assertThat(viewer.take(new Input.MediaBegan(1)).lastWords()).containsExactly("MediaStarted camera1");
    }

    @Test
    void an_offer_over_the_channel_without_a_session_is_taken() {
        Driver<ViewerState> viewer = watching(viewer(STREAM))
                .take(heard(1, new Message.Offer(Optional.empty(), Optional.empty(), sdp(certificate("pub")), false)));

        assertThat(viewer.lastWords()).containsExactly("accept offer on 1");
    }

    @Test
    void an_offer_with_another_certificate_ends_the_session() {
        Driver<ViewerState> viewer = watching(viewer(STREAM)).take(heard(1, offer("s1", certificate("eve"))));
        assertThat(viewer.lastEventWords())
                .containsExactly("ProtocolViolation FINGERPRINT_CHANGED", "StreamEnded camera1 SECURITY_VIOLATION");

        viewer.take(new Input.MediaGone(), gone(1));
        assertThat(viewer.lastEventWords()).containsExactly("Closed SECURITY_VIOLATION");
    }

    @Test
    void the_server_cannot_end_a_stream_with_another_certificate() {
        Driver<ViewerState> viewer = watching(viewer(STREAM));

        assertThat(viewer.take(says(1, "pub", offer("s1", certificate("eve")))).last())
                .isEmpty();
        assertThat(viewer.take(says(1, "pub", new Message.Bye())).last()).isEmpty();
    }

    @Test
    void pings_are_answered_and_data_is_told() {
        Driver<ViewerState> viewer = watching(viewer(STREAM));

        assertThat(viewer.take(heard(1, new Message.Ping("\"a\""))).last())
                .containsExactly(new Effect.SendChannel(1, new Message.Pong("\"a\"")));
        assertThat(viewer.take(heard(1, new Message.Pipe("1"))).lastWords()).containsExactly("DataReceived");
        assertThat(viewer.take(heard(1, new Message.Chat("hello"))).lastWords()).containsExactly("ChatReceived");
        assertThat(viewer.take(heard(1, new Message.Undecipherable())).lastWords())
                .containsExactly("ProtocolViolation UNREADABLE");
    }

    @Test
    void data_of_the_program_goes_to_publishers_that_are_connected_and_to_no_other() {
        Input data = Samples.data(Recipient.everybody());

        assertThat(watching(viewer(STREAM)).take(data).lastWords()).containsExactly("send Pipe to [1]");
        assertThat(offered(viewer(STREAM)).take(data).lastWords()).containsExactly("send Pipe to nobody");
    }

    @Test
    void data_for_a_stream_goes_to_its_publisher_alone_and_to_nobody_without_a_connection() {
        Input data = Samples.data(new Recipient.OneStream(STREAM));

        assertThat(watching(viewer(STREAM)).take(data).lastWords()).containsExactly("send Pipe to [1]");
        assertThat(offered(viewer(STREAM)).take(data).lastWords()).containsExactly("refuse data: NO_SUCH_PEER");
        assertThat(watching(viewer(STREAM))
                        .take(Samples.data(new Recipient.OneStream(StreamId.of("another"))))
                        .lastWords())
                .containsExactly("refuse data: NO_SUCH_PEER");
        assertThat(watching(viewer(STREAM)).take(new Input.CloseAsked(), data).lastWords())
                .containsExactly("refuse data: SESSION_CLOSED");
    }

    // ---- interruption, loss and return ------------------------------------------------------------------------------

    @Test
    void a_short_interruption_is_told_and_over() {
        Driver<ViewerState> viewer = watching(viewer(STREAM)).take(changed(1, LinkState.DISCONNECTED));
        assertThat(viewer.phase()).isEqualTo("INTERRUPTED");
        assertThat(viewer.lastWords())
                .containsExactly(
                        "tell 1 IceRestartRequest",
                        "StreamInterrupted camera1",
                        "check socket 1",
                        "start GRACE 1 (10 s)");

        viewer.take(connected(1));
        assertThat(viewer.phase()).isEqualTo("WATCHING");
        assertThat(viewer.lastWords()).containsExactly("StreamResumed camera1");
        assertThat(viewer.timers()).containsOnlyKeys(Timer.of(Timer.Kind.PING, 1));
    }

    @Test
    void a_lost_stream_is_asked_for_again_after_a_pause_that_doubles_to_thirty_seconds() {
        Driver<ViewerState> viewer = watching(viewer(STREAM)).take(changed(1, LinkState.FAILED));
        assertThat(viewer.lastEventWords()).containsExactly("StreamEnded camera1 LOST");
        StringBuilder pauses = new StringBuilder();
        for (int link = 2; link <= 5; link++) {
            Duration pause = Duration.between(viewer.now(), viewer.timers().get(Timer.of(Timer.Kind.RETRY, 1)));
            pauses.append(pause.toSeconds()).append(' ');
            viewer.pass(pause).take(says(1, "pub", offer("s" + link, certificate("pub"))));
            viewer.take(changed(link, LinkState.FAILED));
        }

        assertThat(pauses).hasToString("5 10 20 30 ");
    }

    @Test
    void a_connection_that_stood_counts_losses_anew() {
        Driver<ViewerState> viewer = watching(viewer(STREAM)).take(changed(1, LinkState.FAILED));
        viewer.pass(Duration.ofSeconds(5)).take(says(1, "pub", offer("s2", certificate("pub"))), connected(2));
        viewer.take(new Input.ChannelClosed(2));

        assertThat(viewer.lastWords()).contains("start RETRY 1 (5 s)");
    }

    @Test
    void after_the_grace_the_stream_has_ended() {
        Driver<ViewerState> viewer = watching(viewer(STREAM))
                .take(changed(1, LinkState.DISCONNECTED))
                .pass(Times.GRACE);

        assertThat(viewer.lastWords())
                .containsExactly("tell 1 Bye", "close link 1", "StreamEnded camera1 LOST", "start RETRY 1 (5 s)");
        assertThat(viewer.timers()).containsOnlyKeys(Timer.of(Timer.Kind.RETRY, 1));
    }

    @Test
    void a_stream_that_said_goodbye_is_asked_for_again() {
        Driver<ViewerState> viewer = watching(viewer(STREAM)).take(heard(1, new Message.Bye()));
        assertThat(viewer.lastEventWords()).containsExactly("StreamEnded camera1 BYE");
        assertThat(viewer.phase()).isEqualTo("ASKING");

        assertThat(viewer.pass(Duration.ofSeconds(5)).lastEventWords()).containsExactly("StreamRequested camera1");
    }

    @Test
    void a_secure_stream_that_ended_is_not_asked_for_again_and_the_session_is_over() {
        Driver<ViewerState> viewer = watchingSecure().take(heard(1, new Message.Bye()));
        assertThat(viewer.lastWords())
                .containsExactly(
                        "tell 1 Bye",
                        "close link 1",
                        "StreamEnded camera1 BYE",
                        "close socket 1",
                        "close media",
                        "start CLOSE (1.8 s)");

        viewer.take(new Input.MediaGone(), gone(1));
        assertThat(viewer.lastEventWords()).containsExactly("Closed STREAM_ENDED");
    }

    @Test
    void a_viewer_with_secure_of_its_own_does_not_ask_again_either() {
        Driver<ViewerState> viewer = watching(once(viewer(STREAM))).take(heard(1, new Message.Bye()));

        assertThat(viewer.phase()).isEqualTo("CLOSING");
    }

    @Test
    void secure_on_the_viewer_does_not_disconnect_it_from_the_server() {
        assertThat(watching(once(viewer(STREAM))).effects()).noneMatch(Effect.CloseSocket.class::isInstance);
    }

    @Test
    void the_other_streams_go_on_when_a_secure_one_has_ended() {
        Driver<ViewerState> viewer = watching(viewer(STREAM, OTHER))
                .take(heard(1, new Message.PublisherInfo("cam", true)), heard(1, new Message.Bye()));
        assertThat(viewer.phase()).isEqualTo("ASKING");
        assertThat(viewer.take(says(1, "pub", offer("s9", certificate("pub")))).last())
                .as("it is over for good")
                .isEmpty();

        viewer.take(says(1, "two", offerOf(OTHER, "t", certificate("two"), true)), connected(2));
        assertThat(viewer.lastEventWords()).containsExactly("StreamStarted camera2");
    }

    @Test
    void a_secure_stream_that_never_stood_is_asked_for_again() {
        Driver<ViewerState> viewer = offered(once(viewer(STREAM))).pass(Times.CONNECT);

        assertThat(viewer.lastWords()).contains("start RETRY 1 (5 s)");
    }

    // ---- the server -------------------------------------------------------------------------------------------------

    @Test
    void a_lost_server_does_not_harm_what_plays_and_the_rest_is_asked_for_again() {
        Driver<ViewerState> viewer = watching(viewer(STREAM, OTHER)).take(gone(1));
        assertThat(viewer.phase()).isEqualTo("WATCHING");
        assertThat(viewer.lastEventWords()).containsExactly("SignalingLost");

        viewer.fire(Timer.of(Timer.Kind.RECONNECT)).take(opened(2));
        assertThat(viewer.lastEventWords()).containsExactly("StreamRequested camera2", "SignalingRestored");
    }

    @Test
    void a_server_that_accepts_and_hangs_up_is_tried_ever_later() {
        Driver<ViewerState> viewer = asking(viewer(STREAM)).take(gone(1));
        for (int generation = 2; generation <= 4; generation++) {
            viewer.fire(Timer.of(Timer.Kind.RECONNECT)).take(opened(generation), gone(generation));
        }
        assertThat(viewer.lastWords()).contains("start RECONNECT (4 s)");

        viewer.fire(Timer.of(Timer.Kind.RECONNECT))
                .take(opened(5))
                .pass(Times.STANDS)
                .take(gone(5));
        assertThat(viewer.lastWords()).as("it stood").contains("start RECONNECT (0.5 s)");
    }

    @Test
    void without_a_server_nothing_is_called_missing() {
        Driver<ViewerState> viewer = asking(viewer(STREAM)).take(gone(1));
        viewer.timers().remove(Timer.of(Timer.Kind.RECONNECT));
        viewer.pass(Duration.ofSeconds(60));

        assertThat(viewer.eventWords()).noneMatch(event -> event.startsWith("StreamMissing"));
    }

    @Test
    void a_first_connection_that_fails_ends_the_session_with_its_cause() {
        Driver<ViewerState> viewer = new Driver<>(new ViewerMachine(viewer(STREAM)))
                .take(
                        new Input.Start(),
                        new Input.SocketGone(1, end(SignalingEnd.Kind.REFUSED)),
                        new Input.MediaGone());

        assertThat(viewer.eventWords()).containsExactly("Closed SERVER_REFUSED");
    }

    @Test
    void a_rejected_identity_takes_a_new_connection() {
        Driver<ViewerState> viewer = asking(viewer(STREAM)).take(server(1, new Message.IdentityRejected()));
        assertThat(viewer.lastWords()).containsExactly("close socket 1", "start RECONNECT (0.5 s)", "SignalingLost");

        viewer.take(gone(1)).fire(Timer.of(Timer.Kind.RECONNECT)).take(opened(2));
        assertThat(viewer.lastEventWords()).containsExactly("StreamRequested camera1", "SignalingRestored");
    }

    @Test
    void once_the_channel_is_open_nothing_is_said_over_the_server() {
        Driver<ViewerState> viewer = watching(viewer(STREAM)).take(gathered(1));

        assertThat(viewer.lastWords()).containsExactly("tell 1 Candidates");
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    @Test
    void close_ends_every_stream_before_the_session() {
        Driver<ViewerState> viewer = watching(viewer(STREAM, OTHER)).take(new Input.CloseAsked());
        assertThat(viewer.lastWords())
                .containsExactly(
                        "close socket 1",
                        "tell 1 Bye",
                        "close link 1",
                        "StreamEnded camera1 SESSION_CLOSED",
                        "close media",
                        "start CLOSE (1.8 s)");
        assertThat(viewer.timers()).containsOnlyKeys(Timer.of(Timer.Kind.CLOSE));

        viewer.take(new Input.MediaGone(), gone(1));
        assertThat(viewer.lastWords()).containsExactly("Closed CLOSED_BY_APPLICATION", "finish");
    }

    @Test
    void closed_is_absorbing() {
        Driver<ViewerState> viewer =
                asking(viewer(STREAM)).take(new Input.CloseAsked(), gone(1), new Input.MediaGone());
        ViewerState closed = viewer.state();
        int before = viewer.effects().size();
        viewer.take(
                new Input.Start(),
                opened(1),
                says(1, "pub", offer("s1", certificate("pub"))),
                new Input.CloseAsked(),
                new Input.MediaGone(),
                new Input.TimerFired(Timer.of(Timer.Kind.CLOSE)));

        assertThat(viewer.state()).isEqualTo(closed);
        assertThat(viewer.effects()).hasSize(before);
    }

    // ---- what comes in another order --------------------------------------------------------------------------------

    private static Input early(String peer, String session) {
        return says(1, peer, candidates(Side.PUBLISHER, session, true));
    }

    @Test
    void candidates_that_overtake_their_offer_are_kept_for_it() {
        Driver<ViewerState> viewer = asking(viewer(STREAM))
                .take(early("pub", "s1"), early("pub", "other"), early("eve", "s1"), early("pub", "s1"));
        assertThat(viewer.effects()).noneMatch(Effect.AddCandidates.class::isInstance);

        viewer.take(says(1, "pub", offer("s1", certificate("pub"))));
        assertThat(viewer.lastWords())
                .containsExactly(
                        "open link 1",
                        "accept offer on 1",
                        "add candidates on 1",
                        "start CONNECT 1 (20 s)",
                        "start ASK 1 (3 s)");
        assertThat(viewer.last()).contains(new Effect.AddCandidates(1, List.of(candidate(), candidate())));
    }

    @Test
    void candidates_of_others_are_kept_when_an_offer_has_taken_its_own() {
        Driver<ViewerState> viewer = asking(viewer(STREAM, OTHER)).take(early("pub", "s1"), early("eve", "s2"));
        viewer.take(says(1, "pub", offer("s1", certificate("pub"))));
        assertThat(((ViewerState.Open) viewer.state()).early().count()).isEqualTo(1);

        viewer.take(says(1, "eve", offerOf(OTHER, "s2", certificate("eve"), true)));
        assertThat(viewer.lastWords()).contains("add candidates on 2");
        assertThat(((ViewerState.Open) viewer.state()).early().count()).isZero();
    }

    @Test
    void messages_without_candidates_take_no_place_among_them() {
        Driver<ViewerState> viewer = asking(viewer(STREAM));
        for (int i = 0; i < 3; i++) {
            viewer.take(says(1, "eve", new Message.Candidates(Side.PUBLISHER, Optional.of("s"), List.of(), true)));
        }

        assertThat(((ViewerState.Open) viewer.state()).early()).isEqualTo(EarlyCandidates.NONE);
    }

    @Test
    void an_offer_without_a_stream_is_for_what_its_peer_plays() {
        Driver<ViewerState> viewer =
                asking(viewer(STREAM, OTHER)).take(says(1, "eve", offerOf(OTHER, "s2", certificate("eve"), true)));
        Message nameless = new Message.Offer(Optional.empty(), Optional.of("s3"), sdp(certificate("eve")), true);

        assertThat(viewer.take(says(1, "pub", nameless)).last())
                .as("a stranger's could be for either")
                .isEmpty();
        assertThat(viewer.take(says(1, "eve", nameless)).last()).contains(new Effect.OpenLink(2, Optional.of(OTHER)));
    }

    @Test
    void each_stream_has_its_own_time() {
        Driver<ViewerState> viewer = asking(viewer(STREAM, OTHER)).fire(Timer.of(Timer.Kind.OFFER, 2));

        assertThat(viewer.lastEventWords()).containsExactly("StreamMissing camera2 (45 s)", "StreamRequested camera2");
    }

    @Test
    void of_candidates_without_an_offer_only_the_newest_256_are_kept() {
        Driver<ViewerState> viewer = asking(viewer(STREAM)).take(early("pub", "s1"));
        for (int each = 0; each < EarlyCandidates.MAX; each++) {
            viewer.take(early("eve", "e" + each));
        }
        assertThat(((ViewerState.Open) viewer.state()).early().count()).isEqualTo(EarlyCandidates.MAX);

        viewer.take(says(1, "pub", offer("s1", certificate("pub"))));
        assertThat(viewer.lastWords()).doesNotContain("add candidates on 1");
    }

    @Test
    void plain_candidates_are_not_kept_where_encryption_is_required() {
        Driver<ViewerState> viewer =
                asking(encrypted(viewer(STREAM))).take(says(1, "pub", candidates(Side.PUBLISHER, "s1", false)));

        assertThat(viewer.lastWords()).containsExactly("ProtocolViolation NOT_ENCRYPTED");
        assertThat(((ViewerState.Open) viewer.state()).early().count()).isZero();
    }

    @Test
    void what_comes_through_a_connection_shows_that_it_stands() {
        Driver<ViewerState> viewer = offered(viewer(STREAM)).take(new Input.MediaBegan(1));
        assertThat(viewer.lastEventWords()).containsExactly("StreamStarted camera1", "MediaStarted camera1");
        assertThat(viewer.timers()).isEmpty();

        assertThat(viewer.take(connected(1)).last()).isEmpty();
        assertThat(offered(viewer(STREAM)).take(heard(1, new Message.Pipe("1"))).lastEventWords())
                .containsExactly("StreamStarted camera1", "DataReceived");
    }

    // ---- what the server or others could make up --------------------------------------------------------------------

    @Test
    void peers_cannot_speak_for_the_server() {
        Driver<ViewerState> viewer = asking(viewer(STREAM));

        assertThat(viewer.take(says(1, "eve", new Message.IdentityRejected())).last())
                .isEmpty();
    }

    @Test
    void the_server_cannot_replay_an_offer_into_a_stream_that_stands() {
        Input replayed = says(1, "pub", offer("s1", certificate("pub")));
        Driver<ViewerState> viewer = watching(viewer(STREAM));
        assertThat(viewer.take(replayed).last()).isEmpty();

        viewer.take(changed(1, LinkState.DISCONNECTED), replayed);
        assertThat(viewer.lastWords()).as("perhaps an ICE restart").containsExactly("accept offer on 1");
    }

    @Test
    void a_sealed_publisher_does_not_speak_through_the_server_even_when_it_is_away() {
        Driver<ViewerState> viewer = watchingSecure()
                .take(changed(1, LinkState.DISCONNECTED), says(1, "pub", offer("s1", certificate("pub"))));

        assertThat(viewer.last()).isEmpty();
    }

    @Test
    void time_limits_that_were_met_end_nothing() {
        Driver<ViewerState> viewer = watching(viewer(STREAM));
        viewer.take(
                new Input.TimerFired(Timer.of(Timer.Kind.CONNECT, 1)),
                new Input.TimerFired(Timer.of(Timer.Kind.GRACE, 1)));

        assertThat(viewer.last()).isEmpty();
        assertThat(viewer.phase()).isEqualTo("WATCHING");
    }

    @Test
    void an_earlier_offer_that_comes_late_does_not_displace_a_later_one() {
        String prefix = "p".repeat(PublisherRules.PREFIX);
        Driver<ViewerState> viewer =
                asking(viewer(STREAM)).take(says(1, "pub", offer(prefix + "a", certificate("pub"))));
        assertThat(viewer.take(says(1, "pub", offer(prefix + "9", certificate("pub"))))
                        .last())
                .isEmpty();

        viewer.take(says(1, "pub", offer(prefix + "10", certificate("pub"))));
        assertThat(viewer.lastWords()).contains("close link 1", "accept offer on 2");
        viewer.take(says(1, "pub", offer("of another kind of publisher", certificate("pub"))));
        assertThat(viewer.lastWords()).contains("close link 2", "accept offer on 3");
    }

    @Test
    void who_was_connected_in_the_moment_in_which_the_publisher_gave_up_takes_its_next_offer() {
        Driver<ViewerState> viewer = offered(viewer(STREAM)).take(connected(1));
        viewer.take(says(1, "pub", offer("s2", certificate("pub"))));
        assertThat(viewer.lastWords()).contains("StreamEnded camera1 REPLACED", "accept offer on 2");
    }
}
