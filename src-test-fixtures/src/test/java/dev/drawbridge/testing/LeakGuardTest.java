package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

final class LeakGuardTest {
    private static CountDownLatch release;

    @AfterEach
    void release_the_threads_of_the_samples() {
        if (release != null) {
            release.countDown();
        }
    }

    @Test
    void a_thread_of_ours_that_outlives_its_test_fails_it_and_shows_its_stack() {
        assertThat(failureOf("leaves_a_thread"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("\"drawbridge-forgotten\"")
                .hasMessageContaining("Samples.lambda$start");
    }

    @Test
    void a_thread_that_ends_within_a_second_passes() {
        assertThat(failureOf("ends_its_thread_late")).isNull();
    }

    @Test
    void threads_of_others_and_the_native_one_pass() {
        assertThat(failureOf("leaves_threads_that_are_allowed")).isNull();
    }

    @Test
    void a_thread_that_was_there_before_is_not_blamed_on_the_test() {
        release = new CountDownLatch(1);
        Samples.start("drawbridge-older", release);
        assertThat(failureOf("does_nothing")).isNull();
    }

    @Test
    void a_test_that_passes_its_limit_is_interrupted_and_shows_every_thread() {
        PrintStream console = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        try {
            assertThat(failureOf("takes_for_ever"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("takes_for_ever() takes longer than 200 ms")
                    .hasMessageContaining("Samples.takes_for_ever")
                    .hasCauseInstanceOf(InterruptedException.class);
        } finally {
            System.setErr(console);
        }
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void threads_that_wait_for_each_other_fail_the_test() {
        assertThat(failureOf("makes_a_deadlock"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("wait for each other")
                .hasMessageContaining("\"left\"")
                .hasMessageContaining("held by \"right\"");
        Samples.deadlocked.forEach(Thread::interrupt);
    }

    @Test
    void the_failure_of_a_test_stays_its_own() {
        assertThat(failureOf("fails")).isInstanceOf(IllegalStateException.class).hasMessage("its own");
    }

    private static Throwable failureOf(String method) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectMethod(Samples.class, method))
                .build();
        Launcher launcher = LauncherFactory.create();
        Throwable[] failure = new Throwable[1];
        int[] finished = new int[1];
        launcher.execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                    finished[0]++;
                    failure[0] = result.getThrowable().orElse(null);
                }
            }
        });
        assertThat(finished[0]).isEqualTo(1);
        return failure[0];
    }

    /** Tests for the tests above. A nested class is not found by an ordinary run. */
    static final class Samples {
        private static List<Thread> deadlocked = List.of();

        @RegisterExtension
        final LeakGuard guard = new LeakGuard(Duration.ofMillis(200));

        @Test
        void does_nothing() {}

        @Test
        void fails() {
            throw new IllegalStateException("its own");
        }

        @Test
        void leaves_a_thread() {
            release = new CountDownLatch(1);
            start("drawbridge-forgotten", release);
        }

        @Test
        void ends_its_thread_late() {
            CountDownLatch never = new CountDownLatch(1);
            Thread thread = new Thread(
                    () -> {
                        try {
                            assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    "drawbridge-slow");
            thread.start();
        }

        @Test
        void leaves_threads_that_are_allowed() {
            release = new CountDownLatch(1);
            start("somebody-else", release);
            start("drawbridge-native-loop", release);
        }

        @Test
        void takes_for_ever() throws InterruptedException {
            new CountDownLatch(1).await();
        }

        @Test
        void makes_a_deadlock() throws Exception {
            ReentrantLock one = new ReentrantLock();
            ReentrantLock two = new ReentrantLock();
            CyclicBarrier both = new CyclicBarrier(2);
            Thread left = new Thread(() -> lockBoth(one, two, both), "left");
            Thread right = new Thread(() -> lockBoth(two, one, both), "right");
            deadlocked = List.of(left, right);
            deadlocked.forEach(Thread::start);
            while (!one.hasQueuedThread(right) || !two.hasQueuedThread(left)) {
                Thread.onSpinWait();
            }
        }

        private static void lockBoth(ReentrantLock first, ReentrantLock second, CyclicBarrier both) {
            first.lock();
            try {
                both.await();
                second.lockInterruptibly();
                second.unlock();
            } catch (Exception e) {
                Thread.currentThread().interrupt();
            } finally {
                first.unlock();
            }
        }

        static void start(String name, CountDownLatch until) {
            Thread thread = new Thread(
                    () -> {
                        try {
                            until.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    name);
            thread.setDaemon(true);
            thread.start();
        }
    }
}
