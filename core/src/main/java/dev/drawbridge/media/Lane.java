package dev.drawbridge.media;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What has been read and is not due yet. The reader waits when it is full, unless nobody takes anything: then the oldest goes, so that
 * whoever comes later finds what is due about then.
 */
final class Lane<T> {
    /**
     * Something that waits.
     *
     * @param content null for the end
     * @param at when it is due, from the beginning
     * @param round how often it was begun anew before
     */
    record Item<T>(@Nullable T content, long at, int round) {}

    private final int most;
    private final long mostBytes;
    private final ToLongFunction<T> sizes;
    // Guarded by this.
    private final Deque<Item<T>> waiting = new ArrayDeque<>();
    private long bytes;
    private boolean wanted;
    private boolean over;
    private int round;

    Lane(int most, long mostBytes, ToLongFunction<T> sizes) {
        this.most = most;
        this.mostBytes = mostBytes;
        this.sizes = sizes;
    }

    synchronized void wanted(boolean taken) {
        wanted = taken;
        notifyAll();
    }

    /** Of an earlier round nothing is kept. */
    synchronized void put(Item<T> item) throws InterruptedException {
        while (full(item) && wanted && current(item)) {
            wait();
        }
        if (!current(item)) {
            return;
        }
        while (full(item)) {
            remove();
        }
        waiting.add(item);
        bytes += size(item);
        notifyAll();
    }

    private boolean full(Item<T> next) {
        return !waiting.isEmpty() && (waiting.size() >= most || bytes + size(next) > mostBytes);
    }

    private long size(Item<T> item) {
        return item.content() == null ? 0 : sizes.applyAsLong(item.content());
    }

    private Item<T> remove() {
        Item<T> oldest = waiting.remove();
        bytes -= size(oldest);
        return oldest;
    }

    /** Waits for the next one. */
    synchronized Item<T> take() throws InterruptedException {
        while (waiting.isEmpty()) {
            wait();
        }
        Item<T> next = remove();
        notifyAll();
        return next;
    }

    synchronized boolean empty() {
        return waiting.isEmpty();
    }

    synchronized boolean current(Item<T> item) {
        return !over && item.round() == round;
    }

    synchronized void begin(int fresh) {
        round = fresh;
        waiting.clear();
        bytes = 0;
        notifyAll();
    }

    /** Nothing is kept any more. */
    synchronized void end() {
        over = true;
        waiting.clear();
        bytes = 0;
        notifyAll();
    }
}
