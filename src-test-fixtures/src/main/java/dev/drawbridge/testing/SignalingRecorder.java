package dev.drawbridge.testing;

import dev.drawbridge.spi.SignalingConnection;
import dev.drawbridge.spi.SignalingEnd;
import dev.drawbridge.spi.SignalingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Writes down what a listener hears, and notes every breach of the rules of {@link SignalingListener}. */
class SignalingRecorder implements SignalingListener {
    private static final long PATIENCE_SECONDS = 5;

    // Guarded by this:
    private final List<String> frames = new ArrayList<>();
    private final List<String> breaches = new ArrayList<>();
    private int openings;
    private @Nullable SignalingEnd end;
    private int inside;
    private boolean left;

    @Override
    public final void opened() {
        heard("opened", () -> openings++);
        onOpened();
    }

    @Override
    public final void received(String frame) {
        enter("received");
        try {
            note(() -> frames.add(frame));
            onReceived(frame);
        } finally {
            note(() -> inside--);
        }
    }

    @Override
    public final void gone(SignalingEnd why) {
        heard("gone", () -> {
            if (end != null) {
                breaches.add("gone twice");
            }
            end = why;
        });
    }

    /** For a test that wants to do something while it is told. */
    void onOpened() {}

    /** Likewise. */
    void onReceived(String frame) {}

    /** Closes, and from the return on counts every further {@code received} as a breach. */
    void close(SignalingConnection connection) {
        connection.close();
        note(() -> left = true);
    }

    synchronized List<String> frames() {
        return List.copyOf(frames);
    }

    synchronized int openings() {
        return openings;
    }

    synchronized Optional<SignalingEnd> end() {
        return Optional.ofNullable(end);
    }

    synchronized List<String> breaches() {
        return List.copyOf(breaches);
    }

    /** Waits until something is so; whether it came true. */
    synchronized boolean await(Predicate<SignalingRecorder> wanted) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!wanted.test(this)) {
            long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }

    private void heard(String what, Runnable how) {
        enter(what);
        note(() -> {
            how.run();
            inside--;
        });
    }

    private synchronized void enter(String what) {
        if (end != null) {
            breaches.add(what + " after gone");
        }
        if (inside > 0) {
            breaches.add(what + " during another call");
        }
        if (left && what.equals("received")) {
            breaches.add("received after close");
        }
        if (what.equals("received") && openings != 1) {
            breaches.add("received before opened");
        }
        inside++;
    }

    private synchronized void note(Runnable change) {
        change.run();
        notifyAll();
    }
}
