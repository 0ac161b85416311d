package dev.drawbridge.media;

import java.util.function.Consumer;

/** Where a publisher's sound comes from. One source feeds one session; the built-in ones are in {@link AudioSources}. */
public interface AudioSource {

    /** A short name for logs, such as {@code tone 440 Hz}. */
    String name();

    /**
     * Begins to deliver. The output may be called from any thread, one call at a time; it copies or converts before it returns.
     * <b>Blocking:</b> at most some seconds (opening a device).
     *
     * @throws java.io.IOException if the device cannot be opened; the message says what to do
     * @throws IllegalStateException if it is already in use
     */
    void start(Consumer<AudioFrame> output) throws java.io.IOException;

    /** Ends the delivery; no output call begins after it returned. Idempotent, also before {@code start}. */
    void stop();

    /** Blocks dropped inside the source because the consumer was slow. */
    default long dropped() {
        return 0;
    }
}
