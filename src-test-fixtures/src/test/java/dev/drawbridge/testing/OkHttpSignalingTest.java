package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drawbridge.signaling.OkHttpSignaling;
import dev.drawbridge.spi.SignalingConnection;
import dev.drawbridge.spi.SignalingEnd;
import dev.drawbridge.spi.SignalingListener;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.SocketFactory;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is particular to OkHttp. */
@ExtendWith(LeakGuard.class)
class OkHttpSignalingTest {
    private final HandshakeServer server = HandshakeServer.start(Shape.FANOUT);
    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    private volatile SignalingEnd end;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theSystemHoldsNoPartOfAFrameBack() throws Exception {
        Remembering sockets = new Remembering(Socket::new);
        OkHttpClient client = new OkHttpClient.Builder().socketFactory(sockets).build();
        SignalingConnection connection =
                OkHttpSignaling.builder().client(client).build().open(server.uri(), new Calls());
        assertThat(next()).isEqualTo("opened");
        assertThat(sockets.last.getTcpNoDelay()).isTrue();
        connection.close();
        assertThat(next()).isEqualTo("gone");
    }

    @Test
    void aConnectionOnWhichNothingHappensWakesNobody() throws Exception {
        SignalingConnection connection = OkHttpSignaling.create().open(server.uri(), new Calls());
        assertThat(next()).isEqualTo("opened");
        TimeUnit.MILLISECONDS.sleep(100);
        long before = waits();
        TimeUnit.MILLISECONDS.sleep(300);
        assertThat(waits() - before).isLessThan(20);
        connection.close();
        assertThat(next()).isEqualTo("gone");
    }

    /** How often a thread of OkHttp's has gone to sleep. */
    private static long waits() {
        long waits = 0;
        for (ThreadInfo thread : ManagementFactory.getThreadMXBean().dumpAllThreads(false, false)) {
            waits += thread.getThreadName().startsWith("OkHttp") ? thread.getWaitedCount() : 0;
        }
        return waits;
    }

    @Test
    void aBinaryFrameIsToldAndNotTaken() throws Exception {
        SignalingConnection connection = OkHttpSignaling.create().open(server.uri(), new Calls());
        assertThat(next()).isEqualTo("opened");
        server.faults().sendBinary(1, new byte[] {'{', '}'});
        server.faults().send(1, "text");
        assertThat(next()).isEqualTo("unusable: a binary frame");
        assertThat(next()).isEqualTo("received: text");
        connection.close();
        assertThat(next()).isEqualTo("gone");
    }

    @Test
    void theLongestMessageCanBeSet() throws Exception {
        for (int bad : new int[] {1023, (1 << 20) + 1}) {
            assertThatThrownBy(() -> OkHttpSignaling.builder().maxFrameBytes(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(String.valueOf(bad));
        }
        int connection = 0;
        for (int limit : new int[] {1024, 1 << 20}) {
            OkHttpSignaling.builder().maxFrameBytes(limit).build().open(server.uri(), new Calls());
            assertThat(next()).isEqualTo("opened");
            server.faults().send(++connection, "x".repeat(limit));
            assertThat(next()).isEqualTo("received: " + "x".repeat(limit));
            server.faults().send(connection, "x".repeat(limit + 1));
            assertThat(next()).isEqualTo("gone");
            assertThat(end.kind()).isEqualTo(SignalingEnd.Kind.PROTOCOL_ERROR);
            assertThat(end.detail()).contains("a message above " + limit + " bytes; ");
        }
    }

    @Test
    void whatWasCutLeavesNothingThatTheSystemWouldStillSend() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI address = URI.create("ws://127.0.0.1:" + silent.getLocalPort());
            SignalingConnection connection = OkHttpSignaling.create().open(address, new Calls());
            try (Socket server = silent.accept()) {
                server.setSoTimeout(5_000);
                upgrade(server);
                assertThat(next()).isEqualTo("opened");
                connection.close(); // never answered
                assertThat(next()).isEqualTo("gone");
                // A connection that was merely closed lives on in the system and would be read to its end here.
                assertThatThrownBy(() -> server.getInputStream().readAllBytes())
                        .isInstanceOf(SocketException.class)
                        .hasMessageContaining("reset");
            }
        }
    }

    @Test
    void aServerThatWantsMorePongsThanItReadsIsLeft() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            OkHttpSignaling.create().open(URI.create("ws://127.0.0.1:" + deaf.getLocalPort()), new Calls());
            try (Socket server = deaf.accept()) {
                upgrade(server);
                assertThat(next()).isEqualTo("opened");
                byte[] pings = new byte[127 * 1_000];
                for (int i = 0; i < pings.length; i += 127) {
                    pings[i] = (byte) 0x89;
                    pings[i + 1] = 125;
                }
                // Until its own queue is full, OkHttp would take more and more of them.
                assertThatThrownBy(() -> {
                            for (int i = 0; i < 1_000; i++) {
                                server.getOutputStream().write(pings);
                            }
                        })
                        .isInstanceOf(SocketException.class);
                assertThat(next()).isEqualTo("gone");
                assertThat(end.kind()).isEqualTo(SignalingEnd.Kind.PROTOCOL_ERROR);
                assertThat(end.detail()).contains("pings");
            }
        }
    }

    @Test
    void anErrorInTheReaderIsToldAtOnce() throws Exception {
        AtomicBoolean exhausted = new AtomicBoolean();
        Remembering sockets = new Remembering(() -> new Socket() {
            @Override
            public InputStream getInputStream() throws IOException {
                return new FilterInputStream(super.getInputStream()) {
                    @Override
                    public int read(byte[] bytes, int offset, int length) throws IOException {
                        int count = super.read(bytes, offset, length);
                        if (exhausted.get()) {
                            throw new OutOfMemoryError("on purpose");
                        }
                        return count;
                    }
                };
            }
        });
        OkHttpClient client = new OkHttpClient.Builder().socketFactory(sockets).build();
        OkHttpSignaling.builder().client(client).build().open(server.uri(), new Calls());
        assertThat(next()).isEqualTo("opened");
        exhausted.set(true);
        server.faults().send(1, "text");
        assertThat(next()).isEqualTo("gone"); // a ping would notice it after 10 s
        assertThat(end.kind()).isEqualTo(SignalingEnd.Kind.LOST);
    }

    private static void upgrade(Socket server) throws Exception {
        BufferedReader head =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.ISO_8859_1));
        String key = "";
        for (String line = head.readLine(); !line.isEmpty(); line = head.readLine()) {
            key = line.startsWith("Sec-WebSocket-Key: ") ? line.substring(19) : key;
        }
        byte[] digest = MessageDigest.getInstance("SHA-1")
                .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.ISO_8859_1));
        String answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n";
        server.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String next() throws InterruptedException {
        return calls.poll(20, TimeUnit.SECONDS);
    }

    private final class Calls implements SignalingListener {
        @Override
        public void opened() {
            calls.add("opened");
        }

        @Override
        public void received(String frame) {
            calls.add("received: " + frame);
        }

        @Override
        public void unusable(String detail) {
            calls.add("unusable: " + detail);
        }

        @Override
        public void gone(SignalingEnd reason) {
            end = reason;
            calls.add("gone");
        }
    }

    private static final class Remembering extends SocketFactory {
        private final Supplier<Socket> made;
        private volatile Socket last;

        Remembering(Supplier<Socket> made) {
            this.made = made;
        }

        @Override
        public Socket createSocket() {
            last = made.get();
            return last;
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            throw new IOException("not used");
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
            throw new IOException("not used");
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            throw new IOException("not used");
        }

        @Override
        public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
                throws IOException {
            throw new IOException("not used");
        }
    }
}
