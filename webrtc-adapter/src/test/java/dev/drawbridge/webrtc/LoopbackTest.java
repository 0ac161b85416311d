package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.LinkStats;
import dev.drawbridge.SendException;
import dev.drawbridge.SendException.Reason;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.CustomVideo;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaReceiver;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.testing.LeakGuard;
import dev.onvoid.webrtc.RTCRtpTransceiver;
import dev.onvoid.webrtc.RTCStats;
import dev.onvoid.webrtc.RTCStatsType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two links in one process, on the real library. */
class LoopbackTest {
    private static final int[] YUV = {120, 90, 200};

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(20));

    @Test
    void notOnePacketOfMediaLeavesBeforeItIsReleased() throws Exception {
        TestFrames.PlainVideo pictures = new TestFrames.PlainVideo(TestFrames.plain(640, 360, 90, 90, 90), 30);
        TestFrames.Sine sound = new TestFrames.Sine(48000, 1, 480, 440);
        try (Pair pair =
                new Pair(WebRtcMedia.builder().video(pictures).audio(sound).build()).connect()) {
            pictures.delivered.drainPermits();
            sound.delivered.drainPermits();
            pictures.delivered.acquire(10);
            sound.delivered.acquire(30);
            LinkStats stats = Pair.stats(pair.publisher.link);
            assertThat(stats.packetsSent()).isZero();
            assertThat(stats.framesSent()).isZero();
            assertThat(Pair.stats(pair.viewer.link).packetsReceived()).isZero();
            assertThat(pair.viewer.pictures).isEmpty();
            assertThat(pair.viewer.sounds).isEmpty();
            assertThat(pair.viewer.mediaStarts).hasValue(0);
        }
    }

    @Test
    void releasedPicturesArriveInTheirColoursAndSoundInItsStrength() throws Exception {
        try (Pair pair = new Pair(picturesAndSound()).connect()) {
            pair.publisher.link.releaseMedia();
            pair.publisher.link.releaseMedia();
            pair.viewer.await(pair.viewer.started, "start of the media");
            VideoFrame picture = pair.viewer.next(pair.viewer.pictures, "picture");
            for (int i = 0; i < 15; i++) {
                picture = pair.viewer.next(pair.viewer.pictures, "picture");
            }
            int[] arrived = TestFrames.middle(picture);
            for (int plane = 0; plane < 3; plane++) {
                assertThat(arrived[plane]).isBetween(YUV[plane] - 6, YUV[plane] + 6);
            }
            assertThat(picture.width() * 9).isEqualTo(picture.height() * 16);
            int loudest = 0;
            for (int i = 0; i < 60; i++) {
                AudioFrame block = pair.viewer.next(pair.viewer.sounds, "sound");
                assertThat(block.samples()).hasSize(block.sampleRate() / 100 * block.channels());
                for (short sample : block.samples()) {
                    loudest = Math.max(loudest, Math.abs(sample));
                }
            }
            assertThat(loudest).isBetween(8_000, 16_000);
            LinkStats sent = Pair.stats(pair.publisher.link);
            assertThat(sent.framesSent()).isPositive();
            assertThat(sent.bytesSent()).isPositive();
            LinkStats received = Pair.stats(pair.viewer.link);
            assertThat(received.packetsReceived()).isPositive();
            assertThat(received.framesReceived()).isPositive();
            assertThat(received.width()).isEqualTo(640);
            assertThat(received.height()).isEqualTo(360);
            assertThat(pair.viewer.mediaStarts).hasValue(1);
            assertThat(pair.publisherMedia.sourceCounters().videoFrames()).isPositive();
        }
    }

    @Test
    void aStandingPictureIsSeenByWhoComesLater() throws Exception {
        CustomVideo still = VideoSources.custom();
        still.push(TestFrames.plain(640, 360, YUV[0], YUV[1], YUV[2]));
        try (Pair pair = new Pair(WebRtcMedia.builder().video(still).build()).connect()) {
            pair.publisher.link.releaseMedia();
            assertThat(pair.viewer.next(pair.viewer.pictures, "picture").width())
                    .isEqualTo(640);
        }
    }

    @Test
    void textsTravelBothWaysInOrderAndExactlyAsTheyAre() throws Exception {
        try (Pair pair = new Pair(silent()).connect()) {
            String[] texts = {"", "a", "ä€😀\u0000\n", "{\"pipe\":1}", "x".repeat(100_000)};
            for (String text : texts) {
                pair.publisher.link.send(text);
                pair.viewer.link.send("back " + text);
            }
            for (String text : texts) {
                assertThat(pair.viewer.next(pair.viewer.texts, "text")).isEqualTo(text);
                assertThat(pair.publisher.next(pair.publisher.texts, "text")).isEqualTo("back " + text);
            }
        }
    }

    @Test
    void textsSentBeforeTheChannelIsOpenWaitForIt() throws Exception {
        try (Pair pair = new Pair(silent())) {
            pair.publisher.link.send("early");
            pair.connect();
            assertThat(pair.viewer.next(pair.viewer.texts, "text")).isEqualTo("early");
        }
    }

    @Test
    void theLongestMessageArrivesWholeAndALongerOneHarmsNothing() throws Exception {
        try (Pair pair = new Pair(silent()).connect()) {
            String longest = "é".repeat(128 * 1024);
            assertThat(longest.getBytes(StandardCharsets.UTF_8)).hasSize(ChannelLink.MAX_MESSAGE);
            assertThat(pair.publisher.link.send(longest + "!"))
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            SendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_BIG));
            assertThat(pair.publisher.link.send(longest)).succeedsWithin(Duration.ofSeconds(5));
            assertThat(pair.viewer.next(pair.viewer.texts, "text")).isEqualTo(longest);
            pair.publisher.link.send("after");
            assertThat(pair.viewer.next(pair.viewer.texts, "text")).isEqualTo("after");
        }
    }

    @Test
    void manyMessagesAreHeldBackUntilTheyCanBeSent() throws Exception {
        try (Pair pair = new Pair(silent()).connect()) {
            // 16 MiB waiting inside the library would close the channel without a word.
            String message = "m".repeat(200_000);
            for (int i = 0; i < 100; i++) {
                pair.publisher.link.send(i + message);
            }
            for (int i = 0; i < 100; i++) {
                assertThat(pair.viewer.next(pair.viewer.texts, "text")).startsWith(i + "m");
            }
            assertThat(pair.publisher.failures).isEmpty();
        }
    }

    @Test
    void theFiguresNameThePathAndItsRoundTrip() throws Exception {
        try (Pair pair = new Pair(silent()).connect()) {
            pair.publisher.link.send("there");
            pair.viewer.next(pair.viewer.texts, "text");
            LinkStats stats = Pair.stats(pair.publisher.link);
            assertThat(stats.path()).isEqualTo("host/udp");
            assertThat(stats.roundTrip())
                    .hasValueSatisfying(rtt -> assertThat(rtt).isLessThan(Duration.ofSeconds(1)));
        }
    }

    @Test
    void ofTwoViewersOnlyTheAdmittedOneGetsMedia() throws Exception {
        try (Pair first = new Pair(picturesAndSound()).connect();
                Pair second = first.another().connect()) {
            first.publisher.link.releaseMedia();
            for (int i = 0; i < 10; i++) {
                first.viewer.next(first.viewer.pictures, "picture");
            }
            assertThat(Pair.stats(second.publisher.link).packetsSent()).isZero();
            second.publisher.link.releaseMedia();
            second.viewer.next(second.viewer.pictures, "picture");
            second.viewer.next(second.viewer.sounds, "sound");
            first.publisher.link.close();
            second.viewer.pictures.clear();
            second.viewer.next(second.viewer.pictures, "picture after the other one left");
        }
    }

    @Test
    void theOtherSideHearsAtOnceThatSomebodyLeft() throws Exception {
        try (Pair pair = new Pair(silent()).connect()) {
            pair.viewer.link.close();
            pair.publisher.await(pair.publisher.channelEnded, "news of the end");
            pair.viewer.await(pair.viewer.ended, "end");
            assertThat(pair.viewer.channelEnded.getCount()).isOne();
        }
    }

    @Test
    void anIceRestartOverTheStandingConnectionKeepsTheLink() throws Exception {
        try (Pair pair = new Pair(picturesAndSound()).connect()) {
            pair.publisher.link.releaseMedia();
            pair.viewer.next(pair.viewer.pictures, "picture");
            String before = ufrag(pair.publisher.next(pair.publisher.descriptions, "offer"));
            pair.viewer.next(pair.viewer.descriptions, "answer");
            pair.publisher.link.offer(true);
            String after = ufrag(pair.publisher.next(pair.publisher.descriptions, "second offer"));
            pair.viewer.next(pair.viewer.descriptions, "second answer");
            assertThat(after).isNotEqualTo(before);
            pair.publisher.link.send("still there");
            assertThat(pair.viewer.next(pair.viewer.texts, "text")).isEqualTo("still there");
            pair.viewer.pictures.clear();
            pair.viewer.next(pair.viewer.pictures, "picture after the restart");
            assertThat(pair.publisher.failures).isEmpty();
            assertThat(pair.viewer.failures).isEmpty();
        }
    }

    private static String ufrag(SessionDescription description) {
        Matcher line = Pattern.compile("a=ice-ufrag:(\\S+)").matcher(description.sdp());
        assertThat(line.find()).isTrue();
        return line.group(1);
    }

    @Test
    void noWishRaisesTheBoundOfTheApplication() throws Exception {
        LinkSettings bounded = new LinkSettings(
                LinkSettings.Role.PUBLISHER,
                List.of(),
                false,
                true,
                true,
                OptionalInt.of(800),
                List.of(),
                MediaReceiver.NONE);
        try (Pair pair = new Pair(picturesAndSound(), bounded, true, true).connect()) {
            PublisherLink link = (PublisherLink) pair.publisher.link;
            assertThat(maxBitrate(() -> link.video)).isEqualTo(800_000);
            link.limitVideo(5_000);
            assertThat(maxBitrate(() -> link.video)).isEqualTo(800_000);
            link.limitVideo(300);
            assertThat(maxBitrate(() -> link.video)).isEqualTo(300_000);
            link.limitVideo(0);
            assertThat(maxBitrate(() -> link.video)).isEqualTo(30_000);
            link.limitVideo(-1);
            assertThat(maxBitrate(() -> link.video)).isEqualTo(800_000);
        }
    }

    @Test
    void bitratesFollowWishesAndGoBackToTheDefault() throws Exception {
        try (Pair pair = new Pair(picturesAndSound()).connect()) {
            PublisherLink link = (PublisherLink) pair.publisher.link;
            assertThat(maxBitrate(() -> link.video)).isNull();
            link.limitVideo(5_000);
            assertThat(maxBitrate(() -> link.video)).isEqualTo(5_000_000);
            link.limitVideo(-1);
            assertThat(maxBitrate(() -> link.video)).isNull();
            link.limitAudio(64);
            assertThat(maxBitrate(() -> link.audio)).isEqualTo(64_000);
            link.limitAudio(100_000);
            assertThat(maxBitrate(() -> link.audio)).isEqualTo(510_000);
            link.limitAudio(0);
            assertThat(maxBitrate(() -> link.audio)).isNull();
            assertThat(pair.publisher.failures).isEmpty();
        }
    }

    private static Integer maxBitrate(Supplier<RTCRtpTransceiver> line) throws Exception {
        return onNative(() -> line.get().getSender().getParameters().encodings.get(0).maxBitrate);
    }

    private static <T> T onNative(Supplier<T> work) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        NativeThread.post(() -> {
            try {
                result.complete(work.get());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(5, TimeUnit.SECONDS);
    }

    @Test
    void aKeyFrameComesWhenItIsAskedForAndTheStreamGoesOn() throws Exception {
        try (Pair pair = new Pair(picturesAndSound()).connect()) {
            pair.publisher.link.requestKeyFrame();
            pair.publisher.link.releaseMedia();
            for (int i = 0; i < 5; i++) {
                pair.viewer.next(pair.viewer.pictures, "picture");
            }
            assertThat(keyFrames(pair.viewer)).isOne();
            pair.publisher.link.requestKeyFrame();
            pair.viewer.pictures.clear();
            for (int i = 0; i < 10; i++) {
                pair.viewer.next(pair.viewer.pictures, "picture");
            }
            assertThat(keyFrames(pair.viewer)).isGreaterThan(1);
            assertThat(pair.viewer.mediaStarts).hasValue(1);
        }
    }

    private static long keyFrames(Pair.End viewer) throws Exception {
        CompletableFuture<Long> result = new CompletableFuture<>();
        NativeThread.post(() -> ((Link) viewer.link).connection.getStats(report -> {
            long count = 0;
            for (RTCStats stats : report.getStats().values()) {
                if (stats.getType() == RTCStatsType.INBOUND_RTP
                        && stats.getAttributes().get("keyFramesDecoded") instanceof Number frames) {
                    count += frames.longValue();
                }
            }
            result.complete(count);
        }));
        return result.get(5, TimeUnit.SECONDS);
    }

    @Test
    void aViewerThatWantsNoVideoGetsSoundAlone() throws Exception {
        try (Pair pair =
                new Pair(picturesAndSound(), Pair.settings(LinkSettings.Role.PUBLISHER), false, true).connect()) {
            pair.publisher.link.releaseMedia();
            pair.viewer.await(pair.viewer.started, "start of the media");
            for (int i = 0; i < 20; i++) {
                pair.viewer.next(pair.viewer.sounds, "sound");
            }
            assertThat(pair.viewer.pictures).isEmpty();
            assertThat(Pair.stats(pair.publisher.link).framesSent()).isZero();
        }
    }

    @Test
    void aReceiverThatWantsNothingNowCostsNoCopyAndIsCounted() throws Exception {
        try (Pair pair = new Pair(picturesAndSound()).connect()) {
            pair.viewer.wanting = false;
            pair.publisher.link.releaseMedia();
            pair.viewer.await(pair.viewer.started, "start of the media");
            assertThat(pair.viewer.pictures).isEmpty();
            assertThat(Pair.stats(pair.viewer.link).framesDropped()).isPositive();
            pair.viewer.wanting = true;
            pair.viewer.next(pair.viewer.pictures, "picture");
        }
    }

    @Test
    void theWishedCodecComesFirst() throws Exception {
        LinkSettings wished = new LinkSettings(
                LinkSettings.Role.PUBLISHER,
                List.of(),
                false,
                true,
                false,
                OptionalInt.empty(),
                List.of("vp9", "nonsense"),
                MediaReceiver.NONE);
        WebRtcMedia media = WebRtcMedia.builder()
                .video(new TestFrames.PlainVideo(TestFrames.plain(320, 180, 90, 90, 90), 30))
                .build();
        try (Pair pair = new Pair(media, wished, true, true).connect()) {
            String offer =
                    pair.publisher.next(pair.publisher.descriptions, "offer").sdp();
            Matcher line = Pattern.compile("m=video \\d+ \\S+ (\\d+)").matcher(offer);
            assertThat(line.find()).isTrue();
            assertThat(offer).contains("a=rtpmap:" + line.group(1) + " VP9/");
            assertThat(offer).doesNotContain("m=audio");
            pair.publisher.link.releaseMedia();
            pair.viewer.next(pair.viewer.pictures, "picture");
        }
    }

    private static WebRtcMedia silent() {
        return WebRtcMedia.builder().video(VideoSources.custom()).build();
    }

    private static WebRtcMedia picturesAndSound() {
        return WebRtcMedia.builder()
                .video(new TestFrames.PlainVideo(TestFrames.plain(640, 360, YUV[0], YUV[1], YUV[2]), 30))
                .audio(new TestFrames.Sine(48000, 1, 480, 440))
                .build();
    }
}
