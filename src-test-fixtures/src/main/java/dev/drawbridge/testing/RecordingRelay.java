package dev.drawbridge.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Stands between clients and a server, passes every byte on, and writes down what passed: when, and which way. What it shows is what
 * was on the wire, whatever either side believes.
 *
 * <pre>{@code
 * try (RecordingRelay relay = RecordingRelay.to(server.uri())) {
 *     // connect to relay.uri() …
 *     RecordingRelay.Connection first = relay.connections().get(0);
 *     first.awaitClientEnd(Duration.ofSeconds(1));
 *     byte[] said = first.bytes(RecordingRelay.Way.TO_SERVER);
 * }
 * }</pre>
 *
 * <p>It works below TLS: of a {@code wss} connection it sees records, not frames. An end of one side is handed on to the other one.
 *
 * <p><b>Thread:</b> any. Two threads for each connection. <b>Bounds:</b> none; everything is kept in memory. <b>After close:</b> the
 * recordings stay.
 */
public final class RecordingRelay implements AutoCloseable {
    private final URI server;
    private final ServerSocket door;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();

    /** Which way bytes went. */
    public enum Way {
        /** From the client. */
        TO_SERVER,
        /** From the server. */
        TO_CLIENT
    }

    /**
     * Bytes that came in one read.
     *
     * @param at when they came to the relay
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Piece(Instant at, Way way, byte[] bytes) {}

    /**
     * How one side ended its half of a connection.
     *
     * @param reset by a reset, rather than after everything that it had sent
     */
    public record End(Instant at, boolean reset) {}

    private RecordingRelay(URI server) throws IOException {
        this.server = server;
        door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        run("accept", this::accept);
    }

    /**
     * A relay on a free port of the loopback interface.
     *
     * @param server with its port, such as {@link HandshakeServer#uri}
     * @throws UncheckedIOException if there is no port to listen on
     */
    public static RecordingRelay to(URI server) {
        try {
            return new RecordingRelay(server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server's address with the relay's host and port in it. */
    public URI uri() {
        String path = server.getRawPath() == null ? "" : server.getRawPath();
        return URI.create(server.getScheme() + "://127.0.0.1:" + door.getLocalPort() + path);
    }

    /** Every connection that came, in order; those that are over, too. */
    public List<Connection> connections() {
        return List.copyOf(connections);
    }

    /** Cuts every connection and takes no more. Idempotent. */
    @Override
    public void close() {
        close(door);
        connections.forEach(Connection::cut);
    }

    private void accept() {
        while (true) {
            try {
                // Both live in the connection, which closes them.
                @SuppressWarnings("resource")
                Socket client = door.accept();
                Connection connection = new Connection(client);
                connections.add(connection);
                run("to-server", connection::connect);
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private static void run(String name, Runnable task) {
        Thread thread = new Thread(task, "drawbridge-server-relay-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(AutoCloseable what) {
        try {
            what.close();
        } catch (Exception e) {
            // It is closed all the same.
        }
    }

    /** One connection of a client. */
    public final class Connection {
        private final Socket client;
        private final Socket behind = new Socket();
        // Guarded by this:
        private final List<Piece> pieces = new ArrayList<>();
        private Optional<End> clientEnd = Optional.empty();
        private Optional<End> serverEnd = Optional.empty();

        private Connection(Socket client) throws IOException {
            this.client = client;
            client.setTcpNoDelay(true);
        }

        /** What has passed so far, both ways, in order. */
        public synchronized List<Piece> pieces() {
            return List.copyOf(pieces);
        }

        /** What has passed so far one way. */
        public byte[] bytes(Way way) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            pieces().stream().filter(piece -> piece.way() == way).forEach(piece -> all.writeBytes(piece.bytes()));
            return all.toByteArray();
        }

        /** When and how the client ended it; empty while it has not. */
        public synchronized Optional<End> clientEnd() {
            return clientEnd;
        }

        /** When and how the server ended it; empty while it has not. */
        public synchronized Optional<End> serverEnd() {
            return serverEnd;
        }

        /**
         * Waits until the client has ended it, by a FIN or a reset. <b>Blocking:</b> up to {@code limit}.
         *
         * @throws AssertionError if it has not by then
         * @throws InterruptedException if the thread is interrupted
         */
        public synchronized End awaitClientEnd(Duration limit) throws InterruptedException {
            long deadline = System.nanoTime() + limit.toNanos();
            while (clientEnd.isEmpty()) {
                long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (millis <= 0) {
                    throw new AssertionError("the client has not ended its connection after " + limit);
                }
                wait(millis);
            }
            return clientEnd.get();
        }

        /**
         * Waits until something has passed. The predicate sees every piece so far. <b>Blocking:</b> up to {@code limit}.
         *
         * @throws AssertionError if it has not by then
         * @throws InterruptedException if the thread is interrupted
         */
        public synchronized void await(Predicate<List<Piece>> enough, Duration limit) throws InterruptedException {
            long deadline = System.nanoTime() + limit.toNanos();
            while (!enough.test(List.copyOf(pieces))) {
                long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (millis <= 0) {
                    throw new AssertionError("it has not passed after " + limit);
                }
                wait(millis);
            }
        }

        private void connect() {
            try {
                behind.connect(new InetSocketAddress(server.getHost(), server.getPort()));
                behind.setTcpNoDelay(true);
                run("to-client", () -> pass(behind, client, Way.TO_CLIENT));
            } catch (IOException e) {
                cut();
            }
            pass(client, behind, Way.TO_SERVER);
        }

        private void pass(Socket from, Socket to, Way way) {
            byte[] buffer = new byte[1 << 16];
            boolean reset = false;
            try {
                InputStream in = from.getInputStream();
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    record(new Piece(Instant.now(), way, Arrays.copyOf(buffer, count)));
                    write(to, buffer, count);
                }
            } catch (IOException e) {
                reset = true;
            }
            ended(way, new End(Instant.now(), reset));
            if (reset) {
                cut();
            } else {
                shutOutput(to);
            }
        }

        /** A receiver that is gone must not keep us from seeing the sender's end. */
        private void write(Socket to, byte[] buffer, int count) {
            try {
                to.getOutputStream().write(buffer, 0, count);
            } catch (IOException e) {
                close(to);
            }
        }

        private void shutOutput(Socket to) {
            try {
                to.shutdownOutput();
            } catch (IOException e) {
                // It is gone already.
            }
        }

        private synchronized void record(Piece piece) {
            pieces.add(piece);
            notifyAll();
        }

        private synchronized void ended(Way way, End end) {
            if (way == Way.TO_SERVER) {
                clientEnd = Optional.of(end);
            } else {
                serverEnd = Optional.of(end);
            }
            notifyAll();
        }

        private void cut() {
            close(client);
            close(behind);
        }
    }
}
