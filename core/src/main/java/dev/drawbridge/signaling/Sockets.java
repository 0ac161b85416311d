package dev.drawbridge.signaling;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * Every TCP socket of one connection (while connecting there may be several, for several addresses). Tells when the last one
 * is gone, cuts them all, and lets no new one come once the end has begun.
 */
final class Sockets {
    private final boolean bare;
    private final int maxMessage;
    private final Runnable whenGone;

    // Guarded by this:
    private final Set<WatchedSocket> open = new LinkedHashSet<>();
    private final List<OutputGuard> outputs = new ArrayList<>();
    private boolean shut;
    private boolean used;

    /** Pings of the server that wait for our pong. OkHttp queues without a bound what a server does not read. */
    private final AtomicInteger unanswered = new AtomicInteger();

    /**
     * @param bare whether the sockets carry no guards: those belong above TLS, and where no WebSocket is spoken there are none
     * @param whenGone runs on whatever thread closed the last socket after {@link #shut}; possibly more than once
     */
    Sockets(boolean bare, int maxMessage, Runnable whenGone) {
        this.bare = bare;
        this.maxMessage = maxMessage;
        this.whenGone = whenGone;
    }

    /** The end has begun: no new socket, and from the return on no new frame but a Close. */
    void shut() {
        List<OutputGuard> guards;
        synchronized (this) {
            shut = true;
            guards = List.copyOf(outputs);
        }
        guards.forEach(OutputGuard::shut);
    }

    /**
     * {@link #shut}, and ends what is open, without a goodbye and without waiting. By a reset: a socket that is merely closed lives
     * on in the system, which goes on sending what the other side has not confirmed, for minutes if the network was away.
     */
    void cut() {
        end(true);
    }

    /** {@link #shut}, and closes what both sides have said goodbye on. */
    void close() {
        end(false);
    }

    private void end(boolean reset) {
        shut();
        List<WatchedSocket> sockets;
        synchronized (this) {
            sockets = List.copyOf(open);
        }
        for (WatchedSocket socket : sockets) {
            try (socket) {
                if (reset) {
                    socket.setSoLinger(true, 0);
                }
            } catch (IOException e) {
                // It is gone all the same.
            }
        }
    }

    /** Whether there is no socket and none will come. */
    synchronized boolean gone() {
        return shut && open.isEmpty();
    }

    /** Whether a socket has a local address that this machine has no more: whatever is sent to it goes elsewhere now. */
    boolean stranded() {
        List<WatchedSocket> sockets;
        synchronized (this) {
            sockets = List.copyOf(open);
        }
        return sockets.stream().map(WatchedSocket::getLocalAddress).anyMatch(Sockets::isForeign);
    }

    private static boolean isForeign(@Nullable InetAddress local) {
        if (local == null || local.isAnyLocalAddress() || local.isLoopbackAddress()) {
            return false;
        }
        try {
            return NetworkInterface.getByInetAddress(local) == null;
        } catch (SocketException unknown) {
            return false;
        }
    }

    /** Whether there has been a socket. OkHttp makes those for a SOCKS proxy of the system by itself. */
    synchronized boolean used() {
        return used;
    }

    void closed(WatchedSocket socket) {
        synchronized (this) {
            open.remove(socket);
        }
        if (gone()) {
            whenGone.run();
        }
    }

    InputStream plainInput(InputStream in) {
        return bare ? in : input(in);
    }

    OutputStream plainOutput(OutputStream out) {
        return bare ? out : output(out);
    }

    InputStream input(InputStream in) {
        return new InputGuard(in, maxMessage, unanswered);
    }

    OutputStream output(OutputStream out) {
        OutputGuard guard = new OutputGuard(out, unanswered);
        synchronized (this) {
            outputs.add(guard);
            if (!shut) {
                return guard;
            }
        }
        guard.shut();
        return guard;
    }

    private synchronized WatchedSocket watched(Socket socket) throws IOException {
        if (shut) {
            socket.close();
            throw new IOException("closed");
        }
        // A frame is written in two pieces, header and payload. Without this the second one waits some 40 ms for the
        // system to acknowledge the first.
        socket.setTcpNoDelay(true);
        used = true;
        WatchedSocket watched = new WatchedSocket(socket, this);
        open.add(watched);
        return watched;
    }

    /** A factory of watched sockets out of another one. */
    SocketFactory watching(SocketFactory under) {
        return new Watching(under);
    }

    @NullUnmarked
    private final class Watching extends SocketFactory {
        private final SocketFactory under;

        Watching(SocketFactory under) {
            this.under = under;
        }

        @Override
        public Socket createSocket() throws IOException {
            return watched(under.createSocket());
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return watched(under.createSocket(host, port));
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
            return watched(under.createSocket(host, port, localHost, localPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return watched(under.createSocket(host, port));
        }

        @Override
        public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
                throws IOException {
            return watched(under.createSocket(address, port, localAddress, localPort));
        }
    }
}
