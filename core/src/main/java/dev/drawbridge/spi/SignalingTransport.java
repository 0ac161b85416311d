package dev.drawbridge.spi;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;

/**
 * Opens text-frame connections to a handshake server.
 *
 * <p>The built-in one speaks WebSocket ({@code dev.drawbridge.signaling.OkHttpSignaling}); another may carry the same frames over
 * anything that keeps their order.
 *
 * <p><b>Thread:</b> {@link #open} and {@link #fetch} are called on the session's thread. <b>Blocking:</b> they must not block.
 */
public interface SignalingTransport {

    /**
     * Starts to connect and returns at once. The listener hears {@code opened} at most once, then any number of {@code
     * received}, then {@code gone} exactly once, whatever happens. A listener that throws does no harm.
     */
    SignalingConnection open(URI server, SignalingListener listener);

    /**
     * Starts to fetch the text at a web address, the list of TURN servers, and returns at once. It goes the way that connections go,
     * through the same proxy, so that nothing goes around it. At most 256 KiB and 2 s, name, TLS and body together; nothing is
     * redirected or tried again. A transport that is not made for it says so to the listener.
     *
     * @return calls it off, without blocking: when that returns, no network connection of it exists, and none will
     */
    default Scheduler.Cancellable fetch(URI address, FetchListener listener) {
        listener.failed("the signaling transport fetches nothing");
        return () -> {};
    }

    /** The proxy through which this address is reached, for {@link dev.drawbridge.Session#network}; empty without one. */
    default Optional<InetSocketAddress> proxy(URI address) {
        return Optional.empty();
    }
}
