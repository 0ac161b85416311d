package dev.drawbridge.testing;

import dev.drawbridge.spi.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until a test moves it, so that minutes pass in microseconds and every run is the same.
 *
 * <p>Tasks run on the thread that calls {@link #run}, {@link #advance} or {@link #await}, in the order of the moments at which they are
 * due; those of one moment in the order in which they were handed in. While a task runs, {@link #now} is the moment at which it
 * was due. A task that throws ends the call that ran it with that exception; the rest stays where it is.
 *
 * <p>A session closes its scheduler at its end. Give each session {@link #another} scheduler of this clock, so that the others and
 * the fakes go on:
 *
 * <pre>{@code
 * VirtualTime time = new VirtualTime();
 * Publisher publisher = Publisher.builder(options).scheduler(time.another()).media(...).signaling(...).start();
 * time.advance(Duration.ofSeconds(10));
 * }</pre>
 *
 * <p><b>Thread:</b> tasks may be handed in from any thread; the time may be moved by one thread at a time, and not by a task.
 */
public final class VirtualTime implements Scheduler {
    /** The moment at which every virtual time begins. */
    public static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private static final int MOST_AT_ONCE = 1_000_000;
    private static final long PATIENCE_SECONDS = 5;

    private record Task(Instant due, long number, View owner, Runnable work) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int later = due.compareTo(other.due);
            return later != 0 ? later : Long.compare(number, other.number);
        }
    }

    private final Object lock = new Object();
    private final View own = new View();
    // Guarded by the lock.
    /** Not a queue: most tasks are taken back before they are due, wherever they stand. */
    private final TreeSet<Task> waiting = new TreeSet<>();

    private Instant now = START;
    private long count;
    private boolean over;
    private @Nullable Thread running;

    /** A clock at {@link #START}, with nothing to do. */
    public VirtualTime() {}

    /** A scheduler of its own on this clock: what it was given is ordered with all the rest, and its close ends only itself. */
    public Scheduler another() {
        return new View();
    }

    @Override
    public Instant now() {
        synchronized (lock) {
            return now;
        }
    }

    /** How much time has passed since {@link #START}. */
    public Duration elapsed() {
        return Duration.between(START, now());
    }

    @Override
    public void execute(Runnable task) {
        own.execute(task);
    }

    /** {@inheritDoc} A negative delay counts as none. */
    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        return own.schedule(delay, task);
    }

    /** Ends this clock with every scheduler of it: all tasks are dropped. */
    @Override
    public void close() {
        synchronized (lock) {
            over = true;
            waiting.clear();
        }
    }

    /** Runs everything that is due, and what that brings about, without moving the clock. */
    public void run() {
        advance(Duration.ZERO);
    }

    /**
     * Moves the clock, and runs everything on the way at its moment.
     *
     * @throws IllegalStateException if a task or another thread is moving it
     * @throws AssertionError if the tasks of one moment bring about new ones without end
     */
    public void advance(Duration by) {
        enter();
        try {
            Instant until = now().plus(by);
            Instant moment = Instant.MIN;
            int atOnce = 0;
            for (Task task = next(until); task != null; task = next(until)) {
                atOnce = task.due().equals(moment) ? atOnce + 1 : 0;
                moment = task.due();
                if (atOnce > MOST_AT_ONCE) {
                    throw new AssertionError("tasks without end at " + moment);
                }
                task.work().run();
            }
            synchronized (lock) {
                now = until;
            }
        } finally {
            leave();
        }
    }

    /**
     * Waits for something that another thread brings about by handing in a task, such as a listener that closes its session. The clock
     * does not move. The condition is looked at whenever the tasks have run out.
     *
     * @throws AssertionError if it does not come true within 5 s of real time
     */
    public void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            run();
            if (condition.getAsBoolean()) {
                return;
            }
            synchronized (lock) {
                while (!somethingIsDue()) {
                    long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    if (millis <= 0) {
                        throw new AssertionError("did not happen: " + what);
                    }
                    lock.wait(millis);
                }
            }
        }
    }

    private boolean somethingIsDue() {
        return !waiting.isEmpty() && !waiting.first().due().isAfter(now);
    }

    private void enter() {
        synchronized (lock) {
            if (running != null) {
                throw new IllegalStateException("the clock is being moved already, by " + running.getName());
            }
            running = Thread.currentThread();
        }
    }

    private void leave() {
        synchronized (lock) {
            running = null;
        }
    }

    private @Nullable Task next(Instant until) {
        synchronized (lock) {
            if (waiting.isEmpty() || waiting.first().due().isAfter(until)) {
                return null;
            }
            Task first = waiting.pollFirst();
            now = first.due();
            return first;
        }
    }

    /** One scheduler of the clock. */
    private final class View implements Scheduler {
        private boolean closed;

        @Override
        public Instant now() {
            return VirtualTime.this.now();
        }

        @Override
        public void execute(Runnable task) {
            schedule(Duration.ZERO, task);
        }

        @Override
        public Cancellable schedule(Duration delay, Runnable work) {
            synchronized (lock) {
                Task task = new Task(delay.isNegative() ? now : now.plus(delay), count++, this, work);
                if (!closed && !over) {
                    waiting.add(task);
                    lock.notifyAll();
                }
                return () -> {
                    synchronized (lock) {
                        waiting.remove(task);
                    }
                };
            }
        }

        @Override
        public void close() {
            synchronized (lock) {
                closed = true;
                waiting.removeIf(task -> task.owner() == this);
            }
        }
    }
}
