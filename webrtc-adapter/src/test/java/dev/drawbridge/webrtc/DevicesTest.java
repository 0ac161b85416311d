package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.drawbridge.CloseReason;
import dev.drawbridge.Encoding;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.MediaKind;
import dev.drawbridge.SessionEvent.SourceLost;
import dev.drawbridge.SessionEvent.SourceRestored;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionState;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.AudioSource;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.media.VideoSource;
import dev.drawbridge.spi.MediaTransport.MediaNeeds;
import dev.drawbridge.spi.MediaTransport.SourceListener;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.Shape;
import dev.onvoid.webrtc.media.video.VideoCaptureCapability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which camera, microphone or screen is taken, what a machine has, and what happens when one is unplugged; with made-up devices. */
class DevicesTest {
    private static final Encoding STANDARD = Encoding.STANDARD;

    /** A camera that knows one distance from what is wanted, and can be unplugged. */
    private static final class Cam implements VideoSource, Sources.Device {
        private final String name;
        private final double misfit;
        private volatile Consumer<VideoFrame> output;
        volatile boolean unplugged;

        Cam(String name, double misfit) {
            this.name = name;
            this.misfit = misfit;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public double misfit(Encoding wanted) {
            return misfit;
        }

        @Override
        public void start(Consumer<VideoFrame> to) {
            output = to;
        }

        @Override
        public void stop() {
            output = null;
            if (unplugged) {
                throw new IllegalStateException("there is nothing to be stopped");
            }
        }

        void delivers() {
            Consumer<VideoFrame> to = output;
            if (to != null) {
                to.accept(TestFrames.plain(64, 36, 90, 90, 90));
            }
        }
    }

    private record Mic(String name) implements AudioSource {
        @Override
        public void start(Consumer<AudioFrame> output) {}

        @Override
        public void stop() {}
    }

    private record Made(List<VideoSource> cameras, List<AudioSource> microphones, List<String> asked)
            implements Sources.Devices {
        Made(List<VideoSource> cameras, List<AudioSource> microphones) {
            this(cameras, microphones, new ArrayList<>());
        }

        @Override
        public List<VideoSource> cameras(Encoding wanted) {
            return cameras;
        }

        @Override
        public Optional<AudioSource> microphone(int channels) {
            asked.add("default, " + channels + " channels");
            return microphones.stream().findFirst();
        }

        @Override
        public List<AudioSource> microphones(int channels) {
            return microphones;
        }

        @Override
        public Optional<VideoSource> screen(String which, Encoding wanted) {
            asked.add("screen '" + which + "'");
            return which.equals("nowhere") ? Optional.empty() : Optional.of(new Cam("screen " + which, 0));
        }
    }

    private static MediaNeeds needs(String camera, String microphone, Optional<String> screen, Encoding encoding) {
        return new MediaNeeds(true, true, camera, microphone, screen, List.of(), encoding);
    }

    private static Sources choose(Made made, MediaNeeds needs) throws SessionException {
        return Sources.choose(null, null, needs, made);
    }

    private static SessionException refusal(Made made, MediaNeeds needs) {
        return catchThrowableOfType(SessionException.class, () -> choose(made, needs));
    }

    private final Cam inside = new Cam("Integrated Camera", 0.9);
    private final Cam usb = new Cam("HD Pro (USB-2) C920", 0.1);
    private final Cam proxy = new Cam("Pro xy", 0.1);
    private final Mic front = new Mic("Front [plughw:0,0]");
    private final Mic headset = new Mic("Headset [plughw:2,0]");
    private final Made all = new Made(List.of(inside, usb, proxy), List.of(front, headset));

    // ---- which one --------------------------------------------------------------------------------------------------

    @Test
    void aCameraIsNamedAsOnThePage() throws Exception {
        assertThat(choose(all, needs("hd_pro_usb", "", Optional.empty(), STANDARD))
                        .video())
                .isSameAs(usb);
        assertThat(choose(all, needs("c920", "", Optional.empty(), STANDARD)).video())
                .isSameAs(usb);
        assertThat(choose(all, needs("pro", "", Optional.empty(), STANDARD)).video())
                .as("a name that begins with it comes first")
                .isSameAs(proxy);
    }

    @Test
    void aNumberIsThatOneOfTheList() throws Exception {
        assertThat(choose(all, needs("2", "2", Optional.empty(), STANDARD))).isEqualTo(new Sources(usb, headset));
        assertThat(refusal(all, needs("4", "", Optional.empty(), STANDARD)))
                .hasMessageContainingAll("none of the 3 cameras", "videodevice=testpattern");
    }

    @Test
    void withoutANameTheFirstOneIsTakenOrTheOneThatFits() throws Exception {
        assertThat(choose(all, needs("", "", Optional.empty(), STANDARD)).video())
                .isSameAs(inside);
        Encoding large = Encoding.builder().width(1920).height(1080).build();
        assertThat(choose(all, needs("", "", Optional.empty(), large)).video())
                .as("the first of those that fit best")
                .isSameAs(usb);
    }

    @Test
    void aMicrophoneIsNamedAndNoOtherIsTakenInItsPlace() throws Exception {
        assertThat(choose(all, needs("", "headset", Optional.empty(), STANDARD)).audio())
                .isSameAs(headset);
        assertThat(choose(all, needs("", "", Optional.empty(), STANDARD)).audio())
                .isSameAs(front);
        SessionException refused = refusal(all, needs("", "bluetooth", Optional.empty(), STANDARD));
        assertThat(refused.code()).isEqualTo(CloseReason.NO_MEDIA);
        assertThat(refused).hasMessageContainingAll("audiodevice", "audiodevice=0");
    }

    @Test
    void stereoOpensTheMicrophoneWithTwoChannels() throws Exception {
        choose(
                all,
                needs(
                        "",
                        "",
                        Optional.empty(),
                        Encoding.builder().stereo(Encoding.Stereo.OUT).build()));
        assertThat(all.asked()).containsExactly("default, 2 channels");
    }

    @Test
    void theScreenIsTakenInsteadOfACamera() throws Exception {
        Sources chosen = choose(all, needs("testpattern", "", Optional.of(""), STANDARD));
        assertThat(chosen.video().name()).isEqualTo("screen ");
        assertThat(all.asked()).contains("screen ''");
        assertThat(choose(all, needs("", "", Optional.of("Editor"), STANDARD))
                        .video()
                        .name())
                .isEqualTo("screen Editor");
        assertThat(refusal(all, needs("", "", Optional.of("nowhere"), STANDARD)))
                .hasMessageContainingAll("screenshare", "datamode");
    }

    @Test
    void thePatternHasTheWantedSizeAndRate() throws Exception {
        Encoding small = Encoding.builder().width(640).height(360).frameRate(15).build();
        assertThat(choose(all, needs("testpattern", "", Optional.empty(), small))
                        .video()
                        .name())
                .contains("640x360@15");
    }

    @Test
    void aFormatIsChosenAsBrowsersReckonIt() {
        VideoCaptureCapability uhd = new VideoCaptureCapability(3840, 2160, 15);
        VideoCaptureCapability full = new VideoCaptureCapability(1920, 1080, 30);
        VideoCaptureCapability hd = new VideoCaptureCapability(1280, 720, 60);
        VideoCaptureCapability small = new VideoCaptureCapability(640, 360, 30);
        List<VideoCaptureCapability> formats = List.of(small, hd, full, uhd);
        Encoding.Builder wanted = Encoding.builder();
        assertThat(Formats.best(formats, wanted.width(1920).build())).isEqualTo(full);
        assertThat(Formats.best(formats, Encoding.builder().frameRate(60).build()))
                .isEqualTo(hd);
        assertThat(Formats.best(formats, Encoding.builder().height(400).build()))
                .isEqualTo(small);
        assertThat(Formats.best(List.of(), wanted.build())).isNull();
        assertThat(Formats.misfit(List.of(full), wanted.height(1080).build())).isZero();
        assertThat(Formats.misfit(List.of(), wanted.build())).isEqualTo(Double.MAX_VALUE);
    }

    // ---- what there is ----------------------------------------------------------------------------------------------

    @Test
    void theDevicesOfThisMachineAreListedInThreeSecondsWhateverItHas() {
        long begin = System.nanoTime();
        DeviceList found = WebRtcMedia.devices();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
        assertThat(found.cameras())
                .allSatisfy(camera -> assertThat(camera.name()).isNotBlank());
        assertThat(found.microphones()).allSatisfy(one -> assertThat(one.name()).isNotBlank());
    }

    @Test
    void whatHangsOrFailsIsMissingAndSaid() {
        CountDownLatch end = new CountDownLatch(1);
        DeviceList found = DeviceLook.at(
                () -> {
                    end.await();
                    return List.of();
                },
                () -> List.of(front, headset),
                () -> {
                    throw new UnsatisfiedLinkError("no sound here");
                },
                2_000);
        assertThat(found.cameras()).isEmpty();
        assertThat(found.microphones())
                .extracting(DeviceList.Sound::name)
                .containsExactly(front.name(), headset.name());
        assertThat(found.problems()).hasSize(2).first().asString().contains("cameras", "in time");
        end.countDown();
    }

    // ---- unplugged --------------------------------------------------------------------------------------------------

    private static final class Told implements SourceListener {
        final List<String> words = new ArrayList<>();

        @Override
        public void lost(MediaKind kind, String source) {
            words.add(kind + " lost " + source);
        }

        @Override
        public void restored(MediaKind kind, String source) {
            words.add(kind + " back " + source);
        }
    }

    @Test
    void silenceIsToldOnceAndSoIsItsEnd() {
        Told told = new Told();
        Silence silence = new Silence(MediaKind.VIDEO, "cam", 3000, 0, told);
        assertThat(silence.look(3000)).isFalse();
        assertThat(silence.look(3001)).isTrue();
        assertThat(silence.look(9000)).isTrue();
        silence.heard(9500);
        assertThat(silence.look(10_000)).isFalse();
        assertThat(told.words).containsExactly("VIDEO lost cam", "VIDEO back cam");
    }

    @Timeout(90)
    @Test
    void anUnpluggedCameraIsAnEventAndTheSessionGoesOn() throws Exception {
        Made made = new Made(List.of(usb), List.of());
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            Publisher publisher = stage.keep(Publisher.builder(stage.options("push=camera1&ad=0"))
                    .media(WebRtcMedia.builder().devices(made).build())
                    .signaling(stage.signaling())
                    .listener(story)
                    .start());
            usb.delivers();
            usb.unplugged = true;
            SourceLost lost = story.await(SourceLost.class);
            assertThat(lost.kind()).isEqualTo(MediaKind.VIDEO);
            assertThat(lost.source()).isEqualTo(usb.name());
            assertThat(publisher.state()).isEqualTo(SessionState.ANNOUNCED);
            while (story.events(SourceRestored.class).isEmpty()) {
                usb.delivers(); // it is opened anew in between
                Thread.sleep(50);
            }
            assertThat(story.events(SourceLost.class)).hasSize(1);
            usb.unplugged = false;
        }
    }
}
