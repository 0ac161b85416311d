package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.MediaStarted;
import dev.drawbridge.SessionEvent.SignalingLost;
import dev.drawbridge.SessionEvent.SignalingRestored;
import dev.drawbridge.SessionEvent.StreamEnded;
import dev.drawbridge.SessionEvent.StreamInterrupted;
import dev.drawbridge.SessionEvent.StreamMissing;
import dev.drawbridge.SessionEvent.StreamRequested;
import dev.drawbridge.SessionEvent.StreamResumed;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionState;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.SocketStage.Party;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What breaks and how it is mended, with the embedded server in each of its shapes. */
class SocketRecoveryTest {
    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(60));

    private static final String ICE_RESTART = "{'iceRestartRequest'";

    /** Descriptions that this side has sent over the data channel. */
    private static long described(Party<?> party) {
        return party.media().link().texts().stream()
                .filter(text -> text.contains("\"description\""))
                .count();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void a_server_that_is_started_anew_is_told_everything_again_and_no_peer_notices(Shape shape) throws Exception {
        try (SocketStage stage = new SocketStage(shape)) {
            Party<Publisher> publisher = stage.publisher("push=camera1");
            Party<Viewer> viewer = stage.viewer("view=camera1,later1");
            stage.until("one of two", () -> viewer.watched().equals(Set.of("camera1")));
            long seeds = stage.sent("'seed'");
            long plays = stage.sent("'play','streamID':'later1");

            stage.server.faults().restart();
            for (Party<?> party : List.of(publisher, viewer)) {
                stage.until("a loss", () -> !party.events(SignalingLost.class).isEmpty());
                stage.until(
                        "a return", () -> !party.events(SignalingRestored.class).isEmpty());
            }
            stage.until("announced again", () -> stage.sent("'seed'") > seeds);
            stage.until("asked again", () -> stage.sent("'play','streamID':'later1") > plays);
            stage.publisher("push=later1");
            stage.until("both", () -> viewer.watched().equals(Set.of("camera1", "later1")));
            stage.watching("view=camera1", "camera1");

            assertThat(publisher.events(ViewerLeft.class)).isEmpty();
            assertThat(viewer.events(StreamEnded.class)).isEmpty();
            assertThat(viewer.events(StreamInterrupted.class)).isEmpty();
            assertThat(viewer.media().links()).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void a_viewer_asks_after_15_45_and_180_seconds_and_5_seconds_after_a_loss(Shape shape) throws Exception {
        try (SocketStage stage = new SocketStage(shape)) {
            Party<Viewer> viewer = stage.viewer("view=camera1");
            Instant begin = viewer.events(StreamRequested.class).get(0).at();
            int step = 0;
            for (int seconds : List.of(15, 60, 240)) {
                Duration due = Duration.between(stage.time.now(), begin.plusSeconds(seconds));
                stage.pass(due.minusMillis(500));
                assertThat(viewer.events(StreamMissing.class)).hasSize(step++);
                long before = stage.sent("'play'");
                stage.pass(Duration.ofMillis(500));
                assertThat(viewer.events(StreamMissing.class)).hasSize(step);
                assertThat(stage.sent("'play'")).isGreaterThan(before);
            }
            assertThat(viewer.events(StreamMissing.class))
                    .extracting(StreamMissing::retryIn)
                    .startsWith(Duration.ofSeconds(45), Duration.ofSeconds(180));

            Party<Publisher> publisher = stage.publisher("push=camera1");
            stage.until("found without waiting", () -> !viewer.events(MediaStarted.class)
                    .isEmpty());
            publisher.session().close();
            stage.until("its end", () -> !viewer.events(StreamEnded.class).isEmpty());
            Instant end = viewer.event(StreamEnded.class).at();
            int asked = viewer.events(StreamRequested.class).size();
            stage.pass(Duration.between(stage.time.now(), end.plusMillis(4_500)));
            assertThat(viewer.events(StreamRequested.class)).hasSize(asked);
            stage.pass(Duration.ofMillis(500));
            assertThat(viewer.events(StreamRequested.class)).hasSize(asked + 1);
            stage.publisher("push=camera1");
            stage.until("found again", () -> viewer.watched().equals(Set.of("camera1")));
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void ice_is_restarted_over_the_data_channel_by_whoever_notices_and_the_server_hears_nothing(Shape shape)
            throws Exception {
        try (SocketStage stage = new SocketStage(shape)) {
            Party<Publisher> publisher = stage.publisher("push=camera1&secure");
            Party<Viewer> viewer = stage.watching("view=camera1", "camera1");
            stage.until("sealed", () -> publisher.session().state() == SessionState.SEALED);
            stage.until("its connection ended", () -> stage.server.connections() == 1);
            stage.rest();
            int log = stage.server.log().size();

            viewer.says(ICE_RESTART + ":true}");
            stage.until("an offer", () -> described(publisher) == 1);
            stage.until("an answer", () -> described(viewer) == 1);

            viewer.media().link().interrupt();
            stage.until("noticed", () -> !viewer.events(StreamInterrupted.class).isEmpty());
            stage.until("asked", () -> viewer.said(ICE_RESTART).size() == 2);
            viewer.media().link().resume();
            stage.until("over", () -> !viewer.events(StreamResumed.class).isEmpty());
            stage.until("a second offer", () -> described(publisher) == 2);
            stage.rest();

            publisher.session().networkChanged();
            stage.until("a third offer", () -> described(publisher) == 3);
            stage.rest();
            viewer.session().networkChanged();
            stage.until("a fourth offer", () -> described(publisher) == 4);
            stage.rest();
            assertThat(described(viewer)).isEqualTo(4);
            assertThat(stage.server.log()).hasSize(log);
            assertThat(publisher.media().links()).hasSize(1);
            assertThat(viewer.session().state()).isEqualTo(SessionState.WATCHING);
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void a_change_of_the_network_ends_every_pause(Shape shape) throws Exception {
        try (SocketStage stage = new SocketStage(shape)) {
            Party<Publisher> publisher = stage.publisher("push=camera1");
            Party<Viewer> viewer = stage.viewer("view=camera1,other1");
            stage.until("one of two", () -> viewer.watched().equals(Set.of("camera1")));
            stage.server.faults().stopAccepting().disconnectAll();
            for (int i = 1; i <= 4; i++) {
                int attempts = i;
                for (Party<?> party : List.of(publisher, viewer)) {
                    stage.until(
                            "another attempt",
                            () -> party.events(SignalingLost.class).size() >= attempts);
                }
                stage.time.advance(Duration.ofSeconds(i));
            }
            stage.server.faults().acceptAgain();
            Instant now = stage.time.now();
            publisher.session().networkChanged();
            viewer.session().networkChanged();
            for (Party<?> party : List.of(publisher, viewer)) {
                stage.until(
                        "a return", () -> !party.events(SignalingRestored.class).isEmpty());
                assertThat(Duration.between(
                                now, party.event(SignalingRestored.class).at()))
                        .as("a pause would go on for four seconds and more")
                        .isLessThan(Duration.ofSeconds(3));
            }
            publisher.session().networkChanged();
            stage.rest();
            assertThat(publisher.events(SignalingLost.class))
                    .as("what works is left alone")
                    .hasSize(4);
            assertThat(viewer.events(StreamEnded.class)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void nobody_takes_a_stream_that_plays_by_announcing_its_id(Shape shape) throws Exception {
        try (SocketStage stage = new SocketStage(shape)) {
            Party<Publisher> publisher = stage.publisher("push=camera1");
            Party<Viewer> viewer = stage.watching("view=camera1", "camera1");
            stage.publisher("push=camera1");
            stage.pass(Duration.ofSeconds(12));
            stage.pass(Duration.ofSeconds(12));
            assertThat(viewer.story()).containsExactly("StreamRequested", "StreamStarted", "MediaStarted");
            assertThat(viewer.media().links()).hasSize(1);
            assertThat(publisher.events(ViewerLeft.class)).isEmpty();
        }
    }
}
