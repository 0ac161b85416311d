package dev.drawbridge.internal.runtime;

import dev.drawbridge.spi.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * A scheduler whose tasks cannot fail in silence. An executor keeps what a task throws for somebody who asks, and here nobody does:
 * the session would go on as if the input had never come.
 */
final class GuardedScheduler implements Scheduler {
    private final Scheduler scheduler;
    private final Consumer<Throwable> thrown;

    /** @param thrown told on the thread of the task that threw */
    GuardedScheduler(Scheduler scheduler, Consumer<Throwable> thrown) {
        this.scheduler = scheduler;
        this.thrown = thrown;
    }

    @Override
    public Instant now() {
        return scheduler.now();
    }

    @Override
    public void execute(Runnable task) {
        scheduler.execute(guarded(task));
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        return scheduler.schedule(delay, guarded(task));
    }

    @Override
    public void close() {
        scheduler.close();
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable e) { // errors too: the session has to end in order, on this thread
                thrown.accept(e);
            }
        };
    }
}
