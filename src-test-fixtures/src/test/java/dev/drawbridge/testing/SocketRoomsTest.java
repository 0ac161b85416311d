package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.MaxPublishersReached;
import dev.drawbridge.SessionEvent.MediaStarted;
import dev.drawbridge.SessionEvent.MemberJoined;
import dev.drawbridge.SessionEvent.MemberLeft;
import dev.drawbridge.SessionEvent.SceneCommand;
import dev.drawbridge.SessionEvent.StreamAnnounced;
import dev.drawbridge.SessionEvent.StreamEnded;
import dev.drawbridge.SessionEvent.StreamMissing;
import dev.drawbridge.SessionState;
import dev.drawbridge.Viewer;
import dev.drawbridge.ViewerApproval;
import dev.drawbridge.testing.SocketStage.Party;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rooms, with the embedded server in each of its shapes. */
class SocketRoomsTest {
    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(60));

    private static final String LOBBY = "room=lobby&password=correct-horse";

    private static List<String> announced(Party<?> party) {
        return party.events(StreamAnnounced.class).stream()
                .map(event -> event.stream().value())
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void members_come_and_go_and_those_who_publish_hear_of_it_as_those_who_watch(Shape shape) throws Exception {
        try (SocketStage stage = new SocketStage(shape)) {
            Party<Publisher> anna = stage.publisher("push=anna1&" + LOBBY);
            Party<Viewer> whole = stage.watching(LOBBY + "&maxpublishers=2", "anna1");
            assertThat(whole.story()).startsWith("RoomEntered", "MemberJoined member-1", "StreamAnnounced member-1");
            assertThat(anna.story())
                    .containsSubsequence("Announced", "MemberJoined member-1", "ViewerRequested viewer-1");

            Party<Publisher> bert = stage.publisher("push=bert1&" + LOBBY);
            stage.until("both watched", () -> whole.watched().equals(Set.of("anna1", "bert1")));
            stage.until("Anna hears of Bert", () -> announced(anna).equals(List.of("bert1")));
            stage.until("Bert hears of Anna", () -> announced(bert).equals(List.of("anna1")));
            assertThat(anna.events(MemberJoined.class)).hasSize(2);
            stage.until(
                    "Bert hears of who watches",
                    () -> bert.events(MemberJoined.class).size() == 2);

            stage.publisher("push=else1&room=attic&password=correct-horse");
            Party<Publisher> carl = stage.publisher("push=carl1&" + LOBBY);
            stage.until("one is too many", () -> !whole.events(MaxPublishersReached.class)
                    .isEmpty());
            stage.rest();
            assertThat(whole.watched()).containsExactly("anna1", "bert1");
            bert.session().close();
            stage.until("the next gets the place", () -> whole.watched().equals(Set.of("anna1", "carl1")));
            stage.until("and plays", () -> whole.events(MediaStarted.class).size() == 3);
            assertThat(whole.event(MemberLeft.class).member())
                    .isEqualTo(whole.events(MemberJoined.class).get(1).member());
            assertThat(announced(whole)).containsExactly("anna1", "bert1", "carl1");

            whole.session().close();
            for (Party<Publisher> publisher : List.of(anna, carl)) {
                stage.until(
                        "it is missed",
                        () -> !publisher.events(MemberLeft.class).isEmpty());
                assertThat(publisher.story()).contains("ViewerLeft viewer-1 BYE");
                assertThat(publisher.events(MemberLeft.class)).hasSize(1);
                assertThat(announced(publisher)).doesNotContain("else1");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void who_is_watched_is_said_by_view_include_exclude_and_scene_and_the_publisher_learns_the_role(Shape shape)
            throws Exception {
        Map<String, ViewerApproval.Role> roles = new ConcurrentHashMap<>();
        try (SocketStage stage = new SocketStage(shape)) {
            Party<Publisher> anna = stage.publisher(
                    "push=anna1&prompt&" + LOBBY,
                    builder -> builder.approval(request -> {
                        roles.put(request.label(), request.role());
                        return CompletableFuture.completedFuture(true);
                    }));
            stage.publisher("push=bert1&" + LOBBY);
            stage.publisher("push=carl1&" + LOBBY);

            Party<Viewer> guest = stage.watching("view=anna1&label=guest&" + LOBBY, "anna1");
            Party<Viewer> more = stage.watching("view=bert1&include=anna1&label=more&" + LOBBY, "anna1", "bert1");
            Party<Viewer> scene = stage.watching("scene=2&exclude=bert1&label=scene&" + LOBBY, "anna1", "carl1");
            Party<Viewer> elsewhere = stage.viewer("view=anna1&room=attic&password=correct-horse");
            stage.rest();
            // In the custom dialect everybody offers to who enters.
            assertThat(guest.media().links()).as("unasked offers are ignored").hasSize(1);
            assertThat(more.media().links()).hasSize(2);
            assertThat(scene.media().links()).hasSize(2);
            assertThat(guest.events(MemberJoined.class)).hasSizeGreaterThanOrEqualTo(3);
            assertThat(roles)
                    .containsEntry("guest", ViewerApproval.Role.GUEST)
                    .containsEntry("more", ViewerApproval.Role.GUEST)
                    .containsEntry("scene", ViewerApproval.Role.SCENE);
            if (shape != Shape.FANOUT) { // which knows no rooms: whoever says none of ours reaches us
                assertThat(elsewhere.watched()).isEmpty();
            }

            String command = "{\"action\":\"display\",\"scene\":\"%s\",\"target\":\"carl1\",\"value\":%d}";
            for (FakeLink link : anna.media().links()) {
                link.say(command.formatted("2", 1));
                link.say(command.formatted("1", 0));
            }
            stage.until("the command", () -> !scene.events(SceneCommand.class).isEmpty());
            stage.rest();
            assertThat(scene.event(SceneCommand.class).stream().value()).isEqualTo("carl1");
            assertThat(guest.events(SceneCommand.class)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void a_secure_member_seals_after_its_first_viewer_and_hears_of_nobody_any_more(Shape shape) throws Exception {
        try (SocketStage stage = new SocketStage(shape)) {
            Party<Viewer> whole = stage.viewer(LOBBY);
            Party<Publisher> sealed = stage.publisher("push=anna1&secure&" + LOBBY);
            stage.until("sealed", () -> sealed.session().state() == SessionState.SEALED);
            stage.until("its connection ended", () -> stage.server.connections() == 1);
            stage.rest();
            List<String> story = sealed.story();
            assertThat(story).endsWith("ViewerJoined viewer-1", "Sealed viewer-1");

            Party<Publisher> bert = stage.publisher("push=bert1&" + LOBBY);
            Party<Viewer> late = stage.watching("view=anna1,bert1&" + LOBBY, "bert1");
            stage.until("the whole room", () -> whole.watched().equals(Set.of("anna1", "bert1")));
            stage.pass(Duration.ofSeconds(16));
            assertThat(late.events(StreamMissing.class)).isNotEmpty();
            assertThat(sealed.story()).isEqualTo(story);
            assertThat(announced(bert)).as("who is sealed is not in the room").isEmpty();
            assertThat(stage.server.log().stream().filter(entry -> entry.connection() == 2))
                    .last()
                    .satisfies(entry -> assertThat(entry.kind()).isEqualTo(LogEntry.Kind.GONE));

            sealed.session().close();
            stage.until("its end", () -> whole.watched().equals(Set.of("bert1")));
            assertThat(whole.event(StreamEnded.class).stream().value()).isEqualTo("anna1");
            assertThat(whole.session().state()).isEqualTo(SessionState.WATCHING);
        }
    }
}
