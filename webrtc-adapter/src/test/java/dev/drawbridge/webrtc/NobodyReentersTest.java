package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionState;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.LogEntry;
import dev.drawbridge.testing.LogEntry.Kind;
import dev.drawbridge.testing.RecordingRelay.Way;
import dev.drawbridge.testing.Shape;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever is asked, repeated or started anew behind the bridge: the sealed session and the closed one do not notice. */
class NobodyReentersTest {
    /** In this order the two connect to the server. */
    private static final int PUBLISHER = 1;

    private static final int VIEWER = 2;
    /** Longer than the first pause before a reconnect. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(30));

    @ParameterizedTest
    @EnumSource(Shape.class)
    void neitherTheOldIdNorANewOneNorAnotherServerNorTheWholeTraceBringsAnybodyIn(Shape shape) throws Exception {
        try (Stage stage = new Stage(shape);
                // The Close stays unanswered, so that there is somebody to hear the trace once more.
                GlassPublisher glass =
                        new GlassPublisher(stage, () -> stage.server.faults().keepTalking("{}", Duration.ofHours(1)))) {
            Watcher watcher = stage.watch("view=camera1");
            glass.story.await(ViewerJoined.class);
            byte[] trace = heard(glass);
            stage.server.faults().sendRaw(PUBLISHER, trace);
            glass.story.await(Sealed.class);
            watcher.awaitPictures();
            assertThat(heard(glass)).as("the trace came twice").hasSize(2 * trace.length);
            List<String> frames = stage.log(VIEWER).stream()
                    .filter(entry -> entry.isIn(Kind.TEXT))
                    .map(LogEntry::text)
                    .toList();
            assertThat(frames).hasSizeGreaterThan(1);
            List<SessionEvent> events = glass.story.events();

            List<RawPeer> comers = new ArrayList<>(comeAgain(stage, frames));
            assertThat(glass.publisher.awaitClosed(QUIET)).isEmpty();

            assertThat(glass.publisher.state()).isEqualTo(SessionState.SEALED);
            assertThat(glass.story.events()).isEqualTo(events);
            glass.assertNothingCameOrWentAfterTheSeal();
            long pictures = watcher.link().framesReceived();
            watcher.close();
            glass.story.await(Closed.class);
            assertThat(pictures).isPositive();
            List<SessionEvent> all = glass.story.events();
            assertThat(all.subList(0, events.size())).isEqualTo(events);
            List<String> inputs = glass.log.inputsAfterAdmission();

            comers.addAll(comeAgain(stage, frames));
            Thread.sleep(QUIET.toMillis());

            assertThat(glass.publisher.state()).isEqualTo(SessionState.CLOSED);
            assertThat(glass.story.events()).isEqualTo(all);
            assertThat(glass.log.inputsAfterAdmission()).isEqualTo(inputs);
            glass.assertNothingCameOrWentAfterTheSeal();
            assertThat(comers).noneMatch(RawPeer::offered);
        }
    }

    /** What the server has said to the publisher since the upgrade. */
    private static byte[] heard(GlassPublisher glass) {
        byte[] all = glass.connection().bytes(Way.TO_CLIENT);
        int head = new String(all, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
        return Arrays.copyOfRange(all, head, all.length);
    }

    /** Somebody new, the viewer's own frames, the server started anew, and both once more. */
    private static List<RawPeer> comeAgain(Stage stage, List<String> frames) {
        List<RawPeer> peers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            peers.add(stage.peer("camera1").ask());
            RawPeer same = stage.peer("camera1");
            frames.forEach(same::text);
            peers.add(same);
            if (i == 0) {
                stage.server.faults().restart();
            }
        }
        return peers;
    }
}
