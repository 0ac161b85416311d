package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drawbridge.CloseReason;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.StreamMissing;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionState;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.Stage.Party;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a viewer tells when it cannot watch, or can no longer; and how sessions of both kinds fail to begin. */
@ExtendWith(LeakGuard.class)
class ViewerEndingsTest {
    private static final String PUBLISH = "push=ending1&password=correct-horse";
    private static final String WATCH = "view=ending1&password=correct-horse";

    private Stage stage = new Stage();

    @AfterEach
    void everybodyEnds() {
        stage.close();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void a_stream_that_is_not_there_is_missing_and_found_when_it_comes(Shape shape) throws Exception {
        stage = new Stage(shape);
        Party<Viewer> viewer = stage.viewer(WATCH);
        stage.pass(Duration.ofSeconds(230));
        assertThat(viewer.story())
                .containsExactly(
                        "StreamRequested", "StreamMissing", "StreamRequested", "StreamMissing", "StreamRequested");
        assertThat(viewer.events(StreamMissing.class))
                .extracting(StreamMissing::retryIn)
                .containsExactly(Duration.ofSeconds(45), Duration.ofMinutes(3));
        assertThat(viewer.session().state()).isEqualTo(SessionState.ASKING);
        stage.publisher(PUBLISH);
        stage.passUntil(() -> viewer.story().contains("StreamStarted"));
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void with_a_wrong_password_the_stream_is_missing_and_the_publisher_lives_on(Shape shape) throws Exception {
        stage = new Stage(shape);
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        for (String password : new String[] {"password=wrong", "password=false", ""}) {
            Party<Viewer> viewer = stage.viewer("view=ending1&" + password);
            stage.pass(Duration.ofSeconds(16));
            assertThat(viewer.story()).containsSubsequence("StreamRequested", "StreamMissing");
            assertThat(viewer.story()).doesNotContain("StreamStarted");
        }
        assertThat(publisher.packets()).isZero();
        assertThat(publisher.story()).doesNotContain("ViewerJoined viewer-1");
        assertThat(stage.viewer(WATCH).story()).contains("StreamStarted");
    }

    @Test
    void when_the_publisher_goes_the_stream_ends_and_is_asked_for_again() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        publisher.session().close();
        stage.pass(Duration.ofSeconds(4));
        assertThat(viewer.story()).endsWith("StreamEnded BYE");
        stage.pass(Duration.ofSeconds(2));
        assertThat(viewer.story()).endsWith("StreamEnded BYE", "StreamRequested");
        stage.publisher(PUBLISH);
        stage.passUntil(() -> viewer.session().state() == SessionState.WATCHING);
        assertThat(viewer.story()).endsWith("StreamStarted", "MediaStarted");
    }

    @Test
    void when_a_secure_publisher_goes_the_session_is_over() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&secure");
        Party<Viewer> viewer = stage.viewer(WATCH);
        publisher.session().close();
        stage.pass(Stage.MOMENT);
        assertThat(viewer.story()).endsWith("StreamEnded BYE", "Closed STREAM_ENDED");
        assertThat(viewer.session().state()).isEqualTo(SessionState.CLOSED);
    }

    @Test
    void a_publisher_that_vanishes_is_missed_after_the_grace() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        publisher.media().link().interrupt();
        stage.time.run();
        publisher.session().close();
        stage.pass(Duration.ofSeconds(9));
        assertThat(viewer.story()).endsWith("StreamInterrupted");
        stage.pass(Duration.ofSeconds(2));
        assertThat(viewer.story()).endsWith("StreamInterrupted", "StreamEnded LOST");
    }

    @Test
    void a_publisher_that_makes_no_offer_or_no_connection_leaves_the_viewer_asking() throws Exception {
        stage.publisher(PUBLISH, stage.network.media().neverAnswer(), more -> more);
        stage.publisher("push=ending2", stage.network.media().neverConnect(), more -> more);
        stage.pass(Stage.MOMENT);
        Party<Viewer> mute = stage.viewer(WATCH);
        Party<Viewer> unreachable = stage.viewer("view=ending2");
        stage.pass(Duration.ofSeconds(45));
        assertThat(mute.story()).containsExactly("StreamRequested", "StreamMissing", "StreamRequested");
        assertThat(unreachable.story()).doesNotContain("StreamStarted");
        assertThat(unreachable.story()).filteredOn("StreamRequested"::equals).hasSizeGreaterThan(1);
    }

    @Test
    void two_streams_are_watched_side_by_side_and_end_one_by_one() throws Exception {
        Party<Publisher> one = stage.publisher("push=ending1");
        stage.publisher("push=ending2");
        Party<Viewer> viewer = stage.viewer("view=ending1,ending2");
        assertThat(viewer.story()).filteredOn("MediaStarted"::equals).hasSize(2);
        one.session().close();
        stage.pass(Stage.MOMENT);
        assertThat(viewer.story())
                .filteredOn(line -> line.startsWith("StreamEnded"))
                .hasSize(1);
        assertThat(viewer.session().state()).isEqualTo(SessionState.WATCHING);
    }

    @Test
    void a_first_connection_that_fails_ends_the_session_with_its_cause() throws Exception {
        Map<CloseReason, Consumer<FakeServer>> failures = Map.of(
                CloseReason.SERVER_UNREACHABLE, FakeServer::unreachable,
                CloseReason.TLS_FAILED, FakeServer::failTls,
                CloseReason.SERVER_REFUSED, server -> server.refuse(503));
        for (Map.Entry<CloseReason, Consumer<FakeServer>> failure : failures.entrySet()) {
            failure.getValue().accept(stage.server);
            assertThat(stage.publisher(PUBLISH).story()).containsExactly("Closed " + failure.getKey());
            assertThat(stage.viewer(WATCH).story()).containsExactly("Closed " + failure.getKey());
        }
    }

    @Test
    void a_first_connection_that_hangs_is_given_up_after_a_quarter_of_a_minute() throws Exception {
        stage.server.stall();
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        stage.pass(Duration.ofSeconds(14));
        assertThat(publisher.story()).isEmpty();
        stage.pass(Duration.ofSeconds(2));
        assertThat(publisher.story()).containsExactly("Closed SERVER_UNREACHABLE");
        assertThat(viewer.story()).containsExactly("Closed SERVER_UNREACHABLE");
    }

    @Test
    void without_media_there_is_no_session() {
        FakeMedia media = stage.network.media().failToPrepare(CloseReason.NO_MEDIA, "no camera");
        assertThatThrownBy(() -> stage.publisher(PUBLISH, media, more -> more))
                .isInstanceOf(SessionException.class)
                .hasMessageContaining("no camera");
        stage.pass(Duration.ofSeconds(1));
        assertThat(media.closed()).isTrue();
        assertThat(stage.server.connections()).isZero();
        assertThat(stage.server.log()).as("nothing was announced").noneMatch(entry -> entry.isIn(LogEntry.Kind.TEXT));
    }
}
