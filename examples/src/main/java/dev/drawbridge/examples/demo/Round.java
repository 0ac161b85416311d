package dev.drawbridge.examples.demo;

import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionStats.Mark;
import dev.drawbridge.testing.LogEntry;
import java.util.List;

/**
 * What one round of the self-test saw.
 *
 * @param publisher its events
 * @param first those of the viewer who is let in
 * @param second those of the viewer who comes too late
 * @param wire what the publisher sent to the handshake server, its frames by kind, and its going
 * @param publisherMarks the steps of the publisher
 * @param firstMarks the steps of the first viewer
 */
record Round(
        List<SessionEvent> publisher,
        List<SessionEvent> first,
        List<SessionEvent> second,
        Seen firstSeen,
        Seen secondSeen,
        List<LogEntry.Kind> wire,
        List<Mark> publisherMarks,
        List<Mark> firstMarks) {

    /**
     * Pictures of one viewer.
     *
     * @param pictures how many different ones
     * @param inOrder whether each was the test pattern, and its counter never went back
     */
    record Seen(int pictures, boolean inOrder) {}
}
