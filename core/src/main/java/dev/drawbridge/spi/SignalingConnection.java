package dev.drawbridge.spi;

/** One connection to a handshake server. All methods may be called from any thread, never block, and are harmless after the end. */
public interface SignalingConnection {

    /** Queues one text frame; {@code false} when the connection is not open or its queue is full (the frame is not sent). */
    boolean send(String frame);

    /**
     * Leaves for good. From the moment this returns no frame is sent but one Close, and no {@code received} call begins; the
     * network connection is cut at most 250 ms later even if the server never answers, and {@code gone} follows once it no
     * longer exists. Idempotent.
     */
    void close();

    /** Cuts the network connection without a goodbye; otherwise like {@link #close}. */
    void cancel();

    /**
     * Called when there is reason to doubt the network. A connection whose own address is none of this machine's any more is dead,
     * though nobody says so: it ends, as lost. Any other goes on as if nothing had been asked. Does nothing if not overridden; then
     * a dead connection lasts until the transport notices by itself.
     */
    default void check() {}
}
