package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.LinkStats;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.MediaStarted;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.StreamStarted;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerRequested;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Sixty-four threads, each with a real viewer of its own, run at one secure publisher at the same moment, and answer at the same moment
 * when each has its offer.
 */
@Tag("alone")
class HammerTest {
    private static final int VIEWERS = 64;
    /** All of them share one native thread, and two cores, with the publisher. */
    private static final Duration ADMISSION = Duration.ofSeconds(40);

    private static final Duration OFFERS = Duration.ofSeconds(10);

    private static final int ROUNDS = Integer.getInteger("drawbridge.hammer.rounds", 1);

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(60L * ROUNDS));

    @Test
    void oneIsAdmittedAndNotOnePacketGoesToTheOthers() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(VIEWERS);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                round(threads);
            }
        } finally {
            threads.shutdown();
        }
    }

    /** One viewer and what it got. */
    private record Comer(Viewer viewer, CountingMedia media, EventRecorder story) {}

    private static void round(ExecutorService threads) throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            CountingMedia sent = new CountingMedia(Stage.pattern());
            Publisher publisher = stage.keep(Publisher.builder(stage.options("push=camera1&secure&stun=0&turn=0"))
                    .media(sent)
                    .listener(story)
                    .start());
            CyclicBarrier together = new CyclicBarrier(VIEWERS);
            CountDownLatch offers = new CountDownLatch(VIEWERS);
            List<Future<Comer>> coming = new ArrayList<>();
            for (int i = 0; i < VIEWERS; i++) {
                coming.add(threads.submit(() -> {
                    EventRecorder heard = new EventRecorder();
                    CountingMedia media = new CountingMedia(WebRtcMedia.create(), () -> awaitAll(offers));
                    together.await(10, TimeUnit.SECONDS);
                    Viewer viewer = Viewer.builder(stage.options("view=camera1&stun=0&turn=0"))
                            .media(media)
                            .listener(heard)
                            .start();
                    viewer.onVideo(frame -> {});
                    return new Comer(viewer, media, heard);
                }));
            }
            List<Comer> comers = new ArrayList<>();
            for (Future<Comer> future : coming) {
                comers.add(future.get(ADMISSION.toSeconds(), TimeUnit.SECONDS));
            }
            try {
                CompletableFuture<Sealed> sealed = new CompletableFuture<>();
                publisher.on(Sealed.class, sealed::complete);
                sealed.get(ADMISSION.toSeconds(), TimeUnit.SECONDS);
                judge(publisher, sent, story, comers);
            } finally {
                comers.stream()
                        .map(comer -> threads.submit(comer.viewer()::close))
                        .toList()
                        .forEach(HammerTest::join);
            }
        }
    }

    /** Who is asked once more has waited already; and who gets no offer keeps nobody waiting for long. */
    private static void awaitAll(CountDownLatch offers) {
        offers.countDown();
        try {
            var unused = offers.await(OFFERS.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void judge(Publisher publisher, CountingMedia sent, EventRecorder story, List<Comer> comers)
            throws Exception {
        // The one who is in gets pictures; time enough for a packet to reach anybody else.
        Comer in = null;
        long deadline = System.nanoTime() + ADMISSION.toNanos();
        while (in == null && System.nanoTime() < deadline) {
            in = comers.stream()
                    .filter(comer -> !comer.story().events(MediaStarted.class).isEmpty())
                    .findFirst()
                    .orElse(null);
            publisher.awaitClosed(Duration.ofMillis(20));
        }
        assertThat(in).as("somebody watches").isNotNull();
        List<LinkStats> outbound = sent.all();
        List<LinkStats> served = outbound.stream().filter(HammerTest::anything).toList();
        List<LinkStats> inbound = new ArrayList<>();
        int watching = 0;
        for (Comer comer : comers) {
            List<LinkStats> links = comer.media().all();
            inbound.addAll(links);
            watching += links.stream().anyMatch(HammerTest::anything) ? 1 : 0;
        }
        System.out.printf(
                "hammer: %d asked, %d candidates, %d connected, admitted %d; publisher's connections with packets sent %d of %d,"
                        + " viewers' with packets received %d of %d%n",
                comers.size(),
                story.events(ViewerRequested.class).size(),
                comers.stream()
                        .filter(comer ->
                                !comer.story().events(StreamStarted.class).isEmpty())
                        .count(),
                story.events(ViewerJoined.class).size(),
                served.size(),
                outbound.size(),
                watching,
                inbound.size());
        assertThat(story.events(ViewerJoined.class)).hasSize(1);
        assertThat(served).hasSize(1);
        assertThat(watching).isEqualTo(1);
        assertThat(comers)
                .filteredOn(comer -> !comer.story().events(MediaStarted.class).isEmpty())
                .hasSize(1);
        assertThat(outbound).hasSizeGreaterThan(VIEWERS / 2);
        assertThat(inbound).isNotEmpty();
    }

    private static boolean anything(LinkStats stats) {
        return stats.packetsSent() + stats.bytesSent() + stats.packetsReceived() + stats.bytesReceived() > 0;
    }

    private static void join(Future<?> closing) {
        try {
            closing.get(5, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
