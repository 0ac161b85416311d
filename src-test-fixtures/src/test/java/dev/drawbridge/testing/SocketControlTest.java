package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.AudioMuted;
import dev.drawbridge.SessionEvent.LabelChanged;
import dev.drawbridge.SessionEvent.RemoteStats;
import dev.drawbridge.SessionEvent.TallyChanged;
import dev.drawbridge.SessionEvent.VideoMuted;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionState;
import dev.drawbridge.StreamId;
import dev.drawbridge.Tally;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.SocketStage.Party;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What peers ask of each other, with the embedded server in each of its shapes; none of it goes over the server. */
class SocketControlTest {
    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(60));

    private static final StreamId STREAM = StreamId.of("camera1");

    @ParameterizedTest
    @EnumSource(Shape.class)
    void a_viewers_wishes_are_followed_and_each_side_is_told_how_the_other_one_is(Shape shape) throws Exception {
        try (SocketStage stage = new SocketStage(shape)) {
            Party<Publisher> publisher = stage.publisher("push=camera1&label=Front_door");
            Party<Viewer> viewer = stage.watching("view=camera1&label=Anna&vw=640&vh=360", "camera1");
            FakeLink link = publisher.media().link();
            stage.until("its first wish", () -> link.sizeWish().equals("in 640x360"));
            stage.rest();
            int log = stage.server.log().size();

            Viewer asks = viewer.session();
            asks.requestKeyFrame(STREAM);
            asks.requestBitrate(STREAM, 2000);
            asks.requestAudioBitrate(STREAM, 64);
            asks.requestScale(STREAM, 50);
            stage.until("a smaller picture", () -> link.sizeWish().equals("50 %"));
            assertThat(link.keyFrameRequests()).isEqualTo(1);
            assertThat(link.videoKbps()).isEqualTo(2000);
            assertThat(link.audioKbps()).isEqualTo(64);
            viewer.says("{'targetBitrate':600}");
            viewer.says("{'targetAudioBitrate':32}");
            asks.requestResolution(STREAM, 320, 180);
            stage.until("the ceilings", () -> link.sizeWish().equals("in 320x180"));
            assertThat(link.videoKbps()).isEqualTo(600);
            assertThat(link.audioKbps()).isEqualTo(32);

            assertThat(publisher.event(LabelChanged.class).label()).isEqualTo("Anna");
            assertThat(viewer.event(LabelChanged.class).label()).isEqualTo("Front door");
            publisher.session().setAudioMuted(true);
            publisher.session().setVideoMuted(true);
            stage.until("muted", () -> !viewer.events(VideoMuted.class).isEmpty());
            assertThat(viewer.event(AudioMuted.class).muted()).isTrue();
            viewer.says("{'obsState':{'visibility':true,'streaming':false}}");
            viewer.says("{'changeLabel':true,'value':'Bert'}");
            stage.until(
                    "another name", () -> publisher.events(LabelChanged.class).size() == 2);
            assertThat(publisher.event(TallyChanged.class).tally().visible()).isEqualTo(Tally.Light.ON);
            asks.requestStats(STREAM);
            stage.until(
                    "figures", () -> !viewer.heard().events(RemoteStats.class).isEmpty());
            assertThat(viewer.heard().events(RemoteStats.class).get(0).json()).contains("\"bitrate_kbps\"");

            viewer.says("{'ping':17}");
            stage.until("an answer", () -> publisher.said("{'pong':17}").size() == 1);
            int pings = viewer.said("{'ping'").size();
            publisher.media().link().deafen(); // so that nothing but the viewer's pings tells that the channel stands
            viewer.media().link().deafen();
            stage.time.advance(Duration.ofSeconds(21));
            stage.until(
                    "pings on a silent channel", () -> viewer.said("{'ping'").size() > pings);
            assertThat(stage.server.log()).hasSize(log);
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void what_is_a_directors_business_is_refused_unless_the_program_allows_it(Shape shape) throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (SocketStage stage = new SocketStage(shape)) {
            Party<Publisher> strict = stage.publisher("push=strict1");
            Party<Viewer> viewer = stage.watching("view=strict1", "strict1");
            for (String name : List.of("hangup", "reload", "zoom")) {
                viewer.says("{'" + name + "':true}");
                stage.until(
                        "a word",
                        () -> strict.said("{'rejected':'" + name + "'}").size() == 1);
            }
            assertThat(strict.session().state()).isEqualTo(SessionState.SERVING);

            Party<Publisher> mild = stage.publisher(
                    "push=mild1",
                    builder -> builder.remoteControl(request -> {
                        asked.add(request.viewer() + " " + request.name());
                        return CompletableFuture.completedFuture(!request.name().equals("reload"));
                    }));
            Party<Viewer> director = stage.watching("view=mild1", "mild1");
            director.says("{'reload':true}");
            stage.until("a no", () -> mild.said("{'rejected':'reload'}").size() == 1);
            director.says("{'hangup':true}");
            stage.until("the end", () -> !mild.events(ViewerLeft.class).isEmpty());
            assertThat(asked).containsExactly("viewer-1 reload", "viewer-1 hangup");
            assertThat(mild.story()).contains("ViewerLeft viewer-1 DISCONNECTED");
        }
    }
}
