package dev.drawbridge.webrtc;

import dev.drawbridge.media.VideoSources;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaTransport.MediaNeeds;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a program may have done before its {@code main} returns. Started by {@link ProcessEndTest}. */
final class ProcessEndChild {
    private ProcessEndChild() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "closed" -> session().close();
            case "exit" -> {
                session();
                sayGoodbye();
                System.exit(0);
            }
            case "warm", "chatty" -> {
                WebRtcMedia.warmUp();
                CountDownLatch warm = new CountDownLatch(1);
                NativeThread.post(warm::countDown);
                warm.await();
            }
            case "prepared" -> {
                WebRtcMedia media = WebRtcMedia.builder()
                        .video(VideoSources.testPattern(320, 240, 30))
                        .build();
                media.prepare(LinkSettings.Role.PUBLISHER, new MediaNeeds(true, true, ""));
                media.close();
            }
            case "hostile" -> {
                // Each of these ends a JVM when it reaches the library; a crash would show in this one's exit code.
                HostileInputTest hostile = new HostileInputTest();
                hostile.hostileAddressesOfIceServersAreReportedAndReachNoLibrary();
                hostile.garbageForAnAnswerIsReportedAndTheRealOneIsStillTaken();
                hostile.garbageCandidatesHarmNothingWheneverTheyCome();
                hostile.listenersAndReceiversThatThrowEverythingStopNothing("viewer");
                hostile.linesThatTheOtherSideEndsAndReopensAreSurvived();
                hostile.closingWhileEverythingIsUnderWayIsSafe();
                hostile.closingTwiceAndUsingWhatIsClosedDoesNothing();
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
        if (!args[0].equals("chatty")) {
            sayGoodbye();
        }
    }

    private static void sayGoodbye() {
        System.out.print(System.currentTimeMillis() + "\n");
        System.out.close();
    }

    private static Pair session() throws Exception {
        Pair pair = new Pair(WebRtcMedia.builder()
                .video(new TestFrames.PlainVideo(TestFrames.plain(320, 240, 120, 90, 200), 30))
                .audio(new TestFrames.Sine(48000, 1, 480, 440))
                .build());
        pair.connect();
        pair.publisher.link.releaseMedia();
        pair.viewer.firstPicture.get(10, TimeUnit.SECONDS);
        pair.viewer.next(pair.viewer.sounds, "sound");
        return pair;
    }
}
