package dev.drawbridge.spi;

/** Hears one {@link SignalingConnection}. Called on a thread of the transport, one call at a time; must return quickly. */
public interface SignalingListener {

    /** The connection stands and frames can be sent. */
    void opened();

    /** One whole text frame. Never called after {@link SignalingConnection#close} returned. */
    void received(String frame);

    /** The last call, exactly once: the network connection does not exist any more (or never came to be). */
    void gone(SignalingEnd end);
}
