package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakGuard.class)
final class HostedShapeTest {
    private static final Pattern ID = Pattern.compile("'UUID':'([^']*)'");

    private final World world = new World(Shape.HOSTED);

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void nothing_is_sent_on_connect_and_nothing_after_a_seed() throws Exception {
        World.Peer publisher = world.join().says("{'request':'seed','streamID':'s1'}");
        World.Peer other = world.join();
        world.settle();
        publisher.hears_nothing();
        other.hears_nothing();
    }

    @Test
    void a_play_makes_the_server_order_an_offer_under_a_uuid_version_4() throws Exception {
        World.Peer publisher = world.join().says("{'request':'seed','streamID':'s1'}");
        World.Peer viewer = world.join();
        world.quiet();

        viewer.says("{'request':'play','streamID':'s1'}");

        String order = publisher.hears();
        assertThat(order).isEqualTo("{'request':'offerSDP','UUID':'" + idIn(order) + "'}");
        assertThat(UUID.fromString(idIn(order)).version()).isEqualTo(4);
        assertThat(idIn(order)).isEqualTo(idOf(viewer));
        world.settle();
        viewer.hears_nothing();
    }

    @Test
    void a_frame_between_clients_carries_the_uuid_of_its_sender_and_no_from() throws Exception {
        World.Peer publisher = world.join().says("{'request':'seed','streamID':'s1'}");
        World.Peer viewer = world.join().says("{'request':'play','streamID':'s1'}");
        String viewerId = idIn(publisher.hears());

        publisher.says(
                "{'UUID':'" + viewerId + "','n':1.50e2,'from':'forged','big':12345678901234567890,'d':{'a':[null]}}");

        viewer.hears("{'UUID':'" + idOf(publisher) + "','n':1.50e2,'big':12345678901234567890,'d':{'a':[null]}}");
        world.settle();
        publisher.hears_nothing();
    }

    @Test
    void a_frame_for_an_unknown_uuid_is_dropped_silently() throws Exception {
        World.Peer a = world.join();
        World.Peer b = world.join();

        a.says("{'UUID':'" + UUID.randomUUID() + "','x':1}");

        world.settle();
        a.hears_nothing();
        b.hears_nothing();
    }

    @Test
    void a_second_uuid_in_one_frame_does_not_pass() throws Exception {
        World.Peer a = world.join();
        World.Peer b = world.join();

        a.says("{'UUID':'forged','x':1,'UUID':'" + idOf(b) + "'}");

        b.hears("{'UUID':'" + idOf(a) + "','x':1}");
    }

    @Test
    void a_viewer_that_came_first_waits_and_is_offered_once_when_somebody_seeds() throws Exception {
        World.Peer viewer = world.join().says("{'request':'play','streamID':'s1'}");
        viewer.says("{'request':'play','streamID':'s1'}");
        World.Peer publisher = world.join();
        world.quiet();

        publisher.says("{'request':'seed','streamID':'s1'}");

        publisher.hears("{'request':'offerSDP','UUID':'" + idOf(viewer) + "'}");
        publisher.says("{'request':'seed','streamID':'s1'}");
        world.settle();
        publisher.hears_nothing();
    }

    @Test
    void a_viewer_that_left_does_not_wait_any_more() throws Exception {
        World.Peer viewer = world.join().says("{'request':'play','streamID':'s1'}");
        world.settle();
        viewer.socket.abort();
        world.server.awaitLog(entry -> entry.isIn(LogEntry.Kind.GONE), World.SOON);

        World.Peer publisher = world.join().says("{'request':'seed','streamID':'s1'}");

        world.settle();
        publisher.hears_nothing();
    }

    @Test
    void a_stream_id_of_another_live_socket_is_answered_with_the_known_alert() throws Exception {
        world.join().says("{'request':'seed','streamID':'s1'}");
        World.Peer second = world.join();
        world.quiet();

        second.says("{'request':'seed','streamID':'s1'}");

        second.hears("{'request':'alert','message':'Stream ID is already in use.'}");
    }

    @Test
    void a_second_stream_id_on_one_socket_is_answered_with_the_known_alert() throws Exception {
        World.Peer publisher = world.join().says("{'request':'seed','streamID':'s1'}");

        publisher.says("{'request':'seed','streamID':'s2'}");

        publisher.hears("{'request':'alert','message':'Stream ID cannot change on an existing connection.'}");
    }

    @Test
    void a_stream_id_is_free_as_soon_as_its_owner_has_closed() throws Exception {
        World.Peer first = world.join().says("{'request':'seed','streamID':'s1'}");
        World.Peer second = world.join();
        world.settle();
        first.socket.sendClose(1000, "").get();
        first.hears_close();

        second.says("{'request':'seed','streamID':'s1'}");

        world.settle();
        second.hears_nothing();
    }

    @Test
    void joinroom_is_answered_with_the_members_and_told_to_them() throws Exception {
        World.Peer guest = world.join().says("{'request':'joinroom','roomid':'room'}");
        guest.hears("{'request':'listing','list':[]}");
        guest.says("{'request':'seed','streamID':'g1'}");
        World.Peer silent = world.join().says("{'request':'joinroom','roomid':'room'}");
        guest.hears("{'request':'someonejoined','UUID':'" + idOf(silent) + "'}");
        silent.hears("{'request':'listing','list':[{'UUID':'" + idOf(guest) + "','streamID':'g1'}]}");

        World.Peer third = world.join().says("{'request':'seed','streamID':'t1'}");
        third.says("{'request':'joinroom','roomid':'room'}");

        third.hears("{'request':'listing','list':[{'UUID':'" + idOf(guest) + "','streamID':'g1'},{'UUID':'"
                + idOf(silent) + "'}]}");
        guest.hears("{'request':'someonejoined','UUID':'" + idOf(third) + "','streamID':'t1'}");
        silent.hears("{'request':'someonejoined','UUID':'" + idOf(third) + "','streamID':'t1'}");
    }

    @Test
    void a_seed_in_a_room_is_told_to_the_other_members_only() throws Exception {
        World.Peer guest = world.join().says("{'request':'joinroom','roomid':'room'}");
        World.Peer other = world.join().says("{'request':'joinroom','roomid':'room'}");
        World.Peer outside = world.join();
        world.quiet();

        guest.says("{'request':'seed','streamID':'g1'}");

        other.hears("{'request':'videoaddedtoroom','UUID':'" + idOf(guest) + "','streamID':'g1'}");
        world.settle();
        guest.hears_nothing();
        outside.hears_nothing();
    }

    @Test
    void a_stream_in_a_room_can_be_played_by_its_members_only() throws Exception {
        World.Peer guest = world.join().says("{'request':'joinroom','roomid':'room'}");
        guest.says("{'request':'seed','streamID':'g1'}");
        World.Peer member = world.join().says("{'request':'joinroom','roomid':'room'}");
        World.Peer outside = world.join();
        World.Peer elsewhere = world.join().says("{'request':'joinroom','roomid':'other'}");
        world.quiet();

        outside.says("{'request':'play','streamID':'g1'}");
        elsewhere.says("{'request':'play','streamID':'g1'}");
        world.settle();
        guest.hears_nothing();
        outside.hears_nothing();

        member.says("{'request':'play','streamID':'g1'}");
        guest.hears("{'request':'offerSDP','UUID':'" + idOf(member) + "'}");
    }

    @Test
    void names_of_rooms_are_trimmed_and_lower_cased() throws Exception {
        World.Peer a = world.join().says("{'request':'joinroom','roomid':'room'}");
        world.quiet();

        World.Peer b = world.join().says("{'request':'joinroom','roomid':' RooM '}");

        a.hears("{'request':'someonejoined','UUID':'" + idOf(b) + "'}");
    }

    @Test
    void a_second_joinroom_is_ignored() throws Exception {
        World.Peer a = world.join().says("{'request':'joinroom','roomid':'room'}");
        world.quiet();

        a.says("{'request':'joinroom','roomid':'other'}");

        world.settle();
        a.hears_nothing();
    }

    @Test
    void the_first_to_claim_a_room_is_its_director_and_the_second_learns_who_is() throws Exception {
        World.Peer guest = world.join().says("{'request':'joinroom','roomid':'room'}");
        guest.hears();
        World.Peer director = world.join().says("{'request':'joinroom','claim':true,'roomid':'room'}");
        director.hears("{'request':'listing','list':[{'UUID':'" + idOf(guest) + "'}],'claim':true}");
        guest.hears("{'request':'someonejoined','UUID':'" + idOf(director) + "','director':true}");

        World.Peer late = world.join().says("{'request':'joinroom','claim':true,'roomid':'room'}");

        assertThat(late.hears()).endsWith(",'director':'" + idOf(director) + "','claim':false}");
    }

    @Test
    void a_director_moves_a_member_to_another_room() throws Exception {
        World.Peer director = world.join().says("{'request':'joinroom','claim':true,'roomid':'room'}");
        World.Peer guest = world.join().says("{'request':'joinroom','roomid':'room'}");
        guest.says("{'request':'seed','streamID':'g1'}");
        World.Peer there = world.join().says("{'request':'joinroom','roomid':'other'}");
        world.quiet();

        director.says("{'request':'migrate','roomid':'Other','target':'" + idOf(guest) + "'}");

        guest.hears("{'request':'transferred','list':[{'UUID':'" + idOf(there) + "'}]}");
        there.hears("{'request':'someonejoined','UUID':'" + idOf(guest) + "','streamID':'g1'}");
        director.says("{'request':'play','streamID':'g1'}");
        world.settle();
        guest.hears_nothing();
    }

    @Test
    void only_the_director_moves_members() throws Exception {
        world.join().says("{'request':'joinroom','claim':true,'roomid':'room'}");
        World.Peer guest = world.join().says("{'request':'joinroom','roomid':'room'}");
        World.Peer victim = world.join().says("{'request':'joinroom','roomid':'room'}");
        world.quiet();

        guest.says("{'request':'migrate','roomid':'other','target':'" + idOf(victim) + "'}");

        world.settle();
        victim.hears_nothing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'request':'ping'}",
                "{'request':'whatever','UUID':'x'}",
                "{'auth':'x'}",
                "{'request':'seed'}",
                "{'request':'play','streamID':null}",
                "{'request':'joinroom'}",
                "{'request':'joinroom','roomid':'  '}",
                "null",
                "nothing",
                "[1]"
            })
    void what_it_does_not_know_is_not_answered(String text) throws Exception {
        World.Peer a = world.join();
        World.Peer b = world.join();

        a.says(text);

        world.settle();
        a.hears_nothing();
        b.hears_nothing();
    }

    private String idOf(World.Peer peer) {
        return world.server.log().stream()
                .filter(entry -> entry.connection() == peer.number)
                .findFirst()
                .flatMap(LogEntry::peer)
                .orElseThrow();
    }

    private static String idIn(String frame) {
        Matcher id = ID.matcher(frame);
        assertThat(id.find()).as(frame).isTrue();
        return id.group(1);
    }
}
