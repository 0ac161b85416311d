package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.Announced;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.SessionState;
import dev.drawbridge.Viewer;
import dev.drawbridge.ViewerApproval;
import dev.drawbridge.testing.Stage.Party;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code &prompt} the program decides, and until it has decided nothing leaves. */
@ExtendWith(LeakGuard.class)
class ApprovalTest {
    private static final String PUBLISH = "push=prompt1&prompt";
    private static final String WATCH = "view=prompt1&label=Anna";

    private final Stage stage = new Stage();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<Boolean>> answers = new CopyOnWriteArrayList<>();

    @AfterEach
    void everybodyEnds() {
        stage.close();
    }

    private Party<Publisher> publisher(String more, ViewerApproval approval) throws Exception {
        Party<Publisher> publisher =
                stage.publisher(PUBLISH + more, stage.network.media(), builder -> builder.approval(approval));
        stage.pass(Stage.MOMENT);
        return publisher;
    }

    /** One whose program answers when the test wants it to. */
    private Party<Publisher> patient(String more) throws Exception {
        return publisher(more, request -> {
            CompletableFuture<Boolean> answer = new CompletableFuture<>();
            answers.add(answer);
            synchronized (asked) {
                asked.add(request.viewer() + " " + request.label());
                asked.notifyAll();
            }
            return answer;
        });
    }

    /** Returns when the session waits for the answer, too: events and questions share one thread. */
    private void awaitAsked(Party<Publisher> publisher, int times) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        synchronized (asked) {
            while (asked.size() < times) {
                long millis = (deadline - System.nanoTime()) / 1_000_000;
                assertThat(millis).as("asked %s", asked).isPositive();
                asked.wait(millis);
            }
        }
        EventRecorder.of(publisher.session()).await(Announced.class);
    }

    @Test
    void no_packet_leaves_before_the_program_agrees() throws Exception {
        Party<Publisher> publisher = patient("&secure");
        Party<Viewer> viewer = stage.viewer(WATCH);
        awaitAsked(publisher, 1);
        stage.pass(Duration.ofSeconds(25));
        assertThat(asked).containsExactly("viewer-1 Anna");
        assertThat(publisher.story()).containsExactly("Announced", "ViewerRequested viewer-1");
        assertThat(publisher.packets()).isZero();
        assertThat(viewer.story()).doesNotContain("MediaStarted");
        answers.get(0).complete(true);
        stage.pass(Stage.MOMENT);
        assertThat(publisher.story()).endsWith("ViewerJoined viewer-1", "LabelChanged", "Sealed viewer-1");
        assertThat(viewer.story()).endsWith("MediaStarted");
    }

    /** The fakes' certificates are numbered by link: the viewer's was the second one. */
    @Test
    void the_program_learns_the_name_the_role_and_the_certificate_of_this_connection() throws Exception {
        List<ViewerApproval.Request> requests = new CopyOnWriteArrayList<>();
        publisher("", request -> {
            requests.add(request);
            return CompletableFuture.completedFuture(true);
        });
        Party<Viewer> viewer = stage.viewer(WATCH);
        stage.time.await("the question", () -> !requests.isEmpty());
        ViewerApproval.Request request = requests.get(0);
        assertThat(request.label()).isEqualTo("Anna");
        assertThat(request.role()).isEqualTo(ViewerApproval.Role.VIEWER);
        assertThat(request.fingerprint())
                .isEqualTo(viewer.media().link().fingerprint())
                .startsWith("sha-256 DB:");
        assertThat(request.toString()).doesNotContain("Anna");
    }

    @Test
    void a_refused_viewer_gets_nothing_and_the_next_one_is_asked_about() throws Exception {
        Party<Publisher> publisher = patient("&secure");
        Party<Viewer> first = stage.viewer(WATCH);
        awaitAsked(publisher, 1);
        answers.get(0).complete(false);
        stage.pass(Duration.ofSeconds(1));
        assertThat(publisher.story()).endsWith("ViewerRequested viewer-1", "ViewerRefused viewer-1 NOT_APPROVED");
        assertThat(publisher.session().state()).isEqualTo(SessionState.ANNOUNCED);
        first.session().close();
        stage.viewer("view=prompt1");
        awaitAsked(publisher, 2);
        answers.get(1).complete(true);
        stage.pass(Stage.MOMENT);
        assertThat(publisher.story()).endsWith("ViewerJoined viewer-2", "Sealed viewer-2");
        assertThat(publisher.media().links().get(0).packetsSent()).isZero();
        assertThat(first.story()).doesNotContain("MediaStarted");
    }

    @Test
    void no_word_within_half_a_minute_is_a_no_and_a_later_yes_changes_nothing() throws Exception {
        Party<Publisher> publisher = patient("");
        Party<Viewer> viewer = stage.viewer(WATCH);
        awaitAsked(publisher, 1);
        stage.pass(Duration.ofMillis(29_500));
        assertThat(publisher.story()).endsWith("ViewerRequested viewer-1");
        stage.pass(Duration.ofMillis(600));
        assertThat(publisher.story()).endsWith("ViewerRefused viewer-1 NOT_APPROVED");
        viewer.session().close();
        answers.get(0).complete(true);
        stage.pass(Duration.ofSeconds(10));
        assertThat(publisher.story()).endsWith("ViewerRefused viewer-1 NOT_APPROVED");
        assertThat(publisher.packets()).isZero();
    }

    static Stream<ViewerApproval> answersThatAreNone() {
        return Stream.of(
                request -> {
                    throw new IllegalStateException("on purpose");
                },
                request -> {
                    throw new StackOverflowError("on purpose");
                },
                request -> null,
                request -> CompletableFuture.completedFuture(null),
                request -> CompletableFuture.failedFuture(new IllegalStateException("on purpose")));
    }

    @ParameterizedTest
    @MethodSource("answersThatAreNone")
    void an_answer_that_is_none_is_a_no_at_once(ViewerApproval approval) throws Exception {
        Party<Publisher> publisher = publisher("", approval);
        stage.viewer(WATCH);
        stage.time.await("the refusal", () -> publisher.story().contains("ViewerRefused viewer-1 NOT_APPROVED"));
        assertThat(publisher.packets()).isZero();
        EventRecorder heard = EventRecorder.of(publisher.session());
        heard.await(ViewerRefused.class);
    }

    @Test
    void two_yeses_in_secure_mode_are_one_viewer() throws Exception {
        Party<Publisher> publisher = patient("&secure");
        stage.viewer(WATCH);
        awaitAsked(publisher, 1);
        stage.viewer(WATCH);
        awaitAsked(publisher, 2);
        answers.get(1).complete(true);
        answers.get(0).complete(true);
        stage.pass(Stage.MOMENT);
        assertThat(publisher.story())
                .endsWith(
                        "ViewerRefused viewer-1 BRIDGE_RAISED",
                        "ViewerJoined viewer-2",
                        "LabelChanged",
                        "Sealed viewer-2");
        assertThat(publisher.media().links().get(0).packetsSent()).isZero();
    }

    @Test
    void the_limit_holds_though_the_program_agrees_to_all() throws Exception {
        Party<Publisher> publisher = patient("&maxviewers=1");
        stage.viewer(WATCH);
        awaitAsked(publisher, 1);
        stage.viewer(WATCH);
        awaitAsked(publisher, 2);
        answers.forEach(answer -> answer.complete(true));
        stage.pass(Stage.MOMENT);
        assertThat(publisher.story()).endsWith("ViewerJoined viewer-1", "LabelChanged", "ViewerRefused viewer-2 FULL");
    }

    @Test
    void a_viewer_that_leaves_while_the_program_thinks_has_withdrawn() throws Exception {
        Party<Publisher> publisher = patient("");
        Party<Viewer> viewer = stage.viewer(WATCH);
        awaitAsked(publisher, 1);
        viewer.session().close();
        stage.pass(Stage.MOMENT);
        assertThat(publisher.story()).endsWith("ViewerRefused viewer-1 WITHDRAWN");
        answers.get(0).complete(true);
        stage.pass(Stage.MOMENT);
        assertThat(publisher.story()).endsWith("ViewerRefused viewer-1 WITHDRAWN");
    }
}
