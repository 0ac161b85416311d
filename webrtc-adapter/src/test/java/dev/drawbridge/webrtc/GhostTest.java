package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.LinkStats;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.MediaStarted;
import dev.drawbridge.SessionEvent.RefusalReason;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.StreamRequested;
import dev.drawbridge.SessionEvent.StreamStarted;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.SessionEvent.ViewerRequested;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.Shape;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requesters that come to nothing keep nobody out and get not one media packet. */
class GhostTest {
    private static final int GHOSTS = 9;

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(20));

    @ParameterizedTest
    @EnumSource(Shape.class)
    void requestersThatNeverAnswerKeepNobodyOut(Shape shape) throws Exception {
        try (Stage stage = new Stage(shape)) {
            EventRecorder story = new EventRecorder();
            Publisher publisher = stage.publish("push=camera1&secure", story);
            for (int i = 0; i < GHOSTS; i++) {
                stage.peer("camera1").ask().awaitOffer();
            }
            assertNothingSent(publisher, GHOSTS);

            Watcher watcher = stage.watch("view=camera1");

            watcher.awaitPictures();
            story.await(Sealed.class);
            assertThat(story.events(ViewerJoined.class)).hasSize(1);
            assertThat(story.events(ViewerRefused.class).stream().map(ViewerRefused::reason))
                    .hasSize(GHOSTS)
                    .containsOnly(RefusalReason.BRIDGE_RAISED);
            assertThat(publisher.stats().links()).hasSize(1);
        }
    }

    @Test
    void oneThatAnswersAndNeverConnectsKeepsNobodyOut() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            Publisher publisher = stage.publish("push=camera1&secure", story);
            RawPeer ghost = stage.peer("camera1").ask();
            RawPeer.Offer offer = ghost.awaitOffer();
            ghost.answer(offer, RawPeer.mirrored(offer));
            assertNothingSent(publisher, 1);

            stage.watch("view=camera1").awaitPictures();

            story.await(Sealed.class);
            assertThat(story.story())
                    .containsExactly(
                            "Announced",
                            "ViewerRequested viewer-1",
                            "ViewerRequested viewer-2",
                            "ViewerRefused viewer-1 BRIDGE_RAISED",
                            "ViewerJoined viewer-2",
                            "Sealed viewer-2");
        }
    }

    @Test
    void oneThatAnswersWithGarbageIsRefusedAndTheNextOneServed() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            stage.publish("push=camera1&secure", story);
            RawPeer ghost = stage.peer("camera1").ask();
            ghost.answer(ghost.awaitOffer(), "v=0\r\nrubbish");
            assertThat(story.await(ViewerRefused.class).reason()).isEqualTo(RefusalReason.BAD_PEER);

            stage.watch("view=camera1").awaitPictures();

            story.await(Sealed.class);
            assertThat(story.story())
                    .containsExactly(
                            "Announced",
                            "ViewerRequested viewer-1",
                            "ProtocolViolation BAD_DESCRIPTION",
                            "ViewerRefused viewer-1 BAD_PEER",
                            "ViewerRequested viewer-2",
                            "ViewerJoined viewer-2",
                            "Sealed viewer-2");
        }
    }

    @Test
    void oneThatIsConnectedAndNotAdmittedGetsNotOnePacket() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            LinkedBlockingQueue<CompletableFuture<Boolean>> asked = new LinkedBlockingQueue<>();
            Publisher publisher = stage.keep(stage.publishing(stage.options("push=camera1&secure&prompt"))
                    .approval(request -> {
                        CompletableFuture<Boolean> decision = new CompletableFuture<>();
                        asked.add(decision);
                        return decision;
                    })
                    .listener(story)
                    .start());
            Watcher waiting = stage.watch("view=camera1");
            waiting.story.await(StreamStarted.class);
            assertThat(asked.poll(5, TimeUnit.SECONDS)).isNotNull();
            assertNothingSent(publisher, 1);
            Watcher chosen = stage.watch("view=camera1");
            CompletableFuture<Boolean> second = asked.poll(5, TimeUnit.SECONDS);
            assertThat(second).isNotNull();
            assertNothingSent(publisher, 2);
            assertThat(waiting.link().packetsReceived()).isZero();

            second.complete(true);

            chosen.awaitPictures();
            chosen.awaitTone();
            assertThat(story.await(ViewerRefused.class).reason()).isEqualTo(RefusalReason.BRIDGE_RAISED);
            assertThat(story.await(ViewerRefused.class).viewer())
                    .isEqualTo(story.events(ViewerRequested.class).get(0).viewer());
            assertThat(story.await(ViewerJoined.class).viewer())
                    .isEqualTo(story.events(ViewerRequested.class).get(1).viewer());
            assertThat(waiting.counters()).isEmpty();
            assertThat(waiting.story.events(MediaStarted.class)).isEmpty();
            assertThat(publisher.stats().links().keySet()).containsExactly("viewer-2");
            assertThat(publisher.stats().packetsSent()).isPositive();
        }
    }

    @Test
    void ofSeveralThatComeAtOnceExactlyOneIsLetIn() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            Publisher publisher = stage.publish("push=camera1&secure", story);
            List<CompletableFuture<Watcher>> starting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                starting.add(CompletableFuture.supplyAsync(() -> stage.watchUnchecked("view=camera1")));
            }
            List<Watcher> watchers =
                    starting.stream().map(CompletableFuture::join).toList();
            story.await(Sealed.class);
            CompletableFuture.anyOf(watchers.stream().map(Watcher::watched).toArray(CompletableFuture[]::new))
                    .get(10, TimeUnit.SECONDS);

            assertThat(story.events(ViewerJoined.class)).hasSize(1);
            assertThat(watchers.stream().filter(w -> !w.counters().isEmpty())).hasSize(1);
            assertThat(watchers.stream().filter(w -> w.link().packetsReceived() > 0))
                    .hasSize(1);
            assertThat(publisher.stats().links()).hasSize(1);
        }
    }

    @Test
    @Tag("alone") // it is milliseconds that are looked at
    void oneGhostOfAnyKindDelaysTheViewerByAtMost100Milliseconds() throws Exception {
        int rounds = Integer.getInteger("drawbridge.ghost.rounds", 5);
        List<Duration> alone = new ArrayList<>();
        Map<Ghost, List<Duration>> haunted = new EnumMap<>(Ghost.class);
        try (Stage stage = new Stage(Shape.ROUTER)) {
            // What a process does for the first time takes longer.
            admission(stage, null);
            for (int round = 0; round < rounds; round++) {
                alone.add(admission(stage, null));
                for (Ghost kind : Ghost.values()) {
                    haunted.computeIfAbsent(kind, none -> new ArrayList<>()).add(admission(stage, kind));
                }
            }
        }
        System.out.println("admitted alone after " + median(alone).toMillis() + " ms");
        haunted.forEach((kind, times) ->
                System.out.println("beside " + kind + " after " + median(times).toMillis() + " ms"));
        assertThat(haunted).allSatisfy((kind, times) -> assertThat(median(times))
                .isLessThan(median(alone).plusMillis(100)));
    }

    @ParameterizedTest
    @EnumSource(Ghost.class)
    void amongTwentyGhostsASecondTheViewerIsAdmittedWithin10Seconds(Ghost kind) throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            CompletableFuture<ViewerJoined> joined = new CompletableFuture<>();
            Publisher publisher = stage.publish("push=camera1&secure&stun=0&turn=0", story);
            publisher.on(ViewerJoined.class, joined::complete);
            try (GhostFlood.Haunting haunting = new GhostFlood.Haunting(stage.server, "camera1", kind, 20)) {
                // The viewer comes as one of many.
                assertThat(publisher.awaitClosed(Duration.ofSeconds(1))).isEmpty();
                Watcher watcher = stage.watch("view=camera1&stun=0&turn=0");
                Instant in = joined.get(10, TimeUnit.SECONDS).at();
                StreamRequested requested = watcher.story.await(StreamRequested.class);
                System.out.printf(
                        "among %d of %s: admitted after %d ms%n",
                        haunting.asked(),
                        kind,
                        Duration.between(requested.at(), in).toMillis());
            }
            assertThat(story.events(ViewerJoined.class)).hasSize(1);
        }
    }

    /** From a viewer's request to its admission, beside one ghost or none. */
    private static Duration admission(Stage stage, @Nullable Ghost kind) throws Exception {
        EventRecorder story = new EventRecorder();
        Publisher publisher = stage.publish("push=camera1&secure&stun=0&turn=0", story);
        RawPeer peer = stage.peer("camera1");
        if (kind != null) {
            CountDownLatch done = new CountDownLatch(1);
            kind.haunt(peer, done::countDown).ask();
            assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; kind.repeats() && i < 5; i++) {
                peer.ask();
            }
        }
        Watcher watcher = stage.watch("view=camera1&stun=0&turn=0");
        ViewerJoined joined = story.await(ViewerJoined.class);
        StreamRequested requested = watcher.story.await(StreamRequested.class);
        watcher.close();
        publisher.close();
        peer.close();
        return Duration.between(requested.at(), joined.at());
    }

    private static Duration median(List<Duration> times) {
        return times.stream().sorted().toList().get(times.size() / 2);
    }

    /** By the media library's own count. */
    private static void assertNothingSent(Publisher publisher, int candidates) {
        assertThat(publisher.stats().links()).hasSize(candidates).allSatisfy((name, link) -> assertThat(link)
                .extracting(LinkStats::packetsSent, LinkStats::bytesSent, LinkStats::framesSent)
                .containsExactly(0L, 0L, 0L));
    }
}
