package dev.drawbridge.media;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a source, from its start to its stop: a daemon thread of its own and the promise that nothing is delivered after
 * {@link #end} returned.
 */
final class Delivery<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final long END_WAIT_MILLIS = 1000;

    private final String name;
    private final Consumer<T> output;
    private final ReentrantLock gate = new ReentrantLock();
    private final Thread thread;
    private volatile boolean running = true;
    private boolean complained; // guarded by gate

    /** @param loop what the thread does; it ends soon after {@link #running} is false or the thread was interrupted */
    Delivery(String name, Consumer<T> output, Consumer<Delivery<T>> loop) {
        this.name = name;
        this.output = output;
        this.thread = new Thread(() -> loop.accept(this), "drawbridge-" + name);
        thread.setDaemon(true);
    }

    void begin() {
        thread.start();
    }

    boolean running() {
        return running;
    }

    /** Hands one frame over, unless this has ended. */
    void deliver(T frame) {
        gate.lock();
        try {
            if (running) {
                output.accept(frame);
            }
        } catch (Throwable e) { // also the errors that native libraries throw; the source goes on
            if (!complained) {
                complained = true;
                LOG.warn("The consumer of {} failed; further failures are not logged", name, e);
            }
        } finally {
            gate.unlock();
        }
    }

    /** Sleeps until {@link System#nanoTime} reaches the deadline, or until the end. */
    void sleepUntil(long deadline) {
        for (long left = deadline - System.nanoTime(); left > 0 && running; left = deadline - System.nanoTime()) {
            LockSupport.parkNanos(left);
            boolean ending = Thread.interrupted(); // what a consumer left behind would keep the next from sleeping
            if (ending && !running) {
                return;
            }
        }
    }

    /** Ends it. Waits for a delivery under way, at most a second, and not at all on the delivering thread. Idempotent. */
    void end() {
        running = false;
        LockSupport.unpark(thread);
        boolean inside = gate.isHeldByCurrentThread();
        if (!inside) {
            thread.interrupt();
            try {
                if (gate.tryLock(END_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                    gate.unlock();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
