package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.MediaStarted;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.SessionStats;
import dev.drawbridge.Subscription;
import dev.drawbridge.Viewer;
import dev.drawbridge.ViewerApproval;
import dev.drawbridge.ViewerId;
import dev.drawbridge.testing.SocketStage.Party;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many viewers, whom to let in, and what is known of each, with the embedded server in each of its shapes. */
class SocketViewersTest {
    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(60));

    private static final Recording FLIGHT = new Recording();

    @BeforeAll
    static void the_flight_begins() {
        FLIGHT.enable("dev.drawbridge.*");
        FLIGHT.start();
    }

    /** One recording of all shapes, for each takes its time to be read. */
    @AfterAll
    static void everything_was_recorded(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("flight.jfr");
        try (FLIGHT) {
            FLIGHT.dump(file);
        }
        List<String> kinds = RecordingFile.readAllEvents(file).stream()
                .map(SocketViewersTest::kind)
                .toList();
        assertThat(kinds).contains("Announced", "ViewerRequested", "ViewerJoined", "ViewerRefused", "ViewerLeft");
        assertThat(kinds).filteredOn("Sealed"::equals).hasSizeGreaterThanOrEqualTo(Shape.values().length);
        assertThat(kinds).filteredOn("figures"::equals).hasSizeGreaterThanOrEqualTo(6 * Shape.values().length);
    }

    private static String kind(RecordedEvent event) {
        return event.hasField("kind") ? event.getString("kind") : "figures";
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void exactly_as_many_watch_as_are_allowed_and_each_is_known_by_itself(Shape shape) throws Exception {
        try (SocketStage stage = new SocketStage(shape)) {
            Party<Publisher> publisher = stage.publisher("push=market1&maxviewers=3");
            List<Party<Viewer>> viewers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                viewers.add(stage.viewer("view=market1"));
            }
            stage.until(
                    "three refused", () -> publisher.events(ViewerRefused.class).size() >= 3);
            stage.rest();
            assertThat(publisher.events(ViewerJoined.class)).hasSize(3);
            assertThat(publisher.story())
                    .filteredOn(line -> line.endsWith(" FULL"))
                    .hasSizeGreaterThanOrEqualTo(3);
            assertThat(publisher.media().links().stream().filter(link -> link.packetsSent() > 0))
                    .hasSize(3);
            assertThat(viewers)
                    .filteredOn(viewer -> !viewer.events(MediaStarted.class).isEmpty())
                    .hasSize(3);

            SessionStats stats = stage.call(publisher.session()::stats);
            List<ViewerId> in = publisher.events(ViewerJoined.class).stream()
                    .map(ViewerJoined::viewer)
                    .toList();
            assertThat(stats.links())
                    .containsOnlyKeys(in.stream().map(ViewerId::toString).toList());
            assertThat(stats.links().values()).allMatch(link -> link.packetsSent() > 0);
            assertThat(stage.call(publisher.session()::paths)).hasSize(3);

            publisher.session().disconnect(in.get(1));
            stage.until("one left", () -> !publisher.events(ViewerLeft.class).isEmpty());
            assertThat(publisher.story()).contains("ViewerLeft " + in.get(1) + " DISCONNECTED");
            stage.until("it knows", () -> viewers.stream()
                    .anyMatch(v -> v.story().containsAll(List.of("MediaStarted", "StreamEnded BYE"))));
            assertThat(publisher.events(ViewerLeft.class)).hasSize(1);
            stage.time.advance(Duration.ofSeconds(20)); // those who were turned away ask again by then
            stage.until(
                    "the place is taken",
                    () -> publisher.events(ViewerJoined.class).size() == 4);
            stage.rest();
            assertThat(publisher.events(ViewerJoined.class)).hasSize(4);
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void the_program_decides_by_what_is_known_and_nothing_leaves_before(Shape shape) throws Exception {
        List<ViewerApproval.Request> asked = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Boolean>> words = new CopyOnWriteArrayList<>();
        try (SocketStage stage = new SocketStage(shape)) {
            Party<Publisher> publisher = stage.publisher(
                    "push=door1&prompt",
                    builder -> builder.approval(request -> {
                        CompletableFuture<Boolean> word = new CompletableFuture<>();
                        words.add(word);
                        asked.add(request);
                        return word;
                    }));
            Party<Viewer> anna = stage.viewer("view=door1&label=Anna");
            stage.until("the first question", () -> asked.size() == 1);
            Party<Viewer> bert = stage.viewer("view=door1&label=Bert");
            stage.until("the second question", () -> asked.size() == 2);
            assertThat(asked).extracting(ViewerApproval.Request::label).containsExactly("Anna", "Bert");
            assertThat(asked).extracting(ViewerApproval.Request::role).containsOnly(ViewerApproval.Role.VIEWER);
            assertThat(asked)
                    .extracting(ViewerApproval.Request::fingerprint)
                    .containsExactly(
                            anna.media().link().fingerprint(),
                            bert.media().link().fingerprint());
            assertThat(publisher.media().links()).allMatch(link -> link.packetsSent() == 0);

            words.get(0).complete(true);
            stage.until("a picture", () -> !anna.events(MediaStarted.class).isEmpty());
            stage.time.advance(Duration.ofSeconds(31));
            stage.until(
                    "a refusal", () -> !publisher.events(ViewerRefused.class).isEmpty());
            assertThat(publisher.story()).contains("ViewerRefused viewer-2 NOT_APPROVED");
            assertThat(bert.events(MediaStarted.class)).isEmpty();
            assertThat(publisher.media().links().get(1).packetsSent()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void figures_come_in_the_interval_that_was_asked_for_and_into_a_flight_recording(Shape shape) throws Exception {
        try (SocketStage stage = new SocketStage(shape)) {
            Party<Publisher> publisher = stage.publisher("push=figures1&secure");
            Party<Viewer> viewer = stage.viewer("view=figures1");
            stage.until("a picture", () -> !viewer.events(MediaStarted.class).isEmpty());
            List<SessionStats> ours = new CopyOnWriteArrayList<>();
            List<SessionStats> theirs = new CopyOnWriteArrayList<>();
            Subscription figures = publisher.session().onStats(Duration.ofMillis(500), ours::add);
            viewer.session().onStats(Duration.ofMillis(500), theirs::add);
            stage.until("figures", () -> ours.size() >= 3 && theirs.size() >= 3);
            figures.close();
            Duration apart = Duration.between(ours.get(1).at(), ours.get(2).at());
            assertThat(apart).isBetween(Duration.ofMillis(500), Duration.ofMillis(600));
            SessionStats last = ours.get(2);
            assertThat(last.links()).containsOnlyKeys("viewer-1");
            assertThat(last.packetsSent()).isGreaterThan(ours.get(1).packetsSent());
            assertThat(last.bitrateKbps()).isPositive();
            assertThat(theirs.get(2).framesReceived()).isPositive();
            assertThat(theirs.get(2).links()).containsOnlyKeys("figures1");
        }
    }
}
