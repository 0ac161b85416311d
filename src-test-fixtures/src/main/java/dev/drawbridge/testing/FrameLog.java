package dev.drawbridge.testing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** The last entries, bounded in number and in text. */
final class FrameLog {
    private static final long MAX_CHARS = 16L << 20;

    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final ArrayDeque<LogEntry> entries = new ArrayDeque<>();
    private long chars;

    /** How many entries were ever added. */
    private long added;

    FrameLog(int limit) {
        this.limit = limit;
    }

    boolean isOff() {
        return limit == 0;
    }

    void add(LogEntry entry) {
        lock.lock();
        try {
            entries.add(entry);
            added++;
            chars += entry.text().length();
            while (entries.size() > limit || (chars > MAX_CHARS && entries.size() > 1)) {
                chars -= entries.remove().text().length();
            }
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    List<LogEntry> entries() {
        lock.lock();
        try {
            return List.copyOf(entries);
        } finally {
            lock.unlock();
        }
    }

    /** The first entry, old or new, that {@code wanted} accepts. The predicate runs outside the lock. */
    LogEntry await(Predicate<LogEntry> wanted, Duration limit) throws InterruptedException {
        long nanosLeft = limit.toNanos();
        long seen = 0;
        while (true) {
            List<LogEntry> fresh = new ArrayList<>();
            lock.lock();
            try {
                while (added == seen) {
                    if (nanosLeft <= 0) {
                        throw new AssertionError("no such entry within " + limit + " in " + summary());
                    }
                    nanosLeft = grown.awaitNanos(nanosLeft);
                }
                long skip = Math.max(0, seen - (added - entries.size()));
                Iterator<LogEntry> all = entries.iterator();
                for (long i = 0; all.hasNext(); i++) {
                    LogEntry entry = all.next();
                    if (i >= skip) {
                        fresh.add(entry);
                    }
                }
                seen = added;
            } finally {
                lock.unlock();
            }
            long started = System.nanoTime();
            for (LogEntry entry : fresh) {
                if (wanted.test(entry)) {
                    return entry;
                }
            }
            nanosLeft -= System.nanoTime() - started;
        }
    }

    private String summary() {
        StringBuilder text = new StringBuilder("the log:");
        entries.forEach(entry -> text.append("\n  ").append(entry));
        return text.toString();
    }
}
