package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drawbridge.OptionsException;
import dev.drawbridge.Publisher;
import dev.drawbridge.Session;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.LeaveReason;
import dev.drawbridge.SessionEvent.MaxPublishersReached;
import dev.drawbridge.SessionEvent.MemberJoined;
import dev.drawbridge.SessionEvent.MemberLeft;
import dev.drawbridge.SessionEvent.SceneCommand;
import dev.drawbridge.SessionEvent.StreamAnnounced;
import dev.drawbridge.SessionEvent.StreamEnded;
import dev.drawbridge.SessionEvent.StreamStarted;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.SessionState;
import dev.drawbridge.StreamId;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.Stage.Party;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A viewer that watches a whole room, with servers of every shape. */
class WholeRoomTest {
    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(60)); // a member a second takes its time

    private Stage stage = new Stage();

    @AfterEach
    void everybodyEnds() {
        stage.close();
    }

    /** Long enough for every repetition of what may be lost. */
    private void settle() {
        stage.pass(Duration.ofSeconds(16));
    }

    private Party<Publisher> publisher(String id) throws Exception {
        Party<Publisher> publisher = stage.publisher("push=" + id + "&room=lobby&password=correct-horse");
        settle();
        return publisher;
    }

    private Party<Viewer> watcher(String more) throws Exception {
        Party<Viewer> viewer = stage.viewer("room=lobby&password=correct-horse" + more);
        settle();
        return viewer;
    }

    private void end(Party<?> party) {
        party.session().close();
        stage.pass(Duration.ofSeconds(2));
    }

    private static Set<String> watched(Party<Viewer> viewer) {
        Set<String> now = new TreeSet<>();
        for (SessionEvent event : viewer.session().events()) {
            if (event instanceof StreamStarted e) {
                assertThat(now.add(e.stream().value()))
                        .as("%s twice", e.stream())
                        .isTrue();
            } else if (event instanceof StreamEnded e) {
                assertThat(now.remove(e.stream().value()))
                        .as("%s twice", e.stream())
                        .isTrue();
            }
        }
        return now;
    }

    private static void grammar(Session session) {
        EventGrammar grammar = EventGrammar.of();
        session.events().forEach(grammar);
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void whoever_is_in_the_room_or_comes_is_watched_until_it_leaves(Shape shape) throws Exception {
        stage = new Stage(shape);
        Party<Publisher> anna = publisher("anna1");
        Party<Viewer> viewer = watcher("");
        assertThat(viewer.story()).startsWith("RoomEntered").contains("MemberJoined member-1");
        assertThat(watched(viewer)).containsExactly("anna1");

        Party<Publisher> bert = publisher("bert1");
        assertThat(watched(viewer)).containsExactly("anna1", "bert1");
        assertThat(viewer.session().state()).isEqualTo(SessionState.WATCHING);

        end(anna);
        assertThat(watched(viewer)).containsExactly("bert1");
        assertThat(viewer.event(MemberLeft.class).member())
                .isEqualTo(viewer.events(MemberJoined.class).get(0).member());
        end(bert);
        stage.pass(Duration.ofHours(1));
        assertThat(viewer.session().state()).isEqualTo(SessionState.ASKING);
        assertThat(viewer.media().links()).allMatch(FakeLink::closed);

        publisher("anna1");
        assertThat(watched(viewer)).containsExactly("anna1");
        assertThat(viewer.events(StreamAnnounced.class)).hasSize(3);
        grammar(viewer.session());
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void a_member_that_dies_is_asked_for_again_and_then_forgotten(Shape shape) throws Exception {
        stage = new Stage(shape);
        Party<Publisher> anna = publisher("anna1");
        Party<Viewer> viewer = watcher("");

        viewer.media().link().vanish();
        stage.pass(Duration.ofSeconds(40));
        assertThat(watched(viewer)).as("it lives, so it is found again").containsExactly("anna1");

        stage.server.disconnectAll();
        stage.server.unreachable();
        stage.pass(Duration.ofSeconds(1));
        anna.media().links().get(anna.media().links().size() - 1).vanish();
        anna.session().close();
        stage.pass(Duration.ofSeconds(40));
        assertThat(watched(viewer)).isEmpty();
        assertThat(viewer.events(MemberLeft.class))
                .as("without a server nobody can answer")
                .isEmpty();
        stage.server.acceptAgain();
        stage.pass(Duration.ofMinutes(2));
        assertThat(viewer.events(MemberLeft.class)).hasSize(1);
        assertThat(viewer.session().state()).isEqualTo(SessionState.ASKING);
        grammar(viewer.session());
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void what_is_excluded_is_not_watched_nor_is_what_the_same_options_publish(Shape shape) throws Exception {
        stage = new Stage(shape);
        publisher("anna1");
        Party<Publisher> bert = publisher("bert1");
        publisher("carl1");
        Party<Viewer> viewer = watcher("&exclude=anna1&push=carl1");

        assertThat(watched(viewer)).containsExactly("bert1");
        assertThat(viewer.events(StreamAnnounced.class)).hasSize(3);
        assertThat(viewer.media().links()).hasSize(1);
        end(bert);
        assertThat(watched(viewer)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void no_more_than_maxpublishers_are_watched_and_who_waits_comes_next(Shape shape) throws Exception {
        stage = new Stage(shape);
        Party<Publisher> anna = publisher("anna1");
        publisher("bert1");
        Party<Viewer> viewer = watcher("&maxpublishers=2");
        publisher("carl1");
        publisher("dora1");
        assertThat(watched(viewer)).containsExactly("anna1", "bert1");
        assertThat(viewer.event(MaxPublishersReached.class).most()).isEqualTo(2);
        assertThat(viewer.media().links()).hasSize(2);

        end(anna);
        assertThat(watched(viewer)).containsExactly("bert1", "carl1");
        stage.pass(Duration.ofMinutes(1));
        assertThat(watched(viewer)).containsExactly("bert1", "carl1");
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void with_view_only_those_are_watched_and_with_include_others_too(Shape shape) throws Exception {
        stage = new Stage(shape);
        publisher("anna1");
        publisher("bert1");
        Party<Viewer> named = watcher("&view=bert1");
        assertThat(watched(named)).containsExactly("bert1");
        assertThat(named.media().links())
                .as("the unasked offer of the other is ignored")
                .hasSize(1);
        assertThat(named.events(MemberJoined.class)).hasSize(2);

        Party<Viewer> both = watcher("&view=bert1&include=anna1");
        assertThat(watched(both)).containsExactly("anna1", "bert1");
        Party<Viewer> whole = watcher("&include=eve1");
        assertThat(watched(whole)).containsExactly("anna1", "bert1");
        assertThat(whole.story()).contains("StreamMissing");
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void another_room_is_nobodys_business(Shape shape) throws Exception {
        stage = new Stage(shape);
        stage.publisher("push=else1&room=attic&password=correct-horse");
        stage.publisher("push=out1&password=correct-horse");
        Party<Viewer> viewer = watcher("");
        stage.publisher("push=else2&room=attic&password=correct-horse");
        stage.publisher("push=out2&password=correct-horse");
        settle();

        assertThat(viewer.story()).containsExactly("RoomEntered");
        assertThat(viewer.media().links()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void a_server_that_is_started_anew_disturbs_nobody_and_the_next_member_is_found(Shape shape) throws Exception {
        stage = new Stage(shape);
        publisher("anna1");
        publisher("bert1");
        Party<Viewer> viewer = watcher("");
        stage.server.restart();
        stage.pass(Duration.ofMinutes(1));

        assertThat(viewer.story()).contains("SignalingRestored");
        assertThat(viewer.events(StreamEnded.class)).isEmpty();
        // On a hosted server who is back is nobody in particular until its stream is announced.
        int gone = viewer.events(MemberLeft.class).size();
        assertThat(viewer.events(MemberJoined.class)).hasSize(2 + gone);
        assertThat(viewer.events(StreamAnnounced.class)).hasSize(2);
        publisher("carl1");
        assertThat(watched(viewer)).containsExactly("anna1", "bert1", "carl1");
        grammar(viewer.session());
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void a_secure_member_seals_to_its_first_viewer_and_the_viewer_lives_on(Shape shape) throws Exception {
        stage = new Stage(shape);
        Party<Viewer> viewer = watcher("");
        Party<Publisher> sealed = publisher("anna1&secure");
        publisher("bert1");
        assertThat(sealed.session().state()).isEqualTo(SessionState.SEALED);
        assertThat(watched(viewer)).containsExactly("anna1", "bert1");

        end(sealed);
        stage.pass(Duration.ofMinutes(1));
        assertThat(watched(viewer)).containsExactly("bert1");
        assertThat(viewer.events(StreamEnded.class))
                .extracting(StreamEnded::reason)
                .containsExactly(LeaveReason.BYE);
        publisher("anna1");
        assertThat(watched(viewer)).as("somebody new, under the same name").containsExactly("anna1", "bert1");
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void two_who_publish_and_watch_in_one_room_see_each_other_and_not_themselves(Shape shape) throws Exception {
        stage = new Stage(shape);
        publisher("anna1");
        Party<Viewer> anna = watcher("&push=anna1");
        publisher("bert1");
        Party<Viewer> bert = watcher("&push=bert1");

        assertThat(watched(anna)).containsExactly("bert1");
        assertThat(watched(bert)).containsExactly("anna1");
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void a_scene_watches_the_whole_room_and_tells_what_its_director_wants_to_be_seen(Shape shape) throws Exception {
        stage = new Stage(shape);
        Party<Publisher> director = publisher("anna1");
        publisher("bert1");
        Party<Viewer> viewer = watcher("&scene=2");
        assertThat(watched(viewer)).containsExactly("anna1", "bert1");
        String command = "{\"action\":\"display\",\"scene\":\"%s\",\"target\":\"bert1\",\"value\":%s}";
        FakeLink link = director.media().links().stream()
                .filter(FakeLink::released)
                .findFirst()
                .orElseThrow();
        for (String said : List.of(
                command.formatted("2", "1"),
                command.formatted("1", "1"),
                "{\"action\":7}",
                command.formatted("2", "0"))) {
            link.say(said);
        }
        stage.pass(Stage.MOMENT);

        assertThat(viewer.events(SceneCommand.class))
                .extracting(SceneCommand::shown)
                .containsExactly(true, false);
        SceneCommand first = viewer.events(SceneCommand.class).get(0);
        assertThat(first.from()).isEqualTo(StreamId.of("anna1"));
        assertThat(first.stream()).isEqualTo(StreamId.of("bert1"));
        assertThat(first.scene()).isEqualTo("2");
    }

    @Test
    void without_a_room_and_without_a_stream_there_is_nothing_to_watch() {
        assertThatThrownBy(() -> stage.viewer("label=me&exclude=anna1"))
                .isInstanceOf(OptionsException.class)
                .hasMessageContaining("room=");
    }

    @Test
    void what_is_included_outside_of_rooms_is_watched() throws Exception {
        stage.publisher("push=anna1");
        stage.publisher("push=bert1");
        Party<Viewer> viewer = stage.viewer("include=anna1,bert1");

        assertThat(watched(viewer)).containsExactly("anna1", "bert1");
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void of_members_that_come_and_go_every_second_nothing_is_left_behind(Shape shape) throws Exception {
        stage = new Stage(shape);
        Party<Viewer> viewer = watcher("&maxpublishers=5");
        Publisher before = guest("guest0");
        int seconds = shape == Shape.ROUTER ? 750 : 150;
        for (int second = 1; second <= seconds; second++) {
            Publisher now = guest("guest" + second);
            stage.pass(Duration.ofSeconds(1));
            before.close();
            before = now;
        }
        before.close();
        stage.pass(Duration.ofMinutes(1));

        assertThat(viewer.media().links()).hasSizeGreaterThanOrEqualTo(seconds).allMatch(FakeLink::closed);
        assertThat(viewer.session().events()).hasSizeLessThanOrEqualTo(4096);
        assertThat(viewer.session().state()).isEqualTo(SessionState.ASKING);
        int frames = stage.server.log(1).size();
        stage.pass(Duration.ofHours(1));
        assertThat(stage.server.log(1)).as("and nobody is asked for").hasSize(frames);
    }

    /** One that the stage does not keep. */
    private Publisher guest(String id) throws Exception {
        return Publisher.builder(SessionOptions.parse(
                        "?push=" + id + "&room=lobby&password=correct-horse&" + stage.server.option()))
                .media(stage.network.media())
                .signaling(stage.server.signaling())
                .scheduler(stage.time.another())
                .start();
    }
}
