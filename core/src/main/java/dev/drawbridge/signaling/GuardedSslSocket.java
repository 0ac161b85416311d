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
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.NullUnmarked;

/** A TLS socket with the guards above the encryption, where frames can be seen. Everything else goes to the socket underneath. */
@NullUnmarked
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // the socket underneath does that
final class GuardedSslSocket extends SSLSocket {
    private final SSLSocket under;
    private final Sockets sockets;

    GuardedSslSocket(SSLSocket under, Sockets sockets) {
        this.under = under;
        this.sockets = sockets;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return sockets.input(under.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return sockets.output(under.getOutputStream());
    }

    @Override
    public void close() throws IOException {
        under.close();
    }

    @Override
    public String toString() {
        return "GuardedSslSocket";
    }

    // ---- as it is underneath

    @Override
    public String[] getSupportedCipherSuites() {
        return under.getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return under.getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] value) {
        under.setEnabledCipherSuites(value);
    }

    @Override
    public String[] getSupportedProtocols() {
        return under.getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return under.getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] value) {
        under.setEnabledProtocols(value);
    }

    @Override
    public SSLSession getSession() {
        return under.getSession();
    }

    @Override
    public SSLSession getHandshakeSession() {
        return under.getHandshakeSession();
    }

    @Override
    public void addHandshakeCompletedListener(HandshakeCompletedListener value) {
        under.addHandshakeCompletedListener(value);
    }

    @Override
    public void removeHandshakeCompletedListener(HandshakeCompletedListener value) {
        under.removeHandshakeCompletedListener(value);
    }

    @Override
    public void startHandshake() throws IOException {
        under.startHandshake();
    }

    @Override
    public void setUseClientMode(boolean value) {
        under.setUseClientMode(value);
    }

    @Override
    public boolean getUseClientMode() {
        return under.getUseClientMode();
    }

    @Override
    public void setNeedClientAuth(boolean value) {
        under.setNeedClientAuth(value);
    }

    @Override
    public boolean getNeedClientAuth() {
        return under.getNeedClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean value) {
        under.setWantClientAuth(value);
    }

    @Override
    public boolean getWantClientAuth() {
        return under.getWantClientAuth();
    }

    @Override
    public void setEnableSessionCreation(boolean value) {
        under.setEnableSessionCreation(value);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return under.getEnableSessionCreation();
    }

    @Override
    public SSLParameters getSSLParameters() {
        return under.getSSLParameters();
    }

    @Override
    public void setSSLParameters(SSLParameters value) {
        under.setSSLParameters(value);
    }

    @Override
    public String getApplicationProtocol() {
        return under.getApplicationProtocol();
    }

    @Override
    public String getHandshakeApplicationProtocol() {
        return under.getHandshakeApplicationProtocol();
    }

    @Override
    public void setHandshakeApplicationProtocolSelector(BiFunction<SSLSocket, List<String>, String> selector) {
        under.setHandshakeApplicationProtocolSelector(selector);
    }

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
