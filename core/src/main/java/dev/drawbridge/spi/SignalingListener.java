package dev.drawbridge.spi;

/** Hears one {@link SignalingConnection}. Called on a thread of the transport, one call at a time; must return quickly. */
public interface SignalingListener {

    /** The connection stands and frames can be sent. */
    void opened();

    /** One whole text frame. Never called after {@link SignalingConnection#close} returned. */
    void received(String frame);

    /**
     * Something came that is no text frame, and was dropped. Never called after {@link SignalingConnection#close} returned.
     *
     * @param detail what it was, without its content
     */
    default void unusable(String detail) {}

    /** The last call, exactly once: the network connection does not exist any more (or never came to be). */
    void gone(SignalingEnd end);
}
