package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.drawbridge.CloseReason;
import dev.drawbridge.Encoding;
import dev.drawbridge.SessionException;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.AudioSource;
import dev.drawbridge.media.AudioSources;
import dev.drawbridge.media.TestPattern;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.media.VideoSource;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaTransport.MediaNeeds;
import dev.onvoid.webrtc.media.video.VideoCaptureCapability;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SourcesTest {
    private static final Sources.Devices NONE = devices(List.of(), Optional.empty());
    private static final Sources.Devices FORBIDDEN = new Sources.Devices() {
        @Override
        public List<VideoSource> cameras(Encoding wanted) {
            throw new AssertionError("nobody may look for cameras here");
        }

        @Override
        public Optional<AudioSource> microphone(int channels) {
            throw new AssertionError("nobody may look for a microphone here");
        }
    };

    @Test
    void namedSourcesWinAndNothingElseIsOpened() throws Exception {
        VideoSource mine = VideoSources.custom();
        assertThat(Sources.choose(mine, null, needs(true, true, "cam"), FORBIDDEN))
                .isEqualTo(new Sources(mine, null));
        AudioSource sound = AudioSources.custom();
        assertThat(Sources.choose(null, sound, needs(true, true, "testpattern"), FORBIDDEN))
                .isEqualTo(new Sources(null, sound));
    }

    @Test
    void aNamedSourceThatIsNotNeededIsLeftOut() throws Exception {
        AudioSource sound = AudioSources.custom();
        assertThat(Sources.choose(VideoSources.custom(), sound, needs(false, true, ""), FORBIDDEN))
                .isEqualTo(new Sources(null, sound));
    }

    @Test
    void dataAloneNeedsNoDevice() throws Exception {
        assertThat(Sources.choose(null, null, needs(false, false, ""), FORBIDDEN))
                .isEqualTo(new Sources(null, null));
    }

    @Test
    void theTestPatternIsAlwaysPresentAndBringsATone() throws Exception {
        Sources chosen = Sources.choose(null, null, needs(true, true, "TestPattern"), FORBIDDEN);
        assertThat(chosen.video()).isInstanceOf(TestPattern.class);
        assertThat(chosen.video().name()).contains("1280x720@30");
        assertThat(chosen.audio().name()).startsWith("tone");
        assertThat(Sources.choose(null, null, needs(true, false, "testpattern"), FORBIDDEN)
                        .audio())
                .isNull();
    }

    @Test
    void theFirstCameraThatBearsTheTextIsTakenWithTheMicrophone() throws Exception {
        VideoSource inside = new Named("Integrated Camera");
        VideoSource usb = new Named("USB Video (046d)");
        VideoSource second = new Named("USB Video (1bcf)");
        Sound microphone = new Sound();
        Sources.Devices devices = devices(List.of(inside, usb, second), Optional.of(microphone));
        assertThat(Sources.choose(null, null, needs(true, true, "usb VIDEO"), devices))
                .isEqualTo(new Sources(usb, microphone));
        assertThat(Sources.choose(null, null, needs(true, true, ""), devices))
                .isEqualTo(new Sources(inside, microphone));
    }

    @Test
    void namesInAnyScriptAreToldApart() throws Exception {
        VideoSource inside = new Named("\u5185\u8535\u30ab\u30e1\u30e9");
        VideoSource outside = new Named("\u041a\u0430\u043c\u0435\u0440\u0430 (USB)");
        Sources.Devices devices = devices(List.of(inside, outside), Optional.empty());
        assertThat(Sources.choose(null, null, needs(true, false, "\u043a\u0430\u043c\u0435\u0440\u0430"), devices))
                .isEqualTo(new Sources(outside, null));
        assertThat(Sources.choose(null, null, needs(true, false, "\u30ab\u30e1\u30e9"), devices))
                .isEqualTo(new Sources(inside, null));
        assertThat(refusal(needs(true, false, "\u65e5\u672c"), devices).code()).isEqualTo(CloseReason.NO_MEDIA);
        assertThat(refusal(needs(true, false, "(!)"), devices).code()).isEqualTo(CloseReason.NO_MEDIA);
    }

    @Test
    void aCameraWithoutMicrophoneIsPublishedWithoutSound() throws Exception {
        VideoSource camera = new Named("one");
        assertThat(Sources.choose(null, null, needs(true, true, ""), devices(List.of(camera), Optional.empty())))
                .isEqualTo(new Sources(camera, null));
    }

    @Test
    void aMachineWithoutCameraIsToldWhatToDo() {
        SessionException refused = refusal(needs(true, true, ""), NONE);
        assertThat(refused.code()).isEqualTo(CloseReason.NO_MEDIA);
        assertThat(refused).hasMessageContainingAll("no camera", "videodevice=testpattern", "own frames", "datamode");
    }

    @Test
    void anUnknownCameraNameIsARefusalAndNotAnotherCamera() {
        SessionException refused =
                refusal(needs(true, true, "logi"), devices(List.of(new Named("Other")), Optional.of(new Sound())));
        assertThat(refused.code()).isEqualTo(CloseReason.NO_MEDIA);
        assertThat(refused).hasMessageContainingAll("none of the 1 cameras", "videodevice=testpattern");
    }

    @Test
    void soundAloneNeedsAMicrophone() {
        assertThat(refusal(needs(false, true, ""), NONE)).hasMessageContaining("no microphone");
    }

    @Test
    void driversThatHangOrThrowCostThreeSecondsAtMost() {
        CountDownLatch end = new CountDownLatch(1);
        long begin = System.nanoTime();
        SessionException refused = refusal(needs(true, true, ""), new Sources.Devices() {
            @Override
            public List<VideoSource> cameras(Encoding wanted) throws Exception {
                end.await();
                return List.of();
            }

            @Override
            public Optional<AudioSource> microphone(int channels) {
                throw new UnsatisfiedLinkError("no sound here");
            }
        });
        assertThat(refused.code()).isEqualTo(CloseReason.NO_MEDIA);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(8));
        end.countDown();
    }

    @Test
    void theRealDevicesOfThisMachineAreLookedForWithoutHarm() {
        try (WebRtcMedia media = WebRtcMedia.create()) {
            media.prepare(LinkSettings.Role.PUBLISHER, needs(true, true, "no camera has this name"));
            throw new AssertionError("it found a camera");
        } catch (SessionException refused) {
            assertThat(refused.code()).isEqualTo(CloseReason.NO_MEDIA);
            assertThat(refused).hasMessageContaining("videodevice=testpattern");
        }
    }

    @Test
    void aCameraIsOpenedNearHighDefinitionAtAUsefulRate() {
        assertThat(Formats.nearest(List.of(
                        new VideoCaptureCapability(1920, 1080, 30),
                        new VideoCaptureCapability(1280, 720, 10),
                        new VideoCaptureCapability(640, 480, 30),
                        new VideoCaptureCapability(1280, 720, 60),
                        new VideoCaptureCapability(1280, 720, 30))))
                .isEqualTo(new VideoCaptureCapability(1280, 720, 30));
        assertThat(Formats.nearest(
                        List.of(new VideoCaptureCapability(1280, 720, 5), new VideoCaptureCapability(640, 480, 30))))
                .isEqualTo(new VideoCaptureCapability(640, 480, 30));
        assertThat(Formats.nearest(List.of())).isNull();
    }

    private static SessionException refusal(MediaNeeds needs, Sources.Devices devices) {
        return catchThrowableOfType(SessionException.class, () -> Sources.choose(null, null, needs, devices));
    }

    private static MediaNeeds needs(boolean video, boolean audio, String device) {
        return new MediaNeeds(video, audio, device);
    }

    private static Sources.Devices devices(List<VideoSource> cameras, Optional<AudioSource> microphone) {
        return new Sources.Devices() {
            @Override
            public List<VideoSource> cameras(Encoding wanted) {
                return cameras;
            }

            @Override
            public Optional<AudioSource> microphone(int channels) {
                return microphone;
            }
        };
    }

    private record Named(String name) implements VideoSource {
        @Override
        public void start(Consumer<VideoFrame> output) {}

        @Override
        public void stop() {}
    }

    private record Sound() implements AudioSource {
        @Override
        public String name() {
            return "sound";
        }

        @Override
        public void start(Consumer<AudioFrame> output) {}

        @Override
        public void stop() {}
    }
}
