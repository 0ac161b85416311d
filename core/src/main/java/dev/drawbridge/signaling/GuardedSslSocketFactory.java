package dev.drawbridge.signaling;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.NullUnmarked;

/** Puts guards on the sockets of another factory. OkHttp uses the one method that lays TLS over an existing socket. */
@NullUnmarked
final class GuardedSslSocketFactory extends SSLSocketFactory {
    private final SSLSocketFactory under;
    private final Sockets sockets;

    GuardedSslSocketFactory(SSLSocketFactory under, Sockets sockets) {
        this.under = under;
        this.sockets = sockets;
    }

    @Override
    public Socket createSocket(Socket plain, String host, int port, boolean autoClose) throws IOException {
        return new GuardedSslSocket((SSLSocket) under.createSocket(plain, host, port, autoClose), sockets);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return under.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return under.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw unwatched();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw unwatched();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw unwatched();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw unwatched();
    }

    /** Such a socket would escape {@link Sockets}. */
    private static UnsupportedOperationException unwatched() {
        return new UnsupportedOperationException("only over an existing socket");
    }
}
