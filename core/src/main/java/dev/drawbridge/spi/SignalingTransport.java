package dev.drawbridge.spi;

import java.net.URI;

/**
 * Opens text-frame connections to a handshake server.
 *
 * <p>The built-in one speaks WebSocket ({@code dev.drawbridge.signaling.OkHttpSignaling}); another may carry the same frames over
 * anything that keeps their order.
 *
 * <p><b>Thread:</b> {@link #open} is called on the session's thread. <b>Blocking:</b> it must not block.
 */
public interface SignalingTransport {

    /**
     * Starts to connect and returns at once. The listener hears {@code opened} at most once, then any number of {@code
     * received}, then {@code gone} exactly once, whatever happens. A listener that throws does no harm.
     */
    SignalingConnection open(URI server, SignalingListener listener);
}
