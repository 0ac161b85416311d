package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drawbridge.Adjustment;
import dev.drawbridge.CloseReason;
import dev.drawbridge.Encoding;
import dev.drawbridge.LinkStats;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.MediaStarted;
import dev.drawbridge.SessionEvent.NoCommonCodec;
import dev.drawbridge.SessionEvent.RefusalReason;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.SessionException;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.AudioSource;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaReceiver;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.Shape;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Codecs, channels, and what one viewer gets while it watches, with the real library. */
class EncodingTest {

    // ---- codecs -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"VP8", "VP9", "H264", "AV1"})
    void everyCodecIsSentWhenItIsTheOnlyOne(String codec) throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            Publisher publisher = stage.publish("push=camera1&onlycodecs&codec=" + codec, story);
            Watcher watcher = stage.watch("view=camera1");
            watcher.story.await(MediaStarted.class);
            Watcher.assertColours(watcher.awaitPictures());
            assertThat(publisher.stats().links().values())
                    .extracting(LinkStats::videoCodec)
                    .containsExactly(codec);
        }
    }

    @Test
    void whereNoCodecIsInCommonBothSidesSaySoAtOnce() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            stage.publish("push=camera1&secure&onlycodecs&codec=vp9", story);
            Watcher watcher = stage.watch("view=camera1&onlycodecs&codec=h264");
            ViewerRefused refused = story.await(ViewerRefused.class);
            // What a very busy machine has not got out within the 200 ms of a goodbye is lost, the answer included.
            assertThat(refused.reason())
                    .as("the viewer heard %s", watcher.story.story())
                    .isIn(RefusalReason.NO_COMMON_CODEC, RefusalReason.NO_ANSWER);
            if (refused.reason() == RefusalReason.NO_COMMON_CODEC) {
                assertThat(refused.detail()).isEqualTo("offered were VP9");
            }
            assertThat(watcher.story.await(NoCommonCodec.class).detail()).isEqualTo("offered were VP9; taken are H264");
            assertThat(watcher.story.await(Closed.class).reason()).isEqualTo(CloseReason.NO_COMMON_CODEC);

            Watcher able = stage.watch("view=camera1&codec=h264");
            able.awaitPictures();
            assertThat(story.events(ViewerJoined.class))
                    .as("the bridge had stayed down")
                    .hasSize(1);
        }
    }

    @Test
    void anOfferInNothingButAForeignCodecIsAnsweredAndSaid() throws Exception {
        Encoding only = Encoding.builder().onlyCodecs(true).build();
        WebRtcMedia media = WebRtcMedia.builder()
                .video(VideoSources.testPattern(320, 180, 60))
                .build();
        LinkSettings vp9 = new LinkSettings(
                LinkSettings.Role.PUBLISHER,
                List.of(),
                false,
                true,
                true,
                false,
                false,
                true,
                false,
                OptionalInt.empty(),
                List.of("VP9"),
                only,
                MediaReceiver.NONE);
        try (Pair pair = new Pair(media, vp9, true, true)) {
            pair.publisher.carry = false;
            pair.publisher.link.offer(false);
            String offer =
                    pair.publisher.next(pair.publisher.descriptions, "offer").sdp();
            pair.viewer.link.accept(
                    new SessionDescription(SessionDescription.Type.OFFER, offer.replace("VP9/90000", "H999/90000")));
            String answer = pair.viewer.next(pair.viewer.descriptions, "answer").sdp();
            assertThat(answer).contains("m=video 0 ");
            assertThat(pair.viewer.next(pair.viewer.failures, "failure"))
                    .startsWith("CODEC: offered were H999; taken are ")
                    .contains("VP8");
            assertThat(pair.publisher.next(pair.publisher.failures, "failure")).isEqualTo("CODEC: offered were VP9");
        }
    }

    @Test
    void aNamedCodecThatTheLibraryDoesNotHaveIsNotTaken() throws Exception {
        Encoding only = Encoding.builder().onlyCodecs(true).build();
        WebRtcMedia media = WebRtcMedia.builder()
                .video(VideoSources.testPattern(320, 180, 60))
                .build();
        try (Pair pair = new Pair(
                media,
                Pair.settings(LinkSettings.Role.PUBLISHER),
                receiver -> new LinkSettings(
                        LinkSettings.Role.VIEWER,
                        List.of(),
                        false,
                        true,
                        true,
                        false,
                        false,
                        true,
                        false,
                        OptionalInt.empty(),
                        List.of("H265", "VP8"),
                        only,
                        receiver))) {
            pair.publisher.carry = false;
            pair.publisher.link.offer(false);
            String offer =
                    pair.publisher.next(pair.publisher.descriptions, "offer").sdp();
            pair.viewer.link.accept(new SessionDescription(
                    SessionDescription.Type.OFFER, offer.replaceAll("(VP8|VP9|H264|AV1)/90000", "H265/90000")));
            assertThat(pair.viewer.next(pair.viewer.failures, "failure"))
                    .isEqualTo("CODEC: offered were H265; taken are VP8");
        }
    }

    @Test
    void whoWantsNoPicturesNeedsNoCodecForThem() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            stage.publish("push=camera1&onlycodecs&codec=vp9", story);
            Watcher watcher = stage.watch("view=camera1&onlycodecs&codec=h264&novideo");
            watcher.awaitTone();
            assertThat(story.events(ViewerRefused.class)).isEmpty();
        }
    }

    @Test
    void aSessionWhoseCodecsTheLibraryDoesNotHaveDoesNotBegin() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            assertThatThrownBy(() -> stage.publish("push=camera1&onlycodecs&codec=h265", new EventRecorder()))
                    .isInstanceOfSatisfying(
                            SessionException.class, e -> assertThat(e.code()).isEqualTo(CloseReason.NO_COMMON_CODEC))
                    .hasMessageContainingAll("H265", "onlycodecs");
        }
    }

    // ---- sound ------------------------------------------------------------------------------------------------------

    /** Something in the left channel, nothing in the right one. */
    private static final class OneSided extends TestFrames.Timed<AudioFrame> implements AudioSource {
        private long at;

        OneSided() {
            super(10_000_000);
        }

        @Override
        AudioFrame next() {
            short[] samples = new short[960];
            for (int i = 0; i < 480; i++) {
                samples[2 * i] = (short) (12_000 * Math.sin(2 * Math.PI * 440 * at++ / 48_000));
            }
            return new AudioFrame(samples, 48_000, 2);
        }

        @Override
        public String name() {
            return "one-sided";
        }
    }

    private static LinkSettings sounding(LinkSettings.Role role, Encoding encoding, MediaReceiver receiver) {
        return new LinkSettings(
                role,
                List.of(),
                false,
                true,
                true,
                false,
                false,
                false,
                true,
                OptionalInt.empty(),
                List.of(),
                encoding,
                receiver);
    }

    private static double ratio(AudioFrame block) {
        double left = 0;
        double right = 0;
        for (int i = 0; i + 1 < block.samples().length; i += 2) {
            left += Math.abs(block.samples()[i]);
            right += Math.abs(block.samples()[i + 1]);
        }
        return left < 480 * 500 ? 1 : right / left;
    }

    /** Whether what arrives is still one-sided. */
    private static boolean twoChannels(Encoding publishing, Encoding viewing) throws Exception {
        WebRtcMedia media = WebRtcMedia.builder().audio(new OneSided()).build();
        try (Pair pair = new Pair(
                        media,
                        sounding(LinkSettings.Role.PUBLISHER, publishing, MediaReceiver.NONE),
                        viewer -> sounding(LinkSettings.Role.VIEWER, viewing, viewer))
                .connect()) {
            pair.publisher.link.releaseMedia();
            long late = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            int loud = 0;
            int oneSided = 0;
            while (loud < 20 && System.nanoTime() < late) {
                AudioFrame block = pair.viewer.next(pair.viewer.sounds, "sound");
                double ratio = block.channels() == 2 ? ratio(block) : 1;
                boolean heard = block.channels() == 2 ? ratio != 1 || sum(block) > 480 * 500 : sum(block) > 480 * 500;
                loud += heard ? 1 : 0;
                oneSided += heard && ratio < 0.3 ? 1 : 0;
            }
            assertThat(loud).as("blocks with something in them").isEqualTo(20);
            String offer =
                    pair.publisher.next(pair.publisher.descriptions, "offer").sdp();
            assertThat(offer.contains("sprop-stereo=1"))
                    .isEqualTo(publishing.stereo().sends());
            return oneSided > 10;
        }
    }

    private static double sum(AudioFrame block) {
        double sum = 0;
        for (short sample : block.samples()) {
            sum += Math.abs(sample);
        }
        return sum;
    }

    @Test
    void soundHasTwoChannelsForWhoAsksForThem() throws Exception {
        Encoding both = Encoding.builder().stereo(Encoding.Stereo.BOTH).build();
        assertThat(twoChannels(both, both)).isTrue();
        assertThat(twoChannels(both, Encoding.STANDARD)).isFalse();
    }

    @Test
    void theWishedCodecOfSoundIsTaken() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            Publisher publisher = stage.publish("push=camera1&novideo&audiocodec=g722", story);
            Watcher watcher = stage.watch("view=camera1");
            watcher.awaitTone();
            assertThat(publisher.stats().links().values())
                    .extracting(LinkStats::audioCodec)
                    .containsExactly("G722");
        }
    }

    @Test
    void opusThatIsSentTwiceComesFirstInTheOffer() throws Exception {
        Encoding red = Encoding.builder().audioCodec(Encoding.AudioCodec.RED).build();
        WebRtcMedia media = WebRtcMedia.builder().audio(new OneSided()).build();
        try (Pair pair = new Pair(
                media,
                sounding(LinkSettings.Role.PUBLISHER, red, MediaReceiver.NONE),
                viewer -> sounding(LinkSettings.Role.VIEWER, Encoding.STANDARD, viewer))) {
            pair.connect();
            String offer =
                    pair.publisher.next(pair.publisher.descriptions, "offer").sdp();
            assertThat(offer).containsPattern("m=audio \\d+ \\S+ 63 ").contains("a=rtpmap:63 red/48000/2");
            pair.publisher.link.releaseMedia();
            pair.viewer.next(pair.viewer.sounds, "sound");
        }
    }

    // ---- while it watches -------------------------------------------------------------------------------------------

    private static void until(String what, Callable<Boolean> holds) throws Exception {
        long late = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!holds.call()) {
            assertThat(System.nanoTime()).as(what).isLessThan(late);
            Thread.sleep(100);
        }
    }

    /** Pictures that come in a second; fewer on a machine that has other things to do, or those of two seconds in one. */
    private static long rate(Watcher watcher) throws Exception {
        long before = watcher.pictures();
        long begin = System.nanoTime();
        Thread.sleep(1_200);
        return (watcher.pictures() - before) * 1_000_000_000L / (System.nanoTime() - begin);
    }

    @Test
    void oneViewersPicturesBecomeFewerAndSmallerWithoutAnotherOffer() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            Publisher publisher = stage.publish("push=camera1", story);
            Watcher one = stage.watch("view=camera1");
            one.awaitPictures();
            Watcher other = stage.watch("view=camera1");
            other.awaitPictures();
            ViewerJoined first = story.events(ViewerJoined.class).get(0);

            publisher.adjust(
                    first.viewer(), Adjustment.NONE.framesPerSecond(5).scale(50).videoKbps(200));
            until("half the size", () -> one.link().width() == 160);
            AtomicLong few = new AtomicLong();
            until("five a second, and more than twice as many for the other one", () -> {
                few.set(rate(one));
                return few.get() > 0 && few.get() <= 7 && rate(other) > 2 * few.get();
            });
            until("the other one's size", () -> other.link().width() == 320);

            publisher.adjust(first.viewer(), Adjustment.NONE);
            until("the whole size", () -> one.link().width() == 320);
            until("more than before", () -> rate(one) > 1.5 * few.get());
            assertThat(one.story.events(MediaStarted.class)).hasSize(1);
        }
    }

    @Test
    void theOptionsBoundSizeAndRateOfWhateverTheSourceDelivers() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            stage.publish("push=camera1&width=160&framerate=10", story);
            Watcher watcher = stage.watch("view=camera1");
            until("a small picture", () -> watcher.link().width() == 160);
            assertThat(watcher.link().height()).isEqualTo(90);
            until("ten a second", () -> {
                long rate = rate(watcher);
                return rate > 0 && rate <= 12;
            });
        }
    }

    @Test
    void aPaceCanChangeAsOftenAsOneLikes() throws Exception {
        WebRtcMedia media = WebRtcMedia.builder()
                .video(VideoSources.testPattern(320, 180, 60))
                .build();
        try (Pair pair = new Pair(media).connect()) {
            pair.publisher.link.boundVideo(0, 100, 5);
            pair.publisher.link.releaseMedia();
            pair.viewer.next(pair.viewer.pictures, "picture");
            for (int i = 0; i < 60; i++) {
                pair.publisher.link.boundVideo(300 + i, 100, i % 3 * 10);
                Thread.sleep(10);
                pair.publisher.link.requestKeyFrame();
            }
            pair.publisher.link.boundVideo(0, 100, 0);
            pair.viewer.pictures.clear();
            for (int i = 0; i < 20; i++) {
                pair.viewer.next(pair.viewer.pictures, "picture");
            }
            assertThat(pair.publisher.failures).isEmpty();
            pair.publisher.link.boundVideo(0, 100, 7); // closed while it has a source of its own
        }
    }
}
