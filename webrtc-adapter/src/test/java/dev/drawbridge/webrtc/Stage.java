package dev.drawbridge.webrtc;

import dev.drawbridge.Publisher;
import dev.drawbridge.Session;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.Viewer;
import dev.drawbridge.media.AudioSources;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.signaling.OkHttpSignaling;
import dev.drawbridge.spi.SignalingTransport;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.LogEntry;
import dev.drawbridge.testing.Shape;
import java.net.URI;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;

/** One real handshake server and the sessions of one test; closes them all, the newest first. */
final class Stage implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final int HERTZ = 440;
    /** Enough to see that the picture moves; more would cost every test its time. */
    private static final int COUNTERS = 5;

    final HandshakeServer server;
    private final Deque<Runnable> endings = new ConcurrentLinkedDeque<>();

    Stage(Shape shape) {
        this(HandshakeServer.start(shape));
    }

    Stage(HandshakeServer server) {
        this.server = server;
    }

    /** The options, with this server added to them. */
    SessionOptions options(String query) {
        return options(query, SessionOptions.builder());
    }

    SessionOptions options(String query, SessionOptions.Builder builder) {
        return builder.query(query + "&" + at(server.uri())).build();
    }

    /** The option that names a server of this shape. */
    String at(URI address) {
        return (server.shape() == Shape.HOSTED ? "wss2=" : "wss=") + address;
    }

    /** Trusts the server's certificate where there is one. */
    SignalingTransport signaling() {
        return server.certificate().isPresent() ? signaling(new OkHttpClient.Builder()) : OkHttpSignaling.create();
    }

    /** The same with a client of the test's. */
    SignalingTransport signaling(OkHttpClient.Builder client) {
        server.certificate().ifPresent(certificate -> {
            HandshakeCertificates trust = new HandshakeCertificates.Builder()
                    .addTrustedCertificate(certificate)
                    .build();
            client.sslSocketFactory(trust.sslSocketFactory(), trust.trustManager());
        });
        return OkHttpSignaling.builder().client(client.build()).build();
    }

    static WebRtcMedia pattern() {
        return WebRtcMedia.builder()
                .video(VideoSources.testPattern(320, 180, 30))
                .audio(AudioSources.tone(HERTZ))
                .build();
    }

    Publisher.Builder publishing(SessionOptions options) {
        return Publisher.builder(options).media(pattern()).signaling(signaling());
    }

    Publisher publish(String query, EventRecorder story) throws SessionException {
        return keep(publishing(options(query)).listener(story).start());
    }

    Watcher watch(String query) throws SessionException {
        return watch(options(query));
    }

    Watcher watch(SessionOptions options) throws SessionException {
        return keep(new Watcher(Viewer.builder(options).signaling(signaling()), COUNTERS, HERTZ));
    }

    /** For lambdas. */
    Watcher watchUnchecked(String query) {
        try {
            return watch(query);
        } catch (SessionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Somebody who can misbehave, with the default key. */
    RawPeer peer(String stream) {
        return keep(new RawPeer(server, stream));
    }

    RawPeer keep(RawPeer peer) {
        endings.push(peer::close);
        return peer;
    }

    /** What the server saw of one connection. */
    List<LogEntry> log(int connection) {
        return server.log().stream()
                .filter(entry -> entry.connection() == connection)
                .toList();
    }

    LogEntry awaitGone(int connection) throws InterruptedException {
        return server.awaitLog(
                entry -> entry.connection() == connection && entry.kind() == LogEntry.Kind.GONE, PATIENCE);
    }

    <T extends Session> T keep(T session) {
        endings.push(session::close);
        return session;
    }

    Watcher keep(Watcher watcher) {
        endings.push(watcher::close);
        return watcher;
    }

    @Override
    public void close() {
        endings.forEach(Runnable::run);
        server.close();
    }
}
