package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.ViewerInterrupted;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.Shape;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A viewer whose process is gone without a goodbye. Each viewer is a JVM of its own. */
@Tag("alone") // the limits are seconds, and a busy machine adds one
class DeadViewerTest {
    private static final Duration INTERRUPTED = Duration.ofSeconds(6);
    private static final Duration LEFT = Duration.ofSeconds(16);

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(60));

    /** One sealed publisher and its viewer, in another process. */
    private static final class Couple implements AutoCloseable {
        final EventRecorder story = new EventRecorder();
        final Publisher publisher;
        final Programs.Running viewer;

        Couple(Stage stage, int number) throws Exception {
            publisher = stage.publish("push=dead" + number + "&secure&stun=0&turn=0", story);
            viewer = Programs.run(
                    Programs.Watching.class, "view=dead" + number + "&stun=0&turn=0&" + stage.at(stage.server.uri()));
            viewer.line("MediaStarted");
            story.await(Sealed.class);
        }

        <E extends SessionEvent> Duration until(Class<E> kind, Instant from, Duration limit) throws Exception {
            CompletableFuture<Instant> at = new CompletableFuture<>();
            publisher.on(kind, event -> at.complete(event.at()));
            try {
                return Duration.between(from, at.get(limit.toMillis(), TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                throw new AssertionError(kind.getSimpleName() + " did not come within " + limit, e);
            }
        }

        @Override
        public void close() {
            viewer.close();
        }
    }

    @Test
    void aKilledViewerIsInterruptedWithin6SecondsAndHasLeftWithin16() throws Exception {
        List<Couple> couples = new ArrayList<>();
        List<Instant> killed = new ArrayList<>();
        try (Stage stage = new Stage(Shape.ROUTER)) {
            for (int i = 0; i < Integer.getInteger("drawbridge.dead.viewers", 2); i++) {
                couples.add(new Couple(stage, i));
            }
            for (Couple couple : couples) {
                // SIGKILL
                killed.add(Instant.now());
                couple.viewer.process.destroyForcibly();
            }
            for (int i = 0; i < couples.size(); i++) {
                Couple couple = couples.get(i);
                Duration interrupted = couple.until(ViewerInterrupted.class, killed.get(i), Duration.ofSeconds(20));
                Duration left = couple.until(ViewerLeft.class, killed.get(i), Duration.ofSeconds(20));
                System.out.printf(
                        "killed: interrupted after %d ms, left after %d ms%n", interrupted.toMillis(), left.toMillis());
                assertThat(interrupted).isLessThan(INTERRUPTED);
                assertThat(left).isLessThan(LEFT);
                couple.story.await(Closed.class);
                assertThat(couple.story.story())
                        .endsWith(
                                "Sealed viewer-1",
                                "ViewerInterrupted viewer-1",
                                "ViewerLeft viewer-1 LOST",
                                "Closed VIEWER_LEFT");
            }
        } finally {
            couples.forEach(Couple::close);
        }
    }
}
