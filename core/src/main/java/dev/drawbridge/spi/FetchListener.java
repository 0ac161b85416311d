package dev.drawbridge.spi;

/**
 * Hears how one {@link SignalingTransport#fetch} went: one of the two, once, or neither when it was called off first. Called on a
 * thread of the transport; must return quickly.
 */
public interface FetchListener {

    /** The whole text. It may hold secrets. */
    void fetched(String text);

    /**
     * There is no text.
     *
     * @param detail one line for a person; never contains what was answered, nor the address's path or query
     */
    void failed(String detail);
}
