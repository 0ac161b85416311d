package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.SessionEvent.Announced;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionState;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.LogEntry;
import dev.drawbridge.testing.LogEntry.Kind;
import dev.drawbridge.testing.RecordingRelay.End;
import dev.drawbridge.testing.RecordingRelay.Way;
import dev.drawbridge.testing.Shape;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is on the wire between a publisher and the handshake server when the bridge goes up, and from then on. */
@Tag("alone")
class SealTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration GONE = Duration.ofMillis(300);
    /** Longer than OkHttp would go on listening to a server that leaves the Close unanswered. */
    private static final Duration TALK =
            Boolean.getBoolean("drawbridge.soak") ? Duration.ofSeconds(70) : Duration.ofSeconds(3);
    /** What may follow a Close: the end of TLS. */
    private static final int TLS_GOODBYE = 128;
    /** The publisher connects first. */
    private static final int PUBLISHER = 1;

    /** How the server behaves. */
    enum Server {
        POLITE,
        LEAVES_THE_CLOSE_UNANSWERED,
        KEEPS_TALKING,
        FALLS_SILENT
    }

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(TALK.plusSeconds(30));

    @ParameterizedTest
    @EnumSource(Server.class)
    void oneCloseAndNothingElseAndTheConnectionIsGoneInTime(Server behaviour) throws Exception {
        try (Stage stage = new Stage(patient().start())) {
            seal(stage, behaviour);
        }
    }

    @ParameterizedTest
    @EnumSource(Server.class)
    void theSameOverTls(Server behaviour) throws Exception {
        try (Stage stage = new Stage(patient().tls(true).start())) {
            seal(stage, behaviour);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Shape.class,
            names = {"FANOUT", "HOSTED"})
    void theSameInTheOtherShapes(Shape shape) throws Exception {
        try (Stage stage = new Stage(patient().shape(shape).start())) {
            seal(stage, Server.LEAVES_THE_CLOSE_UNANSWERED);
        }
    }

    /** Never ends a connection by itself because much waits for the client. */
    private static HandshakeServer.Builder patient() {
        return HandshakeServer.builder().maxQueuedBytes(1 << 30);
    }

    private static void seal(Stage stage, Server behaviour) throws Exception {
        CountDownLatch talking = new CountDownLatch(100);
        Thread talk = new Thread(() -> talk(stage, talking), "talk");
        talk.setDaemon(true);
        Runnable turn = () -> {
            switch (behaviour) {
                case LEAVES_THE_CLOSE_UNANSWERED -> stage.server.faults().keepTalking("{}", HOUR);
                case KEEPS_TALKING -> {
                    stage.server.faults().keepTalking("{}", HOUR);
                    talk.start();
                    await(talking);
                }
                case FALLS_SILENT -> stage.server.faults().stopAnswering();
                case POLITE -> {}
            }
        };
        try (GlassPublisher glass = new GlassPublisher(stage, turn)) {
            Watcher watcher = stage.watch("view=camera1");
            Sealed sealed = glass.story.await(Sealed.class);
            assertThat(GlassPublisher.living(glass.relay.uri().getPort())).isEmpty();
            ViewerJoined joined = glass.story.await(ViewerJoined.class);
            End gone = glass.connection().awaitClientEnd(Stage.PATIENCE);
            System.out.printf(
                    "%s %s %s: gone %d ms after the admission, Sealed after %d ms%n",
                    stage.server.shape(),
                    stage.server.uri().getScheme(),
                    behaviour,
                    Duration.between(joined.at(), gone.at()).toMillis(),
                    Duration.between(joined.at(), sealed.at()).toMillis());
            assertThat(Duration.between(joined.at(), gone.at())).isLessThan(GONE);
            assertThat(Duration.between(joined.at(), sealed.at())).isLessThan(GONE);
            assertOneClose(stage, glass);
            talk.join();
            watcher.awaitPictures();
            assertThat(glass.publisher.state()).isEqualTo(SessionState.SEALED);
            glass.assertNothingCameOrWentAfterTheSeal();

            glass.publisher.close();
            glass.story.await(Closed.class);
            assertOneClose(stage, glass);
            glass.assertNothingCameOrWentAfterTheSeal();
            assertThat(glass.story.events(Announced.class)).hasSize(1);
        }
    }

    /**
     * The session handed over its frames and left. The wire has these frames, then one Close, and nothing more: by the bytes and, since
     * those are encrypted with TLS, by what the server could read.
     */
    private static void assertOneClose(Stage stage, GlassPublisher glass) throws Exception {
        List<String> handedOver = glass.handedOver.seen();
        assertThat(handedOver).containsOnlyOnce(HandedOver.LEAVE).endsWith(HandedOver.LEAVE);
        List<String> frames = handedOver.subList(0, handedOver.size() - 1);

        stage.awaitGone(PUBLISHER);
        List<LogEntry> said = stage.log(PUBLISHER).stream()
                .filter(entry -> entry.direction() == LogEntry.Direction.IN)
                .toList();
        assertThat(said).extracting(LogEntry::kind).containsOnlyOnce(Kind.CLOSE).endsWith(Kind.CLOSE, Kind.GONE);
        LogEntry close = said.get(said.size() - 2);
        assertThat(close.closeCode()).isEqualTo(1000);
        assertThat(said.stream().filter(entry -> entry.kind() == Kind.TEXT).map(LogEntry::text))
                .containsExactlyElementsOf(frames);

        if (stage.server.certificate().isEmpty()) {
            List<WireFrames.Frame> wire = WireFrames.of(glass.connection(), Way.TO_SERVER);
            WireFrames.Frame last = wire.get(wire.size() - 1);
            assertThat(wire.subList(0, wire.size() - 1))
                    .extracting(WireFrames.Frame::text)
                    .containsExactlyElementsOf(frames);
            assertThat(last.opcode()).isEqualTo(WireFrames.CLOSE);
            assertThat(last.masked()).isTrue();
            assertThat(last.payload()).hasSize(2);
            assertThat(last.code()).isEqualTo(1000);
        } else {
            // The relay was there before the server: all it can still see is the end of TLS.
            assertThat(WireFrames.bytesAfter(glass.connection(), Way.TO_SERVER, close.at()))
                    .isLessThanOrEqualTo(TLS_GOODBYE);
        }
    }

    /** Asks again and again, ten thousand times a second, as somebody whom the publisher would have to answer. */
    private static void talk(Stage stage, CountDownLatch talking) {
        String request = RawPeer.request("late", "camera1");
        long end = System.nanoTime() + TALK.toNanos();
        while (System.nanoTime() < end) {
            stage.server.faults().send(PUBLISHER, request);
            talking.countDown();
            LockSupport.parkNanos(50_000);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(Stage.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
