package dev.drawbridge.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.CloseReason;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Announced;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.LeaveReason;
import dev.drawbridge.SessionEvent.MediaStarted;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.StreamEnded;
import dev.drawbridge.SessionEvent.StreamRequested;
import dev.drawbridge.SessionEvent.StreamStarted;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionEvent.ViewerRequested;
import dev.drawbridge.SessionStats.Mark;
import dev.drawbridge.StreamId;
import dev.drawbridge.ViewerId;
import dev.drawbridge.examples.demo.Round.Seen;
import dev.drawbridge.testing.LogEntry.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The self-test's verdict is worth something: it fails whatever goes wrong. */
class VerdictTest {
    private static final Instant AT = Events.AT;
    private static final ViewerId ONE = new ViewerId(1, "peer");
    private static final StreamId STREAM = StreamId.of("door");

    private List<SessionEvent> publisher = List.of(
            new Announced(AT),
            new ViewerRequested(AT, ONE),
            new ViewerJoined(AT, ONE),
            new Sealed(AT, ONE),
            new ViewerLeft(AT, ONE, LeaveReason.BYE),
            new Closed(AT, CloseReason.VIEWER_LEFT, ""));
    private List<SessionEvent> first = List.of(
            new StreamRequested(AT, STREAM),
            new StreamStarted(AT, STREAM),
            new MediaStarted(AT, STREAM),
            new StreamEnded(AT, STREAM, LeaveReason.SESSION_CLOSED),
            new Closed(AT, CloseReason.CLOSED_BY_APPLICATION, ""));
    private List<SessionEvent> second =
            List.of(new StreamRequested(AT, STREAM), new Closed(AT, CloseReason.CLOSED_BY_APPLICATION, ""));
    private Seen firstSeen = new Seen(60, true);
    private Seen secondSeen = new Seen(0, false);
    private List<Kind> wire = List.of(Kind.OPEN, Kind.TEXT, Kind.TEXT, Kind.CLOSE, Kind.GONE);

    @Test
    void what_should_happen_passes() {
        assertThat(failures()).isEmpty();
    }

    @Test
    void two_events_in_the_wrong_order_fail() {
        publisher = swapped(publisher, 2, 3);
        first = swapped(first, 1, 2);

        assertThat(failures())
                .containsExactly("the publisher's events are in order", "the first viewer's events are in order");
    }

    @Test
    void one_picture_too_few_fails() {
        firstSeen = new Seen(59, true);

        assertThat(failures()).containsExactly("the first viewer played 60 pictures of the test pattern");
    }

    @Test
    void pictures_of_something_else_fail() {
        firstSeen = new Seen(60, false);

        assertThat(failures()).containsExactly("the first viewer played 60 pictures of the test pattern");
    }

    @Test
    void a_second_viewer_who_sees_anything_fails() {
        secondSeen = new Seen(1, true);
        assertThat(failures()).containsExactly("the second viewer got nothing");

        secondSeen = new Seen(0, false);
        second = List.of(new StreamRequested(AT, STREAM), new StreamStarted(AT, STREAM));
        assertThat(failures()).containsExactly("the second viewer got nothing");
    }

    @Test
    void another_viewer_than_the_first_fails() {
        List<SessionEvent> changed = new ArrayList<>(publisher);
        changed.set(4, new ViewerLeft(AT, new ViewerId(2, "other"), LeaveReason.BYE));
        publisher = changed;

        assertThat(failures()).containsExactly("one viewer joined, and the same one left");
    }

    @Test
    void another_reason_to_close_fails() {
        List<SessionEvent> changed = new ArrayList<>(publisher);
        changed.set(5, new Closed(AT, CloseReason.INTERNAL_ERROR, ""));
        publisher = changed;

        assertThat(failures()).containsExactly("the session closed because its viewer left");
    }

    @Test
    void a_word_to_the_server_after_the_close_fails() {
        String check = "after the seal the server got one Close and nothing else";

        wire = List.of(Kind.OPEN, Kind.TEXT, Kind.CLOSE, Kind.TEXT, Kind.GONE);
        assertThat(failures()).containsExactly(check);
        wire = List.of(Kind.OPEN, Kind.TEXT, Kind.CLOSE, Kind.CLOSE, Kind.GONE);
        assertThat(failures()).containsExactly(check);
        wire = List.of(Kind.OPEN, Kind.TEXT, Kind.GONE);
        assertThat(failures()).containsExactly(check);
        wire = List.of(Kind.OPEN, Kind.TEXT, Kind.CLOSE);
        assertThat(failures()).containsExactly(check);
        wire = List.of();
        assertThat(failures()).containsExactly(check);
    }

    @Test
    void nothing_at_all_fails() {
        publisher = List.of();
        first = List.of();
        second = List.of();
        firstSeen = new Seen(0, false);

        assertThat(failures()).hasSizeGreaterThan(3);
    }

    @Test
    void steps_are_measured_from_the_viewers_request() {
        Map<String, Double> steps = Steps.of(round());

        assertThat(steps).containsEntry("play to publisher connected", 20.0);
        assertThat(steps).containsEntry("play to first decoded frame", 45.5);
        assertThat(steps).doesNotContainKey("play to offer");
    }

    @Test
    void medians_are_taken_step_by_step() {
        assertThat(Steps.medians(List.of(Map.of("a", 3.0), Map.of("a", 1.0, "b", 7.0), Map.of("a", 8.0))))
                .containsExactlyInAnyOrderEntriesOf(Map.of("a", 3.0, "b", 7.0));
        assertThat(Steps.medians(List.of(Map.of("a", 3.0), Map.of("a", 4.0)))).containsEntry("a", 3.5);
    }

    private List<String> failures() {
        Verdict verdict = Verdict.of(round());
        List<String> failed = verdict.checks().stream()
                .filter(check -> !check.passed())
                .map(Verdict.Check::name)
                .toList();
        assertThat(verdict.passed()).isEqualTo(failed.isEmpty());
        return failed;
    }

    private Round round() {
        return new Round(
                publisher,
                first,
                second,
                firstSeen,
                secondSeen,
                wire,
                List.of(new Mark("connected", AT.plusMillis(30))),
                List.of(
                        new Mark("StreamRequested", AT.plusMillis(10)),
                        new Mark("first frame", AT.plusNanos(55_500_000))));
    }

    private static <T> List<T> swapped(List<T> list, int one, int other) {
        List<T> copy = new ArrayList<>(list);
        Collections.swap(copy, one, other);
        return copy;
    }
}
