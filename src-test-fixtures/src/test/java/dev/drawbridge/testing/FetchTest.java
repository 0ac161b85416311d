package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.signaling.OkHttpSignaling;
import dev.drawbridge.spi.FetchListener;
import dev.drawbridge.spi.Scheduler;
import dev.drawbridge.spi.SignalingTransport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What fetching does over real sockets. */
@ExtendWith(LeakGuard.class)
class FetchTest {
    private static final int MOST = 256 << 10;

    private final TurnListServer server;
    private final SignalingTransport transport = OkHttpSignaling.create();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    FetchTest() throws IOException {
        server = new TurnListServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Scheduler.Cancellable fetch(SignalingTransport by, URI address) {
        return by.fetch(address, new FetchListener() {
            @Override
            public void fetched(String text) {
                heard.add("fetched " + text);
            }

            @Override
            public void failed(String detail) {
                heard.add("failed " + detail);
            }
        });
    }

    private String next() throws InterruptedException {
        String told = heard.poll(10, TimeUnit.SECONDS);
        assertThat(told).as("a word within 10 s").isNotNull();
        return told;
    }

    @Test
    void a_text_comes_whole_and_the_connection_is_gone() throws Exception {
        server.serve("x".repeat(MOST));
        fetch(transport, server.uri());
        assertThat(next()).isEqualTo("fetched " + "x".repeat(MOST));
        server.awaitEnd();
        assertThat(server.requests()).containsExactly("GET /turn?key=Canary9 HTTP/1.1");
    }

    @Test
    void a_text_above_the_limit_is_not_taken_whether_its_length_is_told_or_not() throws Exception {
        server.serve("x".repeat(MOST + 1));
        fetch(transport, server.uri());
        assertThat(next()).endsWith(" answered with more than 256 KiB");
        server.raw("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(2 * MOST));
        fetch(transport, server.uri());
        assertThat(next()).endsWith(" answered with more than 256 KiB");
    }

    @ParameterizedTest
    @CsvSource({
        "404 Not Found, answered 404",
        "302 Found, answered 302; redirects are not followed",
        "204 No Content, answered 204",
        "500 Oops, answered 500"
    })
    void another_status_is_told_and_a_redirect_not_followed(String status, String told) throws Exception {
        server.answer(status, "Location: /elsewhere\r\n", "");
        fetch(transport, server.uri());
        assertThat(next()).startsWith("failed 127.0.0.1:").endsWith(told);
        server.awaitEnd();
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void a_server_that_never_ends_its_answer_is_left_after_two_seconds() throws Exception {
        server.drip();
        long before = System.nanoTime();
        fetch(transport, server.uri());
        assertThat(next()).startsWith("failed ").contains("did not answer in time");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(1900));
        server.awaitEnd();
    }

    @Test
    void what_is_called_off_has_no_connection_any_more_and_says_nothing() throws Exception {
        server.hang();
        Scheduler.Cancellable fetch = fetch(transport, server.uri());
        while (server.requests().isEmpty()) {
            Thread.onSpinWait();
        }
        fetch.cancel();
        assertThat(server.awaitEnd()).isEqualTo("reset");
        fetch.cancel();
        assertThat(heard).isEmpty();
    }

    @Test
    void what_is_no_web_server_or_no_address_is_told() throws Exception {
        server.raw("SSH-2.0-OpenSSH\r\n\r\n");
        fetch(transport, server.uri());
        assertThat(next()).contains("is not a web server; check");
        server.close();
        fetch(transport, server.uri());
        assertThat(next()).endsWith("refused the connection; is the server running?");
        fetch(transport, URI.create("ftp://127.0.0.1/Canary9"));
        assertThat(next()).contains("http://host").doesNotContain("Canary9");
    }

    @Test
    void it_comes_over_tls_from_a_server_that_is_trusted_and_from_no_other(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("list.json"), "the list");
        try (HandshakeServer web =
                HandshakeServer.builder().tls(true).pages(folder).start()) {
            HandshakeCertificates trusted = new HandshakeCertificates.Builder()
                    .addTrustedCertificate(web.certificate().orElseThrow())
                    .build();
            OkHttpClient client = new OkHttpClient.Builder()
                    .sslSocketFactory(trusted.sslSocketFactory(), trusted.trustManager())
                    .build();
            URI list = web.pageUri().resolve("list.json?ts=1");
            fetch(OkHttpSignaling.builder().client(client).build(), list);
            assertThat(next()).isEqualTo("fetched the list");
            fetch(transport, list);
            assertThat(next()).contains("is not trusted");
        }
    }

    @Test
    void a_transport_that_does_not_fetch_says_so() throws Exception {
        fetch((address, listener) -> transport.open(address, listener), server.uri());
        assertThat(next()).isEqualTo("failed the signaling transport fetches nothing");
    }
}
