package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.LinkStats;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.AudioMuted;
import dev.drawbridge.SessionEvent.RemoteStats;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.StreamStarted;
import dev.drawbridge.StreamId;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.CustomVideo;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.Shape;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Smaller pictures, black ones and silence with the real library, and a sealed session in which all of that happens. */
class ControlTest {
    private static final int BLACK = 16;
    private static final int[] YUV = {150, 90, 180};

    private static WebRtcMedia pattern() {
        return WebRtcMedia.builder()
                .video(VideoSources.testPattern(640, 360, 30))
                .audio(new TestFrames.Sine(48000, 1, 480, 440))
                .build();
    }

    private static <T> T until(Pair pair, BlockingQueue<T> queue, String what, Predicate<T> wanted) throws Exception {
        while (true) {
            T next = pair.viewer.next(queue, what);
            if (wanted.test(next)) {
                return next;
            }
        }
    }

    private static boolean isBlack(VideoFrame picture) {
        int[] middle = TestFrames.middle(picture);
        return middle[0] < BLACK + 8 && Math.abs(middle[1] - 128) < 8 && Math.abs(middle[2] - 128) < 8;
    }

    private static int loudest(AudioFrame block) {
        int loudest = 0;
        for (short sample : block.samples()) {
            loudest = Math.max(loudest, Math.abs(sample));
        }
        return loudest;
    }

    // ---- smaller

    @Test
    void eachViewerGetsItsOwnSize() throws Exception {
        try (Pair one = new Pair(pattern()).connect();
                Pair other = one.another().connect()) {
            one.publisher.link.fitVideo(320, 10_000, false);
            one.publisher.link.releaseMedia();
            other.publisher.link.releaseMedia();
            VideoFrame small = until(one, one.viewer.pictures, "small picture", p -> p.width() == 320);
            assertThat(small.height()).isEqualTo(180);
            for (int i = 0; i < 20; i++) {
                assertThat(other.viewer.next(other.viewer.pictures, "picture").width())
                        .isEqualTo(640);
            }
            LinkStats sent = Pair.stats(one.publisher.link);
            assertThat(sent.width()).isEqualTo(320);
        }
    }

    @Test
    void aWishFollowsASourceThatChangesItsSize() throws Exception {
        CustomVideo source = VideoSources.custom();
        try (Pair pair = new Pair(WebRtcMedia.builder().video(source).build()).connect()) {
            pair.publisher.link.fitVideo(320, 320, false);
            pair.publisher.link.releaseMedia();
            int[][] sizes = {{640, 360}, {1280, 720}, {160, 90}, {320, 640}};
            int[][] wanted = {{320, 180}, {320, 180}, {160, 90}, {160, 320}};
            for (int i = 0; i < sizes.length; i++) {
                int[] size = sizes[i];
                int[] fits = wanted[i];
                pair.viewer.pictures.clear();
                VideoFrame arrived = null;
                long late = System.nanoTime() + TimeUnit.SECONDS.toNanos(5); // a size changes twice a second at most
                while (arrived == null && System.nanoTime() < late) {
                    source.push(TestFrames.plain(size[0], size[1], YUV[0], YUV[1], YUV[2]));
                    VideoFrame next = pair.viewer.pictures.poll(50, TimeUnit.MILLISECONDS);
                    arrived = next != null && next.width() == fits[0] && next.height() == fits[1] ? next : null;
                }
                assertThat(arrived).as("%sx%s", size[0], size[1]).isNotNull();
            }
        }
    }

    @Test
    void aStandingPictureIsSentAgainInItsNewSize() throws Exception {
        CustomVideo still = VideoSources.custom();
        still.push(TestFrames.plain(640, 360, YUV[0], YUV[1], YUV[2]));
        try (Pair pair = new Pair(WebRtcMedia.builder().video(still).build()).connect()) {
            pair.publisher.link.releaseMedia();
            until(pair, pair.viewer.pictures, "whole picture", p -> p.width() == 640);
            pair.publisher.link.scaleVideo(25);
            until(pair, pair.viewer.pictures, "small picture", p -> p.width() == 160);
        }
    }

    @Test
    void noWishMakesThePictureVanish() throws Exception {
        try (Pair pair = new Pair(pattern()).connect()) {
            pair.publisher.link.releaseMedia();
            pair.publisher.link.scaleVideo(1);
            VideoFrame least = until(pair, pair.viewer.pictures, "smallest picture", p -> p.height() < 40);
            assertThat(least.height()).isBetween(28, 36);
            for (int i = 0; i < 10_000; i++) {
                pair.publisher.link.fitVideo(1 + i % 700, 1 + i % 500, i % 2 == 0);
            }
            pair.publisher.link.scaleVideo(100);
            until(pair, pair.viewer.pictures, "whole picture", p -> p.width() == 640);
            assertThat(pair.publisher.failures).isEmpty();
        }
    }

    // ---- muted

    @Test
    void whatIsMutedIsSilentAndBlackAndComesBack() throws Exception {
        try (Pair pair = new Pair(pattern()).connect()) {
            pair.publisher.link.releaseMedia();
            until(pair, pair.viewer.pictures, "picture", p -> !isBlack(p));
            until(pair, pair.viewer.sounds, "sound", s -> loudest(s) > 4_000);
            pair.publisherMedia.muteAudio(true);
            pair.publisherMedia.muteVideo(true);
            until(pair, pair.viewer.pictures, "black picture", ControlTest::isBlack);
            until(pair, pair.viewer.sounds, "silence", s -> loudest(s) < 10);
            pair.viewer.pictures.clear();
            pair.viewer.sounds.clear();
            for (int i = 0; i < 15; i++) {
                assertThat(isBlack(pair.viewer.next(pair.viewer.pictures, "picture")))
                        .isTrue();
                assertThat(loudest(pair.viewer.next(pair.viewer.sounds, "sound")))
                        .isLessThan(10);
            }
            pair.publisherMedia.muteAudio(false);
            pair.publisherMedia.muteVideo(false);
            until(pair, pair.viewer.pictures, "picture", p -> !isBlack(p));
            until(pair, pair.viewer.sounds, "sound", s -> loudest(s) > 4_000);
        }
    }

    @Test
    void aStandingPictureGoesBlackAtOnceAndComesBack() throws Exception {
        CustomVideo still = VideoSources.custom();
        still.push(TestFrames.plain(640, 360, YUV[0], YUV[1], YUV[2]));
        try (Pair pair = new Pair(WebRtcMedia.builder().video(still).build()).connect()) {
            pair.publisher.link.releaseMedia();
            until(pair, pair.viewer.pictures, "picture", p -> !isBlack(p));
            pair.publisherMedia.muteVideo(true);
            until(pair, pair.viewer.pictures, "black picture", ControlTest::isBlack);
            try (Pair late = pair.another().connect()) {
                late.publisher.link.releaseMedia();
                assertThat(isBlack(late.viewer.next(late.viewer.pictures, "first picture")))
                        .isTrue();
                pair.publisherMedia.muteVideo(false);
                until(pair, pair.viewer.pictures, "picture", p -> !isBlack(p));
                until(late, late.viewer.pictures, "picture", p -> !isBlack(p));
            }
        }
    }

    @Test
    void aStandingPictureIsSaidAgainAndAgainForWhoeverMissedIt() throws Exception {
        CustomVideo still = VideoSources.custom();
        still.push(TestFrames.plain(640, 360, YUV[0], YUV[1], YUV[2]));
        try (Pair pair = new Pair(WebRtcMedia.builder().video(still).build()).connect()) {
            pair.publisher.link.releaseMedia();
            for (int i = 0; i < 3; i++) {
                assertThat(isBlack(pair.viewer.next(pair.viewer.pictures, "picture")))
                        .isFalse();
            }
        }
    }

    // ---- a whole session

    @Test
    void aSealedPublisherMakesItsPicturesSmallerAndTellsItsFigures() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            StreamId camera = StreamId.of("camera1");
            EventRecorder story = new EventRecorder();
            List<String> fingerprints = new CopyOnWriteArrayList<>();
            Publisher publisher = stage.keep(stage.publishing(stage.options("push=camera1&secure&prompt&mute"))
                    .approval(request -> {
                        fingerprints.add(request.fingerprint());
                        return CompletableFuture.completedFuture(true);
                    })
                    .listener(story)
                    .start());
            Watcher watcher = stage.watch("view=camera1&scale=50");
            watcher.story.await(StreamStarted.class);
            story.await(Sealed.class);
            watcher.story.await(AudioMuted.class);
            assertThat(fingerprints).hasSize(1).first().asString().matches("sha-256 [0-9A-F]{2}(:[0-9A-F]{2}){31}");
            long deadline = System.nanoTime() + 10_000_000_000L;
            int whole = publisher.stats().width();
            while (publisher.stats().width() == 0 || publisher.stats().width() > 160) {
                assertThat(System.nanoTime()).as("still as large as %s", whole).isLessThan(deadline);
                Thread.sleep(50);
            }
            watcher.viewer.requestStats(camera);
            watcher.story.await(RemoteStats.class);
            assertThat(watcher.story.events(RemoteStats.class).get(0).json())
                    .contains("\"frames\":")
                    .doesNotContain("127.0.0.1", "host", "udp");
        }
    }
}
