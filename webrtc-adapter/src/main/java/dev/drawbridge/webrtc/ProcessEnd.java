package dev.drawbridge.webrtc;

import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the JVM end. webrtc-java attaches the library's threads as non-daemon threads, so after {@code main} returned the JVM would
 * wait for them for ever. This daemon thread waits, without polling, until no transport is open and no other non-daemon thread lives,
 * and then disposes the factories, which ends those threads. While a transport is open the JVM stays.
 *
 * <p>One thing is out of reach: after the JVM is gone, static destructors of webrtc-java 0.14.0 try to attach the thread that leaves
 * the process, and write "VM attach current thread failed" and a second line to standard <i>output</i>. Nothing else happens. A
 * program whose output is read by another one calls {@code System.out.close()} as its last step: Java then leads it to nowhere.
 */
final class ProcessEnd {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessEnd.class);
    private static final Object LOCK = new Object();

    private static int open;
    private static @Nullable Thread watch;

    private ProcessEnd() {}

    /** A transport begins to use the library. */
    static void enter() {
        synchronized (LOCK) {
            open++;
            if (watch == null) {
                watch = new Thread(ProcessEnd::watch, "drawbridge-native-exit");
                watch.setDaemon(true);
                watch.start();
            }
        }
    }

    /** A transport has ended; each {@link #enter} once. */
    static void leave() {
        synchronized (LOCK) {
            open--;
            LOCK.notifyAll();
            if (open == 0 && ChannelLink.keepsMuch()) {
                NativeThread.post(ProcessEnd::makeAnew);
            }
        }
    }

    /** On the native thread, behind the closing of all links; whoever opens one meanwhile makes the factories behind this. */
    private static void makeAnew() {
        boolean idle;
        synchronized (LOCK) {
            idle = open == 0;
        }
        if (idle) {
            Factories.dispose();
            ChannelLink.forget();
        }
    }

    private static void watch() {
        try {
            while (true) {
                synchronized (LOCK) {
                    while (open > 0) {
                        LOCK.wait();
                    }
                }
                Thread other = otherUserThread();
                if (other != null) {
                    other.join();
                } else if (disposed()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted: the library's threads will keep the JVM alive");
        }
    }

    private static boolean disposed() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        boolean[] disposed = new boolean[1];
        NativeThread.post(() -> {
            // Decided here, behind every earlier native task: a transport opened meanwhile keeps its factories.
            synchronized (LOCK) {
                disposed[0] = open == 0;
                if (disposed[0]) {
                    watch = null;
                }
            }
            if (disposed[0]) {
                Factories.dispose();
            }
            done.countDown();
        });
        done.await();
        return disposed[0];
    }

    /** A living non-daemon thread that is neither the library's nor the JVM's own waiting for the end. */
    private static @Nullable Thread otherUserThread() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] threads = new Thread[Math.max(16, root.activeCount() * 2)];
        int count = root.enumerate(threads, true);
        while (count == threads.length) {
            threads = new Thread[threads.length * 2];
            count = root.enumerate(threads, true);
        }
        for (int i = 0; i < count; i++) {
            Thread thread = threads[i];
            if (!thread.isDaemon()
                    && thread.isAlive()
                    && !thread.getName().equals("DestroyJavaVM")
                    && !NativeThread.madeByLibrary(thread)) {
                return thread;
            }
        }
        return null;
    }
}
