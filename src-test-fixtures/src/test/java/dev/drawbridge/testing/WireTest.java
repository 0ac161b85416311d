package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakGuard.class)
final class WireTest {
    private final HandshakeServer server = HandshakeServer.builder()
            .shape(Shape.FANOUT)
            .maxFrameBytes(4096)
            .maxQueuedBytes(64 << 10)
            .start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void the_upgrade_proves_that_the_key_was_read_and_agrees_to_no_extension() throws Exception {
        try (RawClient client = new RawClient(
                server.uri(),
                RawClient.UPGRADE + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n")) {
            assertThat(client.response)
                    .startsWith("HTTP/1.1 101 ")
                    .containsIgnoringCase("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                    .doesNotContainIgnoringCase("extensions");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET / HTTP/1.1, GET / HTTP/1.0, 400",
        "GET / HTTP/1.1, POST / HTTP/1.1, 400",
        "Connection: Upgrade, Connection: keep-alive, 400",
        "Sec-WebSocket-Version: 13, Sec-WebSocket-Version: 8, 426",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==, Sec-WebSocket-Key: short, 400",
        "Upgrade: WebSocket, Upgrade: something, 404"
    })
    void an_upgrade_that_is_not_one_is_refused(String right, String wrong, int status) throws Exception {
        assertThat(RawClient.UPGRADE).contains(right);
        try (RawClient client = new RawClient(server.uri(), RawClient.UPGRADE.replace(right, wrong))) {
            assertThat(client.response).startsWith("HTTP/1.1 " + status + " ");
        }
    }

    @Test
    void a_frame_that_arrives_in_single_bytes_or_with_the_upgrade_is_read() throws Exception {
        try (RawClient listener = new RawClient(server.uri());
                RawClient client = new RawClient(server.uri())) {
            for (byte single : new byte[] {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'}) {
                client.bytes(new byte[] {single});
            }
            assertThat(listener.next()).isEqualTo("1:hi");
        }
    }

    @Test
    void a_message_of_several_fragments_with_a_ping_between_them_is_one_message() throws Exception {
        try (RawClient listener = new RawClient(server.uri());
                RawClient client = new RawClient(server.uri())) {
            client.frame(0x01, bytes("one ")).frame(0x00, bytes("")).frame(0x89, bytes("!"));
            assertThat(client.next()).isEqualTo("10:!");
            client.frame(0x00, bytes("two ")).frame(0x80, bytes("three"));
            assertThat(listener.next()).isEqualTo("1:one two three");
        }
    }

    @Test
    void a_message_of_the_greatest_length_passes_and_one_more_byte_is_a_close_1009() throws Exception {
        try (RawClient listener = new RawClient(server.uri());
                RawClient client = new RawClient(server.uri())) {
            client.text("x".repeat(4096));
            assertThat(listener.next()).hasSize(2 + 4096);
            client.text("x".repeat(4097));
            assertThat(client.next()).isEqualTo("8:1009");
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void a_huge_frame_is_refused_by_its_header_alone() throws Exception {
        try (RawClient client = new RawClient(server.uri())) {
            client.bytes(new byte[] {(byte) 0x81, (byte) 0xFF, 0, 0, 0, 0x7F, 0, 0, 0, 0, 1, 2, 3, 4});
            assertThat(client.next()).isEqualTo("8:1009");
        }
    }

    @Test
    void fragments_are_bounded_together() throws Exception {
        try (RawClient client = new RawClient(server.uri())) {
            client.frame(0x01, new byte[4000]).frame(0x00, new byte[97]);
            assertThat(client.next()).isEqualTo("8:1009");
        }
    }

    @Test
    void a_close_1009_is_seen_even_by_a_client_that_goes_on_sending() throws Exception {
        try (RawClient client = new RawClient(server.uri())) {
            client.text("x".repeat(2 << 20));
            assertThat(client.next()).isEqualTo("8:1009");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "81 00", // no mask
                "C1 80 00 00 00 00", // a reserved bit
                "83 80 00 00 00 00", // an unknown opcode
                "80 80 00 00 00 00", // a continuation of nothing
                "09 80 00 00 00 00", // a fragmented ping
                "89 FE 00 7E 00 00 00 00", // a long ping
                "01 80 00 00 00 00 81 80 00 00 00 00", // a message inside a message
                "88 81 00 00 00 00 03", // half a status code
                "88 82 00 00 00 00 03 ED", // 1005
                "88 82 00 00 00 00 00 00", // 0
                "82 FF 80 00 00 00 00 00 00 00 00 00 00 00" // a negative length
            })
    void what_breaks_the_protocol_is_a_close_1002(String hex) throws Exception {
        try (RawClient client = new RawClient(server.uri())) {
            client.bytes(unhex(hex));
            assertThat(client.next()).isEqualTo("8:1002");
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void text_that_is_not_utf8_is_a_close_1007() throws Exception {
        try (RawClient client = new RawClient(server.uri())) {
            client.frame(0x81, new byte[] {(byte) 0xC0, (byte) 0x80});
            assertThat(client.next()).isEqualTo("8:1007");
        }
    }

    @Test
    void a_close_is_answered_with_its_own_code_and_the_server_ends_first() throws Exception {
        try (RawClient client = new RawClient(server.uri())) {
            client.close(4321);
            assertThat(client.next()).isEqualTo("8:4321");
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void an_empty_close_is_answered_with_an_empty_one() throws Exception {
        try (RawClient client = new RawClient(server.uri())) {
            client.frame(0x88, new byte[0]);
            assertThat(client.next()).isEqualTo("8:");
            assertThat(server.awaitLog(entry -> entry.isIn(LogEntry.Kind.CLOSE), World.SOON)
                            .closeCode())
                    .isEqualTo(1005);
        }
    }

    @Test
    void what_follows_a_close_is_in_the_log_and_reaches_nobody() throws Exception {
        try (RawClient listener = new RawClient(server.uri());
                RawClient client = new RawClient(server.uri())) {
            client.close(1000).text("late");
            server.awaitLog(entry -> entry.connection() == 2 && entry.isIn(LogEntry.Kind.TEXT), World.SOON);
            client.socket.close();
            server.awaitLog(entry -> entry.connection() == 2 && entry.isIn(LogEntry.Kind.GONE), World.SOON);

            listener.frame(0x89, bytes(""));
            assertThat(listener.next()).isEqualTo("10:");
        }
    }

    @Test
    void a_client_that_keeps_its_half_open_after_the_close_is_cut() throws Exception {
        try (RawClient client = new RawClient(server.uri())) {
            client.close(1000);
            LogEntry gone = server.awaitLog(entry -> entry.isIn(LogEntry.Kind.GONE), World.SOON);
            assertThat(gone.text()).isEqualTo("the client did not end it");
        }
    }

    @Test
    void a_client_that_does_not_read_is_cut_and_the_others_never_wait() throws Exception {
        try (RawClient lazy = new RawClient(server.uri());
                RawClient busy = new RawClient(server.uri());
                RawClient listener = new RawClient(server.uri())) {
            for (int number = 1; number <= 3; number++) {
                int connection = number;
                server.awaitLog(
                        entry -> entry.isIn(LogEntry.Kind.OPEN) && entry.connection() == connection, World.SOON);
            }
            String text = "x".repeat(4000);
            int sent = 0;
            while (server.connections() == 3) {
                busy.text(text);
                assertThat(listener.next()).hasSize(2 + text.length());
                sent++;
            }
            assertThat(server.awaitLog(entry -> entry.isIn(LogEntry.Kind.GONE), World.SOON))
                    .matches(entry -> entry.connection() == 1)
                    .matches(entry -> entry.text().equals("it does not read"));
            assertThat(sent).isGreaterThan(16);
            busy.text("more");
            assertThat(listener.next()).isEqualTo("1:more");
            assertThat(lazy.response).contains("101");
        }
    }

    @Test
    void the_log_has_every_step_of_a_connection_in_order() throws Exception {
        try (RawClient client = new RawClient(server.uri())) {
            client.frame(0x89, bytes("p")).text("t").frame(0x82, bytes("b")).frame(0x8A, bytes(""));
            client.close(1000).next();
            client.next();
            client.socket.close();
            server.awaitLog(entry -> entry.isIn(LogEntry.Kind.GONE), World.SOON);
        }
        List<LogEntry> log = server.log();
        assertThat(log)
                .extracting(entry -> entry.direction() + " " + entry.kind())
                .containsExactly(
                        "IN OPEN",
                        "IN PING",
                        "OUT PONG",
                        "IN TEXT",
                        "IN BINARY",
                        "IN PONG",
                        "IN CLOSE",
                        "OUT CLOSE",
                        "IN GONE");
        assertThat(log).extracting(LogEntry::at).isSorted();
        assertThat(log.get(3).text()).isEqualTo("t");
        assertThat(log.get(3).toString()).doesNotContain("\"t\"").contains("TEXT, 1 bytes");
        assertThat(log.get(6).closeCode()).isEqualTo(1000);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] unhex(String text) {
        return HexFormat.ofDelimiter(" ").parseHex(text);
    }
}
