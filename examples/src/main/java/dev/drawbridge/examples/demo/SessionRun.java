package dev.drawbridge.examples.demo;

import dev.drawbridge.CloseReason;
import dev.drawbridge.Session;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/** Runs one session from its start to its end and reports everything of it; Ctrl-C closes it in order. */
final class SessionRun {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final long CLOSE_MILLIS = 2_000;

    private final Report report;
    private final Optional<Duration> limit;
    private final Thread thread = Thread.currentThread();
    private final CompletableFuture<Session> running = new CompletableFuture<>();
    private final CompletableFuture<Closed> told = new CompletableFuture<>();
    private volatile CompletableFuture<?> rest = CompletableFuture.completedFuture(null);

    /** Starts a session that tells its events to the listener from the first on. */
    interface Start<S extends Session> {
        S start(Consumer<SessionEvent> listener) throws SessionException;
    }

    /** @param limit when to close the session if it lives so long */
    SessionRun(Report report, Optional<Duration> limit) {
        this.report = report;
        this.limit = limit;
    }

    /**
     * <b>Blocking:</b> until the session is closed and everything was reported.
     *
     * @param begun is called once the session has started
     * @return how it closed
     * @throws SessionException if it could not start, and nobody was told why
     */
    <S extends Session> CloseReason run(Start<S> start, Consumer<S> begun, Function<S, Snapshot> snapshot)
            throws SessionException {
        Thread hook = new Thread(this::interrupted, "demo-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            S session = start.start(this::tell);
            try (session) {
                running.complete(session);
                begun.accept(session);
                watch(session, snapshot);
            }
            awaitTold();
            return session.awaitClosed(Duration.ZERO).orElse(CloseReason.CLOSED_BY_APPLICATION);
        } catch (SessionException failed) {
            boolean ending = Thread.interrupted(); // the flag has done its work, and would cut the waiting short
            awaitTold();
            Closed closed = told.getNow(null);
            if (ending || (report.forPerson() && closed != null && closed.reason() == failed.code())) {
                return failed.code(); // the user knows why
            }
            throw failed;
        } finally {
            report.end();
            remove(hook);
        }
    }

    /** The end waits a moment for this, too; it tells of its own failure. */
    void awaitAlso(CompletionStage<?> something) {
        rest = something.toCompletableFuture().exceptionally(told -> null);
    }

    private <S extends Session> void watch(S session, Function<S, Snapshot> snapshot) {
        long start = System.nanoTime();
        for (int second = 1; !report.broken(); second++) {
            Duration due = SECOND.multipliedBy(second);
            boolean last = limit.isPresent() && due.compareTo(limit.get()) > 0;
            Duration until = last ? limit.get() : due;
            Duration wait = until.minusNanos(System.nanoTime() - start);
            if (session.awaitClosed(wait.isNegative() ? Duration.ZERO : wait).isPresent()
                    || last
                    || Thread.currentThread().isInterrupted()) {
                return;
            }
            Snapshot now = snapshot.apply(session);
            synchronized (this) {
                if (!told.isDone()) { // nothing follows the last event
                    report.stats("", now);
                }
            }
        }
    }

    private synchronized void tell(SessionEvent event) {
        report.event("", event);
        if (event instanceof Closed closed) {
            told.complete(closed);
        }
    }

    /** Closing returns when the session is closed; its listener may be some moments behind. */
    private void awaitTold() {
        try {
            CompletableFuture.allOf(told, rest).get(CLOSE_MILLIS / 2, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // A session that failed before its first step has no events to tell.
        }
    }

    /** Runs while the JVM ends, which it does when this returns. */
    private void interrupted() {
        Session session = running.getNow(null);
        if (session == null) {
            thread.interrupt(); // it is starting, and then closes itself
        } else {
            session.close();
        }
        awaitTold();
        report.end();
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // It is what ends the session just now.
        }
    }
}
