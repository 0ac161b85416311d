package dev.drawbridge.spi;

import java.time.Duration;
import java.time.Instant;

/**
 * A clock with one serial executor: all tasks of one scheduler run one after the other, in the order in which they became due.
 * A session owns one. Tests use a virtual one.
 */
public interface Scheduler extends AutoCloseable {

    /** The time now. */
    Instant now();

    /** Runs a task as soon as possible, after all tasks that are already waiting. From any thread; dropped after close. */
    void execute(Runnable task);

    /** Runs a task after a delay. From any thread; dropped after close. */
    Cancellable schedule(Duration delay, Runnable task);

    /** Lets the running task finish, drops the others and gives its thread back. Does not wait. Idempotent. */
    @Override
    void close();

    /** Something that can be called off. */
    @FunctionalInterface
    interface Cancellable {
        /** Calls it off; harmless when it has already run. */
        void cancel();
    }
}
