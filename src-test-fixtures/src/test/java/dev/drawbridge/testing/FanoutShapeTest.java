package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakGuard.class)
final class FanoutShapeTest {
    private final World world = new World(Shape.FANOUT);

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void every_frame_reaches_everybody_else_and_not_its_sender() throws Exception {
        World.Peer a = world.join();
        World.Peer b = world.join();
        World.Peer c = world.join();

        a.says("{'UUID':'B','roomid':'r','from':'A'}");

        b.hears("{'UUID':'B','roomid':'r','from':'A'}");
        c.hears("{'UUID':'B','roomid':'r','from':'A'}");
        world.settle();
        a.hears_nothing();
    }

    @Test
    void what_is_not_json_is_forwarded_as_well() throws Exception {
        World.Peer a = world.join();
        World.Peer b = world.join();

        a.says("not json");
        a.socket.sendBinary(ByteBuffer.allocate(7), true).get();

        b.hears("not json");
        b.hears("7 bytes");
    }

    @Test
    void nobody_owns_an_id_or_a_stream() throws Exception {
        World.Peer a = world.join().says("{'request':'seed','streamID':'s','from':'A'}");
        World.Peer b = world.join();
        world.quiet();

        b.says("{'request':'seed','streamID':'s','from':'A'}");

        a.hears("{'request':'seed','streamID':'s','from':'A'}");
        world.settle();
        b.hears_nothing();
    }

    @Test
    void the_log_knows_a_client_by_its_from() throws Exception {
        World.Peer a = world.join().says("{'from':'A'}");
        world.settle();

        a.says("second");

        world.settle();
        assertThat(world.server.log())
                .filteredOn(entry -> entry.isIn(LogEntry.Kind.TEXT))
                .last()
                .matches(entry -> entry.peer().orElseThrow().equals("A"));
    }
}
