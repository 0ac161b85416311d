package dev.drawbridge.signaling;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;

/**
 * A TCP socket that says when it is closed, and shows its streams as {@link Sockets} wants them. Everything else goes to the
 * socket underneath, which may come from a factory of the user's.
 */
@NullUnmarked
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // the socket underneath does that
final class WatchedSocket extends Socket {
    private final Socket under;
    private final Sockets sockets;

    WatchedSocket(Socket under, Sockets sockets) {
        this.under = under;
        this.sockets = sockets;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return sockets.plainInput(under.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return sockets.plainOutput(under.getOutputStream());
    }

    @Override
    public void close() throws IOException {
        try {
            under.close();
        } finally {
            sockets.closed(this);
        }
    }

    @Override
    public String toString() {
        return "WatchedSocket";
    }

    // ---- as it is underneath

    @Override
    public void connect(SocketAddress value) throws IOException {
        under.connect(value);
    }

    @Override
    public void connect(SocketAddress value, int second) throws IOException {
        under.connect(value, second);
    }

    @Override
    public void bind(SocketAddress value) throws IOException {
        under.bind(value);
    }

    @Override
    public InetAddress getInetAddress() {
        return under.getInetAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
        return under.getLocalAddress();
    }

    @Override
    public int getPort() {
        return under.getPort();
    }

    @Override
    public int getLocalPort() {
        return under.getLocalPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return under.getRemoteSocketAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return under.getLocalSocketAddress();
    }

    @Override
    public SocketChannel getChannel() {
        return under.getChannel();
    }

    @Override
    public void setTcpNoDelay(boolean value) throws SocketException {
        under.setTcpNoDelay(value);
    }

    @Override
    public boolean getTcpNoDelay() throws SocketException {
        return under.getTcpNoDelay();
    }

    @Override
    public void setSoLinger(boolean value, int second) throws SocketException {
        under.setSoLinger(value, second);
    }

    @Override
    public int getSoLinger() throws SocketException {
        return under.getSoLinger();
    }

    @Override
    public void sendUrgentData(int value) throws IOException {
        under.sendUrgentData(value);
    }

    @Override
    public void setOOBInline(boolean value) throws SocketException {
        under.setOOBInline(value);
    }

    @Override
    public boolean getOOBInline() throws SocketException {
        return under.getOOBInline();
    }

    @Override
    public void setSoTimeout(int value) throws SocketException {
        under.setSoTimeout(value);
    }

    @Override
    public int getSoTimeout() throws SocketException {
        return under.getSoTimeout();
    }

    @Override
    public void setSendBufferSize(int value) throws SocketException {
        under.setSendBufferSize(value);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return under.getSendBufferSize();
    }

    @Override
    public void setReceiveBufferSize(int value) throws SocketException {
        under.setReceiveBufferSize(value);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return under.getReceiveBufferSize();
    }

    @Override
    public void setKeepAlive(boolean value) throws SocketException {
        under.setKeepAlive(value);
    }

    @Override
    public boolean getKeepAlive() throws SocketException {
        return under.getKeepAlive();
    }

    @Override
    public void setTrafficClass(int value) throws SocketException {
        under.setTrafficClass(value);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return under.getTrafficClass();
    }

    @Override
    public void setReuseAddress(boolean value) throws SocketException {
        under.setReuseAddress(value);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return under.getReuseAddress();
    }

    @Override
    public void shutdownInput() throws IOException {
        under.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        under.shutdownOutput();
    }

    @Override
    public boolean isConnected() {
        return under.isConnected();
    }

    @Override
    public boolean isBound() {
        return under.isBound();
    }

    @Override
    public boolean isClosed() {
        return under.isClosed();
    }

    @Override
    public boolean isInputShutdown() {
        return under.isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return under.isOutputShutdown();
    }

    @Override
    public void setPerformancePreferences(int value, int second, int third) {
        under.setPerformancePreferences(value, second, third);
    }

    @Override
    public <T> Socket setOption(SocketOption<T> value, T second) throws IOException {
        under.setOption(value, second);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> value) throws IOException {
        return under.getOption(value);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return under.supportedOptions();
    }
}
