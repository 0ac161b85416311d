package dev.drawbridge.internal.runtime;

import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.AudioMuted;
import dev.drawbridge.SessionEvent.ChatReceived;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.FileNotSent;
import dev.drawbridge.SessionEvent.FileOffered;
import dev.drawbridge.SessionEvent.FileSent;
import dev.drawbridge.SessionEvent.LabelChanged;
import dev.drawbridge.SessionEvent.MaxPublishersReached;
import dev.drawbridge.SessionEvent.MemberJoined;
import dev.drawbridge.SessionEvent.MemberLeft;
import dev.drawbridge.SessionEvent.NoCommonCodec;
import dev.drawbridge.SessionEvent.ProtocolViolation;
import dev.drawbridge.SessionEvent.RemoteStats;
import dev.drawbridge.SessionEvent.SceneCommand;
import dev.drawbridge.SessionEvent.ServerNotice;
import dev.drawbridge.SessionEvent.StreamAnnounced;
import dev.drawbridge.SessionEvent.StreamMissing;
import dev.drawbridge.SessionEvent.StreamRequested;
import dev.drawbridge.SessionEvent.TallyChanged;
import dev.drawbridge.SessionEvent.VideoMuted;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.SessionEvent.ViewerRequested;
import dev.drawbridge.SessionEvent.Violation;
import dev.drawbridge.Subscription;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps the journal and calls the listeners, on one thread of its own, so a slow listener delays listeners and nothing else.
 * Whoever subscribes late hears the journal first, then goes on live, without a gap and without a repetition.
 */
public final class EventHub {
    private static final Logger log = LoggerFactory.getLogger(EventHub.class);
    /** Older entries make room; a lifetime of one viewer takes about ten. */
    static final int JOURNAL = 4096;
    /** What may wait for a slow listener of that of which strangers decide how much there is. */
    static final int MAX_WAITING = 4096;

    static final long MAX_WAITING_CHARS = 8L << 20;

    /** What may wait of the session's own story, which takes a real connection or a pause for each event. Its end always may. */
    static final int MAX_STORY = 16 * MAX_WAITING;

    /** How long listeners may take after the last event before their thread is interrupted. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final ThreadPoolExecutor thread;
    private final Duration grace;
    private final CompletableFuture<@Nullable Void> heardOut = new CompletableFuture<>();
    private volatile @Nullable Thread calling;
    private volatile boolean overdue;
    private final ArrayDeque<SessionEvent> journal = new ArrayDeque<>();
    private final List<Consumer<SessionEvent>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong waitingChars = new AtomicLong();
    private final AtomicBoolean threw = new AtomicBoolean();
    private boolean dropping; // guarded by the journal
    private int spare; // how many in the journal a stranger can repeat; guarded by it
    private Consumer<SessionEvent> recorder = event -> {}; // guarded by the journal

    public EventHub(String threadName) {
        this(threadName, GRACE);
    }

    EventHub(String threadName, Duration grace) {
        this.grace = grace;
        thread =
                new ThreadPoolExecutor(
                        1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Threads.daemon(threadName)) {
                    @Override
                    protected void terminated() {
                        heardOut.complete(null);
                    }
                };
        thread.allowCoreThreadTimeOut(true);
        thread.setRejectedExecutionHandler((task, executor) -> {}); // after the last event nobody is called
    }

    /** Has every event written down by somebody who is quick, in order, before anybody else hears of it. */
    public void recordWith(Consumer<SessionEvent> writer) {
        synchronized (journal) {
            recorder = writer;
        }
    }

    /** Journals and delivers. The lock covers the order only; listeners are called outside of it. */
    public void publish(SessionEvent event) {
        synchronized (journal) {
            recorder.accept(event);
            if (!said(event)) {
                if (journal.size() == JOURNAL) {
                    makeRoom();
                }
                journal.addLast(event);
                spare += repeatable(event) ? 1 : 0;
            }
            if (!listeners.isEmpty()) {
                if (admitted(event)) {
                    queue(event);
                    dropping &= waiting.get() > 1;
                } else if (!dropping) {
                    dropping = true;
                    queue(new ProtocolViolation(
                            event.at(), Violation.TOO_MUCH, "a listener is too slow, so events are dropped"));
                    log.warn("A listener is too slow: events are dropped until it has caught up");
                }
            }
        }
    }

    private void queue(SessionEvent event) {
        List<Consumer<SessionEvent>> now = List.copyOf(listeners);
        waiting.incrementAndGet();
        waitingChars.addAndGet(chars(event));
        thread.execute(() -> {
            waiting.decrementAndGet();
            waitingChars.addAndGet(-chars(event));
            now.forEach(listener -> tell(listener, event));
        });
    }

    /** What a stranger can repeat at will goes first, so that no stranger can push the story of the session out. */
    private void makeRoom() {
        if (spare == 0) {
            journal.removeFirst();
            return;
        }
        Iterator<SessionEvent> oldest = journal.iterator();
        while (!repeatable(oldest.next())) {
            // There is one.
        }
        oldest.remove();
        spare--;
    }

    /** Whether it is queued; a slow listener must not cost the process its memory. */
    private boolean admitted(SessionEvent event) {
        if (repeatable(event)) {
            return waiting.get() < MAX_WAITING && waitingChars.get() + chars(event) <= MAX_WAITING_CHARS;
        }
        return waiting.get() < MAX_STORY || event instanceof Closed;
    }

    /** Whether a stranger or a peer can cause any number of them without a pause. */
    static boolean repeatable(SessionEvent event) {
        return said(event)
                || event instanceof ProtocolViolation
                || event instanceof ServerNotice
                || ofFile(event)
                || event instanceof StreamRequested
                || event instanceof StreamMissing
                || event instanceof MemberJoined
                || event instanceof MemberLeft
                || event instanceof StreamAnnounced
                || event instanceof MaxPublishersReached
                || event instanceof NoCommonCodec
                || event instanceof SceneCommand
                || event instanceof TallyChanged
                || event instanceof LabelChanged
                || event instanceof AudioMuted
                || event instanceof VideoMuted
                || event instanceof ViewerRequested
                || event instanceof ViewerRefused;
    }

    private static boolean ofFile(SessionEvent event) {
        return event instanceof FileOffered || event instanceof FileSent || event instanceof FileNotSent;
    }

    /** What a peer says to the program, and no part of the session's story. */
    static boolean said(SessionEvent event) {
        return event instanceof DataReceived || event instanceof ChatReceived || event instanceof RemoteStats;
    }

    private static long chars(SessionEvent event) {
        if (event instanceof ChatReceived chat) {
            return chat.text().length();
        }
        if (event instanceof RemoteStats stats) {
            return stats.json().length();
        }
        return event instanceof DataReceived data ? data.json().length() : 0;
    }

    public Subscription subscribe(Consumer<SessionEvent> listener) {
        List<SessionEvent> past;
        synchronized (journal) {
            past = List.copyOf(journal);
            if (!thread.isShutdown()) {
                listeners.add(listener);
                thread.execute(() -> past.forEach(event -> tell(listener, event)));
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

    /** The thread of the listeners, for other calls into the program; where too many wait, a call is dropped. */
    public Executor executor() {
        return this::call;
    }

    /** The same; returns whether it will be called. */
    boolean call(Runnable task) {
        if (waiting.get() >= MAX_WAITING) {
            return false;
        }
        waiting.incrementAndGet();
        thread.execute(() -> {
            waiting.decrementAndGet();
            hurry();
            task.run();
        });
        return true;
    }

    /** Lets what is queued be delivered, then gives the thread back; whoever still waits for something after the grace is interrupted. */
    public void finish() {
        synchronized (journal) {
            thread.shutdown();
        }
        var unused = heardOut.orTimeout(grace.toNanos(), TimeUnit.NANOSECONDS).exceptionally(late -> {
            overdue = true;
            Thread listening = calling;
            if (listening != null) {
                listening.interrupt();
            }
            return null;
        });
    }

    private void tell(Consumer<SessionEvent> listener, SessionEvent event) {
        hurry();
        call(listener, event);
    }

    /**
     * Before every call on the thread of the listeners: one interrupt frees one call only, and to drop the calls after it would
     * keep the end of the session from listeners who never blocked.
     */
    private void hurry() {
        calling = Thread.currentThread(); // before the look at overdue, or both sides could miss each other
        if (overdue) {
            Thread.currentThread().interrupt();
        }
    }

    private void call(Consumer<SessionEvent> listener, SessionEvent event) {
        try {
            listener.accept(event);
        } catch (Throwable thrown) { // a listener's defect is not ours, and the next listener is to hear the event
            // Strangers decide how many events there are, and a log is no place for them to fill.
            log.atLevel(threw.getAndSet(true) ? Level.DEBUG : Level.WARN)
                    .setCause(thrown)
                    .log(
                            "A listener threw on {}; from the second time on at DEBUG",
                            event.getClass().getSimpleName());
        }
    }
}
