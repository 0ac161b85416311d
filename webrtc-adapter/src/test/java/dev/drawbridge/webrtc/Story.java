package dev.drawbridge.webrtc;

import dev.drawbridge.SessionEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Hears every event of one session and lets a test wait for one. */
final class Story implements Consumer<SessionEvent> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<SessionEvent> told = new ArrayList<>();

    @Override
    public synchronized void accept(SessionEvent event) {
        told.add(event);
        notifyAll();
    }

    synchronized List<SessionEvent> told() {
        return List.copyOf(told);
    }

    /** Such as {@code Announced, ViewerRequested}. */
    List<String> kinds() {
        return told().stream().map(event -> event.getClass().getSimpleName()).toList();
    }

    <E extends SessionEvent> List<E> all(Class<E> kind) {
        return told().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    <E extends SessionEvent> E await(Class<E> kind) throws InterruptedException {
        return await(kind, any -> true);
    }

    /** The first such event, past or to come. */
    <E extends SessionEvent> E await(Class<E> kind, Predicate<E> wanted) throws InterruptedException {
        return await(kind, wanted, 1);
    }

    /** The event that makes it so many. */
    synchronized <E extends SessionEvent> E await(Class<E> kind, Predicate<E> wanted, int count)
            throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            List<E> found = all(kind).stream().filter(wanted).toList();
            if (found.size() >= count) {
                return found.get(count - 1);
            }
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                throw new AssertionError("no " + kind.getSimpleName() + " in " + told);
            }
            wait(millis);
        }
    }
}
