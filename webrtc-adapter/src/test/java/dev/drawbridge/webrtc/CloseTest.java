package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drawbridge.CloseReason;
import dev.drawbridge.Publisher;
import dev.drawbridge.Session;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.MediaStarted;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.SignalingLost;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionState;
import dev.drawbridge.Viewer;
import dev.drawbridge.spi.SignalingConnection;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code close()} in every state and from everywhere: bounded, idempotent, one last event, nothing left behind. */
@Tag("alone")
class CloseTest {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final int CALLERS = 8;

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(20));

    /** Who calls. */
    enum From {
        A_THREAD,
        MANY_THREADS,
        A_LISTENER
    }

    /** Brings a session into a state. */
    private interface Scene {
        Session play(Stage stage, EventRecorder story) throws Exception;
    }

    /** The states, with the way there. */
    static Stream<Arguments> everywhere() {
        return Stream.of(
                        way("publisher without server", CloseTest::withoutServer, SessionState.CONNECTING),
                        way("publisher dialing", CloseTest::dialing, SessionState.CONNECTING),
                        way("publisher announced", CloseTest::announced, SessionState.ANNOUNCED),
                        way("publisher negotiating", CloseTest::negotiating, SessionState.NEGOTIATING),
                        way("publisher serving", CloseTest::serving, SessionState.SERVING),
                        // The server takes the 250 ms that it is given.
                        way("publisher sealing", CloseTest::sealing, SessionState.SEALING, SessionState.SEALED),
                        way("publisher sealed", CloseTest::sealed, SessionState.SEALED),
                        way("viewer without server", CloseTest::viewerWithoutServer, SessionState.CONNECTING),
                        way("viewer asking", CloseTest::viewer, SessionState.ASKING),
                        way("viewer negotiating", CloseTest::viewerNegotiating, SessionState.NEGOTIATING),
                        way("viewer watching", CloseTest::watching, SessionState.WATCHING))
                .flatMap(row -> Stream.of(From.values())
                        .map(from -> Arguments.of(row.get()[0], from, row.get()[1], row.get()[2])));
    }

    private static Arguments way(String name, Scene scene, SessionState... states) {
        return Arguments.of(name, scene, List.of(states));
    }

    @ParameterizedTest(name = "{0} from {1}")
    @MethodSource("everywhere")
    void closeIsQuickAndFinal(String name, From from, Scene scene, List<SessionState> states) throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            Session session = scene.play(stage, story);
            assertThat(session.state()).isIn(states);
            switch (from) {
                case A_THREAD -> assertThat(timeOfClose(session)).isLessThan(LIMIT);
                case MANY_THREADS -> fromManyThreads(session);
                case A_LISTENER -> fromListener(session);
            }
            assertThat(session.awaitClosed(Duration.ofSeconds(1))).contains(CloseReason.CLOSED_BY_APPLICATION);
            assertThat(session.state()).isEqualTo(SessionState.CLOSED);
            assertThat(timeOfClose(session)).isLessThan(Duration.ofMillis(100));
            story.await(Closed.class);
            assertThat(story.events(Closed.class)).hasSize(1);
            assertThat(last(story.events())).isInstanceOf(Closed.class);
            assertThat(session.events()).isEqualTo(story.events());
            assertThat(session.stats().links()).isEmpty();
        }
    }

    @Test
    void closingFromAPictureSinkOrAnApprovalOrTheEndItselfDoesNotHang() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            CompletableFuture<Duration> inApproval = new CompletableFuture<>();
            CompletableFuture<Publisher> made = new CompletableFuture<>();
            Publisher asking = stage.keep(stage.publishing(stage.options("push=camera1&secure&prompt"))
                    .approval(request -> {
                        inApproval.complete(timeOfClose(made.join()));
                        return CompletableFuture.completedFuture(true);
                    })
                    .start());
            made.complete(asking);
            Watcher first = stage.watch("view=camera1");
            assertThat(inApproval.get(5, TimeUnit.SECONDS)).isLessThan(LIMIT);
            first.close();

            stage.publish("push=camera2", new EventRecorder());
            Watcher second = stage.watch("view=camera2");
            CompletableFuture<Duration> inSink = new CompletableFuture<>();
            second.viewer.onVideo(frame -> inSink.complete(timeOfClose(second.viewer)));
            assertThat(inSink.get(5, TimeUnit.SECONDS)).isLessThan(LIMIT);

            CompletableFuture<Duration> afterEnd = new CompletableFuture<>();
            second.viewer.closed().thenRun(() -> afterEnd.complete(timeOfClose(second.viewer)));
            assertThat(afterEnd.get(5, TimeUnit.SECONDS)).isLessThan(LIMIT);
        }
    }

    @Test
    void aTransportThatDoesNotEndIsNotWaitedForLongerThanPromised() throws Exception {
        CompletableFuture<Void> release = new CompletableFuture<>();
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            Publisher publisher = stage.keep(stage.publishing(stage.options("push=camera1&secure"))
                    .signaling((server, listener) -> clinging(stage.signaling().open(server, listener), release))
                    .listener(story)
                    .start());
            Watcher watcher = stage.watch("view=camera1");
            watcher.awaitPictures();
            assertThat(publisher.state()).isEqualTo(SessionState.SEALING);

            assertThat(timeOfClose(publisher)).isLessThan(LIMIT);

            assertThat(publisher.state()).isEqualTo(SessionState.CLOSED);
            story.await(Closed.class);
            assertThat(story.events(Sealed.class)).isEmpty();
            release.complete(null);
        }
    }

    @Test
    void aStartThatIsInterruptedEndsAtOnceAndLeavesNothing() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            stage.server.faults().stallUpgrades();
            CountDownLatch dialing = new CountDownLatch(1);
            EventRecorder story = new EventRecorder();
            CompletableFuture<Boolean> stillInterrupted = new CompletableFuture<>();
            Thread starter = new Thread(() -> {
                assertThatThrownBy(() -> stage.publishing(stage.options("push=camera1"))
                                .signaling((server, listener) -> {
                                    SignalingConnection made = stage.signaling().open(server, listener);
                                    dialing.countDown();
                                    return made;
                                })
                                .listener(story)
                                .start())
                        .isInstanceOfSatisfying(SessionException.class, thrown -> assertThat(thrown.code())
                                .isEqualTo(CloseReason.CLOSED_BY_APPLICATION));
                stillInterrupted.complete(Thread.currentThread().isInterrupted());
            });
            starter.start();
            assertThat(dialing.await(5, TimeUnit.SECONDS)).isTrue();
            starter.interrupt();
            assertThat(stillInterrupted.get(2, TimeUnit.SECONDS)).isTrue();
            assertThat(story.await(Closed.class).reason()).isEqualTo(CloseReason.CLOSED_BY_APPLICATION);
        }
    }

    // ---- the ways into the states

    private static Session announced(Stage stage, EventRecorder story) throws Exception {
        return stage.publish("push=camera1&secure", story);
    }

    private static Session withoutServer(Stage stage, EventRecorder story) throws Exception {
        Publisher publisher = stage.publish("push=camera1&secure", story);
        stage.server.faults().stopAccepting().disconnectAll();
        story.await(SignalingLost.class);
        return publisher;
    }

    private static Session dialing(Stage stage, EventRecorder story) throws Exception {
        Semaphore opened = new Semaphore(0);
        Publisher publisher = stage.keep(stage.publishing(stage.options("push=camera1&secure"))
                .signaling((server, listener) -> {
                    SignalingConnection made = stage.signaling().open(server, listener);
                    opened.release();
                    return made;
                })
                .listener(story)
                .start());
        stage.server.faults().stallUpgrades().disconnectAll();
        assertThat(opened.tryAcquire(2, 5, TimeUnit.SECONDS)).isTrue();
        return publisher;
    }

    private static Session negotiating(Stage stage, EventRecorder story) throws Exception {
        Publisher publisher = stage.publish("push=camera1&secure", story);
        stage.peer("camera1").ask().awaitOffer();
        return publisher;
    }

    private static Session serving(Stage stage, EventRecorder story) throws Exception {
        Publisher publisher = stage.publish("push=camera1", story);
        stage.watch("view=camera1").awaitPictures();
        return publisher;
    }

    private static Session sealing(Stage stage, EventRecorder story) throws Exception {
        stage.server.faults().keepTalking("{}", Duration.ofHours(1));
        Publisher publisher = stage.publish("push=camera1&secure", story);
        stage.watch("view=camera1");
        story.await(ViewerJoined.class);
        return publisher;
    }

    private static Session sealed(Stage stage, EventRecorder story) throws Exception {
        Publisher publisher = stage.publish("push=camera1&secure", story);
        stage.watch("view=camera1").awaitPictures();
        story.await(Sealed.class);
        return publisher;
    }

    private static Viewer viewer(Stage stage, EventRecorder story) throws Exception {
        return stage.keep(Viewer.builder(stage.options("view=camera1"))
                .media(WebRtcMedia.create())
                .listener(story)
                .start());
    }

    private static Session viewerWithoutServer(Stage stage, EventRecorder story) throws Exception {
        Viewer viewer = viewer(stage, story);
        stage.server.faults().stopAccepting().disconnectAll();
        story.await(SignalingLost.class);
        return viewer;
    }

    private static Session viewerNegotiating(Stage stage, EventRecorder story) throws Exception {
        Publisher publisher = stage.publish("push=camera9", new EventRecorder());
        RawPeer borrower = stage.peer("camera9").ask();
        RawPeer impostor = stage.peer("camera1").announce();
        Viewer viewer = viewer(stage, story);
        String asking = impostor.awaitRequest();
        // A good offer of somebody who will not listen to its answer.
        impostor.offer(asking, borrower.awaitOffer().sdp()).awaitAnswer();
        publisher.close();
        return viewer;
    }

    private static Session watching(Stage stage, EventRecorder story) throws Exception {
        stage.publish("push=camera1", new EventRecorder());
        Viewer viewer = viewer(stage, story);
        story.await(MediaStarted.class);
        return viewer;
    }

    // ---- the ways to close

    private static Duration timeOfClose(Session session) {
        long begin = System.nanoTime();
        session.close();
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static void fromManyThreads(Session session) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<CompletableFuture<Duration>> times = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            CompletableFuture<Duration> time = new CompletableFuture<>();
            times.add(time);
            new Thread(() -> {
                        try {
                            go.await();
                            time.complete(timeOfClose(session));
                        } catch (InterruptedException e) {
                            time.completeExceptionally(e);
                        }
                    })
                    .start();
        }
        go.countDown();
        for (CompletableFuture<Duration> time : times) {
            assertThat(time.get(5, TimeUnit.SECONDS)).isLessThan(LIMIT);
        }
    }

    private static void fromListener(Session session) throws Exception {
        CompletableFuture<Duration> time = new CompletableFuture<>();
        session.subscribe(event -> time.complete(timeOfClose(session)));
        assertThat(time.get(5, TimeUnit.SECONDS)).isLessThan(LIMIT);
    }

    /** Hears its end only when it is released. */
    private static SignalingConnection clinging(SignalingConnection real, CompletableFuture<Void> release) {
        return new SignalingConnection() {
            @Override
            public boolean send(String frame) {
                return real.send(frame);
            }

            @Override
            public void close() {
                var unused = release.thenRun(real::close);
            }

            @Override
            public void cancel() {
                var unused = release.thenRun(real::cancel);
            }
        };
    }

    private static SessionEvent last(List<SessionEvent> events) {
        return events.get(events.size() - 1);
    }
}
