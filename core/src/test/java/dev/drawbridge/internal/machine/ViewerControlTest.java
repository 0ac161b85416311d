package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Samples.STREAM;
import static dev.drawbridge.internal.machine.Samples.certificate;
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
        for (Message message : List.of(
                new Message.AudioMuted(false), new Message.VideoMuted(true), new Message.LabelChange(""))) {
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

    @Test
    void the_wanted_size_follows_the_request() {
        Message.ResolutionRequest size = new Message.ResolutionRequest(640, 16_384, false);
        Driver<ViewerState> viewer = watching(Samples.sized(viewer(STREAM), size));

        assertThat(viewer.last()).endsWith(new Effect.SendChannel(1, size));
    }
}
