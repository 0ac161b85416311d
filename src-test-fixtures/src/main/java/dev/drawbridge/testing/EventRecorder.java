package dev.drawbridge.testing;

import dev.drawbridge.Session;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.AnnouncementRefused;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.ProtocolViolation;
import dev.drawbridge.SessionEvent.StreamEnded;
import dev.drawbridge.SessionEvent.ViewerInterrupted;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.SessionEvent.ViewerRequested;
import dev.drawbridge.SessionEvent.ViewerResumed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A listener that writes down the events of a session, to be waited for and looked at.
 *
 * <pre>{@code
 * EventRecorder heard = EventRecorder.of(publisher);
 * heard.await(ViewerJoined.class);
 * assertThat(heard.story()).containsExactly("Announced", "ViewerRequested viewer-1", "ViewerJoined viewer-1");
 * }</pre>
 *
 * <p><b>Thread:</b> any. <b>Blocking:</b> the {@code await} methods, up to 20 s.
 */
public final class EventRecorder implements Consumer<SessionEvent> {
    private static final long PATIENCE_SECONDS = 20;

    // Guarded by this.
    private final List<SessionEvent> events = new ArrayList<>();

    /** One that hears nothing yet. */
    public EventRecorder() {}

    /** One that hears this session, from its first event on. */
    public static EventRecorder of(Session session) {
        EventRecorder recorder = new EventRecorder();
        session.subscribe(recorder);
        return recorder;
    }

    @Override
    public synchronized void accept(SessionEvent event) {
        events.add(event);
        notifyAll();
    }

    /** Everything so far. */
    public synchronized List<SessionEvent> events() {
        return List.copyOf(events);
    }

    /** Everything of one kind so far. */
    public <E extends SessionEvent> List<E> events(Class<E> kind) {
        return events().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Everything so far in words; see {@link #story(List)}. */
    public List<String> story() {
        return story(events());
    }

    /** Waits for the first event of one kind, which may have come already. */
    public <E extends SessionEvent> E await(Class<E> kind) throws InterruptedException {
        return await(kind, 1);
    }

    /**
     * Waits until there were so many events of one kind, and returns the last of them.
     *
     * @throws AssertionError if there are fewer after 20 s; the message tells what was heard
     */
    public synchronized <E extends SessionEvent> E await(Class<E> kind, int count) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (events(kind).size() < count) {
            long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (millis <= 0) {
                throw new AssertionError(count + " times " + kind.getSimpleName() + " was not heard in " + story());
            }
            wait(millis);
        }
        return events(kind).get(count - 1);
    }

    /**
     * Events in words without times: the kind, then who, then why, as in {@code ViewerLeft viewer-1 BYE}.
     *
     * @param events for instance {@link Session#events}
     */
    public static List<String> story(List<SessionEvent> events) {
        return events.stream().map(EventRecorder::words).toList();
    }

    private static String words(SessionEvent event) {
        String detail = "";
        if (event instanceof ViewerRequested e) {
            detail = " " + e.viewer();
        } else if (event instanceof ViewerRefused e) {
            detail = " " + e.viewer() + " " + e.reason();
        } else if (event instanceof ViewerJoined e) {
            detail = " " + e.viewer();
        } else if (event instanceof ViewerInterrupted e) {
            detail = " " + e.viewer();
        } else if (event instanceof ViewerResumed e) {
            detail = " " + e.viewer();
        } else if (event instanceof ViewerLeft e) {
            detail = " " + e.viewer() + " " + e.reason();
        } else if (event instanceof SessionEvent.Sealed e) {
            detail = " " + e.viewer();
        } else if (event instanceof SessionEvent.MemberJoined e) {
            detail = " " + e.member();
        } else if (event instanceof SessionEvent.MemberLeft e) {
            detail = " " + e.member();
        } else if (event instanceof SessionEvent.StreamAnnounced e) {
            detail = " " + e.member();
        } else if (event instanceof SessionEvent.MaxPublishersReached e) {
            detail = " " + e.most();
        } else if (event instanceof SessionEvent.SceneCommand e) {
            detail = e.shown() ? " shown" : " hidden";
        } else if (event instanceof StreamEnded e) {
            detail = " " + e.reason();
        } else if (event instanceof AnnouncementRefused e) {
            detail = " " + e.attempt();
        } else if (event instanceof ProtocolViolation e) {
            detail = " " + e.violation();
        } else if (event instanceof Closed e) {
            detail = " " + e.reason();
        }
        return event.getClass().getSimpleName() + detail;
    }
}
