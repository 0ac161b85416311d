package dev.drawbridge.webrtc;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Something that a peer may ask for as often as it likes: of all that waits for the native thread only the newest is done. */
final class Newest<T> {
    private final AtomicReference<@Nullable T> waiting = new AtomicReference<>();

    void post(T value, Consumer<T> task) {
        if (waiting.getAndSet(value) == null) {
            NativeThread.post(() -> {
                T newest = waiting.getAndSet(null);
                if (newest != null) {
                    task.accept(newest);
                }
            });
        }
    }
}
