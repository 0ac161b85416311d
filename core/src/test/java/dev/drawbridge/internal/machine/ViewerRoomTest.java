package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Samples.STREAM;
import static dev.drawbridge.internal.machine.Samples.certificate;
import static dev.drawbridge.internal.machine.Samples.changed;
import static dev.drawbridge.internal.machine.Samples.connected;
import static dev.drawbridge.internal.machine.Samples.described;
import static dev.drawbridge.internal.machine.Samples.encrypted;
import static dev.drawbridge.internal.machine.Samples.gone;
import static dev.drawbridge.internal.machine.Samples.heard;
import static dev.drawbridge.internal.machine.Samples.listing;
import static dev.drawbridge.internal.machine.Samples.member;
import static dev.drawbridge.internal.machine.Samples.offer;
import static dev.drawbridge.internal.machine.Samples.once;
import static dev.drawbridge.internal.machine.Samples.opened;
import static dev.drawbridge.internal.machine.Samples.room;
import static dev.drawbridge.internal.machine.Samples.says;
import static dev.drawbridge.internal.machine.Samples.scene;
import static dev.drawbridge.internal.machine.Samples.sdp;
import static dev.drawbridge.internal.machine.Samples.server;
import static dev.drawbridge.internal.machine.Samples.viewer;
import static dev.drawbridge.internal.machine.Samples.whole;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Dialect;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.machine.ViewerState.Feed;
import dev.drawbridge.internal.machine.ViewerState.Open;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.Message.SceneDisplay;
import dev.drawbridge.internal.wire.Message.SceneDisplay.Shown;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.SessionDescription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A viewer in a room: who is there, and watching all of them. */
class ViewerRoomTest {
    private static final StreamId ANNA = StreamId.of("anna1");
    private static final StreamId BERT = StreamId.of("bert1");
    private static final StreamId CARL = StreamId.of("carl1");
    private static final Input EMPTY = server(1, listing());

    private static ViewerRules hosted(int most, StreamId... except) {
        return whole(room(viewer(), Dialect.HOSTED), most, except);
    }

    private static ViewerRules custom(int most, StreamId... except) {
        return whole(room(viewer(), Dialect.CUSTOM), most, except);
    }

    private static Driver<ViewerState> entered(ViewerRules rules, Message.Listing.Member... members) {
        Driver<ViewerState> viewer = new Driver<>(new ViewerMachine(rules)).take(new Input.Start(), opened(1));
        return rules.dialect() == Dialect.HOSTED ? viewer.take(server(1, listing(members))) : viewer;
    }

    private static Input announces(String peer, StreamId stream) {
        return says(1, peer, new Message.StreamAnnounced(stream));
    }

    private static Input offers(String peer, StreamId stream) {
        return says(1, peer, offer(stream, "s-" + stream.value(), certificate(peer)));
    }

    private static Input enters(String peer) {
        return says(1, peer, new Message.Entered());
    }

    /** Anna is listed, offers, and link 1 stands. */
    private static Driver<ViewerState> watchingAnna(ViewerRules rules) {
        Driver<ViewerState> viewer = entered(rules, member("anna", ANNA)).take(offers("anna", ANNA));
        return plays(viewer, 1);
    }

    private static Driver<ViewerState> plays(Driver<ViewerState> viewer, int link) {
        return viewer.take(
                described(link, SessionDescription.Type.ANSWER), connected(link), new Input.ChannelOpened(link));
    }

    private static List<String> streams(Driver<ViewerState> viewer) {
        return feeds(viewer).stream().map(feed -> feed.stream().value()).toList();
    }

    private static List<Feed> feeds(Driver<ViewerState> viewer) {
        return ((Open) viewer.state()).feeds();
    }

    private static Room members(Driver<ViewerState> viewer) {
        return ((Open) viewer.state()).room();
    }

    private static String asks(StreamId stream) {
        return "StreamRequested " + stream.value();
    }

    // ---- who is there -----------------------------------------------------------------------------------------------

    @Test
    void everybody_in_the_listing_is_told_and_every_stream_asked_for() {
        Driver<ViewerState> viewer = entered(hosted(9), member("anna", ANNA), member("bert"), member("carl", CARL));

        assertThat(viewer.lastWords())
                .containsExactly(
                        "RoomEntered",
                        "MemberJoined member-1",
                        "StreamAnnounced member-1 anna1",
                        "MemberJoined member-2",
                        "MemberJoined member-3",
                        "StreamAnnounced member-3 carl1",
                        "start REPEAT (2.5 s)",
                        "signal Play",
                        asks(ANNA),
                        "start OFFER 1 (15 s)",
                        "start ASK 1 (3 s)",
                        "signal Play",
                        asks(CARL),
                        "start OFFER 2 (15 s)",
                        "start ASK 2 (3 s)");
        assertThat(viewer.timers()).doesNotContainKey(Timer.of(Timer.Kind.REPEAT));
    }

    @Test
    void who_comes_later_is_told_and_asked_for_too() {
        Driver<ViewerState> viewer = entered(hosted(9)).take(enters("anna"));
        assertThat(viewer.lastWords()).containsExactly("MemberJoined member-1");

        viewer.take(announces("anna", ANNA));
        assertThat(viewer.lastEventWords()).containsExactly("StreamAnnounced member-1 anna1", asks(ANNA));
        assertThat(viewer.take(announces("bert", BERT)).lastEventWords())
                .containsExactly("MemberJoined member-2", "StreamAnnounced member-2 bert1", asks(BERT));
    }

    @Test
    void what_is_announced_again_is_told_once_and_asked_for_again_silently() {
        Driver<ViewerState> viewer = entered(hosted(9)).take(announces("anna", ANNA), announces("anna", ANNA));

        assertThat(viewer.lastWords()).containsExactly("signal Play");
        assertThat(viewer.take(enters("anna")).last()).isEmpty();
    }

    @Test
    void in_a_custom_room_those_who_are_there_offer_and_need_not_be_asked() {
        Driver<ViewerState> viewer = entered(custom(9));
        assertThat(viewer.lastWords())
                .containsExactly("signal JoinRoom", "start LISTING (2.5 s)", "RoomEntered", "start REPEAT (2.5 s)");

        viewer.take(offers("anna", ANNA));
        assertThat(viewer.lastWords())
                .containsExactly(
                        "MemberJoined member-1",
                        "StreamAnnounced member-1 anna1",
                        "open link 1",
                        "accept offer on 1",
                        "start CONNECT 1 (20 s)",
                        "start ASK 1 (3 s)");
        assertThat(plays(viewer, 1).eventWords()).endsWith("StreamStarted anna1");
    }

    @Test
    void a_custom_room_is_entered_again_for_a_quarter_of_a_minute_whoever_is_there() {
        Driver<ViewerState> viewer = entered(custom(9)).take(offers("anna", ANNA));
        long before = joins(viewer);
        viewer.pass(Duration.ofSeconds(1)).take(connected(1)).pass(Duration.ofMinutes(5));

        assertThat(joins(viewer) - before).isEqualTo(6);
    }

    private static long joins(Driver<ViewerState> viewer) {
        return Words.of(viewer.effects()).stream()
                .filter("signal JoinRoom"::equals)
                .count();
    }

    @Test
    void a_hosted_room_that_never_lists_is_entered_again_as_well() {
        Driver<ViewerState> viewer = new Driver<>(new ViewerMachine(hosted(9)))
                .take(new Input.Start(), opened(1))
                .pass(Times.LISTING)
                .pass(Times.LISTING);
        assertThat(viewer.lastEventWords()).containsExactly("RoomEntered");
        assertThat(viewer.pass(Duration.ofMillis(2500)).lastWords()).contains("signal JoinRoom");

        viewer.take(server(1, listing(member("anna", ANNA))));
        assertThat(viewer.lastEventWords()).endsWith(asks(ANNA));
        assertThat(viewer.timers()).doesNotContainKey(Timer.of(Timer.Kind.REPEAT));
    }

    @Test
    void who_is_heard_before_the_listing_shows_that_the_room_is_entered_and_is_asked_for_when_it_has_come() {
        Driver<ViewerState> viewer =
                new Driver<>(new ViewerMachine(hosted(9))).take(new Input.Start(), opened(1), announces("anna", ANNA));
        assertThat(viewer.lastWords())
                .containsExactly("RoomEntered", "MemberJoined member-1", "StreamAnnounced member-1 anna1");

        assertThat(viewer.take(EMPTY).lastEventWords())
                .as("who is missing in it is not")
                .containsExactly("MemberLeft member-1");
        Driver<ViewerState> listed = new Driver<>(new ViewerMachine(hosted(9)))
                .take(new Input.Start(), opened(1), announces("anna", ANNA), server(1, listing(member("anna", ANNA))));
        assertThat(listed.lastEventWords()).containsExactly(asks(ANNA));
    }

    @Test
    void a_publisher_who_is_back_under_a_new_id_is_the_same_member() {
        Driver<ViewerState> viewer = watchingAnna(hosted(9)).take(enters("anna2"));
        assertThat(viewer.lastEventWords()).containsExactly("MemberJoined member-2");

        viewer.take(announces("anna2", ANNA));
        assertThat(viewer.lastWords()).as("one of the two was too many").containsExactly("MemberLeft member-2");
        assertThat(members(viewer).members()).hasSize(1);
    }

    @Test
    void in_a_room_with_named_streams_the_members_are_told_and_only_the_named_are_asked_for() {
        Driver<ViewerState> viewer =
                entered(room(viewer(ANNA), Dialect.HOSTED), member("anna", ANNA), member("bert", BERT));
        assertThat(viewer.lastEventWords())
                .containsExactly(
                        "RoomEntered",
                        "MemberJoined member-1",
                        "StreamAnnounced member-1 anna1",
                        "MemberJoined member-2",
                        "StreamAnnounced member-2 bert1",
                        asks(ANNA));

        plays(viewer.take(offers("anna", ANNA)), 1).take(heard(1, new Message.Bye()));
        assertThat(viewer.lastEventWords()).containsExactly("StreamEnded anna1 BYE", "MemberLeft member-1");
    }

    @Test
    void outside_of_rooms_nobody_is_a_member() {
        Driver<ViewerState> viewer = new Driver<>(new ViewerMachine(viewer(ANNA)))
                .take(new Input.Start(), opened(1), announces("anna", ANNA), offers("anna", ANNA), enters("bert"));

        assertThat(viewer.eventWords()).containsExactly(asks(ANNA));
        assertThat(members(viewer)).isEqualTo(Room.EMPTY);
    }

    // ---- who leaves -------------------------------------------------------------------------------------------------

    @Test
    void who_says_goodbye_has_left_and_is_not_asked_for_until_it_is_announced_again() {
        for (Input end : List.of(heard(1, new Message.Bye()), new Input.ChannelClosed(1))) {
            Driver<ViewerState> viewer = watchingAnna(hosted(9)).take(end);
            assertThat(viewer.lastEventWords()).hasSize(2).contains("MemberLeft member-1");
            assertThat(feeds(viewer)).isEmpty();
            assertThat(viewer.timers()).isEmpty();
            assertThat(viewer.phase()).isEqualTo("ASKING");

            viewer.take(announces("anna2", ANNA));
            assertThat(viewer.lastEventWords())
                    .containsExactly("MemberJoined member-2", "StreamAnnounced member-2 anna1", asks(ANNA));
            assertThat(feeds(viewer).get(0).number())
                    .as("numbers are not used twice")
                    .isEqualTo(2);
        }
    }

    @Test
    void what_was_lost_is_asked_for_after_a_pause_and_without_an_answer_its_member_has_left() {
        Driver<ViewerState> viewer = watchingAnna(hosted(9)).take(changed(1, LinkState.FAILED));
        assertThat(viewer.lastEventWords()).containsExactly("StreamEnded anna1 LOST");
        assertThat(viewer.pass(Duration.ofSeconds(5)).lastEventWords()).containsExactly(asks(ANNA));

        viewer.pass(Duration.ofSeconds(15));
        assertThat(viewer.lastEventWords()).containsExactly("StreamMissing anna1 (0 s)", "MemberLeft member-1");
        assertThat(viewer.timers()).isEmpty();
        assertThat(viewer.state())
                .isEqualTo(((Open) entered(hosted(9)).state())
                        .with(new Room(true, List.of(), 1, List.of(), false))
                        .plus(Feed.first(1, ANNA, false))
                        .minus(Feed.first(1, ANNA, false))
                        .linked());
    }

    @Test
    void what_was_lost_and_is_offered_again_plays_on() {
        Driver<ViewerState> viewer = watchingAnna(hosted(9))
                .take(changed(1, LinkState.FAILED))
                .pass(Duration.ofSeconds(5))
                .take(says(1, "anna2", offer(ANNA, "s2", certificate("anna2"))), connected(2));

        assertThat(viewer.lastEventWords()).containsExactly("StreamStarted anna1");
        assertThat(viewer.eventWords()).doesNotContain("MemberLeft member-1");
    }

    @Test
    void who_never_answered_is_not_asked_for_any_more_but_may_be_there() {
        Driver<ViewerState> viewer = entered(hosted(9), member("anna", ANNA)).pass(Duration.ofSeconds(15));
        assertThat(viewer.lastEventWords()).containsExactly("StreamMissing anna1 (0 s)");
        assertThat(viewer.timers()).isEmpty();

        assertThat(viewer.take(announces("anna", ANNA)).lastEventWords()).containsExactly(asks(ANNA));
    }

    @Test
    void without_a_server_nobody_is_given_up() {
        Driver<ViewerState> viewer = watchingAnna(hosted(9)).take(changed(1, LinkState.FAILED), gone(1));
        viewer.goes(Duration.ofMinutes(9));
        viewer.take(new Input.TimerFired(Timer.of(Timer.Kind.RETRY, 1)));

        assertThat(streams(viewer)).containsExactly("anna1");
    }

    @Test
    void a_session_that_watches_a_room_goes_on_when_everybody_has_left() {
        Driver<ViewerState> viewer = watchingAnna(once(hosted(9))).take(heard(1, new Message.Bye()));
        assertThat(viewer.phase()).isEqualTo("ASKING");
        assertThat(viewer.take(announces("anna", ANNA)).lastEventWords())
                .as("with secure of our own nothing is asked for again")
                .doesNotContain(asks(ANNA));

        Driver<ViewerState> sealed = watchingAnna(hosted(9))
                .take(heard(1, new Message.PublisherInfo("", true)), changed(1, LinkState.FAILED));
        assertThat(sealed.lastEventWords()).containsExactly("StreamEnded anna1 LOST", "MemberLeft member-1");
        assertThat(feeds(sealed)).isEmpty();
    }

    @Test
    void a_member_that_changes_its_certificate_is_not_watched_again_and_ends_nothing_else() {
        Driver<ViewerState> viewer = watchingAnna(hosted(9)).take(heard(1, offer(ANNA, "s-anna1", certificate("eve"))));
        assertThat(viewer.lastEventWords())
                .containsExactly(
                        "ProtocolViolation FINGERPRINT_CHANGED",
                        "StreamEnded anna1 SECURITY_VIOLATION",
                        "MemberLeft member-1");
        assertThat(viewer.phase()).isEqualTo("ASKING");

        assertThat(viewer.take(announces("anna", ANNA)).lastEventWords()).doesNotContain(asks(ANNA));
    }

    @Test
    void a_member_whose_paths_are_forbidden_ends_nothing_else() {
        Driver<ViewerState> viewer = entered(hosted(9), member("anna", ANNA))
                .take(offers("anna", ANNA), new Input.PathForbidden(1, "host/udp"));
        assertThat(viewer.lastEventWords()).containsExactly("StreamMissing anna1 (0 s)");
        assertThat(feeds(viewer)).isEmpty();

        Driver<ViewerState> ours = entered(hosted(9), member("anna", ANNA))
                .take(offers("anna", ANNA), new Input.CandidatesDropped(1, true, false, ""))
                .take(changed(1, LinkState.FAILED));
        assertThat(ours.phase())
                .as("with no candidate of ours nobody can be reached")
                .isEqualTo("CLOSING");
    }

    // ---- the server is lost -----------------------------------------------------------------------------------------

    private static Driver<ViewerState> restored(Driver<ViewerState> viewer) {
        return viewer.take(gone(1)).fire(Timer.of(Timer.Kind.RECONNECT)).take(opened(2));
    }

    @Test
    void who_is_missing_in_the_next_listing_has_left_unless_its_stream_plays() {
        Driver<ViewerState> viewer = watchingAnna(hosted(9)).take(enters("bert"), announces("carl", CARL));
        restored(viewer).take(server(2, listing(member("dora"))));

        assertThat(viewer.lastEventWords())
                .containsExactly(
                        "MemberLeft member-2", "MemberLeft member-3", "MemberJoined member-4", "SignalingRestored");
        assertThat(streams(viewer)).containsExactly("anna1");
        assertThat(viewer.phase()).isEqualTo("WATCHING");
    }

    @Test
    void who_is_in_the_next_listing_is_asked_for_and_what_plays_is_not_touched() {
        Driver<ViewerState> viewer = watchingAnna(hosted(9)).take(announces("carl", CARL));
        restored(viewer).take(server(2, listing(member("a2", ANNA), member("c2", CARL), member("b2", BERT))));

        assertThat(viewer.lastEventWords())
                .containsExactly(
                        "MemberJoined member-3",
                        "StreamAnnounced member-3 bert1",
                        asks(CARL),
                        asks(BERT),
                        "SignalingRestored");
        assertThat(Words.of(viewer.last())).filteredOn("signal Play"::equals).hasSize(2);
    }

    @Test
    void a_custom_room_is_entered_again_and_the_offers_that_follow_do_not_disturb_what_plays() {
        Driver<ViewerState> viewer = entered(custom(9)).take(offers("anna", ANNA));
        plays(viewer, 1);
        restored(viewer);
        assertThat(viewer.lastWords()).contains("signal JoinRoom").doesNotContain("signal Play");

        viewer.take(says(2, "a2", offer(ANNA, "s2", certificate("a2"))));
        assertThat(viewer.last()).isEmpty();
        viewer.take(says(2, "b2", offer(BERT, "s3", certificate("b2"))));
        assertThat(viewer.lastWords()).contains("open link 2");
    }

    // ---- which of them ----------------------------------------------------------------------------------------------

    @Test
    void what_is_excluded_is_told_and_neither_asked_for_nor_taken() {
        Driver<ViewerState> viewer = entered(hosted(9, ANNA), member("anna", ANNA));
        assertThat(viewer.lastEventWords())
                .containsExactly("RoomEntered", "MemberJoined member-1", "StreamAnnounced member-1 anna1");

        assertThat(entered(custom(9, ANNA)).take(offers("anna", ANNA)).lastWords())
                .containsExactly("MemberJoined member-1", "StreamAnnounced member-1 anna1");
    }

    @Test
    void an_offer_that_nobody_asked_for_is_ignored_where_only_named_streams_are_watched() {
        Driver<ViewerState> viewer = entered(room(viewer(ANNA), Dialect.CUSTOM)).take(offers("bert", BERT));

        assertThat(viewer.lastWords()).containsExactly("MemberJoined member-1", "StreamAnnounced member-1 bert1");
    }

    @Test
    void an_offer_in_the_clear_is_nobody_where_encryption_is_required() {
        Driver<ViewerState> viewer = entered(encrypted(custom(9)));
        Message plain = new Message.Offer(Optional.of(ANNA), Optional.of("s"), sdp(certificate("anna")), false);

        assertThat(viewer.take(says(1, "anna", plain)).last()).isEmpty();
    }

    @Test
    void an_offer_without_a_stream_belongs_to_the_member_whose_stream_is_known() {
        Message nameless = new Message.Offer(Optional.empty(), Optional.of("s"), sdp(certificate("anna")), true);
        Driver<ViewerState> viewer = entered(hosted(9), member("anna", ANNA));
        assertThat(viewer.take(says(1, "eve", nameless)).last()).isEmpty();

        assertThat(viewer.take(says(1, "anna", nameless)).lastWords()).contains("open link 1");
    }

    @Test
    void no_more_than_the_limit_are_watched_and_who_waits_gets_the_next_free_place() {
        Driver<ViewerState> viewer = entered(
                hosted(2), member("anna", ANNA), member("bert", BERT), member("carl", CARL), member("cam", STREAM));
        assertThat(streams(viewer)).containsExactly("anna1", "bert1");
        assertThat(viewer.lastEventWords()).endsWith(asks(BERT), "MaxPublishersReached 2");

        plays(viewer.take(offers("bert", BERT)), 1).take(heard(1, new Message.Bye()));
        assertThat(viewer.lastEventWords()).containsExactly("StreamEnded bert1 BYE", "MemberLeft member-2", asks(CARL));
        assertThat(streams(viewer)).containsExactly("anna1", "carl1");

        viewer.pass(Duration.ofSeconds(15));
        assertThat(streams(viewer)).as("anna and carl did not answer").contains("camera1");
        assertThat(viewer.eventWords())
                .filteredOn("MaxPublishersReached 2"::equals)
                .hasSize(1);
    }

    @Test
    void who_is_too_many_is_told_again_after_nobody_was() {
        Driver<ViewerState> viewer =
                entered(hosted(1), member("anna", ANNA), member("bert", BERT)).pass(Duration.ofSeconds(15));
        assertThat(streams(viewer)).containsExactly("bert1");

        assertThat(viewer.take(announces("anna", ANNA)).lastEventWords()).containsExactly("MaxPublishersReached 1");
    }

    @Test
    void an_unasked_offer_above_the_limit_waits_and_is_asked_for_later() {
        Driver<ViewerState> viewer = entered(custom(1)).take(offers("anna", ANNA), offers("bert", BERT));
        assertThat(viewer.lastWords())
                .containsExactly("MemberJoined member-2", "StreamAnnounced member-2 bert1", "MaxPublishersReached 1");

        plays(viewer, 1).take(heard(1, new Message.Bye()));
        assertThat(viewer.lastWords()).contains("signal Play", asks(BERT));
    }

    @Test
    void a_named_stream_has_its_place_whoever_is_in_the_room() {
        ViewerRules rules = whole(room(viewer(STREAM), Dialect.HOSTED), 2);
        Driver<ViewerState> viewer = entered(rules, member("anna", ANNA), member("bert", BERT));
        assertThat(streams(viewer)).containsExactly("camera1", "anna1");

        viewer.pass(Duration.ofSeconds(15));
        assertThat(streams(viewer)).containsExactly("camera1", "bert1");
        assertThat(viewer.eventWords()).contains("StreamMissing camera1 (45 s)", "StreamMissing anna1 (0 s)");
    }

    @Test
    void who_never_connects_makes_room_for_who_waits_and_otherwise_is_tried_again() {
        Driver<ViewerState> alone = entered(hosted(1), member("anna", ANNA));
        Driver<ViewerState> viewer = entered(hosted(1), member("anna", ANNA), member("bert", BERT));
        for (int i = 1; i <= Times.PATIENT_LOSSES; i++) {
            for (Driver<ViewerState> each : List.of(alone, viewer)) {
                assertThat(streams(each)).containsExactly("anna1");
                each.pass(i == 1 ? Duration.ZERO : Times.again(i - 1, Duration.ofSeconds(5)));
                each.take(says(1, "anna", offer(ANNA, "s" + i, certificate("anna"))), changed(i, LinkState.FAILED));
            }
        }

        assertThat(streams(alone)).containsExactly("anna1");
        assertThat(alone.timers()).containsOnlyKeys(Timer.of(Timer.Kind.RETRY, 1));
        assertThat(streams(viewer)).containsExactly("bert1");
        viewer.pass(Duration.ofSeconds(15));
        assertThat(streams(viewer)).as("and it is its turn again").containsExactly("anna1");
    }

    @Test
    void a_stream_that_plays_is_not_dropped_because_somebody_announces_its_id() {
        Driver<ViewerState> viewer = watchingAnna(hosted(9)).take(announces("impostor", ANNA));

        assertThat(viewer.last()).isEmpty();
    }

    // ---- what cannot grow -------------------------------------------------------------------------------------------

    @Test
    void of_any_number_of_members_some_are_remembered_and_those_who_play_longest() {
        Driver<ViewerState> viewer = watchingAnna(hosted(2));
        for (int i = 0; i < Room.MAX + 50; i++) {
            viewer.take(enters("peer" + i), announces("other" + i, StreamId.of("stream" + i)));
        }

        Room room = members(viewer);
        assertThat(room.members()).hasSize(Room.MAX);
        assertThat(room.members().get(0).stream()).contains(ANNA);
        assertThat(feeds(viewer)).hasSize(2);
        assertThat(viewer.eventWords())
                .filteredOn("MaxPublishersReached 2"::equals)
                .hasSize(1);
    }

    @Test
    void who_waits_for_a_place_is_not_pushed_out_by_members_that_are_made_up() {
        StreamId real = StreamId.of("real");
        Driver<ViewerState> viewer = watchingAnna(hosted(1)).take(announces("peer", real));
        for (int i = 0; i < Room.MAX + 50; i++) {
            viewer.take(announces("stranger", StreamId.of("stream" + i)));
        }

        assertThat(members(viewer).members()).hasSize(Room.MAX);
        assertThat(members(viewer).next()).contains(real);
    }

    @Test
    void streams_that_are_over_for_good_are_remembered_up_to_a_bound() {
        Room room = Room.EMPTY;
        for (int i = 0; i < 2 * Room.MAX; i++) {
            room = room.ending(StreamId.of("stream" + i));
        }

        assertThat(room.never()).hasSize(Room.MAX).endsWith(StreamId.of("stream" + (2 * Room.MAX - 1)));
    }

    @Test
    void who_comes_and_goes_leaves_nothing_behind() {
        Driver<ViewerState> viewer = entered(hosted(9));
        IntStream.rangeClosed(1, 500).forEach(i -> {
            StreamId stream = StreamId.of("stream" + i);
            viewer.take(announces("peer" + i, stream), offers("peer" + i, stream));
            plays(viewer, i).take(heard(i, new Message.Bye()));
        });

        assertThat(feeds(viewer)).isEmpty();
        assertThat(members(viewer).members()).isEmpty();
        assertThat(viewer.timers()).isEmpty();
    }

    // ---- scenes -----------------------------------------------------------------------------------------------------

    @Test
    void what_a_director_says_of_our_scene_is_told() {
        Message both = new SceneDisplay(List.of(new Shown("2", BERT, true), new Shown("1", BERT, true)));
        Message hide = new SceneDisplay(List.of(new Shown("1", BERT, false)));
        Driver<ViewerState> viewer = watchingAnna(scene(hosted(9), "1")).take(heard(1, both));
        assertThat(viewer.lastWords()).containsExactly("SceneCommand 1 bert1 shown");
        assertThat(viewer.take(heard(1, hide)).lastWords()).containsExactly("SceneCommand 1 bert1 hidden");

        assertThat(watchingAnna(hosted(9)).take(heard(1, both)).last())
                .as("no scene")
                .isEmpty();
    }

    @Test
    void a_viewer_of_a_room_says_that_it_is_a_guest_and_a_scene_which_one() {
        assertThat(request(hosted(9)))
                .isEqualTo(new Message.ViewerRequest(true, true, "me", Message.ViewerRequest.Role.GUEST));
        assertThat(request(scene(hosted(9), "2")))
                .isEqualTo(new Message.ViewerRequest(true, true, "me", Message.ViewerRequest.Role.SCENE, "2"));
    }

    private static Message request(ViewerRules rules) {
        return watchingAnna(rules).last().stream()
                .filter(Effect.SendChannel.class::isInstance)
                .map(effect -> ((Effect.SendChannel) effect).message())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_listing_that_is_made_up_in_the_custom_dialect_is_nobody() {
        assertThat(entered(custom(9))
                        .take(server(1, listing(member("anna", ANNA))))
                        .last())
                .isEmpty();
        assertThat(entered(custom(9)).take(EMPTY).last()).isEmpty();
    }
}
