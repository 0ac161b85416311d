package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.SendException;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.testing.LeakGuard;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCStats;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What peers and programs can ask of a link is bounded, also while the native thread has no time for it. */
class BoundsTest {
    private static final int MANY = 20_000;

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(20));

    private static Pair pair() throws Exception {
        return new Pair(WebRtcMedia.builder()
                .video(VideoSources.testPattern(320, 240, 30))
                .audio(new TestFrames.Sine(48000, 1, 480, 440))
                .build());
    }

    /** Holds the native thread while something is asked for many times; returns how many tasks that left waiting. */
    private static int whileBusy(int times, IntConsumer ask) throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        NativeThread.post(() -> {
            busy.countDown();
            try {
                free.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        busy.await();
        try {
            int before = NativeThread.waiting();
            for (int i = 0; i < times; i++) {
                ask.accept(i);
            }
            return NativeThread.waiting() - before;
        } finally {
            free.countDown();
        }
    }

    private static void assertAlive(Pair pair) throws Exception {
        pair.publisher.link.send("alive");
        String text = pair.viewer.next(pair.viewer.texts, "text");
        while (!text.equals("alive")) {
            text = pair.viewer.next(pair.viewer.texts, "text");
        }
    }

    @Test
    void of_what_a_peer_wishes_only_the_newest_waits() throws Exception {
        try (Pair pair = pair().connect()) {
            PeerLink link = pair.publisher.link;
            link.releaseMedia();
            // 20 pictures and blocks of sound may come in the meantime.
            assertThat(whileBusy(MANY, link::limitVideo)).isLessThan(100);
            assertThat(whileBusy(MANY, link::limitAudio)).isLessThan(100);
            assertThat(whileBusy(MANY, i -> link.requestKeyFrame())).isLessThan(100);
            assertThat(whileBusy(MANY, i -> link.stats())).isLessThan(100);
            Pair.stats(link);
            assertAlive(pair);
        }
    }

    @Test
    void a_storm_of_requests_costs_two_key_frames_a_second() throws Exception {
        try (Pair pair = pair().connect()) {
            PeerLink link = pair.publisher.link;
            link.releaseMedia();
            pair.viewer.next(pair.viewer.pictures, "picture");
            long begin = System.nanoTime();
            for (int i = 0; i < 60; i++) {
                link.requestKeyFrame();
                pair.viewer.next(pair.viewer.pictures, "picture");
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            // One that starts the stream, and one that the library itself may send.
            assertThat(keyFrames((PublisherLink) link)).isBetween(2L, 4 + (long) (2 * seconds));
        }
    }

    private static long keyFrames(PublisherLink link) throws Exception {
        CompletableFuture<Long> count = new CompletableFuture<>();
        NativeThread.post(() -> link.connection.getStats(report -> {
            long sum = 0;
            for (RTCStats stats : report.getStats().values()) {
                sum += stats.getAttributes().get("keyFramesEncoded") instanceof Number some ? some.longValue() : 0;
            }
            count.complete(sum);
        }));
        return count.get(5, TimeUnit.SECONDS);
    }

    @Test
    void a_peer_has_256_candidates_until_it_begins_anew_and_is_told_of_once() throws Exception {
        try (Pair pair = pair()) {
            assertThat(whileBusy(MANY, i -> pair.viewer.link.add(candidate(i)))).isLessThan(400);
            pair.connect();
            assertThat(whileBusy(MANY, i -> pair.viewer.link.add(candidate(i)))).isLessThan(100);
            assertAlive(pair);
            assertThat(pair.viewer.failures).containsExactly("ADD_CANDIDATE: more than 256 candidates");

            pair.publisher.descriptions.clear();
            pair.publisher.link.offer(true); // with new credentials
            pair.publisher.next(pair.publisher.descriptions, "offer");
            assertThat(whileBusy(MANY, i -> pair.viewer.link.add(candidate(i)))).isBetween(100, 400);
            assertAlive(pair);
            assertThat(pair.viewer.failures).hasSize(2);
        }
    }

    private static IceCandidate candidate(int number) {
        String address = "192.0.2." + number % 250 + " " + (1_000 + number % 60_000);
        return new IceCandidate("candidate:" + number + " 1 udp 1 " + address + " typ host", "0", 0);
    }

    @Test
    void thirty_two_descriptions_wait_and_the_others_are_told_of_once() throws Exception {
        try (Pair pair = pair().connect()) {
            SessionDescription bad = new SessionDescription(SessionDescription.Type.OFFER, "v=0");
            assertThat(whileBusy(MANY, i -> pair.viewer.link.accept(bad)))
                    .isBetween(Link.MAX_WAITING_DESCRIPTIONS, Link.MAX_WAITING_DESCRIPTIONS + 100);
            for (int i = 0; i <= Link.MAX_WAITING_DESCRIPTIONS; i++) {
                pair.viewer.next(pair.viewer.failures, "failure");
            }
            assertAlive(pair);
            assertThat(pair.viewer.failures).isEmpty();
        }
    }

    @Test
    void what_waits_to_be_sent_is_bounded_and_what_is_too_much_fails() throws Exception {
        try (Pair pair = pair().connect()) {
            String text = "x".repeat(200_000);
            long room = ChannelLink.MAX_OUTBOUND / (text.length() + 256);
            List<CompletionStage<Void>> sent = new ArrayList<>();
            assertThat(whileBusy(1_000, i -> sent.add(pair.publisher.link.send(text))))
                    .isLessThan((int) room + 20);
            for (CompletionStage<Void> refused : sent.subList((int) room, 1_000)) {
                assertThat(refused)
                        .failsWithin(Duration.ofSeconds(5))
                        .withThrowableThat()
                        .havingCause()
                        .isInstanceOfSatisfying(SendException.class, e -> assertThat(e.reason())
                                .isEqualTo(SendException.Reason.TOO_MUCH_WAITING));
            }
            for (int i = 0; i < room; i++) {
                assertThat(pair.viewer.next(pair.viewer.texts, "text")).isEqualTo(text);
            }
            assertAlive(pair);
            assertThat(pair.publisher.failures).isEmpty();
        }
    }

    @Test
    void a_peer_that_sends_more_than_can_be_taken_loses_its_channel_and_the_library_goes_on() throws Exception {
        try (Pair pair = pair().connect();
                Pair other = pair.another().connect()) {
            RTCDataChannel flooding = ((PublisherLink) pair.publisher.link).channel.channel;
            byte[] message = new byte[64 * 1024];
            int left = whileBusy(1, once -> {
                for (int i = 0; i < 200; i++) {
                    send(flooding, message);
                }
                awaitCut(((ViewerLink) pair.viewer.link).channel);
            });
            assertThat(left).isLessThan(400);
            pair.viewer.await(pair.viewer.channelEnded, "end of the channel");
            assertAlive(other);
        }
    }

    private static void send(RTCDataChannel channel, byte[] message) {
        try {
            channel.send(new RTCDataChannelBuffer(ByteBuffer.wrap(message), false));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitCut(ChannelLink channel) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!channel.isCutOff()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("nothing was cut off");
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void connections_that_come_and_go_faster_than_the_library_makes_them_are_refused() throws Exception {
        try (Pair pair = pair().connect()) {
            List<Pair.End> ends = new ArrayList<>();
            whileBusy(1_000, i -> {
                Pair.End end = new Pair.End("guest " + i);
                ends.add(end);
                pair.publisherMedia
                        .open(Pair.settings(LinkSettings.Role.PUBLISHER), end)
                        .close();
            });
            for (Pair.End end : ends) {
                end.await(end.ended, "end");
            }
            Pair.End late = new Pair.End("late");
            PeerLink link = pair.publisherMedia.open(Pair.settings(LinkSettings.Role.PUBLISHER), late);
            late.link = link;
            link.offer(false);
            late.next(late.descriptions, "offer");
            assertThat(late.failures).isEmpty();
            assertAlive(pair);
        }
    }

    @Test
    void pictures_above_8K_are_dropped() {
        assertThat(Frames.fits(7680, 4320)).isTrue();
        assertThat(Frames.fits(4320, 7680)).isTrue();
        assertThat(Frames.fits(7681, 4320)).isFalse();
        assertThat(Frames.fits(16_384, 16_384)).isFalse();
    }
}
