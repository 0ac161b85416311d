package dev.drawbridge.webrtc;

import dev.drawbridge.spi.SignalingConnection;
import dev.drawbridge.spi.SignalingEnd;
import dev.drawbridge.spi.SignalingListener;
import dev.drawbridge.spi.SignalingTransport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Goes to a handshake server step by step, so that the first one that fails is known: name, TCP, TLS, WebSocket. The last one takes the
 * way that sessions take, with its proxy and its trust, and is the one that counts; where a proxy is in between, it is the only one.
 */
final class ServerCheck {
    private static final int CONNECT_MILLIS = 3_000;
    /** As long as a session has patience with a server. */
    private static final long HANDSHAKE_MILLIS = 10_000;

    private static final long GOODBYE_MILLIS = 500;
    private static final SignalingEnd NOTHING = new SignalingEnd(SignalingEnd.Kind.LOST, "");
    private static final Duration SOON = Duration.ofDays(14);

    private final SignalingTransport way;
    private final Hosts hosts;
    private final Notes notes;
    private final List<String> steps = new ArrayList<>();

    ServerCheck(SignalingTransport way, Hosts hosts, Notes notes) {
        this.way = way;
        this.hosts = hosts;
        this.notes = notes;
    }

    void look(URI server) throws InterruptedException {
        String host = server.getHost() == null ? "" : server.getHost();
        boolean tls = "wss".equalsIgnoreCase(server.getScheme());
        String shown =
                server.getScheme() + "://" + hosts.shown(host) + (server.getPort() < 0 ? "" : ":" + server.getPort());
        boolean proxied = way.proxy(server).isPresent();
        if (proxied) {
            steps.add("through a proxy");
        }
        try {
            if (!proxied) {
                rehearse(tls);
                connect(host, server.getPort() >= 0 ? server.getPort() : tls ? 443 : 80, tls);
            }
            webSocket(server, host);
        } finally {
            if (!steps.isEmpty()) {
                notes.found(shown + ": " + String.join(", ", steps));
            }
        }
    }

    /** To a port at which nobody listens, so that the times below are not those of the first use of code. */
    private void rehearse(boolean tls) {
        CompletableFuture<SignalingEnd> gone = new CompletableFuture<>();
        SignalingConnection nobody = way.open(URI.create((tls ? "wss" : "ws") + "://127.0.0.1:1"), new Ears(gone));
        gone.completeOnTimeout(NOTHING, GOODBYE_MILLIS, TimeUnit.MILLISECONDS).join();
        nobody.close();
    }

    /** What fails here is told by the WebSocket too, in better words; this is for the times. */
    private void connect(String host, int port, boolean tls) {
        try {
            long begin = System.nanoTime();
            InetAddress[] all = InetAddress.getAllByName(host);
            steps.add("name " + Doctor.millis(begin) + (all.length > 1 ? " (" + all.length + " addresses)" : ""));
            begin = System.nanoTime();
            try (Socket socket = connected(all, port)) {
                steps.add("TCP " + Doctor.millis(begin));
                if (tls) {
                    secure(socket, host, port);
                }
            }
        } catch (UnknownHostException e) {
            steps.add("the name has no address");
        } catch (ConnectException e) {
            steps.add("TCP refused");
        } catch (SocketTimeoutException e) {
            steps.add("no answer");
        } catch (IOException | GeneralSecurityException e) {
            steps.add(steps.stream().anyMatch(step -> step.startsWith("TCP")) ? "TLS failed" : "TCP failed");
        }
    }

    /** To the first of two addresses that answers: a machine without IPv6 must not fail at it. */
    private static Socket connected(InetAddress[] all, int port) throws IOException {
        IOException problem = new ConnectException();
        for (int i = 0; i < Math.min(all.length, 2); i++) {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(all[i], port), CONNECT_MILLIS / 2);
                socket.setSoTimeout(CONNECT_MILLIS);
                return socket;
            } catch (IOException e) {
                socket.close();
                problem = e;
            }
        }
        throw problem;
    }

    private void secure(Socket socket, String host, int port) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        // Whether the certificate is good is for the WebSocket to say, which has the program's own trust. Nothing is
        // sent here.
        context.init(null, new TrustManager[] {new Anybody()}, null);
        long begin = System.nanoTime();
        try (SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true)) {
            secured.startHandshake();
            steps.add(secured.getSession().getProtocol() + " " + Doctor.millis(begin));
            Certificate[] chain = secured.getSession().getPeerCertificates();
            if (chain.length > 0 && chain[0] instanceof X509Certificate own) {
                Instant end = own.getNotAfter().toInstant();
                if (end.isBefore(Instant.now().plus(SOON))) {
                    notes.warn(
                            "the server's certificate ends on "
                                    + end.atZone(ZoneOffset.UTC).toLocalDate(),
                            "have the certificate of the server renewed");
                }
            }
        }
    }

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private void webSocket(URI server, String host) throws InterruptedException {
        CompletableFuture<SignalingEnd> gone = new CompletableFuture<>();
        Ears ears = new Ears(gone);
        long begin = System.nanoTime();
        SignalingConnection connection = way.open(server, ears);
        try {
            Optional<SignalingEnd> end = ears.opened.get(HANDSHAKE_MILLIS, TimeUnit.MILLISECONDS);
            if (end.isEmpty()) {
                steps.add("WebSocket " + Doctor.millis(begin));
            } else {
                refused(end.get(), host);
            }
        } catch (TimeoutException e) {
            notes.fail(
                    "no WebSocket within " + HANDSHAKE_MILLIS / 1000 + " s",
                    "check that a handshake server runs at this address, and that no firewall or proxy holds it up");
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            connection.close();
            gone.completeOnTimeout(NOTHING, GOODBYE_MILLIS, TimeUnit.MILLISECONDS)
                    .join();
        }
    }

    /** Hears whether a connection stands, and when it is gone. What the server says does not matter. */
    private static final class Ears implements SignalingListener {
        /** Empty when it stands; otherwise why it never did. */
        final CompletableFuture<Optional<SignalingEnd>> opened = new CompletableFuture<>();

        private final CompletableFuture<SignalingEnd> gone;

        Ears(CompletableFuture<SignalingEnd> gone) {
            this.gone = gone;
        }

        @Override
        public void opened() {
            opened.complete(Optional.empty());
        }

        @Override
        public void received(String frame) {}

        @Override
        public void gone(SignalingEnd end) {
            opened.complete(Optional.of(end));
            gone.complete(end);
        }
    }

    private void refused(SignalingEnd end, String host) {
        String[] parts = hosts.shown(end.detail(), host).split("; ", 2);
        notes.fail(
                parts[0],
                parts.length > 1
                        ? parts[1]
                        : switch (end.kind()) {
                            case TLS_FAILED -> "check the server's certificate and its settings for TLS";
                            case REFUSED ->
                                "check the path of the address, and whether the server lets this machine in";
                            case PROTOCOL_ERROR ->
                                "check the address: wss= is for a router, wss2= for a server of the public kind";
                            default -> "check the address, the network and the firewalls in between";
                        });
    }
}
