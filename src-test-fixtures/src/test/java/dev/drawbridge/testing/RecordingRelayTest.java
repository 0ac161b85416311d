package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.testing.RecordingRelay.Connection;
import dev.drawbridge.testing.RecordingRelay.Way;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakGuard.class)
class RecordingRelayTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void everyByteIsPassedOnAndWrittenDownBothWays() throws Exception {
        try (ServerSocket server = server();
                RecordingRelay relay = RecordingRelay.to(uri(server));
                Socket client =
                        new Socket(InetAddress.getLoopbackAddress(), relay.uri().getPort());
                Socket accepted = server.accept()) {
            client.getOutputStream().write(bytes("question"));
            assertThat(accepted.getInputStream().readNBytes(8)).isEqualTo(bytes("question"));
            accepted.getOutputStream().write(bytes("answer"));
            assertThat(client.getInputStream().readNBytes(6)).isEqualTo(bytes("answer"));
            client.shutdownOutput();
            assertThat(accepted.getInputStream().read()).isEqualTo(-1);

            Connection seen = relay.connections().get(0);
            assertThat(seen.awaitClientEnd(PATIENCE).reset()).isFalse();
            assertThat(seen.serverEnd()).isEmpty();
            assertThat(seen.bytes(Way.TO_SERVER)).isEqualTo(bytes("question"));
            assertThat(seen.bytes(Way.TO_CLIENT)).isEqualTo(bytes("answer"));
            assertThat(seen.pieces().get(0).at()).isBefore(seen.pieces().get(1).at());
            assertThat(relay.uri().getPath()).isEqualTo("/path");
        }
    }

    @Test
    void aResetIsToldFromAnEndAndReachesTheServer() throws Exception {
        try (ServerSocket server = server();
                RecordingRelay relay = RecordingRelay.to(uri(server))) {
            Socket client =
                    new Socket(InetAddress.getLoopbackAddress(), relay.uri().getPort());
            try (Socket accepted = server.accept()) {
                client.setSoLinger(true, 0);
                client.close();
                assertThat(relay.connections().get(0).awaitClientEnd(PATIENCE).reset())
                        .isTrue();
                assertThat(accepted.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    private static ServerSocket server() throws Exception {
        return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    private static URI uri(ServerSocket server) {
        return URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/path");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
