package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drawbridge.Adjustment;
import dev.drawbridge.Publisher;
import dev.drawbridge.RemoteControl;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.AudioMuted;
import dev.drawbridge.SessionEvent.LabelChanged;
import dev.drawbridge.SessionEvent.MediaKind;
import dev.drawbridge.SessionEvent.ProtocolViolation;
import dev.drawbridge.SessionEvent.RemoteStats;
import dev.drawbridge.SessionEvent.SourceLost;
import dev.drawbridge.SessionEvent.SourceRestored;
import dev.drawbridge.SessionEvent.TallyChanged;
import dev.drawbridge.SessionEvent.VideoMuted;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionState;
import dev.drawbridge.StreamId;
import dev.drawbridge.Tally;
import dev.drawbridge.Tally.Light;
import dev.drawbridge.Viewer;
import dev.drawbridge.ViewerId;
import dev.drawbridge.media.AudioSources;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.testing.Stage.Party;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What viewers ask of a publisher and what the two tell each other beside media and data, in whole sessions. */
@ExtendWith(LeakGuard.class)
class ControlTest {
    private static final String PUBLISH = "push=camera1&password=correct-horse&label=Front_door";
    private static final String WATCH = "view=camera1&password=correct-horse";
    private static final StreamId STREAM = StreamId.of("camera1");

    private Stage stage = new Stage();

    @AfterEach
    void everybody_ends() {
        stage.close();
    }

    private FakeLink link(Party<?> party) {
        return party.media().link();
    }

    private void says(Party<?> party, String text) {
        link(party).say(text.replace('\'', '"'));
        stage.pass(Stage.MOMENT);
    }

    private static List<String> said(Party<?> party, String beginning) {
        return party.media().link().texts().stream()
                .filter(text -> text.startsWith(beginning))
                .toList();
    }

    private static <E extends SessionEvent> List<E> told(Party<?> party, Class<E> kind) {
        return party.session().events().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    // ---- the encoder

    @ParameterizedTest
    @EnumSource(Shape.class)
    void a_sealed_publisher_follows_its_viewers_wishes(Shape shape) throws Exception {
        stage = new Stage(shape);
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&secure");
        Viewer viewer = stage.viewer(WATCH).session();
        assertThat(publisher.session().state()).isEqualTo(SessionState.SEALED);
        FakeLink link = link(publisher);

        viewer.requestBitrate(STREAM, 800);
        viewer.requestAudioBitrate(STREAM, 64);
        viewer.requestScale(STREAM, 50);
        viewer.requestKeyFrame(STREAM);
        stage.pass(Stage.MOMENT);
        assertThat(link.videoKbps()).isEqualTo(800);
        assertThat(link.audioKbps()).isEqualTo(64);
        assertThat(link.sizeWish()).isEqualTo("50 %");
        assertThat(link.keyFrameRequests()).isEqualTo(1);

        viewer.requestResolution(STREAM, 640, 360);
        viewer.requestBitrate(STREAM, -1);
        stage.pass(Stage.MOMENT);
        assertThat(link.sizeWish()).isEqualTo("in 640x360");
        assertThat(link.videoKbps()).isEqualTo(-1);
    }

    @Test
    void the_program_bounds_one_viewer_and_nobody_else() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        stage.viewer(WATCH);
        stage.viewer(WATCH);
        FakeLink one = publisher.media().links().get(0);
        FakeLink other = publisher.media().links().get(1);
        ViewerId first = told(publisher, ViewerJoined.class).get(0).viewer();
        publisher
                .session()
                .adjust(
                        first,
                        Adjustment.NONE.videoKbps(600).framesPerSecond(10).scale(50));
        publisher.session().adjust(new ViewerId(77, "nobody"), Adjustment.NONE.scale(1));
        stage.pass(Stage.MOMENT);
        assertThat(one.videoBound()).isEqualTo("600 kbps, 50 %, 10 fps");
        assertThat(other.videoBound()).isEmpty();
        publisher.session().adjust(first, Adjustment.NONE);
        stage.pass(Stage.MOMENT);
        assertThat(one.videoBound()).isEqualTo("0 kbps, 100 %, 0 fps");
    }

    @Test
    void a_device_that_goes_and_comes_is_told_and_ends_nothing() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&secure");
        stage.viewer(WATCH);
        publisher.media().tellOfSource(MediaKind.VIDEO, "cam", true);
        stage.pass(Stage.MOMENT);
        assertThat(told(publisher, SourceLost.class).get(0).source()).isEqualTo("cam");
        publisher.media().tellOfSource(MediaKind.VIDEO, "cam", false);
        stage.pass(Stage.MOMENT);
        assertThat(told(publisher, SourceRestored.class)).hasSize(1);
        assertThat(publisher.session().state()).isEqualTo(SessionState.SEALED);
        publisher.session().close();
        stage.pass(Duration.ofSeconds(2));
        publisher.media().tellOfSource(MediaKind.VIDEO, "cam", true);
        stage.pass(Stage.MOMENT);
        assertThat(told(publisher, SourceLost.class)).hasSize(1);
    }

    @Test
    void the_options_of_a_viewer_are_its_first_wishes() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        stage.viewer(WATCH + "&vw=640");
        assertThat(link(publisher).sizeWish()).isEqualTo("in 640x16384");
        stage.viewer(WATCH + "&vw=640&vh=360");
        assertThat(link(publisher).sizeWish()).isEqualTo("in 640x360");
        stage.viewer(WATCH + "&scale=25&vw=640");
        assertThat(link(publisher).sizeWish()).isEqualTo("25 %");
    }

    @Test
    void a_ceiling_of_another_client_bounds_what_it_asks_for() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        says(viewer, "{'targetBitrate':600}");
        says(viewer, "{'bitrate':2000}");
        assertThat(link(publisher).videoKbps()).isEqualTo(600);
        says(viewer, "{'targetBitrate':false}");
        assertThat(link(publisher).videoKbps()).isEqualTo(2000);
        says(viewer, "{'targetAudioBitrate':32}");
        assertThat(link(publisher).audioKbps()).isEqualTo(32);
    }

    @Test
    void a_request_to_a_stream_that_is_not_connected_is_nobodys_and_stays_so() throws Exception {
        Party<Viewer> viewer = stage.viewer(WATCH);
        viewer.session().requestScale(STREAM, 50);
        viewer.session().requestStats(StreamId.of("another1"));
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        stage.pass(Duration.ofSeconds(5));
        assertThat(viewer.story()).contains("StreamStarted");
        assertThat(link(publisher).sizeWish()).isEmpty();
        viewer.session().close();
        stage.pass(Stage.MOMENT);
        viewer.session().requestScale(STREAM, 50);
        stage.pass(Stage.MOMENT);
        assertThat(link(publisher).sizeWish()).isEmpty();
    }

    @Test
    void a_request_out_of_range_is_the_callers_mistake() throws Exception {
        Viewer viewer = stage.viewer(WATCH).session();
        List<Consumer<Viewer>> mistakes = List.of(
                v -> v.requestBitrate(STREAM, -2),
                v -> v.requestBitrate(STREAM, 200_001),
                v -> v.requestAudioBitrate(STREAM, 511),
                v -> v.requestScale(STREAM, 0),
                v -> v.requestScale(STREAM, 101),
                v -> v.requestResolution(STREAM, 0, 360),
                v -> v.requestResolution(STREAM, 640, 16_385));
        for (Consumer<Viewer> mistake : mistakes) {
            assertThatThrownBy(() -> mistake.accept(viewer))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("allowed is");
        }
    }

    // ---- muted

    @ParameterizedTest
    @EnumSource(Shape.class)
    void who_watches_is_told_and_hears_and_sees_nothing_any_more(Shape shape) throws Exception {
        stage = new Stage(shape);
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&secure");
        Party<Viewer> viewer = stage.viewer(WATCH);
        publisher.session().setAudioMuted(true);
        publisher.session().setVideoMuted(true);
        stage.pass(Stage.MOMENT);
        assertThat(publisher.media().audioMuted()).isTrue();
        assertThat(publisher.media().videoMuted()).isTrue();
        assertThat(viewer.event(AudioMuted.class).muted()).isTrue();
        assertThat(viewer.event(VideoMuted.class).stream()).isEqualTo(STREAM);

        publisher.session().setAudioMuted(false);
        stage.pass(Stage.MOMENT);
        assertThat(publisher.media().audioMuted()).isFalse();
        assertThat(viewer.events(AudioMuted.class))
                .extracting(AudioMuted::muted)
                .containsExactly(true, false);
        assertThat(publisher.media().videoMuted()).isTrue();
    }

    @Test
    void who_comes_later_learns_how_things_stand_then() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&mute&videomute");
        assertThat(publisher.media().audioMuted()).isTrue();
        Party<Viewer> first = stage.viewer(WATCH);
        assertThat(first.event(AudioMuted.class).muted()).isTrue();
        assertThat(first.event(VideoMuted.class).muted()).isTrue();
        publisher.session().setVideoMuted(false);
        stage.pass(Stage.MOMENT);
        Party<Viewer> second = stage.viewer(WATCH);
        assertThat(second.event(AudioMuted.class).muted()).isTrue();
        assertThat(second.events(VideoMuted.class)).isEmpty();
        publisher.session().close();
        stage.pass(Stage.MOMENT);
        publisher.session().setAudioMuted(false);
    }

    @Test
    void a_candidate_is_told_nothing_but_that_we_live() throws Exception {
        CompletableFuture<Boolean> word = new CompletableFuture<>();
        Party<Publisher> publisher = stage.publisher(
                PUBLISH + "&prompt", stage.network.media(), builder -> builder.approval(request -> word));
        Party<Viewer> viewer = stage.viewer(WATCH + "&label=Anna");
        stage.time.await("the question", () -> !said(viewer, "{\"audio\"").isEmpty());
        publisher.session().setAudioMuted(true);
        says(viewer, "{'requestStats':true}");
        says(viewer, "{'requestStatsContinuous':true}");
        says(viewer, "{'hangup':true}");
        stage.pass(Duration.ofSeconds(10));
        assertThat(link(publisher).texts()).allMatch(text -> text.startsWith("{\"pong\":"));
        word.complete(true);
        stage.pass(Stage.MOMENT);
        assertThat(viewer.event(AudioMuted.class).muted()).isTrue();
    }

    @Test
    void a_sealed_publisher_changes_its_sources_and_says_nothing_of_it() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&secure");
        Party<Viewer> viewer = stage.viewer(WATCH);
        int said = link(publisher).texts().size();
        int heard = link(viewer).texts().size();
        publisher
                .session()
                .switchVideo(VideoSources.testPattern(640, 360, 30))
                .toCompletableFuture()
                .join();
        publisher
                .session()
                .switchAudio(AudioSources.tone(440))
                .toCompletableFuture()
                .join();
        assertThat(publisher.media().switched()).containsExactly("testpattern 640x360@30", "tone 440 Hz");
        assertThat(link(publisher).texts()).hasSize(said);
        assertThat(link(viewer).texts()).hasSize(heard);
        publisher.media().close();
        assertThat(publisher.session().switchVideo(VideoSources.custom()).toCompletableFuture())
                .isCompletedExceptionally();
    }

    // ---- names and tally

    @ParameterizedTest
    @EnumSource(Shape.class)
    void each_side_learns_the_others_name(Shape shape) throws Exception {
        stage = new Stage(shape);
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH + "&label=Anna");
        assertThat(publisher.event(LabelChanged.class))
                .satisfies(e -> assertThat(e.label()).isEqualTo("Anna"))
                .satisfies(e -> assertThat(e.from()).isEqualTo("viewer-1"));
        assertThat(viewer.event(LabelChanged.class))
                .satisfies(e -> assertThat(e.label()).isEqualTo("Front door"))
                .satisfies(e -> assertThat(e.from()).isEqualTo("camera1"));

        says(publisher, "{'changeLabel':true,'value':'<i>Back</i> door'}");
        says(viewer, "{'changeLabel':true,'value':false}");
        assertThat(viewer.events(LabelChanged.class))
                .extracting(LabelChanged::label)
                .endsWith("Back door");
        assertThat(publisher.events(LabelChanged.class))
                .extracting(LabelChanged::label)
                .endsWith("");
    }

    @Test
    void a_tally_says_what_a_scene_does_with_the_stream() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&secure");
        Party<Viewer> viewer = stage.viewer(WATCH);
        says(viewer, "{'obsState':{'visibility':true,'streaming':false,'details':{'scene':'x'}}}");
        assertThat(publisher.event(TallyChanged.class).tally())
                .isEqualTo(new Tally(
                        Light.UNKNOWN,
                        Light.UNKNOWN,
                        Light.ON,
                        Light.UNKNOWN,
                        Light.OFF,
                        Light.UNKNOWN,
                        Light.UNKNOWN));
    }

    @Test
    void what_is_of_the_wrong_type_is_dropped_without_a_word_and_what_is_no_json_with_one() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&secure");
        Party<Viewer> viewer = stage.viewer(WATCH);
        for (String odd : List.of(
                "{'scale':[]}",
                "{'requestResolution':7}",
                "{'obsState':'on air'}",
                "{'targetBitrate':{}}",
                "{'muteState':null}",
                "{'remoteStats':[]}")) {
            says(viewer, odd);
        }
        assertThat(publisher.events(ProtocolViolation.class)).isEmpty();
        says(viewer, "{'scale':50,'scale':20}");
        assertThat(publisher.events(ProtocolViolation.class)).hasSize(1);
        assertThat(link(publisher).sizeWish()).isEmpty();
    }

    // ---- figures

    @Test
    void figures_are_answered_without_addresses_and_paths() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&secure");
        Party<Viewer> viewer = stage.viewer(WATCH);
        EventRecorder heard = EventRecorder.of(viewer.session());
        stage.pass(Duration.ofSeconds(1));
        viewer.session().requestStats(STREAM);
        stage.pass(Stage.MOMENT);
        heard.await(RemoteStats.class, 1);
        String json = heard.events(RemoteStats.class).get(0).json();
        assertThat(json)
                .startsWith("{\"bitrate_kbps\":")
                .contains("\"width\":16,\"height\":16,\"frames\":")
                .doesNotContain("192.168", "host", "udp");
        assertThat(viewer.story()).as("none of the journal").doesNotContain("RemoteStats");
        assertThat(said(publisher, "{\"remoteStats\"")).hasSize(1);
    }

    @Test
    void figures_come_every_three_seconds_until_it_is_enough() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&secure");
        Party<Viewer> viewer = stage.viewer(WATCH);
        says(viewer, "{'requestStatsContinuous':true}");
        stage.pass(Duration.ofSeconds(9));
        assertThat(said(publisher, "{\"remoteStats\"")).hasSize(4);
        says(viewer, "{'requestStatsContinuous':false}");
        stage.pass(Duration.ofSeconds(30));
        assertThat(said(publisher, "{\"remoteStats\"")).hasSize(4);
    }

    @Test
    void who_asks_for_figures_without_end_is_answered_as_often_as_they_can_be_had() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&secure");
        Party<Viewer> viewer = stage.viewer(WATCH);
        for (int i = 0; i < 500; i++) {
            link(publisher).hear("{\"requestStats\":true}");
        }
        stage.pass(Stage.MOMENT);
        assertThat(said(publisher, "{\"remoteStats\"")).hasSizeBetween(1, 500);
        assertThat(viewer.session().state()).isEqualTo(SessionState.WATCHING);
    }

    // ---- what only the program may allow

    private Party<Publisher> controlled(String more, RemoteControl policy) throws Exception {
        Party<Publisher> publisher =
                stage.publisher(PUBLISH + more, stage.network.media(), builder -> builder.remoteControl(policy));
        stage.pass(Stage.MOMENT);
        return publisher;
    }

    @Test
    void without_a_policy_all_of_it_is_refused() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&secure");
        Party<Viewer> viewer = stage.viewer(WATCH);
        says(viewer, "{'hangup':true,'remote':['00','00']}");
        says(viewer, "{'zoom':0.5}");
        assertThat(said(publisher, "{\"rejected\""))
                .containsExactly("{\"rejected\":\"hangup\"}", "{\"rejected\":\"zoom\"}");
        assertThat(publisher.session().state()).isEqualTo(SessionState.SEALED);
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void an_allowed_hangup_ends_this_viewers_connection(Shape shape) throws Exception {
        stage = new Stage(shape);
        List<String> asked = new CopyOnWriteArrayList<>();
        Party<Publisher> publisher = controlled("&secure", request -> {
            asked.add(request.viewer() + " " + request.name());
            return CompletableFuture.completedFuture(true);
        });
        Party<Viewer> viewer = stage.viewer(WATCH);
        says(viewer, "{'hangup':true}");
        stage.time.await("the end", () -> publisher.story().contains("ViewerLeft viewer-1 DISCONNECTED"));
        assertThat(asked).containsExactly("viewer-1 hangup");
        assertThat(link(publisher).texts()).endsWith("{\"approved\":\"hangup\"}", "{\"bye\":true}");
    }

    @Test
    void what_else_is_allowed_is_approved_and_an_answer_that_is_none_is_a_no() throws Exception {
        Party<Publisher> publisher = controlled("&secure", request -> switch (request.name()) {
            case "zoom" -> CompletableFuture.completedFuture(true);
            case "pan" -> CompletableFuture.failedFuture(new IllegalStateException("on purpose"));
            case "tilt" -> CompletableFuture.completedFuture(null);
            default -> throw new IllegalStateException("on purpose");
        });
        Party<Viewer> viewer = stage.viewer(WATCH);
        for (String name : List.of("zoom", "pan", "tilt", "reload")) {
            says(viewer, "{'" + name + "':1}");
            stage.time.await("a word on " + name, () -> link(publisher).texts().stream()
                    .anyMatch(text -> text.endsWith(":\"" + name + "\"}")));
        }
        assertThat(said(publisher, "{\"approved\"")).containsExactly("{\"approved\":\"zoom\"}");
        assertThat(said(publisher, "{\"rejected\"")).hasSize(3);
        assertThat(publisher.session().state()).isEqualTo(SessionState.SEALED);
    }
}
