package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.Announced;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionState;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.LogEntry;
import dev.drawbridge.testing.LogEntry.Kind;
import dev.drawbridge.testing.Shape;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the handshake server sees of a publisher whose bridge goes up. */
class SealTest {
    private static final Duration HOUR = Duration.ofHours(1);
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
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(20));

    @ParameterizedTest
    @EnumSource(Server.class)
    void oneCloseAndNothingElseAndTheConnectionIsGoneInTime(Server behaviour) throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            seal(stage, behaviour);
        }
    }

    @ParameterizedTest
    @EnumSource(Server.class)
    void theSameOverTls(Server behaviour) throws Exception {
        try (Stage stage = new Stage(HandshakeServer.builder().tls(true).start())) {
            seal(stage, behaviour);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Shape.class,
            names = {"FANOUT", "HOSTED"})
    void theSameInTheOtherShapes(Shape shape) throws Exception {
        try (Stage stage = new Stage(shape)) {
            seal(stage, Server.LEAVES_THE_CLOSE_UNANSWERED);
        }
    }

    private static void seal(Stage stage, Server behaviour) throws Exception {
        switch (behaviour) {
            case LEAVES_THE_CLOSE_UNANSWERED -> stage.server.faults().keepTalking("{}", HOUR);
            case KEEPS_TALKING ->
                stage.server
                        .faults()
                        .keepTalking(
                                "{\"request\":\"play\",\"from\":\"late\",\"streamID\":\"x\"}", Duration.ofMillis(2));
            case POLITE, FALLS_SILENT -> {}
        }
        EventRecorder story = new EventRecorder();
        Publisher publisher = stage.keep(stage.publishing(stage.options("push=camera1&secure&prompt"))
                .approval((viewer, label) -> {
                    if (behaviour == Server.FALLS_SILENT) {
                        stage.server.faults().stopAnswering();
                    }
                    return CompletableFuture.completedFuture(true);
                })
                .listener(story)
                .start());
        Watcher watcher = stage.watch("view=camera1");
        Sealed sealed = story.await(Sealed.class);
        LogEntry gone = stage.awaitGone(PUBLISHER);
        watcher.awaitPictures();

        List<LogEntry> said = stage.log(PUBLISHER).stream()
                .filter(entry -> entry.direction() == LogEntry.Direction.IN)
                .toList();
        assertThat(said).filteredOn(entry -> entry.isIn(Kind.CLOSE)).hasSize(1);
        assertThat(said.get(said.size() - 2).isIn(Kind.CLOSE)).isTrue();
        assertThat(said.get(said.size() - 2).closeCode()).isEqualTo(1000);
        assertThat(said.get(said.size() - 1).kind()).isEqualTo(Kind.GONE);
        ViewerJoined joined = story.await(ViewerJoined.class);
        assertThat(Duration.between(joined.at(), gone.at())).isLessThan(Duration.ofMillis(300));
        assertThat(Duration.between(joined.at(), sealed.at())).isLessThan(Duration.ofMillis(300));
        // It is announced when it is true; the server is told of the end by its own reader, a moment later.
        assertThat(Duration.between(sealed.at(), gone.at())).isLessThan(Duration.ofMillis(50));
        assertThat(publisher.state()).isEqualTo(SessionState.SEALED);

        publisher.close();
        story.await(Closed.class);
        assertThat(story.events(Announced.class)).hasSize(1);
        assertThat(stage.server.log())
                .filteredOn(entry -> entry.kind() == Kind.OPEN)
                .hasSize(2);
    }
}
