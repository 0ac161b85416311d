package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.CloseReason;
import dev.drawbridge.Publisher;
import dev.drawbridge.SendException;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.RefusalReason;
import dev.drawbridge.SessionEvent.SignalingRestored;
import dev.drawbridge.SessionEvent.StreamEnded;
import dev.drawbridge.SessionEvent.StreamStarted;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.SessionEvent.ViewerRequested;
import dev.drawbridge.SessionState;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Without secure mode: viewers come and go, and data flows. */
class OpenSessionTest {
    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(20));

    @Test
    void messagesArriveOnBothSidesInOrderAndUnchanged() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            Publisher publisher = stage.publish("push=camera1&secure", story);
            publisher.send("to nobody");
            Watcher watcher = stage.watch("view=camera1");
            watcher.awaitPictures();
            List<String> sent =
                    new ArrayList<>(List.of("", "\"quoted\" \\ \n\u0000", "Grüße € 😀", "x".repeat(100_000)));
            IntStream.range(0, 100).forEach(i -> sent.add("message " + i));

            sent.forEach(publisher::send);
            sent.forEach(watcher.viewer::send);

            assertThat(watcher.story.await(DataReceived.class, sent.size()).from())
                    .isEqualTo("camera1");
            assertThat(story.await(DataReceived.class, sent.size()).from()).isEqualTo("viewer-1");
            assertThat(texts(watcher.story)).isEqualTo(sent);
            assertThat(texts(story)).isEqualTo(sent);
            assertThat(publisher.send("y".repeat(300_000)))
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            SendException.class, e -> assertThat(e.reason()).isEqualTo(SendException.Reason.TOO_BIG));
            assertThat(publisher.send("after"))
                    .succeedsWithin(Duration.ofSeconds(5))
                    .isEqualTo(1);
            assertThat(publisher.state()).isEqualTo(SessionState.SEALED);
        }
    }

    @Test
    void dataAloneNeedsNoMedia() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            Publisher publisher = stage.keep(Publisher.builder(stage.options("push=camera1&secure&datamode"))
                    .media(WebRtcMedia.create())
                    .listener(story)
                    .start());
            Watcher watcher = stage.watch("view=camera1&datamode");
            story.await(ViewerJoined.class);
            watcher.story.await(StreamStarted.class);
            publisher.send("hello");
            assertThat(watcher.story.await(DataReceived.class).json()).isEqualTo("\"hello\"");
            assertThat(publisher.stats().packetsSent()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void aViewerLeavesAndComesAgain(Shape shape) throws Exception {
        try (Stage stage = new Stage(shape)) {
            EventRecorder story = new EventRecorder();
            Publisher publisher = stage.publish("push=camera1", story);
            Watcher first = stage.watch("view=camera1");
            first.awaitPictures();
            first.close();
            story.await(ViewerLeft.class);
            assertThat(publisher.state()).isEqualTo(SessionState.ANNOUNCED);

            Watcher.assertColours(stage.watch("view=camera1").awaitPictures());

            assertThat(story.story())
                    .containsExactly(
                            "Announced",
                            "ViewerRequested viewer-1",
                            "ViewerJoined viewer-1",
                            "ViewerLeft viewer-1 BYE",
                            "ViewerRequested viewer-2",
                            "ViewerJoined viewer-2");
        }
    }

    @Test
    void ofThreeAtOnceExactlyTwoWatch() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            Publisher publisher = stage.publish("push=camera1&maxviewers=2", story);
            List<CompletableFuture<Watcher>> starting = IntStream.range(0, 3)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> stage.watchUnchecked("view=camera1")))
                    .toList();
            BlockingQueue<Watcher> watching = new LinkedBlockingQueue<>();
            for (CompletableFuture<Watcher> start : starting) {
                Watcher watcher = start.get(10, TimeUnit.SECONDS);
                var unused = watcher.watched().thenRun(() -> watching.add(watcher));
            }
            assertThat(watching.poll(10, TimeUnit.SECONDS)).isNotNull();
            assertThat(watching.poll(10, TimeUnit.SECONDS)).isNotNull();

            assertThat(story.await(ViewerRefused.class).reason()).isEqualTo(RefusalReason.FULL);
            assertThat(story.events(ViewerJoined.class)).hasSize(2);
            assertThat(publisher.stats().links())
                    .containsOnlyKeys(story.events(ViewerJoined.class).stream()
                            .map(joined -> joined.viewer().toString())
                            .toList());
            assertThat(starting.stream().filter(start -> start.join().counters().isEmpty()))
                    .hasSize(1);
        }
    }

    @Test
    void aFullHouseHasRoomAgainWhenOneLeaves() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            stage.publish("push=camera1&maxviewers=2", story);
            Watcher one = stage.watch("view=camera1");
            Watcher two = stage.watch("view=camera1");
            one.awaitPictures();
            two.awaitPictures();
            Watcher three = stage.watch("view=camera1");
            assertThat(story.await(ViewerRefused.class).reason()).isEqualTo(RefusalReason.FULL);
            assertThat(three.viewer.state()).isEqualTo(SessionState.ASKING);
            one.close();
            story.await(ViewerLeft.class);

            stage.watch("view=camera1").awaitPictures();

            assertThat(story.events(ViewerJoined.class)).hasSize(3);
            assertThat(three.counters()).isEmpty();
            assertThat(two.story.events(StreamEnded.class)).isEmpty();
        }
    }

    @Test
    void theProgramDisconnectsOneViewerAndTheOthersGoOn() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            Publisher publisher = stage.publish("push=camera1", story);
            Watcher one = stage.watch("view=camera1");
            one.awaitPictures();
            Watcher two = stage.watch("view=camera1");
            two.awaitPictures();

            publisher.disconnect(story.await(ViewerJoined.class).viewer());

            one.story.await(StreamEnded.class);
            story.await(ViewerLeft.class);
            assertThat(story.story()).contains("ViewerLeft viewer-1 DISCONNECTED");
            assertThat(publisher.stats().links()).containsOnlyKeys("viewer-2");
            assertThat(two.viewer.state()).isEqualTo(SessionState.WATCHING);
        }
    }

    @Test
    void disconnectingTheOneViewerEndsASecureSession() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            Publisher publisher = stage.publish("push=camera1&secure", story);
            stage.watch("view=camera1").awaitPictures();
            publisher.disconnect(story.await(ViewerJoined.class).viewer());
            assertThat(publisher.awaitClosed(Duration.ofSeconds(5))).contains(CloseReason.VIEWER_LEFT);
            assertThat(story.await(ViewerLeft.class))
                    .extracting(ViewerLeft::reason)
                    .hasToString("DISCONNECTED");
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void aServerThatIsStartedAnewDisturbsNobodyAndTheNextViewerComes(Shape shape) throws Exception {
        try (Stage stage = new Stage(shape)) {
            EventRecorder story = new EventRecorder();
            stage.publish("push=camera1", story);
            Watcher one = stage.watch("view=camera1");
            one.awaitPictures();

            stage.server.faults().restart();
            story.await(SignalingRestored.class);
            stage.watch("view=camera1").awaitPictures();

            assertThat(story.events(ViewerLeft.class)).isEmpty();
            assertThat(one.story.events(StreamEnded.class)).isEmpty();
            assertThat(one.viewer.state()).isEqualTo(SessionState.WATCHING);
            assertThat(story.events(ViewerRequested.class)).hasSize(2);
        }
    }

    private static List<String> texts(EventRecorder story) {
        return story.events(DataReceived.class).stream()
                .map(data -> String.valueOf(RawPeer.read(data.json())))
                .toList();
    }
}
