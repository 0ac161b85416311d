package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.drawbridge.CloseReason;
import dev.drawbridge.LinkStats;
import dev.drawbridge.Publisher;
import dev.drawbridge.Session;
import dev.drawbridge.SessionEvent.Announced;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.MediaStarted;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.SessionState;
import dev.drawbridge.SessionStats;
import dev.drawbridge.Viewer;
import dev.drawbridge.internal.runtime.SystemScheduler;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.PeerLinkListener;
import dev.drawbridge.spi.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What only shows with threads and the real clock: calls that wait, and from where they may be made. */
@ExtendWith(LeakGuard.class)
@Tag("alone")
class RealTimeSessionTest {
    private static final String PUBLISH = "?push=realtime1&";
    private static final String WATCH = "?view=realtime1&";

    private final Scheduler world = new SystemScheduler("the-world");
    private final FakeServer server = new FakeServer(world, Shape.ROUTER);
    private final FakeNetwork network = new FakeNetwork(world);

    @AfterEach
    void theWorldEnds() {
        world.close();
    }

    private Publisher.Builder publishing(String more) {
        return Publisher.builder(SessionOptions.parse(PUBLISH + more + "&" + server.option()))
                .media(network.media())
                .signaling(server.signaling());
    }

    private Viewer.Builder watching() {
        return Viewer.builder(SessionOptions.parse(WATCH + server.option()))
                .media(network.media())
                .signaling(server.signaling());
    }

    private static Duration time(Runnable call) {
        long before = System.nanoTime();
        call.run();
        return Duration.ofNanos(System.nanoTime() - before);
    }

    @Test
    void start_returns_when_the_stream_is_announced_and_a_secure_session_runs_by_itself() throws Exception {
        Publisher publisher = publishing("secure").start();
        assertThat(publisher.state()).isEqualTo(SessionState.ANNOUNCED);
        EventRecorder atPublisher = EventRecorder.of(publisher);
        atPublisher.await(Announced.class);
        Viewer viewer = watching().start();
        CountDownLatch pictures = new CountDownLatch(3);
        viewer.onVideo(picture -> pictures.countDown());
        EventRecorder.of(viewer).await(MediaStarted.class);
        atPublisher.await(Sealed.class);
        assertThat(pictures.await(20, TimeUnit.SECONDS)).isTrue();

        SessionStats sent = publisher.stats();
        assertThat(sent.packetsSent()).isPositive();
        assertThat(sent.links()).containsOnlyKeys("viewer-1");
        assertThat(publisher.paths()).containsOnlyKeys("viewer-1");
        assertThat(publisher.paths().toString())
                .doesNotContain(publisher.paths().get("viewer-1").local().address());
        SessionStats received = viewer.stats();
        assertThat(received.framesReceived()).isPositive();
        assertThat(received.marks()).extracting(SessionStats.Mark::name).contains("connected", "first frame");

        viewer.close();
        assertThat(publisher.awaitClosed()).isEqualTo(CloseReason.VIEWER_LEFT);
        assertThat(publisher.state()).isEqualTo(SessionState.CLOSED);
        assertThat(publisher.stats().links()).isEmpty();
        assertThat(publisher.paths()).isEmpty();
    }

    @Test
    void a_session_that_cannot_start_throws_its_reason_and_leaves_nothing_behind() {
        server.refuse(503);
        for (int round = 0; round < 20; round++) {
            for (Start start : List.<Start>of(
                    () -> publishing("").start(), () -> watching().start())) {
                SessionException thrown = catchThrowableOfType(SessionException.class, start::call);
                assertThat(thrown).as("round %d", round).isNotNull();
                assertThat(thrown.code()).isEqualTo(CloseReason.SERVER_REFUSED);
            }
        }
        server.failTls();
        assertThatThrownBy(() -> publishing("").start())
                .isInstanceOfSatisfying(
                        SessionException.class, e -> assertThat(e.code()).isEqualTo(CloseReason.TLS_FAILED));
        server.acceptAgain();
        assertThatThrownBy(() -> publishing("")
                        .media(network.media().failToPrepare(CloseReason.NO_MEDIA, "no camera"))
                        .start())
                .isInstanceOfSatisfying(
                        SessionException.class, e -> assertThat(e.code()).isEqualTo(CloseReason.NO_MEDIA));
    }

    private interface Start {
        Session call() throws SessionException;
    }

    @Test
    void an_interrupted_start_ends_the_session_and_keeps_the_interrupt() throws Exception {
        server.stall();
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        FakeMedia media = network.media();
        Thread starting = new Thread(() -> {
            try {
                publishing("").media(media).start();
                outcome.complete("started");
            } catch (SessionException e) {
                outcome.complete(e.code() + " " + Thread.currentThread().isInterrupted());
            }
        });
        starting.start();
        starting.interrupt();
        assertThat(outcome.get(20, TimeUnit.SECONDS)).isEqualTo("CLOSED_BY_APPLICATION true");
        starting.join();
        // The session's thread closes the media; the leak guard sees to it that it ends.
    }

    @Test
    void close_on_an_interrupted_thread_waits_for_the_end_and_keeps_the_interrupt() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Publisher publisher = publishing("secure")
                .media(new Hanging(network.media(), media -> {
                    awaitQuietly(release);
                    media.close();
                }))
                .start();
        world.schedule(Duration.ofMillis(500), release::countDown);
        Thread.currentThread().interrupt();
        publisher.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(publisher.state()).isEqualTo(SessionState.CLOSED);
    }

    @Test
    void a_listener_can_close_its_session_and_hears_the_end_all_the_same() throws Exception {
        Publisher publisher = publishing("secure").start();
        CompletableFuture<Duration> took = new CompletableFuture<>();
        publisher.on(ViewerJoined.class, event -> took.complete(time(publisher::close)));
        EventRecorder heard = EventRecorder.of(publisher);
        Viewer viewer = watching().start();
        assertThat(took.get(20, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(1));
        heard.await(Closed.class);
        assertThat(heard.story()).endsWith("ViewerLeft viewer-1 SESSION_CLOSED", "Closed CLOSED_BY_APPLICATION");
        viewer.close();
    }

    @Test
    void a_sink_can_close_its_session() throws Exception {
        Publisher publisher = publishing("").start();
        Viewer viewer = watching().start();
        CompletableFuture<Duration> took = new CompletableFuture<>();
        viewer.onVideo(picture -> took.complete(time(viewer::close)));
        assertThat(took.get(20, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(1));
        assertThat(viewer.awaitClosed()).isEqualTo(CloseReason.CLOSED_BY_APPLICATION);
        publisher.close();
    }

    @Test
    void an_approval_can_close_its_session() throws Exception {
        CompletableFuture<Publisher> session = new CompletableFuture<>();
        Publisher publisher = publishing("prompt")
                .approval(request -> {
                    session.join().close();
                    return CompletableFuture.completedFuture(true);
                })
                .start();
        session.complete(publisher);
        Viewer viewer = watching().start();
        assertThat(publisher.awaitClosed(Duration.ofSeconds(20))).contains(CloseReason.CLOSED_BY_APPLICATION);
        assertThat(EventRecorder.story(publisher.events())).doesNotContain("ViewerJoined viewer-1");
        viewer.close();
    }

    @Test
    void whoever_hears_of_the_end_can_close_once_more() throws Exception {
        Publisher publisher = publishing("").start();
        CompletableFuture<Duration> took = new CompletableFuture<>();
        publisher.closed().thenRun(() -> took.complete(time(publisher::close)));
        publisher.close();
        assertThat(took.get(20, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void many_threads_can_close_at_once_and_all_return_after_the_end() throws Exception {
        for (int round = 0; round < 20; round++) {
            Publisher publisher = publishing("").start();
            EventRecorder heard = EventRecorder.of(publisher);
            CountDownLatch go = new CountDownLatch(1);
            List<CompletableFuture<SessionState>> after = Stream.generate(() -> CompletableFuture.supplyAsync(() -> {
                        try {
                            go.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        publisher.close();
                        return publisher.state();
                    }))
                    .limit(4)
                    .toList();
            go.countDown();
            for (CompletableFuture<SessionState> state : after) {
                assertThat(state.get(20, TimeUnit.SECONDS)).isEqualTo(SessionState.CLOSED);
            }
            heard.await(Closed.class);
            assertThat(heard.events(Closed.class)).hasSize(1);
        }
    }

    @Test
    void media_that_hangs_and_a_server_that_is_silent_hold_close_up_for_two_seconds_at_most() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Publisher publisher = publishing("")
                .media(new Hanging(network.media(), media -> {
                    awaitQuietly(release);
                    media.close();
                }))
                .start();
        server.ignoreCloses();
        assertThat(time(publisher::close)).isBetween(Duration.ofMillis(1_500), Duration.ofMillis(2_100));
        assertThat(publisher.state()).isEqualTo(SessionState.CLOSED);
        assertThat(time(publisher::close)).isLessThan(Duration.ofMillis(200));
        release.countDown();
    }

    @Test
    void a_start_does_not_wait_for_media_that_nobody_needs_any_more() {
        server.refuse(503);
        FakeMedia media = network.media();
        SessionException thrown = catchThrowableOfType(
                SessionException.class,
                () -> publishing("").media(new Unready(media)).start());
        assertThat(thrown.code()).isEqualTo(CloseReason.SERVER_REFUSED);
        assertThat(media.closed()).isTrue();
    }

    /** Media that is never ready. */
    private record Unready(FakeMedia media) implements MediaTransport {
        @Override
        public void prepare(LinkSettings.Role role, MediaNeeds needs) {
            awaitQuietly(new CountDownLatch(1));
        }

        @Override
        public PeerLink open(LinkSettings settings, PeerLinkListener listener) {
            return media.open(settings, listener);
        }

        @Override
        public void muteAudio(boolean muted) {
            media.muteAudio(muted);
        }

        @Override
        public void muteVideo(boolean muted) {
            media.muteVideo(muted);
        }

        @Override
        public SourceCounters sourceCounters() {
            return media.sourceCounters();
        }

        @Override
        public void close() {
            media.close();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void media_that_throws_when_it_is_closed_does_not_hold_up_the_end() throws Exception {
        Publisher publisher = publishing("")
                .media(new Hanging(network.media(), media -> {
                    media.close();
                    throw new IllegalStateException("on purpose");
                }))
                .start();
        assertThat(time(publisher::close)).isLessThan(Duration.ofSeconds(1));
        assertThat(publisher.state()).isEqualTo(SessionState.CLOSED);
    }

    /** A media transport with a close of its own. */
    private record Hanging(FakeMedia media, Consumer<FakeMedia> closing) implements MediaTransport {
        @Override
        public void prepare(LinkSettings.Role role, MediaNeeds needs) throws SessionException {
            media.prepare(role, needs);
        }

        @Override
        public PeerLink open(LinkSettings settings, PeerLinkListener listener) {
            return media.open(settings, listener);
        }

        @Override
        public void muteAudio(boolean muted) {
            media.muteAudio(muted);
        }

        @Override
        public void muteVideo(boolean muted) {
            media.muteVideo(muted);
        }

        @Override
        public SourceCounters sourceCounters() {
            return media.sourceCounters();
        }

        @Override
        public void close() {
            closing.accept(media);
        }
    }

    @Test
    void figures_come_at_once_or_not_at_all() throws Exception {
        Publisher publisher = publishing("").start();
        assertThat(publisher.stats().links()).isEmpty();
        publisher.close();
        assertThat(time(publisher::stats)).isLessThan(Duration.ofMillis(200));
        assertThat(publisher.stats().links().values()).allMatch(LinkStats.NONE::equals);
    }
}
