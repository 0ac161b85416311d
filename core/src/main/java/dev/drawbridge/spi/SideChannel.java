package dev.drawbridge.spi;

import java.util.concurrent.CompletionStage;

/**
 * A data channel beside {@code sendChannel}, ordered and reliable, for what must not stand in its way, such as a file.
 *
 * <p><b>Thread:</b> any; every method returns at once. <b>After close</b>, of the channel or its link, {@link #send} fails with {@code
 * PEER_GONE}.
 */
public interface SideChannel {

    /** What its maker called it. */
    String label();

    /**
     * Sends one text message, in order; kept until the network takes it (at most 256 messages and 32 MiB).
     *
     * @return as that of {@link PeerLink#send}
     */
    CompletionStage<Void> send(String text);

    /**
     * Like {@link #send(String)}, a binary message.
     *
     * @param bytes all of it is the message; not to be changed until the stage is complete
     */
    CompletionStage<Void> send(byte[] bytes);

    /**
     * Closes the channel once what was handed to the network is out; what is still kept is not sent. {@link SideChannelListener#closed}
     * follows without waiting for that, and before it nothing but the one call that may be on its way already. Idempotent.
     *
     * <p>The peer's listener hears of it behind what is out, so as late as that gets there, and at the latest at the end of the link. On a
     * path that loses much it may be as late as that.
     */
    void close();
}
