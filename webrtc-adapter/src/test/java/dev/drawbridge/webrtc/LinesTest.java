package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What is read from descriptions and put into them. */
class LinesTest {
    private static final String VP9 =
            "m=video 9 UDP/TLS/RTP/SAVPF 98 99\r\na=rtpmap:98 VP9/90000\r\na=rtpmap:99 rtx/90000\r\n";

    @Test
    void aRefusedLineHasNoCodecs() {
        assertThat(VideoLines.codecs(VP9)).containsExactly("VP9");
        assertThat(VideoLines.codecs(VP9.replace(" 9 ", " 0 "))).isEmpty();
        assertThat(VideoLines.codecs(VP9.replace(" 9 ", " 0 ") + "a=bundle-only\r\n"))
                .containsExactly("VP9");
        assertThat(VideoLines.codecs("m=audio 9 x 0\r\na=rtpmap:0 PCMU/8000\r\n"))
                .isEmpty();
    }

    @Test
    void whatRepairsLossesIsNothingInCommon() {
        String h264 = VP9.replace("VP9", "H264");
        assertThat(VideoLines.nothingInCommon(VP9, VP9.toLowerCase(Locale.ROOT), false))
                .isEmpty();
        assertThat(VideoLines.nothingInCommon(VP9, h264, false)).hasValue("offered were VP9");
        assertThat(VideoLines.nothingInCommon(VP9, "m=video 0 x 0\r\n", true)).hasValue("offered were VP9");
        assertThat(VideoLines.nothingInCommon(VP9, "m=video 0 x 0\r\n", false))
                .as("it wants no pictures")
                .isEmpty();
        assertThat(VideoLines.nothingInCommon(VP9, h264.replace(" 9 ", " 0 "), false))
                .as("likewise")
                .isEmpty();
        assertThat(VideoLines.nothingInCommon(VP9, "m=video 9 x 0\r\nm=audio 9 x 0\r\na=rtpmap:0 PCMU/8000\r\n", true))
                .as("it names codecs of sound only")
                .isEmpty();
        assertThat(VideoLines.nothingInCommon(VP9, "garbage", true))
                .as("no answer at all")
                .isEmpty();
        assertThat(VideoLines.nothingInCommon("", VP9, true))
                .as("no pictures were offered")
                .isEmpty();
        assertThat(VideoLines.nothingInCommon(VP9, VP9 + "m=video 0 x 0\r\n", true))
                .isEmpty();
    }

    @Test
    void aRefusedLineIsInNoBundle() {
        String offer = "v=0\r\na=group:BUNDLE 0 1\r\n" + VP9 + "a=mid:0\r\nm=application 9 x y\r\na=mid:1\r\n";
        assertThat(VideoLines.refused(offer))
                .isEqualTo(offer.replace("BUNDLE 0 1", "BUNDLE 1").replace("m=video 9", "m=video 0"));
    }

    @Test
    void aStrangersLinesDoNotGrowADetail() {
        StringBuilder many = new StringBuilder("m=video 9 x 1\r\n");
        for (int i = 0; i < 1000; i++) {
            many.append("a=rtpmap:1 C").append(i).append("/90000\r\n");
        }
        many.append("a=rtpmap:1 ").append("x".repeat(5000)).append("/1\r\na=rtpmap:\r\na=rtpmap:1\r\n");
        assertThat(VideoLines.nothingInCommon(many.toString(), "m=video 0 x 0\r\n", true)
                        .orElseThrow())
                .hasSizeLessThan(100);
    }

    @Test
    void ofAllLinesTogetherFewNamesAreShownAndNothingThatIsNoName() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            many.append("m=video 9 x 1\r\na=rtpmap:1 C").append(i).append("/90000\r\n");
        }
        assertThat(VideoLines.codecs(many.toString())).hasSize(8).contains("C0");
        assertThat(VideoLines.codecs(VP9.replace("rtx", "<b>\u001b[31m"))).containsExactly("VP9");
        assertThat(VideoLines.codecs(VP9.replace("rtx", "H263-1998"))).containsExactly("VP9", "H263-1998");
    }

    /** It is read on the one native thread, before anybody is admitted. */
    @Test
    void aStrangersAnswerOfNothingButLinesIsJudgedAtOnce() {
        for (String line : List.of("m=video \n", "m=video 9\n", "a=rtpmap:\n", "m=video 9 \na=rtpmap\n")) {
            String answer = line.repeat((64 << 10) / line.length());
            assertTimeoutPreemptively(Duration.ofSeconds(2), () -> VideoLines.nothingInCommon(VP9, answer, true));
        }
    }

    @Test
    void aParameterOfOpusIsSetOnce() {
        String sdp =
                "m=audio 9 x 111\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\na=fmtp:63 111/111\r\n";
        String stereo = OpusLine.with(sdp, "stereo=1");
        assertThat(stereo).isEqualTo(sdp.replace("useinbandfec=1", "useinbandfec=1;stereo=1"));
        assertThat(OpusLine.with(stereo, "stereo=1")).isEqualTo(stereo);
        assertThat(OpusLine.with(stereo, "sprop-stereo=1")).contains(";stereo=1;sprop-stereo=1\r\n");
        assertThat(OpusLine.with("m=audio 9 x 111\r\na=rtpmap:111 opus/48000/2\r\na=x\r\n", "stereo=1"))
                .isEqualTo("m=audio 9 x 111\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 stereo=1\r\na=x\r\n");
        assertThat(OpusLine.with("v=0\r\n", "stereo=1")).isEqualTo("v=0\r\n");
    }

    @Test
    void aPaceHoldsOnAverageAndWaitsForNobody() {
        Pace pace = new Pace(10);
        int admitted = 0;
        for (int i = 0; i < 300; i++) { // ten seconds of 30 a second, trembling
            admitted += pace.admits(i * 33_333_333L + i % 3 * 4_000_000L) ? 1 : 0;
        }
        assertThat(admitted).isBetween(98, 101);
        assertThat(pace.admits(20_000_000_000L)).as("after a pause").isTrue();
        assertThat(pace.admits(20_010_000_000L)).isFalse();
        pace.reset();
        assertThat(pace.admits(20_010_000_000L)).isTrue();
        assertThat(pace.plan(20_010_000_000L)).as("nothing is owed").isZero();
        Pace same = new Pace(30);
        int all = 0;
        for (int i = 0; i < 300; i++) {
            all += same.admits(i * 33_333_333L + i % 2 * 5_000_000L) ? 1 : 0;
        }
        assertThat(all).as("of a source of that rate none is lost").isGreaterThan(298);
    }

    @Test
    void whatAPaceRefusedLastIsOwedUntilAnotherOneComes() {
        Pace pace = new Pace(10);
        long milli = 1_000_000;
        assertThat(pace.admits(0)).isTrue();
        assertThat(pace.admits(20 * milli)).isFalse();
        long later = pace.plan(20 * milli);
        assertThat(later).as("with time for the next one of a faster source").isBetween(150L, 160L);
        assertThat(pace.plan(30 * milli)).as("planned already").isZero();
        assertThat(pace.overdue((20 + later) * milli)).isTrue();
        assertThat(pace.plan(180 * milli)).as("paid").isZero();
        assertThat(pace.admits(200 * milli)).as("no second one at once").isFalse();

        pace.reset();
        assertThat(pace.admits(1000 * milli)).isTrue();
        assertThat(pace.admits(1020 * milli)).isFalse();
        later = pace.plan(1020 * milli);
        assertThat(pace.admits(1100 * milli)).isTrue();
        assertThat(pace.overdue((1020 + later) * milli)).as("another one came").isFalse();
        assertThat(pace.plan(1176 * milli)).isZero();

        assertThat(pace.admits(1120 * milli)).isFalse();
        later = pace.plan(1120 * milli);
        assertThat(pace.admits(1200 * milli)).isTrue();
        assertThat(pace.admits(1220 * milli)).isFalse();
        assertThat(pace.overdue((1120 + later) * milli))
                .as("the next one has not had its time")
                .isFalse();
        assertThat(pace.plan((1120 + later) * milli)).isPositive();
    }
}
