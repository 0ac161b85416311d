package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionState;
import dev.drawbridge.Subscription;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.Stage.Party;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who listens, when, and what a listener's behaviour can do to a session: nothing. */
@ExtendWith(LeakGuard.class)
class SessionListenersTest {
    private static final String PUBLISH = "push=listen1&secure";
    private static final String WATCH = "view=listen1";

    private final Stage stage = new Stage();

    @AfterEach
    void everybodyEnds() {
        stage.close();
    }

    private void wholeStory(Party<Publisher> publisher) throws Exception {
        Party<Viewer> viewer = stage.viewer(WATCH);
        viewer.session().close();
        stage.pass(Stage.MOMENT);
        assertThat(publisher.session().state()).isEqualTo(SessionState.CLOSED);
    }

    @Test
    void the_first_listener_hears_everything_from_the_start() throws Exception {
        EventRecorder heard = new EventRecorder();
        Party<Publisher> publisher =
                stage.publisher(PUBLISH, stage.network.media(), builder -> builder.listener(heard));
        stage.pass(Stage.MOMENT);
        wholeStory(publisher);
        heard.await(Closed.class);
        assertThat(heard.events()).isEqualTo(publisher.session().events());
    }

    @Test
    void a_late_listener_hears_the_whole_journal_first_and_goes_on_live_without_a_gap() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        List<EventRecorder> all = new ArrayList<>();
        all.add(EventRecorder.of(publisher.session()));
        Party<Viewer> viewer = stage.viewer(WATCH);
        all.add(EventRecorder.of(publisher.session()));
        viewer.session().close();
        all.add(EventRecorder.of(publisher.session()));
        stage.pass(Stage.MOMENT);
        all.add(EventRecorder.of(publisher.session()));
        for (EventRecorder heard : all) {
            heard.await(Closed.class);
            assertThat(heard.story())
                    .containsExactly(
                            "Announced",
                            "ViewerRequested viewer-1",
                            "ViewerJoined viewer-1",
                            "Sealed viewer-1",
                            "ViewerLeft viewer-1 BYE",
                            "Closed VIEWER_LEFT");
        }
    }

    @Test
    void a_listener_of_one_kind_hears_that_kind_alone() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        List<SessionEvent> heard = new CopyOnWriteArrayList<>();
        publisher.session().on(ViewerJoined.class, heard::add);
        EventRecorder end = EventRecorder.of(publisher.session());
        wholeStory(publisher);
        end.await(Closed.class);
        assertThat(EventRecorder.story(heard)).containsExactly("ViewerJoined viewer-1");
    }

    @Test
    void a_listener_that_throws_harms_neither_the_session_nor_the_others() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        publisher.session().subscribe(event -> {
            throw new IllegalStateException("on purpose");
        });
        publisher.session().subscribe(event -> {
            throw new StackOverflowError("on purpose");
        });
        EventRecorder heard = EventRecorder.of(publisher.session());
        wholeStory(publisher);
        heard.await(Closed.class);
        assertThat(heard.events()).isEqualTo(publisher.session().events());
    }

    @Test
    void a_slow_listener_delays_listeners_and_nothing_else() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        publisher.session().subscribe(event -> {
            entered.countDown();
            awaitQuietly(release);
        });
        EventRecorder heard = EventRecorder.of(publisher.session());
        entered.await();
        wholeStory(publisher);
        assertThat(publisher.story()).endsWith("Closed VIEWER_LEFT");
        assertThat(heard.events()).isEmpty();
        release.countDown();
        heard.await(Closed.class);
        assertThat(heard.events()).isEqualTo(publisher.session().events());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_listener_that_was_taken_back_hears_no_more() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        EventRecorder heard = new EventRecorder();
        Subscription subscription = publisher.session().subscribe(heard);
        heard.await(SessionEvent.Announced.class);
        subscription.close();
        subscription.close();
        EventRecorder end = EventRecorder.of(publisher.session());
        wholeStory(publisher);
        end.await(Closed.class);
        assertThat(heard.story()).containsExactly("Announced");
    }

    @Test
    void a_listener_may_take_itself_back_and_bring_another() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        EventRecorder second = new EventRecorder();
        List<SessionEvent> first = new CopyOnWriteArrayList<>();
        AtomicReference<Subscription> own = new AtomicReference<>();
        CountDownLatch stored = new CountDownLatch(1);
        own.set(publisher.session().on(ViewerJoined.class, event -> {
            awaitQuietly(stored);
            first.add(event);
            own.get().close();
            publisher.session().subscribe(second);
        }));
        stored.countDown();
        wholeStory(publisher);
        second.await(Closed.class);
        assertThat(second.events()).isEqualTo(publisher.session().events());
        assertThat(first).hasSize(1);
    }

    @Test
    void a_listener_that_closes_its_session_at_the_seal_gets_the_end_too() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        publisher.session().on(Sealed.class, event -> publisher.session().close());
        EventRecorder heard = EventRecorder.of(publisher.session());
        Party<Viewer> viewer = stage.viewer(WATCH);
        stage.time.await("the close", () -> publisher.session().state() == SessionState.CLOSED);
        heard.await(Closed.class);
        assertThat(heard.story())
                .endsWith("Sealed viewer-1", "ViewerLeft viewer-1 SESSION_CLOSED", "Closed CLOSED_BY_APPLICATION");
        stage.pass(Stage.MOMENT);
        assertThat(viewer.story()).endsWith("StreamEnded BYE", "Closed STREAM_ENDED");
    }
}
