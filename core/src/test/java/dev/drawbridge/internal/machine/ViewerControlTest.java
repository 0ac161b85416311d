package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Samples.STREAM;
import static dev.drawbridge.internal.machine.Samples.certificate;
import static dev.drawbridge.internal.machine.Samples.changed;
import static dev.drawbridge.internal.machine.Samples.connected;
import static dev.drawbridge.internal.machine.Samples.described;
import static dev.drawbridge.internal.machine.Samples.heard;
import static dev.drawbridge.internal.machine.Samples.offer;
import static dev.drawbridge.internal.machine.Samples.opened;
import static dev.drawbridge.internal.machine.Samples.says;
import static dev.drawbridge.internal.machine.Samples.viewer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.SessionEvent.AudioMuted;
import dev.drawbridge.SessionEvent.LabelChanged;
import dev.drawbridge.SessionEvent.RemoteStats;
import dev.drawbridge.SessionEvent.VideoMuted;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.SessionDescription;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What publishers tell of themselves, and what a viewer asks of them. */
class ViewerControlTest {
    private static Driver<ViewerState> connectedTo(ViewerRules rules) {
        return new Driver<>(new ViewerMachine(rules))
                .take(
                        new Input.Start(),
                        opened(1),
                        says(1, "pub", offer("s1", certificate("pub"))),
                        described(1, SessionDescription.Type.ANSWER),
                        connected(1));
    }

    private static Driver<ViewerState> watching(ViewerRules rules) {
        return connectedTo(rules).take(new Input.ChannelOpened(1));
    }

    private static Input asks(StreamId stream) {
        return new Input.TellAsked(new Recipient.OneStream(stream), new Message.KeyFrameRequest());
    }

    @Test
    void what_a_publisher_says_of_itself_is_told_where_it_is_not_as_usual() {
        Driver<ViewerState> viewer = watching(viewer(STREAM));
        assertThat(viewer.take(heard(1, new Message.PublisherInfo("", false))).last())
                .isEmpty();

        viewer.take(heard(1, new Message.PublisherInfo("Cam", true, true, true)));
        assertThat(viewer.last())
                .containsExactly(
                        new Effect.Emit(new LabelChanged(viewer.now(), STREAM.value(), "Cam")),
                        new Effect.Emit(new AudioMuted(viewer.now(), STREAM, true)),
                        new Effect.Emit(new VideoMuted(viewer.now(), STREAM, true)));
    }

    @Test
    void what_changes_later_is_told_each_time() {
        Driver<ViewerState> viewer = watching(viewer(STREAM));
        for (Message message :
                List.of(new Message.AudioMuted(false), new Message.VideoMuted(true), new Message.LabelChange(""))) {
            viewer.take(heard(1, message));
            assertThat(viewer.last()).as("%s", message).hasSize(1).allMatch(Effect.Emit.class::isInstance);
        }
        viewer.take(heard(1, new Message.RemoteStats("{}")));
        assertThat(viewer.last()).containsExactly(new Effect.Emit(new RemoteStats(viewer.now(), STREAM, "{}")));
    }

    @Test
    void the_server_says_nothing_of_it_in_a_publishers_name() {
        Driver<ViewerState> viewer = watching(viewer(STREAM));
        for (Message message : List.of(
                new Message.AudioMuted(true),
                new Message.PublisherInfo("Cam", false, true, true),
                new Message.RemoteStats("{}"))) {
            assertThat(viewer.take(says(1, "pub", message)).last()).isEmpty();
        }
    }

    @Test
    void a_request_goes_to_its_stream_while_that_is_connected_and_its_channel_is_open() {
        StreamId other = StreamId.of("other");
        Driver<ViewerState> viewer = connectedTo(viewer(STREAM, other));
        assertThat(viewer.take(asks(STREAM)).last()).as("no channel yet").isEmpty();

        viewer.take(new Input.ChannelOpened(1));
        assertThat(viewer.take(asks(STREAM)).lastWords()).containsExactly("tell 1 KeyFrameRequest");
        assertThat(viewer.take(asks(other)).last()).isEmpty();
        assertThat(viewer.take(asks(StreamId.of("nobodys"))).last()).isEmpty();
        assertThat(viewer.take(new Input.ChannelClosed(1), asks(STREAM)).last())
                .as("it ended")
                .isEmpty();
    }

    // ---- whether the publisher is there

    private static final Timer PING = Timer.of(Timer.Kind.PING, 1);

    private static Driver<ViewerState> looked(Driver<ViewerState> viewer, int times) {
        for (int i = 0; i < times; i++) {
            viewer.fire(PING);
        }
        return viewer;
    }

    @Test
    void a_channel_on_which_nothing_is_said_is_pinged_every_ten_seconds() {
        Driver<ViewerState> viewer = watching(viewer(STREAM)).pass(Times.VIEWER_PING);
        assertThat(viewer.last())
                .contains(
                        new Effect.SendChannel(1, new Message.Ping("1")),
                        new Effect.StartTimer(PING, Times.VIEWER_PING, false));
        viewer.take(heard(1, new Message.Pong("1"))).pass(Times.VIEWER_PING);
        assertThat(viewer.last()).contains(new Effect.SendChannel(1, new Message.Ping("2")));

        viewer.take(heard(1, new Message.Ping("7"))).pass(Times.VIEWER_PING);
        assertThat(viewer.lastWords()).as("it was busy").containsExactly("start PING 1 (10 s)");
    }

    @Test
    void a_publisher_that_has_never_answered_is_not_missed() {
        Driver<ViewerState> viewer = looked(watching(viewer(STREAM)), 20);

        assertThat(viewer.phase()).isEqualTo("WATCHING");
    }

    @Test
    void one_that_has_answered_and_misses_three_pings_is_interrupted_until_it_says_something() {
        Driver<ViewerState> viewer = looked(watching(viewer(STREAM)), 1).take(heard(1, new Message.Pong("1")));
        assertThat(looked(viewer, 3).phase()).isEqualTo("WATCHING");
        assertThat(looked(viewer, 1).eventWords()).endsWith("StreamInterrupted camera1");
        assertThat(viewer.phase()).isEqualTo("INTERRUPTED");
        assertThat(looked(viewer, 3).lastEventWords()).as("told once").isEmpty();

        viewer.take(heard(1, new Message.Pong("7")));
        assertThat(viewer.lastEventWords()).containsExactly("StreamResumed camera1");
        assertThat(viewer.phase()).isEqualTo("WATCHING");
    }

    @Test
    void who_is_silent_on_a_path_that_stands_is_not_lost_and_with_the_path_it_is() {
        Driver<ViewerState> viewer = looked(watching(viewer(STREAM)), 1).take(heard(1, new Message.Pong("1")));
        looked(viewer, 4).fire(Timer.of(Timer.Kind.GRACE, 1));
        assertThat(viewer.phase()).isEqualTo("INTERRUPTED");
        assertThat(viewer.take(changed(1, LinkState.DISCONNECTED)).lastEventWords())
                .as("one interruption")
                .isEmpty();
        assertThat(viewer.take(connected(1)).phase()).as("still silent").isEqualTo("INTERRUPTED");

        viewer.take(changed(1, LinkState.DISCONNECTED)).fire(Timer.of(Timer.Kind.GRACE, 1));
        assertThat(viewer.lastEventWords()).containsExactly("StreamEnded camera1 LOST");
        assertThat(viewer.timers()).doesNotContainKey(PING);
    }

    @Test
    void the_wanted_size_follows_the_request() {
        Message.ResolutionRequest size = new Message.ResolutionRequest(640, 16_384, false);
        Driver<ViewerState> viewer = watching(Samples.sized(viewer(STREAM), size));

        assertThat(viewer.last()).endsWith(new Effect.SendChannel(1, size));
    }
}
