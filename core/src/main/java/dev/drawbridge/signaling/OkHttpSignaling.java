package dev.drawbridge.signaling;

import dev.drawbridge.internal.wire.Limits;
import dev.drawbridge.spi.SignalingConnection;
import dev.drawbridge.spi.SignalingListener;
import dev.drawbridge.spi.SignalingTransport;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.Dispatcher;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
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

    private OkHttpSignaling(Builder builder) {
        this.given = builder.client;
        this.maxFrameBytes = builder.maxFrameBytes;
        this.connectTimeout = builder.connectTimeout;
        this.pingInterval = builder.pingInterval;
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

    /** Host and port only: path and query may hold secrets. */
    private static String place(URI server, boolean tls) {
        if (server.getHost() == null) {
            return "the server";
        }
        return server.getHost() + ":" + (server.getPort() >= 0 ? server.getPort() : tls ? 443 : 80);
    }

    /** Everything that is shared or lives on in a client is replaced by something of this one connection. */
    private OkHttpClient client(OkHttpConnection connection, boolean tls) {
        OkHttpClient base = given != null ? given : tls ? Secure.CLIENT : Plain.CLIENT;
        Sockets sockets = connection.sockets();
        OkHttpClient.Builder builder = base.newBuilder()
                .dispatcher(new Dispatcher(connection.threads()))
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.MILLISECONDS))
                .socketFactory(sockets.watching(base.socketFactory()))
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .followSslRedirects(false)
                .connectTimeout(connectTimeout)
                .readTimeout(connectTimeout)
                .writeTimeout(connectTimeout)
                // Ends a server that sends its answer byte by byte. No limit on the open connection.
                .callTimeout(connectTimeout.multipliedBy(2))
                .pingInterval(pingInterval)
                .cache(null)
                .addInterceptor(chain -> upgrade(chain, sockets));
        X509TrustManager trust = base.x509TrustManager();
        if (tls && trust != null) {
            builder.sslSocketFactory(new GuardedSslSocketFactory(base.sslSocketFactory(), sockets), trust);
        }
        return builder.build();
    }

    private static Response upgrade(Interceptor.Chain chain, Sockets sockets) throws IOException {
        Response response = chain.proceed(
                chain.request().newBuilder().removeHeader(EXTENSIONS).build());
        if (response.header(EXTENSIONS) != null) {
            throw new BrokenProtocolException("the server uses an extension that nobody offered");
        }
        if (!sockets.used()) {
            throw new BrokenProtocolException("SOCKS proxies are not supported");
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

        private Builder() {}

        /**
         * A client whose settings for proxy, DNS, TLS, sockets, cookies and interceptors are to be used. It stays the caller's: its
         * threads and connections are neither used nor shut down. SOCKS proxies are not supported.
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
