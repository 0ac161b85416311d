package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.ViewerInterrupted;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionEvent.ViewerResumed;
import dev.drawbridge.SessionState;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.Shape;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions in a process of their own: it ends when they have ended, and may stand still for a while. */
class ProgramTest {
    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(30));

    @ParameterizedTest
    @ValueSource(strings = {"closed", "left", "refused"})
    void aProgramEndsSoonAfterMainReturns(String story) throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            if (story.equals("refused")) {
                stage.server.faults().refuse(503);
            }
            try (Programs.Running program = Programs.run(
                    Programs.WholeSession.class, story, stage.server.uri().toString())) {
                assertThat(program.line("threads ")).isEmpty();
                program.line("returning");
                long begin = System.nanoTime();
                assertThat(program.process.waitFor(5, TimeUnit.SECONDS)).isTrue();
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
                assertThat(program.process.exitValue()).isZero();
            }
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aViewerThatStandsStillIsInterruptedThenResumesOrTheSessionIsClosedMeanwhile() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder closedStory = new EventRecorder();
            EventRecorder story = new EventRecorder();
            Publisher toBeClosed = stage.publish("push=camera1&secure", closedStory);
            Publisher publisher = stage.publish("push=camera2&secure", story);
            CompletableFuture<ViewerInterrupted> firstStands = new CompletableFuture<>();
            CompletableFuture<ViewerInterrupted> secondStands = new CompletableFuture<>();
            toBeClosed.on(ViewerInterrupted.class, firstStands::complete);
            publisher.on(ViewerInterrupted.class, secondStands::complete);
            String server = "&wss=" + stage.server.uri();
            try (Programs.Running viewers =
                    Programs.run(Programs.Watching.class, "view=camera1" + server, "view=camera2" + server)) {
                viewers.line("MediaStarted");
                viewers.line("MediaStarted");
                closedStory.await(Sealed.class);
                story.await(Sealed.class);

                viewers.signal("STOP");
                firstStands.get(12, TimeUnit.SECONDS);
                secondStands.get(12, TimeUnit.SECONDS);
                assertThat(toBeClosed.state()).isEqualTo(SessionState.INTERRUPTED);
                long begin = System.nanoTime();
                toBeClosed.close();
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
                closedStory.await(Closed.class);
                assertThat(closedStory.story())
                        .endsWith(
                                "ViewerInterrupted viewer-1",
                                "ViewerLeft viewer-1 SESSION_CLOSED",
                                "Closed CLOSED_BY_APPLICATION");

                viewers.signal("CONT");
                story.await(ViewerResumed.class);
                assertThat(publisher.state()).isEqualTo(SessionState.SEALED);
                assertThat(story.events(ViewerLeft.class)).isEmpty();
            }
        }
    }
}
