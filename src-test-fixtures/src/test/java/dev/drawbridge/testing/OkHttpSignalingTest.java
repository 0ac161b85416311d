package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.signaling.OkHttpSignaling;
import dev.drawbridge.spi.SignalingConnection;
import dev.drawbridge.spi.SignalingEnd;
import dev.drawbridge.spi.SignalingListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theSystemHoldsNoPartOfAFrameBack() throws Exception {
        Remembering sockets = new Remembering();
        OkHttpClient client = new OkHttpClient.Builder().socketFactory(sockets).build();
        SignalingConnection connection =
                OkHttpSignaling.builder().client(client).build().open(server.uri(), new Calls());
        assertThat(next()).isEqualTo("opened");
        assertThat(sockets.last.getTcpNoDelay()).isTrue();
        connection.close();
        assertThat(next()).isEqualTo("gone");
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

    private String next() throws InterruptedException {
        return calls.poll(5, TimeUnit.SECONDS);
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
        public void gone(SignalingEnd end) {
            calls.add("gone");
        }
    }

    private static final class Remembering extends SocketFactory {
        private volatile Socket last;

        @Override
        public Socket createSocket() {
            last = new Socket();
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
