package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server and the clients of one test. */
final class World implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(20);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    final HandshakeServer server;
    private final List<Peer> peers = new ArrayList<>();

    World(Shape shape) {
        this(HandshakeServer.start(shape));
    }

    World(HandshakeServer server) {
        this.server = server;
    }

    Peer join() throws Exception {
        int number = peers.size() + 1;
        Peer peer = new Peer(number);
        peer.socket = HTTP.newWebSocketBuilder().buildAsync(server.uri(), peer).get(SOON.toSeconds(), TimeUnit.SECONDS);
        peers.add(peer);
        server.awaitLog(entry -> entry.isIn(LogEntry.Kind.OPEN) && entry.connection() == number, SOON);
        peer.ping();
        return peer;
    }

    /** Returns when everything that was said so far has arrived wherever it goes. */
    void settle() throws Exception {
        // The first round: the server has handled all that was sent before it. The second: all it sent has arrived.
        for (int round = 0; round < 2; round++) {
            for (Peer peer : peers) {
                if (!peer.socket.isOutputClosed()) {
                    peer.ping();
                }
            }
        }
    }

    /** {@link #settle()}, and forgets what came so far. */
    void quiet() throws Exception {
        settle();
        peers.forEach(peer -> peer.heard.clear());
    }

    @Override
    public void close() {
        peers.forEach(peer -> peer.socket.abort());
        server.close();
    }

    /** One client. */
    static final class Peer implements WebSocket.Listener {
        final int number;
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final BlockingQueue<Integer> pongs = new LinkedBlockingQueue<>();
        private final BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();
        private final StringBuilder partial = new StringBuilder();
        WebSocket socket;

        Peer(int number) {
            this.number = number;
        }

        Peer says(String text) throws Exception {
            // The quotes of JSON would drown the text.
            socket.sendText(text.replace('\'', '"'), true).get(SOON.toSeconds(), TimeUnit.SECONDS);
            return this;
        }

        String hears() throws InterruptedException {
            String text = heard.poll(SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(text).as("a message").isNotNull();
            return text.replace('"', '\'');
        }

        void hears(String text) throws InterruptedException {
            assertThat(hears()).isEqualTo(text);
        }

        /** After {@link #settle()}. */
        void hears_nothing() {
            assertThat(heard).isEmpty();
        }

        int hears_close() throws InterruptedException {
            Integer code = closes.poll(SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(code).as("a Close").isNotNull();
            return code;
        }

        void ping() throws Exception {
            socket.sendPing(ByteBuffer.allocate(4)).get(SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(pongs.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(4);
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                heard.add(partial.toString());
                partial.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            heard.add(data.remaining() + " bytes");
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(WebSocket from, ByteBuffer data) {
            pongs.add(data.remaining());
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closes.add(code);
            return null;
        }
    }
}
