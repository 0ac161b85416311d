package dev.drawbridge.internal.runtime;

import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.Subscription;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the journal and calls the listeners, on one thread of its own, so a slow listener delays listeners and nothing else.
 * Whoever subscribes late hears the journal first, then goes on live, without a gap and without a repetition.
 */
public final class EventHub {
    private static final Logger log = LoggerFactory.getLogger(EventHub.class);
    /** Older entries make room; a lifetime of one viewer takes about ten. */
    private static final int JOURNAL = 4096;

    private final ThreadPoolExecutor thread;
    private final ArrayDeque<SessionEvent> journal = new ArrayDeque<>();
    private final List<Consumer<SessionEvent>> listeners = new CopyOnWriteArrayList<>();

    public EventHub(String threadName) {
        thread = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Threads.daemon(threadName));
        thread.allowCoreThreadTimeOut(true);
        thread.setRejectedExecutionHandler((task, executor) -> {}); // after the last event nobody is called
    }

    /** Journals and delivers. The lock covers the order only; listeners are called outside of it. */
    public void publish(SessionEvent event) {
        synchronized (journal) {
            if (!(event instanceof DataReceived)) {
                if (journal.size() == JOURNAL) {
                    journal.removeFirst();
                }
                journal.addLast(event);
            }
            List<Consumer<SessionEvent>> now = List.copyOf(listeners);
            thread.execute(() -> now.forEach(listener -> call(listener, event)));
        }
    }

    public Subscription subscribe(Consumer<SessionEvent> listener) {
        List<SessionEvent> past;
        synchronized (journal) {
            past = List.copyOf(journal);
            if (!thread.isShutdown()) {
                listeners.add(listener);
                thread.execute(() -> past.forEach(event -> call(listener, event)));
                return () -> listeners.remove(listener);
            }
        }
        past.forEach(event -> call(listener, event)); // the session is over: no thread comes back to life for its story
        return () -> {};
    }

    public List<SessionEvent> journal() {
        synchronized (journal) {
            return List.copyOf(journal);
        }
    }

    /** The thread of the listeners, for other calls into the program. */
    public Executor executor() {
        return thread;
    }

    /** Lets what is queued be delivered, then gives the thread back. */
    public void finish() {
        synchronized (journal) {
            thread.shutdown();
        }
    }

    private static void call(Consumer<SessionEvent> listener, SessionEvent event) {
        try {
            listener.accept(event);
        } catch (Throwable thrown) { // a listener's defect is not ours, and the next listener is to hear the event
            log.warn("A listener threw on {}", event.getClass().getSimpleName(), thrown);
        }
    }
}
