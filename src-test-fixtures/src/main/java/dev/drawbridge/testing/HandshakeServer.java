package dev.drawbridge.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import jdk.net.ExtendedSocketOptions;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.jspecify.annotations.Nullable;

/**
 * A handshake server inside this process: for tests, and for real on a network of one's own.
 *
 * <pre>{@code
 * try (HandshakeServer server = HandshakeServer.start(Shape.ROUTER)) {
 *     URI wss = server.uri();
 * }
 * }</pre>
 *
 * <p>It forwards messages of clients by the rules of its {@link Shape}, keeps a log of what was on the wire, and can be made
 * to misbehave while it runs ({@link #faults()}). It also serves a folder of static pages on the same port.
 *
 * <p><b>Thread:</b> every method may be called from any thread. <b>Bounds:</b> messages of 1 MiB, 8 MiB waiting for a client
 * that does not read (then its connection is cut; the others never wait), 1000 connections; see {@link Builder}. Compression
 * is never agreed to. <b>After close:</b> {@link #log()}, {@link #uri()} and the other facts stay, everything else does
 * nothing.
 */
public final class HandshakeServer implements AutoCloseable {
    private static final int MAX_THREADS = 16;
    private static final long STOP_MILLIS = 800;

    private final Builder settings;
    private final @Nullable Tls tls;
    private final Server server;
    private final FrontDoor door;
    private final Switchboard switchboard;
    private final FaultPlan plan = new FaultPlan();
    private final Faults faults;
    private final int port;

    // Guarded by this.
    private @Nullable Listening listening;
    private boolean closed;

    private HandshakeServer(Builder settings) throws IOException {
        this.settings = settings;
        this.tls = settings.tlsOf(settings.host);
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 2);
        threads.setName("drawbridge-server");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        threads.setStopTimeout(STOP_MILLIS);
        ScheduledExecutorScheduler timer = new ScheduledExecutorScheduler("drawbridge-server-timer", true);
        server = new Server(threads, timer, null);
        server.setStopTimeout(0);
        switchboard = new Switchboard(settings.shape, timer, new FrameLog(settings.logLimit), plan);
        door = new FrontDoor(
                switchboard,
                plan,
                settings.pages,
                settings.maxFrameBytes,
                settings.maxQueuedBytes,
                settings.maxConnections);
        server.setHandler(door);
        faults = new Faults(this, plan, switchboard, timer);
        try {
            server.start();
            port = listen(settings.port);
        } catch (Exception e) {
            stop();
            throw e instanceof IOException io ? io : new IOException("the server did not start", e);
        }
    }

    /** A server of this shape on a free port of the loopback interface, with everything else as {@link #builder()} has it. */
    public static HandshakeServer start(Shape shape) {
        return builder().shape(shape).start();
    }

    /** A server to be set up first. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Where clients connect: {@code ws://host:port}, or {@code wss://} with TLS. A server on all interfaces is named by its
     * loopback address here.
     */
    public URI uri() {
        return uri("ws", reachableHost());
    }

    /** The same for clients that reach this machine as {@code host}. */
    public URI uri(String host) {
        return uri("ws", host);
    }

    /** Where a browser finds the pages: {@code http://host:port/}, or {@code https://} with TLS. */
    public URI pageUri() {
        return uri("http", reachableHost()).resolve("/");
    }

    /** The port that it listens on, the same after a restart. */
    public int port() {
        return port;
    }

    /** How it routes. */
    public Shape shape() {
        return settings.shape;
    }

    /** The certificate that clients have to trust; empty without TLS or with an {@link SSLContext} of the user's. */
    public Optional<X509Certificate> certificate() {
        return tls == null ? Optional.empty() : tls.certificate();
    }

    /** How many WebSocket connections are open now. */
    public int connections() {
        return switchboard.connections();
    }

    /** What was on the wire so far, oldest first: the last {@link Builder#log(int)} entries, and at most 16 Mi characters. */
    public List<LogEntry> log() {
        return switchboard.log().entries();
    }

    /**
     * Waits for an entry and returns the first one that {@code wanted} accepts, whether it is already in the log or still to
     * come. The predicate runs on the calling thread.
     *
     * <p><b>Blocking:</b> up to {@code limit}.
     *
     * @throws AssertionError if there is none in time; the message has the log without texts
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public LogEntry awaitLog(Predicate<LogEntry> wanted, Duration limit) throws InterruptedException {
        return switchboard.log().await(wanted, limit);
    }

    /** The switches that make it misbehave. */
    public Faults faults() {
        return faults;
    }

    /**
     * Cuts every connection and stops listening. Idempotent; when it returns no thread of this server is left, or it is about
     * to end. <b>Blocking:</b> some milliseconds, at most 1 s.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        faults.clear();
        stopListening();
        switchboard.cutAll("the server was closed");
        stop();
    }

    /** Listens again on the same port. */
    void listenAgain() {
        synchronized (this) {
            if (closed || listening != null) {
                return;
            }
        }
        try {
            listen(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** New connections are refused by the system; those that exist live on. */
    synchronized void stopListening() {
        Listening connector = listening;
        listening = null;
        if (connector != null) {
            connector.stopListening();
        }
    }

    void dropStalled() {
        door.dropStalled();
    }

    /**
     * Each time a new connector: one that has been told to stop listening still carries its connections, and cannot listen
     * again.
     */
    private synchronized int listen(int wantedPort) throws IOException {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        Listening connector = tls == null
                ? new Listening(server, plain)
                : new Listening(server, new SslConnectionFactory(sslOf(tls), plain.getProtocol()), plain);
        connector.setHost(settings.host);
        connector.setPort(wantedPort);
        connector.setReuseAddress(true);
        connector.setIdleTimeout(Duration.ofSeconds(30).toMillis());
        server.addConnector(connector);
        try {
            connector.start();
        } catch (Exception e) {
            server.removeConnector(connector);
            throw e instanceof IOException io ? io : new IOException("cannot listen on port " + wantedPort, e);
        }
        listening = connector;
        return connector.getLocalPort();
    }

    private static SslContextFactory.Server sslOf(Tls tls) {
        SslContextFactory.Server factory = new SslContextFactory.Server();
        factory.setSslContext(tls.context());
        return factory;
    }

    private void stop() {
        door.dropStalled();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the server did not stop", e);
        }
    }

    private String reachableHost() {
        try {
            return InetAddress.getByName(settings.host).isAnyLocalAddress() ? "127.0.0.1" : settings.host;
        } catch (UnknownHostException e) {
            return settings.host;
        }
    }

    private URI uri(String scheme, String host) {
        String literal = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
        return URI.create(scheme + (tls == null ? "" : "s") + "://" + literal + ":" + port);
    }

    /**
     * Can stop to listen while its connections live on, and notices within a minute that a client's machine has vanished, so
     * that its stream id becomes free.
     */
    private static final class Listening extends ServerConnector {
        private final CountDownLatch acceptorLeft = new CountDownLatch(1);

        Listening(Server server, ConnectionFactory... factories) {
            super(server, 1, 1, factories);
        }

        /** While a thread is in accept, the system still takes connections on a channel that is closed already. */
        void stopListening() {
            close();
            try {
                if (!acceptorLeft.await(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("the port is still open");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void accept(int acceptor) throws IOException {
            try {
                if (!isOpen()) {
                    // Otherwise the loop that calls this would spin.
                    throw new ClosedChannelException();
                }
                super.accept(acceptor);
            } finally {
                if (!isOpen()) {
                    acceptorLeft.countDown();
                }
            }
        }

        @Override
        protected void configure(Socket socket) {
            super.configure(socket);
            try {
                socket.setKeepAlive(true);
                set(socket, ExtendedSocketOptions.TCP_KEEPIDLE, 30);
                set(socket, ExtendedSocketOptions.TCP_KEEPINTERVAL, 10);
                set(socket, ExtendedSocketOptions.TCP_KEEPCOUNT, 3);
            } catch (IOException e) {
                // It was closed while it was accepted; the next read says so.
            }
        }

        private static <T> void set(Socket socket, SocketOption<T> option, T value) throws IOException {
            if (socket.supportedOptions().contains(option)) {
                socket.setOption(option, value);
            }
        }
    }

    /** The settings of a server. Not safe for use by several threads. */
    public static final class Builder {
        private String host = "127.0.0.1";
        private int port;
        private Shape shape = Shape.ROUTER;
        private boolean tls;
        private @Nullable SSLContext context;
        private int maxFrameBytes = 1 << 20;
        private long maxQueuedBytes = 8L << 20;
        private int maxConnections = 1000;
        private int logLimit = 10_000;
        private Pages pages = Pages.none();

        private Builder() {}

        /** The address to listen on; {@code 0.0.0.0} for all. {@code 127.0.0.1} if not set. */
        public Builder host(String address) {
            host = Objects.requireNonNull(address);
            return this;
        }

        /** The port, 0 to 65535; 0, which it is if not set, takes a free one. */
        public Builder port(int number) {
            port = within("port", number, 0, 65535);
            return this;
        }

        /** How it routes; {@link Shape#ROUTER} if not set. */
        public Builder shape(Shape kind) {
            shape = Objects.requireNonNull(kind);
            return this;
        }

        /**
         * Whether to speak TLS, with a certificate made and signed by itself at the start: for loopback, the host, and all
         * addresses of this machine if the host stands for all. It is valid for 90 days.
         */
        public Builder tls(boolean on) {
            tls = on;
            context = null;
            return this;
        }

        /** Speaks TLS with the user's own certificate. */
        public Builder tls(SSLContext own) {
            tls = true;
            context = Objects.requireNonNull(own);
            return this;
        }

        /**
         * The longest message in bytes, 1 KiB to 64 MiB; 1 MiB if not set. A longer one ends its connection with Close 1009
         * before it has been read.
         */
        public Builder maxFrameBytes(int bytes) {
            maxFrameBytes = within("maxFrameBytes", bytes, 1 << 10, 64 << 20);
            return this;
        }

        /**
         * Bytes that may wait for one client that does not read, 1 KiB to 1 GiB; 8 MiB if not set. When there are more its
         * connection is cut.
         */
        public Builder maxQueuedBytes(int bytes) {
            maxQueuedBytes = within("maxQueuedBytes", bytes, 1 << 10, 1 << 30);
            return this;
        }

        /** WebSocket connections at the same time, 1 to 100000; 1000 if not set. More are answered with status 503. */
        public Builder maxConnections(int count) {
            maxConnections = within("maxConnections", count, 1, 100_000);
            return this;
        }

        /**
         * Entries that the log keeps, 0 to 1000000; 10000 if not set. 0 switches it off, which is right for real use: the log
         * holds whatever the clients say.
         */
        public Builder log(int entries) {
            logLimit = within("log", entries, 0, 1_000_000);
            return this;
        }

        /** Serves the files of a folder, {@code index.html} for a path that ends with a slash, never from a cache. */
        public Builder pages(Path folder) {
            pages = Pages.in(folder);
            return this;
        }

        /** The same for a folder on the class path, such as {@code "page"} or {@code "com/example/page"}. */
        public Builder pages(ClassLoader loader, String folder) {
            pages = Pages.of(loader, folder);
            return this;
        }

        /**
         * Starts it; when this returns it accepts connections.
         *
         * @throws UncheckedIOException if the address cannot be listened on
         */
        public HandshakeServer start() {
            try {
                return new HandshakeServer(this);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private @Nullable Tls tlsOf(String name) {
            if (!tls) {
                return null;
            }
            return context == null ? Tls.selfSigned(name) : new Tls(context, Optional.empty());
        }

        private static int within(String name, int value, int least, int most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(
                        String.format(Locale.ROOT, "%s is %d, allowed are %d to %d", name, value, least, most));
            }
            return value;
        }
    }
}
