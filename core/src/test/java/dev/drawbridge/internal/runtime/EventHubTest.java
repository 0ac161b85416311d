package dev.drawbridge.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.CloseReason;
import dev.drawbridge.MemberId;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Announced;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.MaxPublishersReached;
import dev.drawbridge.SessionEvent.MemberJoined;
import dev.drawbridge.SessionEvent.MemberLeft;
import dev.drawbridge.SessionEvent.NoCommonCodec;
import dev.drawbridge.SessionEvent.ProtocolViolation;
import dev.drawbridge.SessionEvent.RefusalReason;
import dev.drawbridge.SessionEvent.SceneCommand;
import dev.drawbridge.SessionEvent.ServerNotice;
import dev.drawbridge.SessionEvent.SignalingRestored;
import dev.drawbridge.SessionEvent.StreamAnnounced;
import dev.drawbridge.SessionEvent.StreamMissing;
import dev.drawbridge.SessionEvent.StreamRequested;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.SessionEvent.ViewerRequested;
import dev.drawbridge.SessionEvent.Violation;
import dev.drawbridge.StreamId;
import dev.drawbridge.ViewerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventHubTest {
    private static final Instant AT = Instant.EPOCH;
    private static final Announced FIRST = new Announced(AT);
    private static final SignalingRestored LAST = new SignalingRestored(AT);
    private static final Condition<SessionEvent> DROPPED = new Condition<>(
            event -> event instanceof ProtocolViolation of && of.violation() == Violation.TOO_MUCH,
            "the word that something was dropped");

    private final EventHub hub = new EventHub("drawbridge-test-events");

    @AfterEach
    void finish() {
        hub.finish();
    }

    @Test
    void what_strangers_repeat_does_not_push_the_story_out_of_the_journal() {
        hub.publish(FIRST);
        for (int i = 0; i < 2 * EventHub.JOURNAL; i++) {
            hub.publish(new ProtocolViolation(AT, Violation.MALFORMED, "number " + i));
        }

        assertThat(hub.journal()).hasSize(EventHub.JOURNAL).startsWith(FIRST);
        assertThat(hub.journal()).last().asString().contains("number " + (2 * EventHub.JOURNAL - 1));
    }

    @Test
    void data_that_a_slow_listener_leaves_waiting_is_bounded_and_the_story_is_told() throws Exception {
        String json = "x".repeat(1 << 20);
        assertThat(heardAfterFlood(new DataReceived(AT, "viewer-1", json)))
                .hasSize((int) (EventHub.MAX_WAITING_CHARS / json.length()) + 3)
                .startsWith(FIRST)
                .areExactly(1, DROPPED)
                .endsWith(LAST);
    }

    @ParameterizedTest
    @MethodSource("whatStrangersCanRepeat")
    void what_strangers_repeat_and_a_slow_listener_leaves_waiting_is_bounded_and_the_story_is_told(SessionEvent flood)
            throws Exception {
        assertThat(heardAfterFlood(flood))
                .hasSize(EventHub.MAX_WAITING + 3)
                .startsWith(FIRST)
                .areExactly(1, DROPPED)
                .endsWith(LAST);
    }

    static List<SessionEvent> whatStrangersCanRepeat() {
        ViewerId viewer = new ViewerId(1, "x");
        return List.of(
                new ProtocolViolation(AT, Violation.MALFORMED, "again"),
                new ServerNotice(AT, "again"),
                new StreamRequested(AT, StreamId.of("again")),
                new StreamMissing(AT, StreamId.of("again"), Duration.ZERO),
                new MemberJoined(AT, new MemberId(1, "x")),
                new MemberLeft(AT, new MemberId(1, "x")),
                new StreamAnnounced(AT, new MemberId(1, "x"), StreamId.of("again")),
                new MaxPublishersReached(AT, 7),
                new NoCommonCodec(AT, StreamId.of("again"), "offered were VP9"),
                new SceneCommand(AT, StreamId.of("from"), "1", StreamId.of("again"), true),
                new ViewerRequested(AT, viewer),
                new ViewerRefused(AT, viewer, RefusalReason.NO_ANSWER));
    }

    @Test
    void even_the_story_is_bounded_for_a_listener_that_never_returns_and_the_end_is_told() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        BlockingQueue<SessionEvent> heard = new LinkedBlockingQueue<>();
        hub.subscribe(event -> {
            try {
                release.await();
            } catch (InterruptedException unwanted) {
                return;
            }
            heard.add(event);
        });
        for (int i = 0; i < 2 * EventHub.MAX_STORY; i++) {
            hub.publish(LAST);
        }
        Closed end = new Closed(AT, CloseReason.CLOSED_BY_APPLICATION, "");
        hub.publish(end);
        release.countDown();
        SessionEvent event = LAST;
        for (int told = 0; event != end; told++) {
            event = heard.poll(10, TimeUnit.SECONDS);
            assertThat(told).isLessThan(EventHub.MAX_STORY + 4);
        }
    }

    @Test
    void a_listener_that_waits_for_ever_is_interrupted_after_the_end_and_all_events_are_told() throws Exception {
        EventHub impatient = new EventHub("drawbridge-test-events", Duration.ofMillis(50));
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        impatient.subscribe(event -> {
            threads.add(Thread.currentThread());
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException freed) {
                return;
            }
        });
        BlockingQueue<SessionEvent> heard = new LinkedBlockingQueue<>();
        impatient.subscribe(heard::add);
        impatient.publish(FIRST);
        impatient.publish(LAST);
        impatient.finish();

        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(FIRST);
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(LAST);
        Thread thread = threads.take();
        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void a_listener_that_is_merely_slow_is_not_interrupted() throws Exception {
        CountDownLatch finished = new CountDownLatch(1);
        BlockingQueue<Boolean> interrupted = new LinkedBlockingQueue<>();
        hub.subscribe(event -> {
            try {
                finished.await();
                interrupted.add(Thread.currentThread().isInterrupted());
            } catch (InterruptedException unwanted) {
                interrupted.add(true);
            }
        });
        hub.publish(FIRST);
        hub.publish(LAST);
        hub.finish();
        finished.countDown();

        assertThat(interrupted.poll(10, TimeUnit.SECONDS)).isFalse();
        assertThat(interrupted.poll(10, TimeUnit.SECONDS)).isFalse();
    }

    private List<SessionEvent> heardAfterFlood(SessionEvent flood) throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        BlockingQueue<SessionEvent> heard = new LinkedBlockingQueue<>();
        CountDownLatch told = new CountDownLatch(1);
        hub.subscribe(event -> {
            entered.countDown();
            try {
                release.await();
            } catch (InterruptedException unwanted) {
                return;
            }
            heard.add(event);
            if (event == LAST) {
                told.countDown();
            }
        });
        hub.publish(FIRST);
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 3 * EventHub.MAX_WAITING; i++) {
            hub.publish(flood);
        }
        hub.publish(LAST);
        release.countDown();
        assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        return List.copyOf(heard);
    }
}
