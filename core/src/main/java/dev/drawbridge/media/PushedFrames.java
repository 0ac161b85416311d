package dev.drawbridge.media;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the sources that a program pushes into have in common. Before the start the newest frames wait; after the stop they are
 * dropped and counted, so that a source nobody reads holds no memory. It may be started again.
 */
final class PushedFrames<T> {
    private final String name;
    private final DropOldestQueue<T> queue;
    private @Nullable Delivery<T> current; // guarded by this
    private volatile boolean stopped;

    PushedFrames(String name, int capacity) {
        this.name = name;
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
                delivery.deliver(queue.take());
            } catch (InterruptedException stop) {
                // running() tells whether it was meant for us; a consumer may have left its interrupt behind
            }
        }
    }

    long dropped() {
        return queue.dropped();
    }
}
