package dev.drawbridge.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Dialect;
import dev.drawbridge.LinkStats;
import dev.drawbridge.Tally;
import dev.drawbridge.Tally.Light;
import dev.drawbridge.internal.wire.Message.StatsRequest.Often;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wishes, figures and the state of things, as other clients write them (protocol section 4). */
class ControlMessagesTest {
    private final WireCodec codec = Codecs.viewer(Dialect.CUSTOM);

    private Message read(String json) {
        return codec.readChannel(json.replace('\'', '"'));
    }

    private static Tally tally(Light shown, Light muted, Light visible, Light active, Light streaming) {
        return new Tally(shown, muted, visible, active, streaming, Light.UNKNOWN, Light.UNKNOWN);
    }

    @Test
    void what_we_write_we_read_back() throws Exception {
        for (Message message : List.of(
                new Message.ScaleRequest(33),
                new Message.ResolutionRequest(640, 360, true),
                new Message.BitrateCeiling(0),
                new Message.BitrateCeiling(-1),
                new Message.AudioBitrateCeiling(32),
                new Message.AudioMuted(true),
                new Message.AudioMuted(false),
                new Message.VideoMuted(true),
                new Message.VideoMuted(false),
                new Message.LabelChange("Anna"),
                new Message.LabelChange(""),
                new Message.TallyReport(
                        new Tally(Light.ON, Light.OFF, Light.UNKNOWN, Light.ON, Light.OFF, Light.UNKNOWN, Light.ON)),
                new Message.StatsRequest(Often.ONCE),
                new Message.StatsRequest(Often.AGAIN_AND_AGAIN),
                new Message.StatsRequest(Often.NO_MORE),
                new Message.RemoteStats("{\"a\":1}"),
                new Message.Approved("zoom"),
                new Message.PublisherInfo("Cam", true, true, false),
                new Message.PublisherInfo("", false, false, true))) {
            assertThat(codec.readChannel(codec.writeChannel(message))).isEqualTo(message);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'scale':50} | 50",
                "{'scale':'50'} | 50",
                "{'scale':33.9} | 33",
                "{'scale':1000} | 100",
                "{'scale':1e99} | 100",
                "{'scale':0} | 0",
                "{'scale':-5} | 0",
                "{'scale':false} | 0",
                "{'scale':null} | 0",
                "{'scale':{}} | 0",
                "{'scale':'NaN'} | 0",
            })
    void a_scale_is_a_percentage_or_nothing(String json, int percent) {
        assertThat(read(json)).isEqualTo(percent == 0 ? new Message.Ignored() : new Message.ScaleRequest(percent));
    }

    @Test
    void an_area_has_two_sides_and_one_that_is_missing_does_not_matter() {
        assertThat(read("{'requestResolution':{'w':640,'h':360,'s':true,'c':true,'x':[1]}}"))
                .isEqualTo(new Message.ResolutionRequest(640, 360, true));
        assertThat(read("{'requestResolution':{'w':'640'}}"))
                .isEqualTo(new Message.ResolutionRequest(640, Limits.PICTURE, false));
        assertThat(read("{'requestResolution':{'w':-1,'h':1e9}}"))
                .isEqualTo(new Message.ResolutionRequest(Limits.PICTURE, Limits.PICTURE, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'requestResolution':true}",
                "{'requestResolution':[640,360]}",
                "{'requestResolution':{}}",
                "{'requestResolution':{'w':0,'h':-7}}",
                "{'requestResolution':{'w':{},'h':[]}}",
                "{'targetBitrate':true}",
                "{'targetBitrate':'much'}",
                "{'optimizedBitrate':500}",
                "{'obsState':{'details':{'visibility':true}}}",
                "{'obsState':[true]}",
                "{'sceneDisplay':null}",
                "{'muteState':null}",
                "{'videoMuted':null}",
                "{'requestStats':false}",
                "{'requestStatsContinuous':null}",
                "{'remoteStats':7}"
            })
    void what_means_nothing_is_left_alone(String json) {
        assertThat(read(json)).isEqualTo(new Message.Ignored());
    }

    @Test
    void a_ceiling_is_lifted_by_a_no() {
        assertThat(read("{'targetBitrate':false}")).isEqualTo(new Message.BitrateCeiling(-1));
        assertThat(read("{'targetAudioBitrate':false}")).isEqualTo(new Message.AudioBitrateCeiling(-1));
        assertThat(read("{'targetBitrate':'800'}")).isEqualTo(new Message.BitrateCeiling(800));
    }

    @Test
    void a_size_may_come_with_the_request() {
        assertThat(read("{'audio':true,'video':true,'scale':25}"))
                .isInstanceOfSatisfying(Message.ViewerRequest.class, request -> assertThat(request.size())
                        .contains(new Message.ScaleRequest(25)));
    }

    @Test
    void a_tally_has_only_what_was_said() {
        assertThat(read("{'sceneDisplay':true,'sceneMute':0}"))
                .isEqualTo(new Message.TallyReport(
                        tally(Light.ON, Light.OFF, Light.UNKNOWN, Light.UNKNOWN, Light.UNKNOWN)));
        assertThat(read("{'obsState':{'visibility':false,'sourceActive':null,'streaming':1,'details':{'a':[{}]}}}"))
                .isEqualTo(new Message.TallyReport(
                        tally(Light.UNKNOWN, Light.UNKNOWN, Light.OFF, Light.UNKNOWN, Light.ON)));
    }

    @Test
    void a_name_is_cleaned_and_one_that_is_none_takes_it_away() {
        assertThat(read("{'changeLabel':true,'value':' <b>Anna</b>\\n'}")).isEqualTo(new Message.LabelChange("Anna"));
        assertThat(read("{'changeLabel':true,'value':'" + "x".repeat(300) + "'}"))
                .isEqualTo(new Message.LabelChange("x".repeat(100)));
        for (String nothing : List.of("{'changeLabel':true,'value':false}", "{'changeLabel':true}")) {
            assertThat(read(nothing)).isEqualTo(new Message.LabelChange(""));
        }
    }

    @Test
    void figures_of_others_are_one_object_of_a_bounded_length() {
        String most = "{\"a\":\"" + "x".repeat(Limits.FIGURES - 8) + "\"}";
        assertThat(codec.readChannel("{\"remoteStats\":" + most + "}")).isEqualTo(new Message.RemoteStats(most));
        assertThat(codec.readChannel("{\"remoteStats\":" + most.replace("a", "aa") + "}"))
                .isInstanceOf(Message.Malformed.class);
    }

    @Test
    void our_figures_have_neither_address_nor_path() {
        LinkStats figures = new LinkStats(
                1, 2, 300, 4, 5, 6, 7, 8, 900, 640, 360, "VP8", "opus", "lib", Optional.of(Duration.ofMillis(12)), "x");

        assertThat(Message.RemoteStats.of(figures).json())
                .isEqualTo("{\"bitrate_kbps\":900,\"round_trip_ms\":12,\"width\":640,\"height\":360,"
                        + "\"frames\":300,\"packets_lost\":8}");
        assertThat(Message.RemoteStats.of(LinkStats.NONE).json()).contains("\"round_trip_ms\":-1");
    }
}
