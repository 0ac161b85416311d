package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakGuard.class)
@Tag("alone")
final class FaultsTest {
    private final World world = new World(Shape.FANOUT);
    private final HandshakeServer server = world.server;
    private final Faults faults = server.faults();

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void a_dropped_frame_is_in_the_log_and_reaches_nobody() throws Exception {
        World.Peer a = world.join();
        World.Peer b = world.join();
        faults.drop(entry -> entry.isIn(LogEntry.Kind.TEXT) && entry.text().equals("lost"));

        a.says("lost").says("kept");

        b.hears("kept");
        assertThat(server.log())
                .anyMatch(
                        entry -> entry.isIn(LogEntry.Kind.TEXT) && entry.text().equals("lost"));
    }

    @Test
    void a_frame_can_be_dropped_on_its_way_to_one_client() throws Exception {
        World.Peer a = world.join();
        World.Peer b = world.join();
        World.Peer c = world.join();
        faults.drop(entry -> entry.isOut(LogEntry.Kind.TEXT) && entry.connection() == b.number);

        a.says("x");

        c.hears("x");
        world.settle();
        b.hears_nothing();
    }

    @Test
    void what_chance_drops_depends_on_the_seed_alone() throws Exception {
        World.Peer a = world.join();
        World.Peer b = world.join();
        List<List<String>> runs = new ArrayList<>();
        for (long seed : new long[] {7, 7, 8}) {
            faults.drop(0.5, seed);
            for (int i = 0; i < 40; i++) {
                a.says("m" + i);
            }
            a.ping();
            faults.drop(0, seed);
            a.says("end");
            List<String> run = new ArrayList<>();
            String text = b.hears();
            while (!text.equals("end")) {
                run.add(text);
                text = b.hears();
            }
            runs.add(run);
        }
        assertThat(runs.get(0)).hasSizeBetween(5, 35).isEqualTo(runs.get(1)).isNotEqualTo(runs.get(2));
    }

    @Test
    void a_delay_holds_everything_back_and_keeps_the_order_even_when_it_gets_shorter() throws Exception {
        World.Peer a = world.join();
        World.Peer b = world.join();
        faults.delay(Duration.ofMillis(120));
        long started = System.nanoTime();
        a.says("first").says("second");
        server.awaitLog(entry -> entry.text().equals("second"), World.SOON);
        faults.delay(Duration.ofMillis(1));
        a.says("third");
        server.awaitLog(entry -> entry.text().equals("third"), World.SOON);
        faults.delay(Duration.ZERO);
        a.says("fourth");

        b.hears("first");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThanOrEqualTo(Duration.ofMillis(120));
        b.hears("second");
        b.hears("third");
        b.hears("fourth");
    }

    @Test
    void a_duplicated_message_arrives_twice() throws Exception {
        World.Peer a = world.join();
        World.Peer b = world.join();
        faults.duplicate(entry -> entry.text().equals("twice"));

        a.says("twice").says("once");

        b.hears("twice");
        b.hears("twice");
        b.hears("once");
    }

    @Test
    void a_server_that_stopped_answering_keeps_the_connection_and_says_nothing_not_even_to_a_close() throws Exception {
        try (RawClient client = new RawClient(server.uri());
                RawClient other = new RawClient(server.uri())) {
            faults.stopAnswering();
            other.text("unheard");
            client.frame(0x89, new byte[0]).close(1000);
            server.awaitLog(entry -> entry.isIn(LogEntry.Kind.CLOSE), World.SOON);

            client.socket.setSoTimeout(200);
            assertThatThrownBy(client::next).isInstanceOf(SocketTimeoutException.class);
            assertThat(server.connections()).isEqualTo(2);
            assertThat(server.log()).noneMatch(entry -> entry.direction() == LogEntry.Direction.OUT);

            // The end of the TCP connection is noticed all the same.
            long cut = System.nanoTime();
            client.socket.close();
            server.awaitLog(entry -> entry.isIn(LogEntry.Kind.GONE), World.SOON);
            assertThat(Duration.ofNanos(System.nanoTime() - cut)).isLessThan(Duration.ofMillis(200));
        }
    }

    @Test
    void a_reset_is_noticed_as_well() throws Exception {
        RawClient client = new RawClient(server.uri());
        server.awaitLog(entry -> entry.isIn(LogEntry.Kind.OPEN), World.SOON);
        client.socket.setSoLinger(true, 0);
        client.close();

        assertThat(server.awaitLog(entry -> entry.isIn(LogEntry.Kind.GONE), World.SOON)
                        .text())
                .isEqualTo("the client ended it");
    }

    @Test
    void a_server_that_answers_again_has_lost_what_came_in_between() throws Exception {
        World.Peer a = world.join();
        World.Peer b = world.join();
        faults.stopAnswering();
        a.says("lost");
        server.awaitLog(entry -> entry.text().equals("lost"), World.SOON);
        faults.answerAgain();

        a.says("kept");

        b.hears("kept");
    }

    @Test
    void a_server_can_keep_talking_after_a_close() throws Exception {
        try (RawClient client = new RawClient(server.uri())) {
            server.awaitLog(entry -> entry.isIn(LogEntry.Kind.OPEN), World.SOON);
            faults.keepTalking("still here", Duration.ofMillis(5));
            assertThat(client.next()).isEqualTo("1:still here");
            client.close(1000);
            LogEntry close = server.awaitLog(entry -> entry.isIn(LogEntry.Kind.CLOSE), World.SOON);
            server.awaitLog(
                    entry -> entry.isOut(LogEntry.Kind.TEXT) && entry.at().isAfter(close.at()), World.SOON);
            assertThat(server.log()).noneMatch(entry -> entry.isOut(LogEntry.Kind.CLOSE));
        }
    }

    @Test
    void upgrades_can_be_refused_with_a_status_and_allowed_again() throws Exception {
        faults.refuse(503);
        try (RawClient client = new RawClient(server.uri())) {
            assertThat(client.response).startsWith("HTTP/1.1 503 ");
        }
        faults.refuse(0);
        try (RawClient client = new RawClient(server.uri())) {
            assertThat(client.response).startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    void an_upgrade_can_be_left_without_an_answer() throws Exception {
        faults.stallUpgrades();
        assertThatThrownBy(() -> {
                    try (RawClient client = new RawClient(server.uri(), RawClient.UPGRADE, 150)) {
                        assertThat(client.response).isNull();
                    }
                })
                .isInstanceOf(SocketTimeoutException.class);
        faults.clear();
        try (RawClient client = new RawClient(server.uri())) {
            assertThat(client.response).startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    void a_server_that_stopped_accepting_refuses_connections_and_keeps_the_old_ones() throws Exception {
        World.Peer a = world.join();
        World.Peer b = world.join();
        faults.stopAccepting();

        assertThatThrownBy(() -> new RawClient(server.uri())).isInstanceOf(ConnectException.class);
        a.says("x");
        b.hears("x");

        faults.acceptAgain();
        World.Peer c = world.join();
        a.says("y");
        c.hears("y");
        b.hears("y");
    }

    @Test
    void a_restart_cuts_everybody_forgets_everything_and_keeps_the_port() throws Exception {
        try (World hosted = new World(Shape.HOSTED)) {
            hosted.join().says("{'request':'seed','streamID':'s'}");
            hosted.settle();
            int port = hosted.server.port();

            hosted.server.faults().restart();

            assertThat(hosted.server.log())
                    .last()
                    .matches(entry ->
                            entry.isIn(LogEntry.Kind.GONE) && entry.text().equals("restarted"));
            assertThat(hosted.server.port()).isEqualTo(port);
            World.Peer next = hosted.join().says("{'request':'seed','streamID':'s'}");
            next.ping();
            next.hears_nothing();
        }
    }

    @Test
    void disconnecting_everybody_ends_the_tcp_connections_without_a_close() throws Exception {
        try (RawClient client = new RawClient(server.uri())) {
            server.awaitLog(entry -> entry.isIn(LogEntry.Kind.OPEN), World.SOON);
            faults.disconnectAll();
            assertThat(client.ended()).isTrue();
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void everybody_can_be_told_goodbye_with_a_code() throws Exception {
        World.Peer a = world.join();
        faults.closeAll(1012, "coming back");
        assertThat(a.hears_close()).isEqualTo(1012);
        LogEntry gone = server.awaitLog(entry -> entry.isIn(LogEntry.Kind.GONE), World.SOON);
        assertThat(gone.text()).isEqualTo("the client ended it");
    }

    @Test
    void the_server_can_say_anything_to_one_or_all() throws Exception {
        World.Peer a = world.join();
        World.Peer b = world.join();
        faults.send(b.number, "only you").sendToAll("all").sendBinary(b.number, new byte[3]);
        a.hears("all");
        b.hears("only you");
        b.hears("all");
        b.hears("3 bytes");
        try (RawClient client = new RawClient(server.uri())) {
            server.awaitLog(entry -> entry.isIn(LogEntry.Kind.OPEN) && entry.connection() == 3, World.SOON);
            faults.sendRaw(3, new byte[] {(byte) 0x83, 1, '?'});
            assertThat(client.next()).isEqualTo("3:?");
        }
    }

    @Test
    void a_predicate_that_throws_costs_one_connection_and_not_the_server() throws Exception {
        World.Peer a = world.join();
        World.Peer b = world.join();
        faults.drop(entry -> {
            throw new IllegalStateException("on purpose");
        });
        a.says("x");
        assertThat(server.awaitLog(entry -> entry.isIn(LogEntry.Kind.GONE), World.SOON)
                        .text())
                .contains("on purpose");
        faults.clear();
        World.Peer c = world.join();
        c.says("y");
        b.hears("y");
    }
}
