package dev.drawbridge.spi;

/**
 * Hears one {@link SideChannel}. <b>Thread:</b> called on a thread of the transport, one call at a time, in the order in which things
 * happened; implementations only post.
 */
public interface SideChannelListener {

    /** A text message. */
    void received(String text);

    /** A binary message; the array belongs to the listener. */
    void received(byte[] bytes);

    /** The last call, exactly once: the channel is closed, by either side or because the link is gone. */
    void closed();
}
