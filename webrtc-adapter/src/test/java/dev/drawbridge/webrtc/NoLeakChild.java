package dev.drawbridge.webrtc;

import dev.drawbridge.Publisher;
import dev.drawbridge.Session;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.MachineAddress;
import dev.drawbridge.testing.RecordingRelay;
import dev.drawbridge.testing.Shape;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The programs of {@link NoLeakTest}, each on a host of its own. They end when their input does. */
final class NoLeakChild {
    private static final int PATIENCE_SECONDS = 20;
    private static final String RESTART = "{\"iceRestartRequest\":true}";

    private NoLeakChild() {}

    /** A handshake server. Argument: its address. */
    static final class Serving {
        public static void main(String[] arguments) throws Exception {
            try (HandshakeServer server = HandshakeServer.builder()
                    .host(arguments[0])
                    .shape(Shape.ROUTER)
                    .start()) {
                System.out.println("serving " + server.uri());
                while (System.in.read() >= 0) {
                    // Until the end.
                }
            }
        }
    }

    /** A publisher, which searches all that it said for the addresses of its host. Arguments: the server, options. */
    static final class Publishing {
        public static void main(String[] arguments) throws Exception {
            Evidence evidence = new Evidence();
            try (RecordingRelay relay = RecordingRelay.to(URI.create(arguments[0]))) {
                session(evidence, Way.trusting(SessionOptions.parse(arguments[1] + "&wss=" + relay.uri())));
                unreachable(evidence, arguments[1]);
                for (RecordingRelay.Connection connection : relay.connections()) {
                    for (RecordingRelay.Way way : RecordingRelay.Way.values()) {
                        evidence.add("socket " + way, connection.bytes(way));
                        WireFrames.of(connection, way).forEach(frame -> evidence.add("frames " + way, frame.payload()));
                    }
                }
            }
            verdict(evidence, MachineAddress.all());
        }

        private static void session(Evidence evidence, SessionOptions options) throws Exception {
            TappedMedia media = new TappedMedia(Stage.pattern(), evidence::add);
            Semaphore data = new Semaphore(0);
            try (Publisher publisher = Publisher.builder(options)
                    .media(media)
                    .listener(event -> hear(event, evidence, data))
                    .start()) {
                evidence.add("texts", options + " " + options.network());
                System.out.println("ready");
                System.out.println("sealed " + await(publisher, Sealed.class).at());
                media.awaitDescription();
                evidence.add("figures", publisher.stats().toString());
                take(data, 1); // the viewer has seen enough, and asks for another path
                media.awaitDescription();
                System.out.println("restarted");
                publisher.send("go on");
                await(publisher, Closed.class);
                evidence.add("figures", publisher.stats().toString());
                evidence.add("audit", String.join("\n", publisher.audit().lines()));
            }
        }

        private static void unreachable(Evidence evidence, String options) {
            try (Publisher publisher = Publisher.start(SessionOptions.parse(options + "&wss=ws://127.0.0.1:1"))) {
                throw new IllegalStateException("started " + publisher.state());
            } catch (SessionException e) {
                evidence.add("exceptions", e);
            }
        }
    }

    /** A viewer, which searches all that it heard for the addresses of another. Arguments: the server, options, addresses. */
    static final class Watching {
        public static void main(String[] arguments) throws Exception {
            Evidence evidence = new Evidence();
            TappedMedia media = new TappedMedia(WebRtcMedia.create(), evidence::add);
            Semaphore data = new Semaphore(0);
            SessionOptions options = SessionOptions.builder()
                    .allowPlainWebSocket(true)
                    .query(arguments[1] + "&wss=" + arguments[0])
                    .build();
            try (Viewer viewer = Viewer.builder(options)
                    .media(media)
                    .listener(event -> hear(event, evidence, data))
                    .start()) {
                Semaphore pictures = new Semaphore(0);
                viewer.onVideo(frame -> pictures.release());
                take(pictures, 10);
                media.awaitDescription();
                viewer.send("another path, please");
                media.say(RESTART);
                media.awaitDescription();
                take(data, 1);
                pictures.drainPermits();
                take(pictures, 10);
                evidence.add("figures", viewer.stats().toString());
                System.out.println("path " + viewer.stats().path());
            }
            List<InetAddress> addresses =
                    Arrays.stream(arguments).skip(2).map(NoLeakChild::numeric).toList();
            verdict(evidence, addresses);
        }
    }

    /** Data is told only to who listens already. */
    private static void hear(SessionEvent event, Evidence evidence, Semaphore data) {
        evidence.add("events", event.toString());
        if (event instanceof DataReceived) {
            data.release();
        }
    }

    private static void take(Semaphore what, int count) throws InterruptedException {
        if (!what.tryAcquire(count, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it did not come " + count + " times");
        }
    }

    private static InetAddress numeric(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static <E extends SessionEvent> E await(Session session, Class<E> kind) throws Exception {
        CompletableFuture<E> came = new CompletableFuture<>();
        session.on(kind, came::complete);
        return came.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static void verdict(Evidence evidence, List<InetAddress> addresses) {
        System.out.println("searched " + evidence.sizes() + " for " + addresses);
        System.out.println("found " + evidence.find(addresses));
        System.out.flush();
    }
}
