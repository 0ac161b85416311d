package dev.drawbridge.webrtc;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of the process that calls into the native library, and the only door through which the library calls back.
 *
 * <p>libwebrtc deadlocks when it is closed from inside one of its callbacks, and aborts the process when an exception leaves one.
 * So nothing here offers a way to do either: {@link #callback} swallows everything, and native work happens only in {@link #post}ed tasks.
 */
final class NativeThread {
    private static final Logger LOG = LoggerFactory.getLogger(NativeThread.class);
    static final String NAME = "drawbridge-native";

    /** Threads that the library made and attached to the JVM; weak, because decoder threads come and go. */
    private static final Set<Thread> LIBRARY_THREADS =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private static final ThreadLocal<Boolean> LIBRARY_THREAD = ThreadLocal.withInitial(() -> false);
    private static final ScheduledThreadPoolExecutor EXECUTOR = executor();

    private NativeThread() {}

    private static ScheduledThreadPoolExecutor executor() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, NAME);
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    /** Runs the task after all earlier ones. */
    static void post(Runnable task) {
        EXECUTOR.execute(() -> run(task));
    }

    /** Runs the task later. */
    static ScheduledFuture<?> after(long millis, Runnable task) {
        return EXECUTOR.schedule(() -> run(task), millis, TimeUnit.MILLISECONDS);
    }

    /** Tasks that wait, those for later included. */
    static int waiting() {
        return EXECUTOR.getQueue().size();
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            LOG.error("a native task failed", e);
        }
    }

    /** Wraps the body of every callback of the library: nothing ever leaves it. */
    static void callback(Runnable body) {
        try {
            if (!LIBRARY_THREAD.get()) {
                LIBRARY_THREAD.set(true);
                LIBRARY_THREADS.add(Thread.currentThread());
            }
            body.run();
        } catch (Throwable e) {
            complain(e);
        }
    }

    private static void complain(Throwable e) {
        try {
            LOG.error("a callback of the native library failed", e);
        } catch (Throwable ignored) {
            // Logging failed too (out of memory, broken appender): leaving the callback with an exception would abort
            // the process.
        }
    }

    /** Whether the caller must not wait for native work: it is the native thread itself or stands inside a callback. */
    static boolean mustNotWait() {
        return NAME.equals(Thread.currentThread().getName()) || LIBRARY_THREAD.get();
    }

    static boolean madeByLibrary(Thread thread) {
        return LIBRARY_THREADS.contains(thread);
    }
}
