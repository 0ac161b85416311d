package dev.drawbridge.signaling;

import dev.drawbridge.internal.wire.Limits;
import dev.drawbridge.spi.FetchListener;
import dev.drawbridge.spi.Scheduler;
import dev.drawbridge.spi.SignalingConnection;
import dev.drawbridge.spi.SignalingListener;
import dev.drawbridge.spi.SignalingTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.Dispatcher;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Signaling over WebSocket, by OkHttp.
 *
 * <p>What OkHttp would do by itself and must not do here is taken care of: compression is not offered and not accepted, a
 * message above the limit ends the connection before memory is taken for it, nothing is tried again or redirected, and a
 * connection that was closed is gone within 250 ms whatever the server does.
 *
 * <p><b>Thread:</b> may be used by any number of threads and sessions. Each connection has daemon threads of its own, named {@code
 * drawbridge-signaling-…}, and gives them back when it ends. <b>Blocking:</b> never. <b>Units and bounds:</b> see {@link
 * Builder}; at most 4 MiB wait to be sent. <b>After close:</b> there is nothing to close here; connections are closed one by
 * one.
 */
public final class OkHttpSignaling implements SignalingTransport {
    private static final String EXTENSIONS = "Sec-WebSocket-Extensions";

    private final @Nullable OkHttpClient given;
    private final int maxFrameBytes;
    private final Duration connectTimeout;
    private final Duration pingInterval;
    private final @Nullable Proxy proxy;

    private OkHttpSignaling(Builder builder) {
        this.given = builder.client;
        this.maxFrameBytes = builder.maxFrameBytes;
        this.connectTimeout = builder.connectTimeout;
        this.pingInterval = builder.pingInterval;
        this.proxy = builder.proxy;
    }

    /** With everything as {@link #builder()} has it. */
    public static OkHttpSignaling create() {
        return builder().build();
    }

    /** One that is to be set up first. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public SignalingConnection open(URI server, SignalingListener listener) {
        boolean tls = "wss".equalsIgnoreCase(server.getScheme());
        boolean usable = tls || "ws".equalsIgnoreCase(server.getScheme());
        OkHttpConnection connection = new OkHttpConnection(
                place(server, tls), tls, maxFrameBytes, Objects.requireNonNull(listener, "listener"));
        // An address that OkHttp refuses ends the connection like any other failure.
        connection.start(starting -> client(starting, tls), usable ? server.toString() : "");
        return connection;
    }

    @Override
    public Scheduler.Cancellable fetch(URI address, FetchListener listener) {
        boolean tls = "https".equalsIgnoreCase(address.getScheme());
        boolean usable = tls || "http".equalsIgnoreCase(address.getScheme());
        HttpFetch fetch = new HttpFetch(place(address, tls), Objects.requireNonNull(listener, "listener"));
        fetch.start(
                starting -> with(base(tls), starting.sockets(), starting.threads())
                        .protocols(List.of(Protocol.HTTP_1_1))
                        .connectTimeout(HttpFetch.LIMIT)
                        .callTimeout(HttpFetch.LIMIT)
                        .addInterceptor(chain -> watched(chain.proceed(chain.request()), starting.sockets()))
                        .build(),
                usable ? address.toString() : "");
        return fetch;
    }

    @Override
    public Optional<InetSocketAddress> proxy(URI address) {
        return Ways.proxy(proxy, given, address);
    }

    /** Host and port only: path and query may hold secrets. */
    private String place(URI server, boolean tls) {
        if (server.getHost() == null) {
            return "the server";
        }
        String place = server.getHost() + ":" + (server.getPort() >= 0 ? server.getPort() : tls ? 443 : 80);
        return proxy == null || proxy.type() == Proxy.Type.DIRECT ? place : place + " (through the proxy)";
    }

    private OkHttpClient base(boolean tls) {
        return given != null ? given : tls ? Secure.CLIENT : Plain.CLIENT;
    }

    /** Everything that is shared or lives on in a client is replaced by something of this one connection. */
    private OkHttpClient client(OkHttpConnection connection, boolean tls) {
        OkHttpClient base = base(tls);
        Sockets sockets = connection.sockets();
        OkHttpClient.Builder builder = with(base, sockets, connection.threads())
                .connectTimeout(connectTimeout)
                .readTimeout(connectTimeout)
                .writeTimeout(connectTimeout)
                // Ends a server that sends its answer byte by byte. No limit on the open connection.
                .callTimeout(connectTimeout.multipliedBy(2))
                .pingInterval(pingInterval)
                .addInterceptor(chain -> upgrade(chain, sockets));
        X509TrustManager trust = base.x509TrustManager();
        if (tls && trust != null) {
            builder.sslSocketFactory(new GuardedSslSocketFactory(base.sslSocketFactory(), sockets), trust);
        }
        return builder.build();
    }

    private OkHttpClient.Builder with(OkHttpClient base, Sockets sockets, ExecutorService threads) {
        OkHttpClient.Builder builder = base.newBuilder()
                .dispatcher(new Dispatcher(threads))
                // Nothing that is idle is kept. The time is that between two looks at what is in use.
                .connectionPool(new ConnectionPool(0, 5, TimeUnit.MINUTES))
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .followSslRedirects(false)
                .cache(null);
        return builder.socketFactory(sockets.watching(Ways.sockets(proxy, base, builder)));
    }

    private static Response upgrade(Interceptor.Chain chain, Sockets sockets) throws IOException {
        Response response = chain.proceed(
                chain.request().newBuilder().removeHeader(EXTENSIONS).build());
        if (response.header(EXTENSIONS) != null) {
            throw new BrokenProtocolException("the server uses an extension that nobody offered");
        }
        return watched(response, sockets);
    }

    private static Response watched(Response response, Sockets sockets) throws IOException {
        if (!sockets.used()) {
            throw new BrokenProtocolException(
                    "the system names a SOCKS proxy; only one that the program names is used");
        }
        return response;
    }

    /** Reading the trusted certificates takes a while: not before somebody needs them. */
    private static final class Secure {
        private static final OkHttpClient CLIENT = new OkHttpClient();
    }

    private static final class Plain {
        private static final OkHttpClient CLIENT = new OkHttpClient.Builder()
                .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
                .build();
    }

    /** The settings. Not safe for use by several threads. */
    public static final class Builder {
        private @Nullable OkHttpClient client;
        private int maxFrameBytes = Limits.FRAME_BYTES;
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration pingInterval = Duration.ofSeconds(10);
        private @Nullable Proxy proxy;

        private Builder() {}

        /**
         * A client whose settings for proxy, DNS, TLS, sockets, cookies and interceptors are to be used. It stays the caller's: its
         * threads and connections are neither used nor shut down. Of its proxies a {@code proxySelector} may choose HTTP proxies alone.
         */
        @SuppressWarnings("exports") // who hands one in, has OkHttp
        public Builder client(OkHttpClient own) {
            client = Objects.requireNonNull(own, "own");
            return this;
        }

        /**
         * The longest message that a server may send, in bytes, whether in one frame or in several: 1 KiB to 1 MiB, which is
         * also what it is if not set: nothing in the protocol is longer. A longer one ends the connection.
         *
         * @throws IllegalArgumentException outside of these bounds
         */
        public Builder maxFrameBytes(int bytes) {
            if (bytes < 1 << 10 || bytes > Limits.FRAME_BYTES) {
                throw new IllegalArgumentException("maxFrameBytes is " + bytes + ", allowed are 1024 to 1048576");
            }
            maxFrameBytes = bytes;
            return this;
        }

        /**
         * How long to wait for a connection, and then for the server's answer: 100 ms to 2 minutes; 10 s if not set.
         *
         * @throws IllegalArgumentException outside of these bounds
         */
        public Builder connectTimeout(Duration limit) {
            connectTimeout = within("connectTimeout", limit);
            return this;
        }

        /**
         * How often to ask an open connection for a sign of life: 100 ms to 2 minutes; 10 s if not set. A dead network is noticed
         * after at most twice this time.
         *
         * @throws IllegalArgumentException outside of these bounds
         */
        public Builder pingInterval(Duration interval) {
            pingInterval = within("pingInterval", interval);
            return this;
        }

        /**
         * Goes through a proxy: SOCKS, or HTTP with CONNECT, for {@code ws} as for {@code wss}. It also looks the servers' names up;
         * {@code dns} and {@code socketFactory} of an own client are then not used. A SOCKS proxy that wants a name and a password
         * asks {@link java.net.Authenticator}; an HTTP proxy that wants them is not supported. {@link Proxy#NO_PROXY} means
         * none, whatever the system says.
         */
        public Builder proxy(Proxy way) {
            proxy = Objects.requireNonNull(way, "way");
            return this;
        }

        /** The transport. */
        public OkHttpSignaling build() {
            return new OkHttpSignaling(this);
        }

        private static Duration within(String name, Duration value) {
            if (value.compareTo(Duration.ofMillis(100)) < 0 || value.compareTo(Duration.ofMinutes(2)) > 0) {
                throw new IllegalArgumentException(name + " is " + value + ", allowed are PT0.1S to PT2M");
            }
            return value;
        }
    }
}
