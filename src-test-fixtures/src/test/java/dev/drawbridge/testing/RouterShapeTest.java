package dev.drawbridge.testing;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakGuard.class)
final class RouterShapeTest {
    private final World world = new World(Shape.ROUTER);

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void a_seed_reaches_everybody_else_outside_of_rooms_unchanged() throws Exception {
        World.Peer publisher = world.join();
        World.Peer viewer = world.join();
        World.Peer fresh = world.join();
        viewer.says("{'request':'hello','from':'V'}");
        publisher.hears("{'request':'hello','from':'V'}");
        fresh.hears("{'request':'hello','from':'V'}");

        publisher.says("{ 'x': 1.50e2, 'request':'seed', 'streamID':'s1', 'from':'P' }");

        viewer.hears("{ 'x': 1.50e2, 'request':'seed', 'streamID':'s1', 'from':'P' }");
        fresh.hears("{ 'x': 1.50e2, 'request':'seed', 'streamID':'s1', 'from':'P' }");
        world.settle();
        publisher.hears_nothing();
    }

    @Test
    void a_play_reaches_only_the_holder_of_the_stream_id() throws Exception {
        World.Peer publisher = world.join().says("{'request':'seed','streamID':'s1','from':'P'}");
        World.Peer other = world.join().says("{'request':'seed','streamID':'s2','from':'Q'}");
        publisher.hears();
        World.Peer viewer = world.join();

        viewer.says("{'request':'play','streamID':'s1','from':'V'}");

        publisher.hears("{'request':'play','streamID':'s1','from':'V'}");
        world.settle();
        other.hears_nothing();
        viewer.hears_nothing();
    }

    @Test
    void a_play_for_a_stream_that_nobody_holds_is_lost() throws Exception {
        World.Peer viewer = world.join().says("{'request':'play','streamID':'s1','from':'V'}");
        world.quiet();

        World.Peer publisher = world.join().says("{'request':'seed','streamID':'s1','from':'P'}");

        viewer.hears("{'request':'seed','streamID':'s1','from':'P'}");
        world.settle();
        publisher.hears_nothing();
    }

    @Test
    void a_frame_with_uuid_reaches_only_that_client_unchanged() throws Exception {
        World.Peer a = world.join().says("{'from':'A'}");
        World.Peer b = world.join().says("{'from':'B'}");
        World.Peer c = world.join().says("{'from':'C'}");
        world.quiet();

        a.says("{'UUID':'B','description':{'sdp':'v=0'},'from':'A'}");

        b.hears("{'UUID':'B','description':{'sdp':'v=0'},'from':'A'}");
        world.settle();
        c.hears_nothing();
        a.hears_nothing();
    }

    @Test
    void a_frame_for_an_unknown_uuid_is_lost() throws Exception {
        World.Peer a = world.join().says("{'from':'A'}");
        World.Peer b = world.join().says("{'from':'B'}");
        world.quiet();

        a.says("{'UUID':'nobody','from':'A'}");

        world.settle();
        b.hears_nothing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not json",
                "null",
                "[]",
                "17",
                "",
                "{'request':'seed','streamID':'s'}",
                "{'from':''}",
                "{'from':0}",
                "{'from':null}",
                "{'from':'A'} {'from':'A'}",
                "{'from':'A'"
            })
    void what_is_not_a_json_object_with_a_truthy_from_is_ignored_without_a_reply(String text) throws Exception {
        World.Peer a = world.join();
        World.Peer b = world.join();

        a.says(text);

        world.settle();
        a.hears_nothing();
        b.hears_nothing();
    }

    @Test
    void an_id_that_is_in_use_is_refused_each_time_and_the_socket_stays_open() throws Exception {
        World.Peer a = world.join().says("{'from':'X'}");
        World.Peer b = world.join();
        world.quiet();

        b.says("{'request':'seed','streamID':'s','from':'X'}");
        b.hears("{'error':'uuid already in use'}");
        b.says("{'request':'seed','streamID':'s','from':'X'}");
        b.hears("{'error':'uuid already in use'}");
        world.settle();
        a.hears_nothing();

        b.says("{'request':'seed','streamID':'s','from':'Y'}");
        a.hears("{'request':'seed','streamID':'s','from':'Y'}");
    }

    @Test
    void an_id_is_free_again_when_its_socket_is_gone() throws Exception {
        World.Peer a = world.join().says("{'request':'seed','streamID':'s','from':'X'}");
        world.settle();
        a.socket.abort();
        world.server.awaitLog(entry -> entry.isIn(LogEntry.Kind.GONE), World.SOON);

        World.Peer c = world.join();
        World.Peer b = world.join();
        b.says("{'request':'seed','streamID':'s','from':'X'}");

        c.hears("{'request':'seed','streamID':'s','from':'X'}");
        b.hears_nothing();
    }

    @Test
    void a_registered_client_can_forge_from() throws Exception {
        World.Peer a = world.join().says("{'from':'A'}");
        World.Peer b = world.join();

        a.says("{'request':'seed','from':'somebody else'}");

        b.hears("{'request':'seed','from':'somebody else'}");
    }

    @Test
    void a_stream_id_of_another_live_socket_is_refused_and_not_forwarded() throws Exception {
        World.Peer a = world.join().says("{'request':'seed','streamID':'s','from':'A'}");
        World.Peer b = world.join();
        World.Peer c = world.join();
        world.quiet();

        b.says("{'request':'seed','streamID':'s','from':'B'}");

        b.hears("{'error':'sid already in use'}");
        world.settle();
        a.hears_nothing();
        c.hears_nothing();
    }

    @Test
    void another_stream_id_on_the_same_socket_is_refused() throws Exception {
        World.Peer a = world.join().says("{'request':'seed','streamID':'s','from':'A'}");
        World.Peer b = world.join();
        world.quiet();

        a.says("{'request':'seed','streamID':'t','from':'A'}");
        a.hears("{'error':'can't change sid'}");

        a.says("{'request':'seed','streamID':'s','from':'A'}");
        b.hears("{'request':'seed','streamID':'s','from':'A'}");
    }

    @Test
    void a_refused_joinroom_has_changed_the_room_all_the_same() throws Exception {
        World.Peer a = world.join().says("{'request':'joinroom','roomid':'r','streamID':'s','from':'A'}");
        World.Peer b = world.join();
        world.quiet();

        b.says("{'request':'joinroom','roomid':'r','streamID':'s','from':'B'}");
        b.hears("{'error':'sid already in use'}");
        b.says("{'note':1,'from':'B'}");

        a.hears("{'note':1,'from':'B'}");
    }

    @Test
    void a_joinroom_reaches_the_members_of_that_room_and_no_listing_comes_back() throws Exception {
        World.Peer a = world.join().says("{'request':'joinroom','roomid':'r','streamID':'s','from':'A'}");
        World.Peer b = world.join().says("{'request':'joinroom','roomid':'q','from':'B'}");
        World.Peer c = world.join();
        world.quiet();

        c.says("{'request':'joinroom','roomid':'r','streamID':'t','from':'C'}");

        a.hears("{'request':'joinroom','roomid':'r','streamID':'t','from':'C'}");
        world.settle();
        b.hears_nothing();
        c.hears_nothing();
    }

    @Test
    void a_joinroom_may_be_repeated_with_another_room() throws Exception {
        World.Peer a = world.join().says("{'request':'joinroom','roomid':'r','from':'A'}");
        World.Peer b = world.join().says("{'request':'joinroom','roomid':'q','from':'B'}");
        world.quiet();

        a.says("{'request':'joinroom','roomid':'q','from':'A'}");

        b.hears("{'request':'joinroom','roomid':'q','from':'A'}");
    }

    @Test
    void a_joinroom_without_a_room_joins_the_room_called_undefined() throws Exception {
        World.Peer a = world.join().says("{'request':'joinroom','roomid':'undefined','from':'A'}");
        World.Peer b = world.join();
        world.quiet();

        b.says("{'request':'joinroom','from':'B'}");

        a.hears("{'request':'joinroom','from':'B'}");
    }

    @Test
    void clients_in_a_room_and_clients_in_none_cannot_talk_even_by_uuid() throws Exception {
        World.Peer in = world.join().says("{'request':'joinroom','roomid':'r','streamID':'s','from':'IN'}");
        World.Peer out = world.join().says("{'from':'OUT'}");
        world.quiet();

        in.says("{'UUID':'OUT','from':'IN'}");
        in.says("{'note':1,'from':'IN'}");
        out.says("{'UUID':'IN','from':'OUT'}");
        out.says("{'request':'play','streamID':'s','from':'OUT'}");
        out.says("{'note':1,'from':'OUT'}");

        world.settle();
        in.hears_nothing();
        out.hears_nothing();
    }

    @Test
    void an_id_that_is_a_number_is_as_good_as_its_text() throws Exception {
        World.Peer a = world.join().says("{'from':12345678}");
        World.Peer b = world.join();
        world.quiet();

        b.says("{'UUID':'12345678','from':'B'}");

        a.hears("{'UUID':'12345678','from':'B'}");
    }

    @Test
    void an_id_longer_than_256_characters_is_ignored() throws Exception {
        World.Peer a = world.join();
        World.Peer b = world.join();

        a.says("{'from':'" + "x".repeat(257) + "'}");

        world.settle();
        b.hears_nothing();
    }
}
