package dev.drawbridge.media;

import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the sources that a program pushes into have in common. Before the start the newest frames wait; after the stop they are
 * dropped and counted, so that a source nobody reads holds no memory. It may be started again.
 */
final class PushedFrames<T> {
    private final String name;
    private final DropOldestQueue<T> queue;
    private final ToLongFunction<T> due;
    private @Nullable Delivery<T> current; // guarded by this
    private volatile boolean stopped;

    /** @param due when a frame may leave; one of another clock, far ahead, leaves at once */
    PushedFrames(String name, int capacity, ToLongFunction<T> due) {
        this.name = name;
        this.due = due;
        this.queue = new DropOldestQueue<>(capacity);
    }

    void push(T frame) {
        if (stopped) {
            queue.countDropped();
        } else {
            queue.put(frame);
            if (stopped) { // a stop came between; leave nothing behind
                queue.clear();
            }
        }
    }

    synchronized void start(Consumer<T> output) {
        if (current != null) {
            throw new IllegalStateException("the source is already in use: one source feeds one session");
        }
        stopped = false;
        current = new Delivery<>(name, output, this::run);
        current.begin();
    }

    void stop() {
        Delivery<T> ended;
        synchronized (this) {
            ended = current;
            current = null;
            if (ended != null) {
                stopped = true;
                queue.clear();
            }
        }
        if (ended != null) {
            ended.end();
        }
    }

    private void run(Delivery<T> delivery) {
        while (delivery.running()) {
            try {
                T frame = queue.take();
                long time = due.applyAsLong(frame);
                if (time - System.nanoTime() <= CustomVideo.AHEAD.toNanos()) {
                    delivery.sleepUntil(time);
                }
                delivery.deliver(frame);
            } catch (InterruptedException stop) {
                // running() tells whether it was meant for us; a consumer may have left its interrupt behind
            }
        }
    }

    long dropped() {
        return queue.dropped();
    }
}
