package dev.drawbridge;

/** A listener's or sink's registration. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {

    /** Ends it; a call that is already running finishes. Idempotent, any thread. */
    @Override
    void close();
}
