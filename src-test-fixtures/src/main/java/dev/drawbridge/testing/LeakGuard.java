package dev.drawbridge.testing;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * A JUnit 5 extension that fails a test which leaves a thread of Drawbridge behind, ends in a deadlock, or takes too long.
 *
 * <p>Use it with {@code @ExtendWith(LeakGuard.class)}, or as a field with {@code @RegisterExtension} for another time limit.
 * After each test no thread whose name starts with {@code drawbridge-} and that was started during the test may live longer
 * than 3 s; only {@code drawbridge-native…} may, which exists once for the life of the process. A test that passes its limit
 * is interrupted, and its failure shows every thread of the process; the same text goes to the error stream at once, in case
 * the test does not react.
 *
 * <p>Tests that run at the same time in one process would be blamed for each other's threads.
 */
public final class LeakGuard implements BeforeEachCallback, AfterEachCallback, InvocationInterceptor {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LeakGuard.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final String OURS = "drawbridge-";
    private static final String FOR_EVER = "drawbridge-native";

    private final Duration limit;

    /** A limit of 30 s for each test. */
    public LeakGuard() {
        this(Duration.ofSeconds(30));
    }

    /** Another limit for each test. */
    public LeakGuard(Duration limit) {
        this.limit = limit;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE).put(context.getUniqueId(), ourThreads());
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        Set<?> before = context.getStore(NAMESPACE).remove(context.getUniqueId(), Set.class);
        String deadlock = ThreadDump.deadlocked();
        if (!deadlock.isEmpty()) {
            throw new AssertionError("these threads wait for each other:\n" + deadlock);
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        StringBuilder left = new StringBuilder();
        for (Thread thread : ourThreads()) {
            if (before == null || !before.contains(thread)) {
                long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                thread.join(Math.max(1, millis));
                if (thread.isAlive()) {
                    left.append(ThreadDump.of(thread));
                }
            }
        }
        if (left.length() > 0) {
            throw new AssertionError("still running " + PATIENCE.toMillis() + " ms after the test:\n" + left);
        }
    }

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        limited(invocation, context.getDisplayName());
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        limited(invocation, context.getDisplayName());
    }

    private void limited(Invocation<@Nullable Void> invocation, String name) throws Throwable {
        Watchdog watchdog = new Watchdog(Thread.currentThread(), limit, name);
        watchdog.start();
        Throwable failure = null;
        try {
            invocation.proceed();
        } catch (Throwable e) {
            failure = e;
        }
        String report = watchdog.callOff();
        if (report != null) {
            throw new AssertionError(report, failure);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static Set<Thread> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread ->
                        thread.getName().startsWith(OURS) && !thread.getName().startsWith(FOR_EVER))
                .collect(Collectors.toSet());
    }

    private static final class Watchdog extends Thread {
        private final Thread watched;
        private final Duration limit;
        private final String test;
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile @Nullable String report;

        Watchdog(Thread watched, Duration limit, String test) {
            super("leak-guard");
            setDaemon(true);
            this.watched = watched;
            this.limit = limit;
            this.test = test;
        }

        @Override
        public void run() {
            try {
                if (over.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            }
            String text = test + " takes longer than " + limit.toMillis() + " ms\n" + ThreadDump.deadlocked()
                    + ThreadDump.all();
            report = text;
            System.err.println(text);
            watched.interrupt();
        }

        /** The report if the time was over. The interrupt has arrived by then and is taken back. */
        @Nullable
        String callOff() throws InterruptedException {
            over.countDown();
            boolean interrupted = Thread.interrupted();
            join();
            if (report != null) {
                Thread.interrupted();
            } else if (interrupted) {
                watched.interrupt();
            }
            return report;
        }
    }
}
