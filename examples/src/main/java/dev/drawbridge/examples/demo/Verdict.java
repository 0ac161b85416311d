package dev.drawbridge.examples.demo;

import dev.drawbridge.CloseReason;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.MediaStarted;
import dev.drawbridge.SessionEvent.StreamStarted;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.testing.LogEntry.Kind;
import java.util.ArrayList;
import java.util.List;

/** Whether a round of the self-test was right: each thing that has to be, and whether it was. */
record Verdict(List<Check> checks) {

    /** @param detail what was seen instead; empty if it passed */
    record Check(String name, boolean passed, String detail) {}

    private static final List<String> PUBLISHER =
            List.of("Announced", "ViewerRequested", "ViewerJoined", "Sealed", "ViewerLeft", "Closed");
    private static final List<String> FIRST =
            List.of("StreamRequested", "StreamStarted", "MediaStarted", "StreamEnded", "Closed");

    static Verdict of(Round round) {
        List<Check> checks = new ArrayList<>();
        checks.add(same("the publisher's events are in order", PUBLISHER, names(round.publisher())));
        checks.add(same("the first viewer's events are in order", FIRST, names(round.first())));
        checks.add(check(
                "the first viewer played " + SelfTest.FRAMES + " pictures of the test pattern",
                round.firstSeen().pictures() >= SelfTest.FRAMES
                        && round.firstSeen().inOrder(),
                round.firstSeen().toString()));
        checks.add(check(
                "one viewer joined, and the same one left",
                viewers(round, ViewerJoined.class).equals(List.of(1))
                        && viewers(round, ViewerLeft.class).equals(List.of(1)),
                "joined " + viewers(round, ViewerJoined.class) + ", left " + viewers(round, ViewerLeft.class)));
        checks.add(check(
                "the second viewer got nothing",
                round.secondSeen().pictures() == 0
                        && round.second().stream()
                                .noneMatch(event -> event instanceof StreamStarted || event instanceof MediaStarted),
                round.secondSeen() + ", " + names(round.second())));
        checks.add(
                check("the session closed because its viewer left", closedByLeaving(round), last(round.publisher())));
        checks.add(check(
                "after the seal the server got one Close and nothing else",
                oneClose(round.wire()),
                round.wire().toString()));
        return new Verdict(List.copyOf(checks));
    }

    boolean passed() {
        return checks.stream().allMatch(Check::passed);
    }

    private static boolean closedByLeaving(Round round) {
        List<SessionEvent> events = round.publisher();
        return !events.isEmpty()
                && events.get(events.size() - 1) instanceof Closed closed
                && closed.reason() == CloseReason.VIEWER_LEFT;
    }

    /** The Close frame is the last frame, the only one of its kind, and the connection was gone then. */
    private static boolean oneClose(List<Kind> wire) {
        return wire.indexOf(Kind.CLOSE) == wire.size() - 2 && wire.indexOf(Kind.GONE) == wire.size() - 1;
    }

    private static List<Integer> viewers(Round round, Class<? extends SessionEvent> kind) {
        return round.publisher().stream()
                .filter(kind::isInstance)
                .map(event -> event instanceof ViewerJoined joined
                        ? joined.viewer().number()
                        : ((ViewerLeft) event).viewer().number())
                .toList();
    }

    private static List<String> names(List<SessionEvent> events) {
        return events.stream().map(event -> event.getClass().getSimpleName()).toList();
    }

    private static String last(List<SessionEvent> events) {
        return events.isEmpty() ? "no events" : String.valueOf(events.get(events.size() - 1));
    }

    private static Check same(String name, List<String> expected, List<String> seen) {
        return check(name, expected.equals(seen), seen.toString());
    }

    private static Check check(String name, boolean passed, String seen) {
        return new Check(name, passed, passed ? "" : seen);
    }
}
