package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okhttp3.tls.HandshakeCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakGuard.class)
final class HandshakeServerTest {
    @Test
    void it_names_its_own_address() {
        try (HandshakeServer server = HandshakeServer.start(Shape.ROUTER)) {
            assertThat(server.uri()).isEqualTo(URI.create("ws://127.0.0.1:" + server.port()));
            assertThat(server.uri("fe80::1")).isEqualTo(URI.create("ws://[fe80::1]:" + server.port()));
            assertThat(server.pageUri()).isEqualTo(URI.create("http://127.0.0.1:" + server.port() + "/"));
            assertThat(server.certificate()).isEmpty();
            assertThat(server.shape()).isEqualTo(Shape.ROUTER);
        }
    }

    @Test
    void with_tls_a_client_that_trusts_its_certificate_connects_and_another_does_not() throws Exception {
        try (HandshakeServer server =
                HandshakeServer.builder().tls(true).shape(Shape.FANOUT).start()) {
            assertThat(server.uri().getScheme()).isEqualTo("wss");
            HandshakeCertificates trusting = new HandshakeCertificates.Builder()
                    .addTrustedCertificate(server.certificate().orElseThrow())
                    .build();
            OkHttpClient client = new OkHttpClient.Builder()
                    .sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager())
                    .build();
            assertThat(opened(client, server.uri())).isEqualTo("101");
            assertThat(opened(client, URI.create("wss://localhost:" + server.port())))
                    .isEqualTo("101");
            assertThat(opened(new OkHttpClient(), server.uri())).contains("SSLHandshakeException");
        }
    }

    @Test
    void a_wildcard_host_is_reached_through_loopback() throws Exception {
        try (HandshakeServer server =
                        HandshakeServer.builder().host("0.0.0.0").tls(true).start();
                HandshakeServer plain =
                        HandshakeServer.builder().host("0.0.0.0").start()) {
            assertThat(server.uri().getHost()).isEqualTo("127.0.0.1");
            assertThat(server.certificate().orElseThrow().getSubjectAlternativeNames())
                    .anyMatch(name -> name.get(1).equals("127.0.0.1"))
                    .anyMatch(name -> name.get(1).equals("localhost"));
            try (RawClient client = new RawClient(plain.uri())) {
                assertThat(client.response).contains("101");
            }
        }
    }

    @Test
    void a_port_that_is_taken_is_an_error_that_leaves_nothing_behind() {
        try (HandshakeServer first = HandshakeServer.start(Shape.ROUTER)) {
            HandshakeServer.Builder second = HandshakeServer.builder().port(first.port());
            assertThatThrownBy(second::start).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void settings_out_of_range_are_refused_with_the_range() {
        assertThatThrownBy(() -> HandshakeServer.builder().port(65536))
                .hasMessage("port is 65536, allowed are 0 to 65535");
        assertThatThrownBy(() -> HandshakeServer.builder().maxFrameBytes(1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HandshakeServer.builder().log(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void closing_ends_every_connection_and_the_port_and_may_be_repeated() throws Exception {
        HandshakeServer server = HandshakeServer.start(Shape.HOSTED);
        try (RawClient client = new RawClient(server.uri())) {
            server.awaitLog(entry -> entry.isIn(LogEntry.Kind.OPEN), World.SOON);
            long started = System.nanoTime();
            server.close();
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(1));
            assertThat(client.ended()).isTrue();
        }
        server.close();
        server.faults().clear().restart().sendToAll("x").closeAll(1000, "");
        assertThat(server.log()).last().matches(entry -> entry.isIn(LogEntry.Kind.GONE));
        assertThatThrownBy(() -> new RawClient(server.uri())).isInstanceOf(ConnectException.class);
    }

    @Test
    void closing_ends_an_upgrade_that_was_never_answered() throws Exception {
        HandshakeServer server = HandshakeServer.start(Shape.ROUTER);
        server.faults().stallUpgrades();
        CompletableFuture<String> outcome = new CompletableFuture<>();
        new OkHttpClient().newWebSocket(request(server.uri()), new Outcome(outcome));
        server.close();
        assertThat(outcome.get(5, TimeUnit.SECONDS)).contains("Exception");
    }

    @Test
    void more_connections_than_allowed_are_refused_until_one_ends() throws Exception {
        try (HandshakeServer server =
                HandshakeServer.builder().maxConnections(1).start()) {
            try (RawClient first = new RawClient(server.uri())) {
                server.awaitLog(entry -> entry.isIn(LogEntry.Kind.OPEN), World.SOON);
                try (RawClient second = new RawClient(server.uri())) {
                    assertThat(second.response).startsWith("HTTP/1.1 503 ");
                }
                assertThat(first.response).contains("101");
            }
            server.awaitLog(entry -> entry.isIn(LogEntry.Kind.GONE), World.SOON);
            try (RawClient third = new RawClient(server.uri())) {
                assertThat(third.response).contains("101");
            }
        }
    }

    @Test
    void the_log_keeps_the_newest_entries_and_can_be_switched_off() throws Exception {
        try (World world =
                new World(HandshakeServer.builder().shape(Shape.FANOUT).log(3).start())) {
            World.Peer a = world.join();
            for (int i = 0; i < 5; i++) {
                a.says("m" + i);
            }
            world.server.awaitLog(entry -> entry.text().equals("m4"), World.SOON);
            assertThat(world.server.log()).extracting(LogEntry::text).containsExactly("m2", "m3", "m4");
        }
        try (HandshakeServer silent =
                        HandshakeServer.builder().shape(Shape.FANOUT).log(0).start();
                RawClient a = new RawClient(silent.uri());
                RawClient b = new RawClient(silent.uri())) {
            a.frame(0x89, new byte[0]).next();
            b.frame(0x89, new byte[0]).next();
            a.text("x");
            assertThat(b.next()).isEqualTo("1:x");
            assertThat(silent.log()).isEmpty();
        }
    }

    @Test
    void waiting_for_an_entry_that_does_not_come_fails_and_shows_the_log_without_texts() throws Exception {
        try (World world = new World(Shape.FANOUT)) {
            world.join().says("secret");
            world.settle();
            assertThatThrownBy(() -> world.server.awaitLog(entry -> false, Duration.ofMillis(10)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("IN TEXT, 6 bytes")
                    .hasMessageNotContaining("secret");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html; charset=utf-8, <h1>",
        "/index.html, text/html; charset=utf-8, <h1>",
        "/app.js, text/javascript; charset=utf-8, let",
        "/sub/a%20b.css, text/css; charset=utf-8, p"
    })
    void it_serves_pages_from_a_folder_with_their_types_and_never_from_a_cache(
            String path, String type, String body, @TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("index.html"), "<h1>");
        Files.writeString(folder.resolve("app.js"), "let");
        Files.createDirectory(folder.resolve("sub"));
        Files.writeString(folder.resolve("sub/a b.css"), "p");
        try (HandshakeServer server = HandshakeServer.builder().pages(folder).start()) {
            HttpResponse<String> response = get(server, path);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo(body);
            assertThat(response.headers().firstValue("Content-Type")).contains(type);
            assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
            try (RawClient client = new RawClient(server.uri())) {
                assertThat(client.response).contains("101");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/missing.html",
                "/sub",
                "/../secret.txt",
                "/%2e%2e/secret.txt",
                "/..%2fsecret.txt",
                "/sub/..%5c..%5csecret.txt",
                "/link.txt",
                "/.hidden",
                "//index.html",
                "/%00"
            })
    void it_serves_nothing_from_outside_the_folder(String path, @TempDir Path temp) throws Exception {
        Path folder = Files.createDirectories(temp.resolve("www/sub")).getParent();
        Files.writeString(temp.resolve("secret.txt"), "secret");
        Files.writeString(folder.resolve("index.html"), "<h1>");
        Files.writeString(folder.resolve(".hidden"), "secret");
        Files.createSymbolicLink(folder.resolve("link.txt"), temp.resolve("secret.txt"));
        try (HandshakeServer server = HandshakeServer.builder().pages(folder).start();
                RawClient client =
                        new RawClient(server.uri(), "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n")) {
            assertThat(client.response).matches("(?s)HTTP/1.1 40[04] .*");
        }
    }

    @Test
    void it_serves_pages_from_the_class_path() throws Exception {
        ClassLoader loader = HandshakeServerTest.class.getClassLoader();
        try (HandshakeServer server = HandshakeServer.builder()
                .pages(loader, "dev/drawbridge/testing")
                .start()) {
            assertThat(get(server, "/HandshakeServerTest.class").statusCode()).isEqualTo(200);
            assertThat(get(server, "/Missing.class").statusCode()).isEqualTo(404);
        }
    }

    private static HttpResponse<String> get(HandshakeServer server, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static Request request(URI uri) {
        return new Request.Builder()
                .url(uri.toString().replaceFirst("^ws", "http"))
                .build();
    }

    /** The status of the upgrade, or the failure. */
    private static String opened(OkHttpClient client, URI uri) throws Exception {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        client.newWebSocket(request(uri), new Outcome(outcome));
        return outcome.get(5, TimeUnit.SECONDS);
    }

    private static final class Outcome extends WebSocketListener {
        private final CompletableFuture<String> outcome;

        Outcome(CompletableFuture<String> outcome) {
            this.outcome = outcome;
        }

        @Override
        public void onOpen(WebSocket socket, Response response) {
            outcome.complete(String.valueOf(response.code()));
            socket.cancel();
        }

        @Override
        public void onFailure(WebSocket socket, Throwable t, Response response) {
            outcome.complete(t.toString());
        }
    }
}
