package dev.drawbridge.stress;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Waits for what a race started. What does not come in time is an error of the test that waited, never a hang. */
public final class Patience {
    private static final long SECONDS = 30;

    private Patience() {}

    public static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    }

    /** Until a thread has ended, after which it does nothing more. */
    public static void awaitEnd(Thread thread) {
        try {
            thread.join(SECONDS * 1000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (thread.isAlive()) {
            throw new IllegalStateException(thread.getName() + " has not ended");
        }
    }
}
