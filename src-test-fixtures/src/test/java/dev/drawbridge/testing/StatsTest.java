package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.MediaStarted;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.SessionStats;
import dev.drawbridge.Viewer;
import dev.drawbridge.internal.runtime.SystemScheduler;
import dev.drawbridge.spi.Scheduler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Figures that come by themselves, and what a flight recording keeps. */
@ExtendWith(LeakGuard.class)
class StatsTest {
    private final Scheduler world = new SystemScheduler("the-world");
    private final FakeServer server = new FakeServer(world, Shape.ROUTER);
    private final FakeNetwork network = new FakeNetwork(world);

    @TempDir
    Path directory;

    @AfterEach
    void theWorldEnds() {
        world.close();
    }

    private Publisher.Builder publishing(String more) {
        return Publisher.builder(SessionOptions.parse("push=figures1&" + more + "&" + server.option()))
                .media(network.media())
                .signaling(server.signaling());
    }

    private Viewer.Builder watching() {
        return Viewer.builder(SessionOptions.parse("view=figures1&" + server.option()))
                .media(network.media())
                .signaling(server.signaling());
    }

    @Test
    void figures_come_in_the_interval_that_was_asked_for_until_the_session_ends() throws Exception {
        Publisher publisher = publishing("").start();
        assertThatThrownBy(() -> publisher.onStats(Duration.ofMillis(99), figures -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("100 ms");
        BlockingQueue<SessionStats> told = new LinkedBlockingQueue<>();
        AtomicInteger times = new AtomicInteger();
        long begin = System.nanoTime();
        publisher.onStats(Duration.ofMillis(100), figures -> {
            told.add(figures);
            times.incrementAndGet();
            throw new IllegalStateException("a defect of the program");
        });
        BlockingQueue<SessionStats> unwanted = new LinkedBlockingQueue<>();
        publisher.onStats(Duration.ofMillis(100), unwanted::add).close();
        Viewer viewer = watching().start();
        EventRecorder.of(viewer).await(MediaStarted.class);

        SessionStats before = told.poll(5, TimeUnit.SECONDS);
        SessionStats rated = before;
        while (rated.bitrateKbps() == 0) {
            before = rated;
            rated = told.poll(5, TimeUnit.SECONDS);
            assertThat(rated).as("figures with a bitrate").isNotNull();
        }
        assertThat(rated.at()).isAfter(before.at());
        assertThat(rated.links().get("viewer-1").bitrateKbps()).isEqualTo(rated.bitrateKbps());
        assertThat(rated.links().get("viewer-1").videoCodec()).isEqualTo("VP8");

        viewer.close();
        publisher.close();
        publisher.awaitClosed();
        assertThat(times.get()).isLessThanOrEqualTo(2 + (int) ((System.nanoTime() - begin) / 100_000_000));
        told.clear();
        assertThat(told.poll(300, TimeUnit.MILLISECONDS)).isNull();
        assertThat(unwanted).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void a_flight_recording_tells_the_story_without_what_no_log_tells() throws Exception {
        Path file = directory.resolve("flight.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("dev.drawbridge.*");
            recording.start();
            Publisher publisher = publishing("secure").start();
            Viewer viewer = watching().start();
            EventRecorder.of(publisher).await(Sealed.class);
            publisher.stats();
            viewer.close();
            publisher.awaitClosed();
            recording.stop();
            recording.dump(file);
        }
        // The file is ordered by threads.
        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                .toList();
        String publisher = events.stream()
                .filter(event -> "Announced".equals(kind(event)))
                .map(event -> event.getString("session"))
                .findFirst()
                .orElseThrow();
        assertThat(events.stream()
                        .filter(event -> publisher.equals(event.getString("session")))
                        .map(StatsTest::kind))
                .containsSubsequence(
                        "Announced", "ViewerRequested", "ViewerJoined", "Sealed", "figures", "ViewerLeft", "Closed");
        assertThat(events.toString()).contains("viewer-1 joined").doesNotContain("figures1");
    }

    private static String kind(RecordedEvent event) {
        return event.hasField("kind") ? event.getString("kind") : "figures";
    }
}
