package dev.drawbridge.testing;

import dev.drawbridge.spi.SignalingConnection;
import dev.drawbridge.spi.SignalingEnd;
import dev.drawbridge.spi.SignalingListener;
import dev.drawbridge.spi.SignalingTransport;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * A signaling transport without a network: it connects to a {@link FakeServer} in memory, in virtual time, whatever the address. It
 * keeps the contract that {@link SignalingContract} states. One for each client makes it possible to break the connection of that
 * client alone.
 *
 * <p><b>Thread:</b> any; all calls of listeners happen while the clock is moved.
 */
public final class FakeSignaling implements SignalingTransport {
    private final FakeServer server;
    // Guarded by this.
    private final List<FakeConnection> opened = new ArrayList<>();

    FakeSignaling(FakeServer server) {
        this.server = server;
    }

    @Override
    public SignalingConnection open(URI address, SignalingListener listener) {
        FakeConnection connection = new FakeConnection(server, listener);
        synchronized (this) {
            opened.add(connection);
        }
        if ("ws".equalsIgnoreCase(address.getScheme()) || "wss".equalsIgnoreCase(address.getScheme())) {
            server.dialed(connection);
        } else {
            connection.end(SignalingEnd.Kind.UNREACHABLE, "no address of a WebSocket");
        }
        return connection;
    }

    /** How often a connection was asked for. */
    public synchronized int attempts() {
        return opened.size();
    }

    /**
     * This client's machine gets another address: its connections carry nothing any more, and nobody notices until {@link
     * SignalingConnection#check} is asked. The server keeps them.
     */
    public void move() {
        List<FakeConnection> all;
        synchronized (this) {
            all = List.copyOf(opened);
        }
        all.forEach(FakeConnection::strand);
    }

    /** Breaks the connections of this client: it hears {@code LOST}, and the server sees them gone. */
    public void breakNetwork() {
        List<FakeConnection> all;
        synchronized (this) {
            all = List.copyOf(opened);
        }
        all.forEach(server::cut);
    }
}
