package dev.drawbridge.webrtc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.SocketFactory;
import okhttp3.Dns;

/** Writes down every look-up of a name and every socket that an {@code OkHttpClient} asks for. */
final class Outgoing extends SocketFactory implements Dns {
    private final List<String> seen = new CopyOnWriteArrayList<>();

    /** In order: {@code "look up localhost"}, {@code "socket"}. */
    List<String> seen() {
        return List.copyOf(seen);
    }

    @Override
    public List<InetAddress> lookup(String host) throws UnknownHostException {
        seen.add("look up " + host);
        return List.of(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}));
    }

    @Override
    public Socket createSocket() {
        seen.add("socket");
        return new Socket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw new IOException("OkHttp connects its sockets itself");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return createSocket(host.getHostName(), port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return createSocket(host.getHostName(), port);
    }
}
