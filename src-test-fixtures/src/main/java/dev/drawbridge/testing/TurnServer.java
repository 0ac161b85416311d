package dev.drawbridge.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import okhttp3.tls.HeldCertificate;

/**
 * A real relay: Debian's coturn as a child process. UDP and TCP on one port, TLS with a certificate signed by itself on another,
 * and one account.
 *
 * <pre>{@code
 * try (TurnServer turn = TurnServer.start()) {
 *     String options = "push=camera1&privacy&turn=" + turn.option(turn.udpUrl());
 * }
 * }</pre>
 *
 * <p>It does not outlive this process, however that ends.
 *
 * <p><b>Thread:</b> any. <b>Blocking:</b> {@code start}, up to 10 s, {@code await}, {@code kill} and {@code close}. <b>Bounds:</b> none;
 * the log is kept in memory. <b>After close:</b> the log and the other facts stay.
 */
public final class TurnServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String USER = "relay-user";
    private static final String PASSWORD = "relay-password";
    /** The last line before it serves; its listeners are open by then. */
    private static final String LISTENS = "Total General servers";

    /**
     * Runs a program, and kills it as soon as the standard input ends: when it is closed here, or when this process is gone. The
     * input is handed on as another descriptor because a shell takes it away from what runs in the background.
     */
    static final String LEASH = """
            exec 3<&0
            "$@" 3<&- &
            program=$!
            (read -r line <&3; kill -KILL $program) >/dev/null 2>&1 &
            exec 3<&-
            wait $program
            """;

    private final InetAddress address;
    private final int port;
    private final int tlsPort;
    private final HeldCertificate certificate;
    private final Path folder;
    private final Process process;
    // Guarded by this:
    private final List<String> lines = new ArrayList<>();
    private boolean over;

    private TurnServer(InetAddress address, int port, int tlsPort, List<String> inside) throws IOException {
        this.address = address;
        this.port = port;
        this.tlsPort = tlsPort;
        certificate = new HeldCertificate.Builder()
                .commonName("Drawbridge relay for tests")
                .addSubjectAlternativeName(address.getHostAddress())
                .build();
        folder = Files.createTempDirectory("drawbridge-turn");
        Files.writeString(folder.resolve("certificate"), certificate.certificatePem());
        Files.writeString(folder.resolve("key"), certificate.privateKeyPkcs8Pem());
        List<String> command = new ArrayList<>(List.of("sh", "-c", LEASH, "sh"));
        command.addAll(inside);
        command.addAll(command());
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread reader = new Thread(this::read, "drawbridge-server-turn");
        reader.setDaemon(true);
        reader.start();
    }

    /** One on free ports of {@link MachineAddress#own}. */
    public static TurnServer start() {
        return start(MachineAddress.own());
    }

    /**
     * One on free ports of this address, from which it also relays.
     *
     * @param address of this machine, not a loopback address
     * @throws AssertionError if coturn is not installed, or does not listen in time; with its log
     */
    public static TurnServer start(InetAddress address) {
        try {
            return listening(new TurnServer(address, freePort(address), freePort(address), List.of()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One on the usual ports of a host of its own. @throws AssertionError likewise */
    public static TurnServer start(NetworkNamespaces.Host host) {
        try {
            return listening(new TurnServer(host.address(), 3478, 5349, host.inside()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TurnServer listening(TurnServer fresh) {
        try {
            fresh.await(line -> line.contains(LISTENS));
            return fresh;
        } catch (AssertionError e) {
            fresh.close();
            throw e;
        }
    }

    /** For UDP and for TCP. It is free on both, and stays so unless somebody takes just this one. */
    private static int freePort(InetAddress address) throws IOException {
        try (ServerSocket tcp = new ServerSocket()) {
            tcp.bind(new InetSocketAddress(address, 0));
            try (DatagramSocket udp = new DatagramSocket(tcp.getLocalPort(), address)) {
                return udp.getLocalPort();
            }
        }
    }

    private List<String> command() {
        String ip = address.getHostAddress();
        return List.of(
                SystemProgram.find("turnserver", "coturn"),
                "-n", // no configuration file
                "--verbose",
                "--log-file=stdout",
                "--listening-ip=" + ip,
                "--relay-ip=" + ip,
                "--listening-port=" + port,
                "--tls-listening-port=" + tlsPort,
                "--cert=" + folder.resolve("certificate"),
                "--pkey=" + folder.resolve("key"),
                "--no-dtls",
                "--no-cli",
                "--no-multicast-peers",
                "--lt-cred-mech",
                "--realm=drawbridge.test",
                "--user=" + USER + ":" + PASSWORD,
                "--userdb=" + folder.resolve("users"),
                "--pidfile=" + folder.resolve("pid"));
    }

    private void read() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            // It is gone.
        } finally {
            end();
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void end() {
        over = true;
        notifyAll();
    }

    /** Where it listens, and from where it relays. */
    public InetAddress address() {
        return address;
    }

    /** {@code stun:…}: it tells clients their addresses, too. */
    public String stunUrl() {
        return "stun:" + address.getHostAddress() + ":" + port;
    }

    /** {@code turn:…?transport=udp}. */
    public String udpUrl() {
        return "turn:" + address.getHostAddress() + ":" + port + "?transport=udp";
    }

    /** {@code turn:…?transport=tcp}. */
    public String tcpUrl() {
        return "turn:" + address.getHostAddress() + ":" + port + "?transport=tcp";
    }

    /** {@code turns:…}. */
    public String tlsUrl() {
        return "turns:" + address.getHostAddress() + ":" + tlsPort;
    }

    /** Of its only account. */
    public String user() {
        return USER;
    }

    /** Of its only account. */
    public String password() {
        return PASSWORD;
    }

    /** What follows {@code turn=} in a link. */
    public String option(String url) {
        return USER + ";" + PASSWORD + ";" + url.replace("?", "%3F");
    }

    /** What it shows clients over TLS; nobody signed it. */
    public X509Certificate certificate() {
        return certificate.certificate();
    }

    /** Where its files are while it is open. */
    Path folder() {
        return folder;
    }

    /** The lines of its log so far. */
    public synchronized List<String> log() {
        return List.copyOf(lines);
    }

    /**
     * Waits until its log has such a line and returns the first one. <b>Blocking:</b> up to 10 s.
     *
     * @throws AssertionError if there is none by then; with the log
     */
    public synchronized String await(Predicate<String> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int seen = 0;
        while (true) {
            for (; seen < lines.size(); seen++) {
                if (wanted.test(lines.get(seen))) {
                    return lines.get(seen);
                }
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (over || millis <= 0) {
                throw new AssertionError("not in the log of the relay" + (over ? ", which is over" : "") + ":\n"
                        + String.join("\n", lines));
            }
            try {
                wait(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for the relay", e);
            }
        }
    }

    /** Ends it without a word to anybody (SIGKILL); returns when it is gone. Idempotent. */
    public void kill() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the relay is still there, " + PATIENCE + " after it was killed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Kills it and removes its files. Idempotent. */
    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.exists(folder) ? Files.walk(folder) : Stream.empty()) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
