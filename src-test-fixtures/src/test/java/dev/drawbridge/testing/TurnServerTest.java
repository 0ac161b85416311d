package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.HexFormat;
import java.util.stream.Stream;
import okhttp3.tls.HandshakeCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TurnServerTest {
    /** A STUN binding request, and how the answer to it begins. */
    private static final byte[] QUESTION = HexFormat.of().parseHex("000100002112a442" + "0123456789abcdef01234567");

    private static final String ANSWER = "0101";
    private static final int PATIENCE = 5_000;

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(30));

    @Test
    void it_answers_over_udp_tcp_and_tls_as_soon_as_it_is_there() throws Exception {
        try (TurnServer turn = TurnServer.start()) {
            assertThat(overUdp(turn)).startsWith(ANSWER);
            try (Socket tcp = connected(turn, turn.tcpUrl())) {
                assertThat(asked(tcp)).startsWith(ANSWER);
            }
            HandshakeCertificates trust = new HandshakeCertificates.Builder()
                    .addTrustedCertificate(turn.certificate())
                    .build();
            try (Socket tcp = connected(turn, turn.tlsUrl());
                    Socket tls = trust.sslSocketFactory()
                            .createSocket(tcp, turn.address().getHostAddress(), tcp.getPort(), true)) {
                assertThat(asked(tls)).startsWith(ANSWER);
            }
        }
    }

    @Test
    void a_killed_one_answers_nobody_any_more() throws Exception {
        try (TurnServer turn = TurnServer.start()) {
            turn.kill();
            assertThatThrownBy(() -> connected(turn, turn.tcpUrl())).hasMessageContaining("refused");
            assertThatThrownBy(() -> turn.await(line -> line.contains("never said")))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("which is over");
        }
    }

    @Test
    void a_closed_one_leaves_no_process_and_no_file() throws Exception {
        TurnServer turn = TurnServer.start();
        assertThat(processes()).isNotEmpty();
        assertThat(turn.folder()).isNotEmptyDirectory();
        turn.close();
        turn.close();
        assertThat(processes()).isEmpty();
        assertThat(turn.folder()).doesNotExist();
    }

    private static Stream<String> processes() {
        return ProcessHandle.current()
                .descendants()
                .map(process -> process.info().command().orElse(""))
                .filter(command -> command.endsWith("turnserver"));
    }

    private static Socket connected(TurnServer turn, String url) throws Exception {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(turn.address(), port(url)), PATIENCE);
        socket.setSoTimeout(PATIENCE);
        return socket;
    }

    private static int port(String url) {
        return URI.create(url.replaceFirst(":", "://")).getPort();
    }

    private static String asked(Socket socket) throws Exception {
        socket.getOutputStream().write(QUESTION);
        return HexFormat.of().formatHex(socket.getInputStream().readNBytes(20));
    }

    private static String overUdp(TurnServer turn) throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, turn.address())) {
            socket.setSoTimeout(PATIENCE);
            InetSocketAddress there = new InetSocketAddress(turn.address(), port(turn.udpUrl()));
            socket.send(new DatagramPacket(QUESTION, QUESTION.length, there));
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            socket.receive(answer);
            return HexFormat.of().formatHex(answer.getData(), 0, answer.getLength());
        }
    }
}
