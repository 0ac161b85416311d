package dev.drawbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.drawbridge.Encoding.AudioCodec;
import dev.drawbridge.Encoding.ContentHint;
import dev.drawbridge.Encoding.Degrade;
import dev.drawbridge.Encoding.Stereo;
import dev.drawbridge.OptionsException.Problem;
import java.net.URI;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is captured and how it is encoded, in the words of the page. */
class EncodingOptionsTest {
    private static SessionOptions parse(String query) {
        return SessionOptions.parse(query + "&wss=wss://handshake.example.org");
    }

    private static Encoding encoding(String query) {
        return parse(query).encoding();
    }

    @ParameterizedTest
    @CsvSource({
        "width=640, w=640",
        "height=360, h=360",
        "quality=hd, q=hd",
        "framerate=25, frameRate=25 fr=25 fps=25",
        "stereo=1, s=1 proaudio=1 stereo stereo=both s=5",
        "stereo=2, s=in",
        "stereo=3, s=out",
        "outboundvideobitrate=900, outboundbitrate=900 ovb=900",
        "outboundaudiobitrate=96, oab=96",
        "contenthint=text, contenttype=text content=text hint=TEXT",
        "contenthint=detail, contenthint hint",
        "degrade=maintain-framerate, degrade=Maintain-Framerate",
        "degrade=balanced, degrade",
        "screenshare, ss screenshare2 ss2 ss=1 screenshare=true",
        "screenshare=Editor, ss=Editor",
        "audiodevice=usb, adevice=usb ad=usb ado=usb",
        "videodevice=usb, vdevice=usb vd=usb vdo=usb",
        "device=usb, d=usb",
    })
    void every_alias_means_the_same(String name, String aliases) {
        for (String alias : aliases.split(" ", -1)) {
            assertThat(parse(alias)).as(alias).isEqualTo(parse(name)).isNotEqualTo(parse(""));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "4k 2160p 2160 -2, 3840, 2160",
        "2k 1440p 1440 -3, 2560, 1440",
        "fullhd 1080p 1080 high 0, 1920, 1080",
        "hd 720p 720 1, 1280, 720",
        "360p 360 low 2, 640, 360",
        "3 10, 320, 180"
    })
    void a_quality_is_a_size(String names, int width, int height) {
        for (String name : names.split(" ", -1)) {
            assertThat(encoding("quality=" + name).width()).as(name).hasValue(width);
            assertThat(encoding("quality=" + name).height()).as(name).hasValue(height);
        }
    }

    @Test
    void a_large_quality_brings_its_bitrate_and_single_words_count_more() {
        assertThat(encoding("quality=4k").videoKbps()).hasValue(8000);
        assertThat(encoding("quality=2k").videoKbps()).hasValue(6000);
        assertThat(encoding("quality=hd").videoKbps()).isEmpty();
        Encoding mixed = encoding("q=4k&w=800&ovb=500");
        assertThat(mixed.width()).hasValue(800);
        assertThat(mixed.height()).hasValue(2160);
        assertThat(mixed.videoKbps()).hasValue(500);
        assertThat(encoding("quality=-1")).isEqualTo(Encoding.STANDARD);
    }

    @Test
    void nothing_said_is_the_standard() {
        assertThat(parse("push=a").encoding()).isEqualTo(Encoding.STANDARD);
        assertThat(parse("stereo=0&s=off").encoding()).isEqualTo(Encoding.STANDARD);
        assertThat(parse("").pictureTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(parse("").screen()).isEmpty();
        assertThat(parse("").audioDevice()).isEmpty();
    }

    @Test
    void words_are_read_as_what_they_stand_for() {
        Encoding all = encoding("stereo=in&audiocodec=RED&contenthint=motion&degrade=maintain-resolution"
                + "&codec=vp9&onlycodecs&framerate=15");
        assertThat(all.stereo()).isEqualTo(Stereo.IN);
        assertThat(all.audioCodec()).hasValue(AudioCodec.RED);
        assertThat(all.contentHint()).hasValue(ContentHint.MOTION);
        assertThat(all.degrade()).hasValue(Degrade.MAINTAIN_RESOLUTION);
        assertThat(all.onlyCodecs()).isTrue();
        assertThat(all.frameRate()).hasValue(15);
        assertThat(Stereo.IN.sends() || Stereo.OUT.receives()).isFalse();
    }

    @Test
    void all_that_is_wrong_is_told_at_once_under_the_name_that_was_written() {
        OptionsException refused = catchThrowableOfType(
                OptionsException.class,
                () -> parse("w=8&height=9999&q=huge&fps=0&s=surround&audiocodec=mp3&ovb=x&oab=5&hint=cats&degrade=no"
                        + "&onlycodecs&picturetimeout=5&ad=a%0Ab"));
        assertThat(refused.problems())
                .extracting(Problem::parameter)
                .containsExactlyInAnyOrder(
                        "w",
                        "height",
                        "q",
                        "fps",
                        "s",
                        "audiocodec",
                        "ovb",
                        "oab",
                        "hint",
                        "degrade",
                        "onlycodecs",
                        "picturetimeout",
                        "audiodevice");
        assertThat(refused.problems())
                .allSatisfy(problem -> assertThat(problem.allowed()).isNotBlank());
    }

    @Test
    void the_builder_is_held_to_the_same_bounds() {
        OptionsException refused = catchThrowableOfType(OptionsException.class, () -> parse("").toBuilder()
                .encoding(Encoding.builder()
                        .width(1)
                        .height(1)
                        .frameRate(121)
                        .videoKbps(0)
                        .audioKbps(1)
                        .build())
                .pictureTimeout(Duration.ofNanos(7))
                .build());
        assertThat(refused.problems())
                .extracting(Problem::parameter)
                .containsExactlyInAnyOrder(
                        "width",
                        "height",
                        "framerate",
                        "outboundvideobitrate",
                        "outboundaudiobitrate",
                        "picturetimeout");
    }

    @Test
    void both_devices_are_named_in_one_and_each_by_itself_counts_more() {
        SessionOptions both = parse("device=usb&vd=front");
        assertThat(both.videoDevice()).hasValue("front");
        assertThat(both.audioDevice()).hasValue("usb");
        SessionOptions none = parse("d=0");
        assertThat(none.video() || none.audio()).isFalse();
        assertThat(parse("ad=0&screenshare").audio()).isFalse();
        assertThat(parse("ad=default").audioDevice()).isEmpty();
    }

    @Test
    void a_shared_screen_is_a_picture_even_without_a_camera() {
        SessionOptions options = parse("vd=0&screenshare=2");
        assertThat(options.video()).isTrue();
        assertThat(options.screen()).hasValue("2");
        assertThat(parse("screenshare&datamode").video()).isFalse();
    }

    @Test
    void nobody_need_be_told_of_missing_pictures() {
        assertThat(parse("picturetimeout=0").pictureTimeout()).isEqualTo(Duration.ZERO);
        assertThat(parse("picturetimeout=off").toQuery()).contains("picturetimeout=0");
        assertThat(parse("picturetimeout=2500").pictureTimeout()).isEqualTo(Duration.ofMillis(2500));
    }

    @Test
    void a_link_for_the_viewer_says_nothing_of_what_the_publisher_captures() {
        assertThat(parse("push=a&w=640&stereo&ss=Editor&ad=usb").viewLink(URI.create("https://p.example/")))
                .asString()
                .doesNotContain("640", "stereo", "Editor", "usb");
    }

    @Test
    void an_adjustment_is_within_bounds_or_the_programs_mistake() {
        Adjustment all = Adjustment.NONE.videoKbps(600).framesPerSecond(10).scale(50);
        assertThat(all).isEqualTo(new Adjustment(OptionalInt.of(600), OptionalInt.of(10), OptionalInt.of(50)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Adjustment.NONE.scale(101))
                .withMessageContaining("100");
        assertThatIllegalArgumentException().isThrownBy(() -> Adjustment.NONE.framesPerSecond(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Adjustment.NONE.videoKbps(200_001));
    }
}
