package dev.drawbridge.testing;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.List;

/** A proxy on loopback that knows names which nobody else knows. */
interface Detour extends AutoCloseable {
    Proxy.Type type();

    int port();

    /** What it was asked for, such as {@code handshake.invalid:80}. */
    List<String> asked();

    default Proxy proxy() {
        return at(port());
    }

    /** The same proxy by way of another port. */
    default Proxy at(int port) {
        return new Proxy(type(), new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    @Override
    void close();
}
