package dev.drawbridge.media;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** A bounded queue in which the newest always finds a place. Any thread. */
final class DropOldestQueue<T> {
    private final ArrayBlockingQueue<T> queue;
    private final AtomicLong dropped = new AtomicLong();

    DropOldestQueue(int capacity) {
        queue = new ArrayBlockingQueue<>(capacity);
    }

    void put(T item) {
        while (!queue.offer(item)) {
            if (queue.poll() != null) {
                dropped.incrementAndGet();
            }
        }
    }

    T take() throws InterruptedException {
        return queue.take();
    }

    /** Throws everything away that waits, and counts it. */
    void clear() {
        while (queue.poll() != null) {
            dropped.incrementAndGet();
        }
    }

    void countDropped() {
        dropped.incrementAndGet();
    }

    long dropped() {
        return dropped.get();
    }
}
