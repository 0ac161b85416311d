package dev.drawbridge.signaling;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import javax.net.SocketFactory;
import org.jspecify.annotations.NullUnmarked;

/** Sockets that reach every address through one proxy. OkHttp uses the one method that makes a socket to be connected. */
@NullUnmarked
final class ProxiedSockets extends SocketFactory {
    /** More than any proxy sends. */
    private static final int MAX_HEAD = 8192;

    private final Proxy proxy;

    ProxiedSockets(Proxy proxy) {
        this.proxy = proxy;
    }

    @Override
    public Socket createSocket() {
        return proxy.type() == Proxy.Type.SOCKS
                ? new SocksSocket(proxy)
                : new ConnectSocket((InetSocketAddress) proxy.address());
    }

    /** By name, unless the address was one to begin with; see {@link Ways}. */
    private static InetSocketAddress named(SocketAddress address) {
        InetSocketAddress to = (InetSocketAddress) address;
        return to.getAddress() != null && to.getAddress().isAnyLocalAddress()
                ? InetSocketAddress.createUnresolved(to.getHostString(), to.getPort())
                : to;
    }

    /** The JDK speaks SOCKS by itself, and gives the proxy an unresolved name as it is. */
    private static final class SocksSocket extends Socket {
        SocksSocket(Proxy proxy) {
            super(proxy);
        }

        @Override
        public void connect(SocketAddress to, int timeout) throws IOException {
            try {
                super.connect(named(to), timeout);
            } catch (SocketException e) {
                if (String.valueOf(e.getMessage()).startsWith("SOCKS")) {
                    throw new ProxyRefusedException("the SOCKS proxy does not connect to it");
                }
                throw e;
            }
        }
    }

    /** The JDK's own would leave a connection that is being made out of reach of {@link #close}. */
    private static final class ConnectSocket extends Socket {
        private final InetSocketAddress proxy;

        ConnectSocket(InetSocketAddress proxy) {
            this.proxy = proxy;
        }

        @Override
        public void connect(SocketAddress to, int timeout) throws IOException {
            InetSocketAddress known =
                    proxy.isUnresolved() ? new InetSocketAddress(proxy.getHostString(), proxy.getPort()) : proxy;
            super.connect(known, timeout);
            InetSocketAddress place = named(to);
            String host = place.getHostString();
            String authority = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + place.getPort();
            String request = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
            getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = head(getInputStream());
            if (!answer.matches("(?s)HTTP/1\\.[01] 2\\d\\d\\b.*")) {
                throw new ProxyRefusedException(
                        answer.matches("(?s)HTTP/1\\.[01] \\d{3}\\b.*")
                                ? "the HTTP proxy answered " + answer.substring(9, 12)
                                : "the proxy does not speak HTTP");
            }
        }

        /** Up to the blank line and not a byte further: what follows is the server's. */
        private static String head(InputStream in) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n", head.length() - 4) < 0 && head.indexOf("\n\n", head.length() - 2) < 0) {
                int next = in.read();
                if (next < 0 || head.length() == MAX_HEAD) {
                    throw new ProxyRefusedException("the proxy hung up or talks too much");
                }
                head.append((char) next);
            }
            return head.toString();
        }
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw unused();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw unused();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw unused();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw unused();
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("only sockets that are still to be connected");
    }
}
