package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.StreamStarted;
import dev.drawbridge.SourceException;
import dev.drawbridge.SourceException.Reason;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.AudioSources;
import dev.drawbridge.media.CustomVideo;
import dev.drawbridge.media.MediaFile;
import dev.drawbridge.media.Playback;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.media.VideoSource;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another source takes over while a real viewer watches. */
class SwitchTest {
    private static final int[] RED = {82, 90, 240};
    private static final int[] GREEN = {144, 54, 34};
    private static final int[] BLUE = {41, 240, 110};
    private static final int[] BLACK = {16, 128, 128};

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(60));

    private static VideoFrame plain(int width, int height, int[] colour) {
        return TestFrames.plain(width, height, colour[0], colour[1], colour[2]);
    }

    private static TestFrames.PlainVideo moving(int width, int height, int[] colour) {
        return new TestFrames.PlainVideo(plain(width, height, colour), 20);
    }

    private static Pair watching(WebRtcMedia media) throws Exception {
        Pair pair = new Pair(media).connect();
        pair.publisher.link.releaseMedia();
        return pair;
    }

    private static WebRtcMedia sending(VideoSource video) {
        return WebRtcMedia.builder().video(video).build();
    }

    private static VideoFrame see(Pair pair, int[] colour) throws Exception {
        return until(pair, pair.viewer.pictures, Arrays.toString(colour), picture -> is(picture, colour));
    }

    private static boolean is(VideoFrame picture, int[] colour) {
        int[] middle = TestFrames.middle(picture);
        for (int i = 0; i < 3; i++) {
            if (Math.abs(middle[i] - colour[i]) > 12) {
                return false;
            }
        }
        return true;
    }

    private static <T> T until(Pair pair, BlockingQueue<T> queue, String what, Predicate<T> wanted) throws Exception {
        while (true) {
            T next = pair.viewer.next(queue, what);
            if (wanted.test(next)) {
                return next;
            }
        }
    }

    private static void done(CompletionStage<Void> stage) throws Exception {
        stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static SourceException refusal(CompletionStage<Void> stage) throws Exception {
        try {
            done(stage);
            throw new AssertionError("it was not refused");
        } catch (ExecutionException e) {
            return (SourceException) e.getCause();
        }
    }

    @Test
    void theNewPictureAndTheNewSoundAreThereWithoutANewOffer() throws Exception {
        TestFrames.PlainVideo red = moving(320, 180, RED);
        WebRtcMedia media = WebRtcMedia.builder()
                .video(red)
                .audio(new TestFrames.Sine(48000, 1, 480, 440))
                .build();
        try (Pair pair = watching(media)) {
            see(pair, RED);
            until(pair, pair.viewer.sounds, "loud sound", block -> loudest(block) > 9_000);
            int offers = pair.publisher.descriptions.size();

            done(media.switchVideo(moving(640, 360, GREEN)));
            assertThat(until(pair, pair.viewer.pictures, "larger picture", picture -> picture.width() == 640))
                    .matches(picture -> is(picture, GREEN));
            done(media.switchVideo(VideoSources.still(plain(160, 90, BLUE), 1)));
            assertThat(see(pair, BLUE).width()).isEqualTo(160);
            done(media.switchAudio(AudioSources.tone(300)));
            until(pair, pair.viewer.sounds, "quieter sound", block -> loudest(block) > 3_000 && loudest(block) < 8_000);
            done(media.switchVideo(red)); // it was stopped, so it can be used again
            see(pair, RED);

            assertThat(pair.publisher.descriptions).hasSize(offers);
            assertThat(pair.publisher.failures).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLastPictureIsShownHoweverFewAreWanted(boolean ofOneLink) throws Exception {
        CustomVideo source = VideoSources.custom();
        source.push(plain(320, 180, RED));
        WebRtcMedia media = sending(source);
        try (Pair pair = watching(media)) {
            see(pair, RED);
            if (ofOneLink) {
                pair.publisher.link.boundVideo(0, 100, 2);
            } else {
                media.media.pace(2);
            }
            source.push(plain(320, 180, GREEN));
            see(pair, GREEN);
            source.push(plain(320, 180, RED));
            Thread.sleep(20);
            source.push(plain(320, 180, BLUE));
            see(pair, BLUE);
            media.muteVideo(true);
            see(pair, BLACK);
            media.muteVideo(false);
            see(pair, BLUE);
            done(media.switchVideo(new Once(plain(320, 180, GREEN))));
            see(pair, GREEN);
        }
    }

    /** Delivers one picture and no other. */
    private record Once(VideoFrame picture) implements VideoSource {
        @Override
        public String name() {
            return "once";
        }

        @Override
        public void start(Consumer<VideoFrame> output) {
            output.accept(picture);
        }

        @Override
        public void stop() {}
    }

    private static int loudest(AudioFrame block) {
        int loudest = 0;
        for (short sample : block.samples()) {
            loudest = Math.max(loudest, Math.abs(sample));
        }
        return loudest;
    }

    @Test
    void aSourceThatDoesNotStartLeavesTheOneBeforeGoing() throws Exception {
        TestFrames.PlainVideo red = moving(320, 180, RED);
        WebRtcMedia media = sending(red);
        try (Pair pair = watching(media)) {
            see(pair, RED);
            SourceException refused = refusal(media.switchVideo(new Broken(new IOException("the lens cap is on"))));
            assertThat(refused.reason()).isEqualTo(Reason.NOT_STARTED);
            assertThat(refused).hasMessageContaining("the lens cap is on");
            assertThat(refusal(media.switchVideo(new Broken(new UnsatisfiedLinkError("no driver"))))
                            .reason())
                    .isEqualTo(Reason.NOT_STARTED);
            assertThat(refusal(media.switchAudio(AudioSources.tone(300))).reason())
                    .isEqualTo(Reason.NOT_PUBLISHED);
            red.delivered.drainPermits();
            pair.viewer.pictures.clear();
            assertThat(red.delivered.tryAcquire(3, 20, TimeUnit.SECONDS)).isTrue();
            see(pair, RED);
        }
    }

    @Test
    void oneExchangeAtATimeAndNoneAfterTheEnd() throws Exception {
        WebRtcMedia media = sending(moving(320, 180, RED));
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        VideoSource slow = new VideoSource() {
            @Override
            public String name() {
                return "slow";
            }

            @Override
            public void start(Consumer<VideoFrame> output) {
                output.accept(plain(320, 180, GREEN)); // before its turn
                await(open);
            }

            @Override
            public void stop() {
                stopped.countDown();
            }
        };
        try (Pair pair = watching(media)) {
            see(pair, RED);
            CompletionStage<Void> first = media.switchVideo(slow);
            assertThat(refusal(media.switchVideo(moving(320, 180, BLUE))).reason())
                    .isEqualTo(Reason.BUSY);
            pair.viewer.pictures.clear();
            see(pair, RED);
            open.countDown();
            done(first);
            see(pair, GREEN);
            done(media.switchVideo(moving(320, 180, BLUE)));
            await(stopped);
            see(pair, BLUE);
        }
        assertThat(refusal(media.switchVideo(moving(320, 180, RED))).reason()).isEqualTo(Reason.SESSION_CLOSED);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whoComesLaterSeesNothingOfTheOneBefore() throws Exception {
        WebRtcMedia media = sending(moving(320, 180, RED));
        try (Pair pair = watching(media)) {
            see(pair, RED);
            done(media.switchVideo(VideoSources.custom())); // which has no picture
            try (Pair late = pair.another().connect()) {
                late.publisher.link.releaseMedia();
                VideoFrame first = late.viewer.next(late.viewer.pictures, "first picture");
                assertThat(is(first, BLACK)).isTrue();
            }
        }
    }

    @Test
    void whatIsMutedStaysSoWithEverySource(@TempDir Path folder) throws Exception {
        Path y4m = folder.resolve("green.y4m");
        try (OutputStream out = Files.newOutputStream(y4m)) {
            out.write("YUV4MPEG2 W320 H180 F20:1\n".getBytes(StandardCharsets.US_ASCII));
            for (int picture = 0; picture < 4; picture++) {
                out.write("FRAME\n".getBytes(StandardCharsets.US_ASCII));
                for (int plane = 0; plane < 3; plane++) {
                    byte[] values = new byte[plane == 0 ? 320 * 180 : 160 * 90];
                    Arrays.fill(values, (byte) GREEN[plane]);
                    out.write(values);
                }
            }
        }
        WebRtcMedia media = sending(moving(320, 180, RED));
        try (Pair pair = watching(media)) {
            see(pair, RED);
            List<VideoSource> sources = List.of(
                    VideoSources.y4m(y4m, Playback.looped()),
                    MediaFile.of(y4m, Playback.looped()).video(),
                    VideoSources.still(plain(320, 180, GREEN), 1));
            for (VideoSource source : sources) {
                media.muteVideo(true);
                see(pair, BLACK);
                done(media.switchVideo(source));
                pair.viewer.pictures.clear();
                VideoFrame next = pair.viewer.next(pair.viewer.pictures, "picture of " + source.name());
                assertThat(is(next, BLACK)).as(source.name()).isTrue();
                media.muteVideo(false);
                see(pair, GREEN);
            }
        }
    }

    @Test
    void aSealedPublisherSwitchesWithoutAWordToAnybody() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            Publisher publisher = stage.publish("push=camera1&secure", story);
            Watcher watcher = stage.watch("view=camera1");
            BlockingQueue<VideoFrame> pictures = new LinkedBlockingQueue<>(1000);
            watcher.viewer.onVideo(pictures::offer);
            watcher.story.await(StreamStarted.class);
            story.await(Sealed.class);
            watcher.awaitPictures();
            int events = publisher.events().size();
            done(publisher.switchVideo(VideoSources.still(plain(640, 360, GREEN), 5)));
            VideoFrame green = pictures.poll(20, TimeUnit.SECONDS);
            while (green != null && !(green.width() == 640 && is(green, GREEN))) {
                green = pictures.poll(20, TimeUnit.SECONDS);
            }
            assertThat(green).isNotNull();
            done(publisher.switchAudio(AudioSources.tone(1000)));
            assertThat(publisher.events()).hasSize(events);
            publisher.close();
            assertThat(refusal(publisher.switchVideo(VideoSources.custom())).reason())
                    .isEqualTo(Reason.SESSION_CLOSED);
        }
    }

    private record Broken(Throwable why) implements VideoSource {
        @Override
        public String name() {
            return "broken";
        }

        @Override
        public void start(Consumer<VideoFrame> output) throws IOException {
            if (why instanceof IOException known) {
                throw known;
            }
            throw (Error) why;
        }

        @Override
        public void stop() {}
    }
}
