package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.drawbridge.CloseReason;
import dev.drawbridge.NetworkContact;
import dev.drawbridge.NetworkContact.Purpose;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.Viewer;
import dev.drawbridge.internal.runtime.SystemScheduler;
import dev.drawbridge.signaling.OkHttpSignaling;
import dev.drawbridge.spi.Scheduler;
import dev.drawbridge.spi.SignalingEnd;
import dev.drawbridge.testing.RecordingRelay.Connection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sessions through proxies. The handshake server and the list have names that only the proxy knows, so what reaches them came through
 * it, and who asked it for the name did not look it up.
 */
@ExtendWith(LeakGuard.class)
class ProxyTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Scheduler world = new SystemScheduler("the-world");
    private final FakeNetwork network = new FakeNetwork(world);
    private final HandshakeServer server = HandshakeServer.start(Shape.ROUTER);
    private final TurnListServer lists;
    private final Map<String, InetSocketAddress> names;

    ProxyTest() throws IOException {
        lists = new TurnListServer();
        names = Map.of(
                "handshake.invalid", new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
                "lists.invalid",
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), lists.uri().getPort()));
    }

    @AfterEach
    void theWorldEnds() {
        server.close();
        lists.close();
        world.close();
    }

    private Detour detour(String kind) throws Exception {
        return detour(kind, names);
    }

    private static Detour detour(String kind, Map<String, InetSocketAddress> names) throws Exception {
        return kind.equals("SOCKS") ? new SocksDetour(names) : new HttpDetour(names);
    }

    private static SessionOptions options(String query) {
        return SessionOptions.builder()
                .allowPlainWebSocket(true)
                .query("?" + query + "&wss=ws://handshake.invalid")
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SOCKS", "HTTP"})
    void a_secure_session_seals_through_it_and_is_gone_from_it(String kind) throws Exception {
        lists.serve(TurnListServer.list("user"));
        try (Detour detour = detour(kind);
                RecordingRelay before = RecordingRelay.to(URI.create("tcp://127.0.0.1:" + detour.port()));
                RecordingRelay beforeToo = RecordingRelay.to(URI.create("tcp://127.0.0.1:" + detour.port()))) {
            FakeMedia media = network.media();
            Publisher publisher = Publisher.builder(options("push=detour1&secure&turnlist=http://lists.invalid/"))
                    .media(media)
                    .proxy(detour.at(before.uri().getPort()))
                    .start();
            EventRecorder heard = EventRecorder.of(publisher);
            assertThat(server.connections()).isEqualTo(1);
            Viewer viewer = Viewer.builder(options("view=detour1"))
                    .media(network.media())
                    .proxy(detour.at(beforeToo.uri().getPort()))
                    .start();
            heard.await(ViewerJoined.class);
            heard.await(Sealed.class);

            assertThat(before.connections()).hasSize(2);
            for (Connection connection : before.connections()) {
                connection.awaitClientEnd(SOON);
            }
            assertThat(detour.asked())
                    .containsOnly("handshake.invalid:80", "lists.invalid:80")
                    .hasSize(3);
            assertThat(lists.requests()).hasSize(1);
            // The proxy hands the end on in its own time.
            server.awaitLog(entry -> entry.connection() == 1 && entry.isIn(LogEntry.Kind.GONE), SOON);
            assertThat(server.connections()).as("the viewer's").isEqualTo(1);
            assertThat(media.link().settings().iceServers())
                    .extracting(turn -> turn.url())
                    .contains("turn:192.0.2.1:3478", "turn:192.0.2.3:3478");
            assertThat(publisher.network())
                    .filteredOn(contact -> contact.purpose().compareTo(Purpose.PROXY) <= 0)
                    .containsExactly(
                            new NetworkContact(Purpose.HANDSHAKE, "handshake.invalid", 80, true, true, 0),
                            new NetworkContact(Purpose.TURN_LIST, "lists.invalid", 80, true, true, 0),
                            new NetworkContact(
                                    Purpose.PROXY, "localhost", before.uri().getPort(), true, true, 0));
            viewer.close();
            assertThat(publisher.awaitClosed()).isEqualTo(CloseReason.VIEWER_LEFT);
            assertThat(before.connections()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SOCKS", "HTTP"})
    void no_name_is_looked_up_here(String kind) throws Exception {
        List<String> looked = new CopyOnWriteArrayList<>();
        OkHttpClient client = new OkHttpClient.Builder()
                .dns(name -> {
                    looked.add(name);
                    return List.of(InetAddress.getLoopbackAddress());
                })
                .build();
        lists.serve(TurnListServer.list("user"));
        try (Detour detour = detour(kind)) {
            OkHttpSignaling signaling = OkHttpSignaling.builder()
                    .client(client)
                    .proxy(detour.proxy())
                    .build();
            Publisher publisher = Publisher.builder(options("push=detour2&turnlist=http://lists.invalid/"))
                    .media(network.media())
                    .signaling(signaling)
                    .start();
            publisher.close();
            assertThat(detour.asked()).contains("handshake.invalid:80");
            assertThat(looked).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SOCKS", "HTTP"})
    void a_server_that_the_proxy_cannot_reach_is_unreachable_and_said_to_be_behind_it(String kind) throws Exception {
        server.close();
        try (Detour detour = detour(kind)) {
            SessionException thrown =
                    catchThrowableOfType(SessionException.class, () -> Publisher.builder(options("push=detour3"))
                            .media(network.media())
                            .proxy(detour.proxy())
                            .start());
            assertThat(thrown.code()).isEqualTo(CloseReason.SERVER_UNREACHABLE);
            assertThat(thrown).hasMessageContaining("proxy");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SOCKS", "HTTP"})
    void tls_is_spoken_with_the_server_behind_it_and_its_frames_are_guarded(String kind) throws Exception {
        try (HandshakeServer secure = HandshakeServer.builder().tls(true).start();
                Detour detour = detour(
                        kind,
                        Map.of("localhost", new InetSocketAddress(InetAddress.getLoopbackAddress(), secure.port())))) {
            HandshakeCertificates trusted = new HandshakeCertificates.Builder()
                    .addTrustedCertificate(secure.certificate().orElseThrow())
                    .build();
            OkHttpClient client = new OkHttpClient.Builder()
                    .sslSocketFactory(trusted.sslSocketFactory(), trusted.trustManager())
                    .build();
            SignalingRecorder heard = new SignalingRecorder();
            OkHttpSignaling.builder()
                    .client(client)
                    .proxy(detour.proxy())
                    .build()
                    .open(URI.create("wss://localhost"), heard);
            assertThat(heard.await(r -> r.openings() == 1)).isTrue();
            assertThat(detour.asked()).containsExactly("localhost:443");
            secure.faults().sendToAll("x".repeat((1 << 20) + 1));
            assertThat(heard.await(r -> r.end().isPresent())).isTrue();
            assertThat(heard.end().orElseThrow().kind()).isEqualTo(SignalingEnd.Kind.PROTOCOL_ERROR);
        }
    }

    @Test
    void what_is_no_proxy_is_told_and_nothing_goes_around_it() throws Exception {
        int port;
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = nobody.getLocalPort();
        }
        for (Proxy.Type type : List.of(Proxy.Type.SOCKS, Proxy.Type.HTTP)) {
            SignalingRecorder heard = new SignalingRecorder();
            OkHttpSignaling.builder()
                    .proxy(new Proxy(type, new InetSocketAddress(InetAddress.getLoopbackAddress(), port)))
                    .build()
                    .open(server.uri(), heard);
            assertThat(heard.await(r -> r.end().isPresent())).isTrue();
            assertThat(heard.end().orElseThrow().kind()).isEqualTo(SignalingEnd.Kind.UNREACHABLE);
        }
        assertThat(server.log()).isEmpty();
    }

    @Test
    void a_transport_that_was_handed_in_takes_no_proxy_from_the_session() throws Exception {
        try (Detour detour = detour("SOCKS")) {
            Publisher.Builder builder = Publisher.builder(options("push=detour4"))
                    .media(network.media())
                    .signaling(OkHttpSignaling.create())
                    .proxy(detour.proxy());
            assertThatIllegalStateException().isThrownBy(builder::start);
        }
    }
}
