package dev.drawbridge.webrtc;

import dev.drawbridge.HandshakeEndpoint;
import dev.drawbridge.NetworkPolicy;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.signaling.OkHttpSignaling;
import dev.drawbridge.spi.IceServer;
import dev.drawbridge.spi.SignalingTransport;
import dev.drawbridge.webrtc.NativeChecks.Order;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for what is in the way when something does not work: Java, the system, the native library and what it is linked with, cameras
 * and sound, codecs, the network, the handshake server, STUN and TURN servers, and a connection to itself with pictures.
 *
 * <pre>{@code
 * System.out.print(Doctor.of(options).build().examine().text());
 * }</pre>
 *
 * <p>{@code bin/doctor} does it on the command line. Nobody else is talked to than the servers that a session with these options would
 * use, the default STUN servers among them. A list of TURN servers ({@code turnlist}) is not fetched.
 *
 * <p>What might end a process is tried in another JVM, with the class path of this one; here the native library is not even loaded.
 * Where no other JVM can be started, those checks are skipped.
 *
 * <p>The report has neither passwords nor credentials, and addresses only if {@link Builder#addresses} asks for them; the names of hosts
 * and devices are in it.
 *
 * <p><b>Thread:</b> any, also several at a time. <b>Blocking:</b> {@link #examine}, 30 s at most, usually 3 to 5.
 */
public final class Doctor {
    // Made before the checks' threads, which would begin to log at the same time.
    private static final Logger LOG = LoggerFactory.getLogger(Doctor.class);
    static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(8);
    private static final Duration SERVER = Duration.ofSeconds(16);

    private final Patient patient = new Patient();
    private final @Nullable HandshakeEndpoint server;
    private final @Nullable SignalingTransport signaling;
    private final List<IceServer> iceServers;
    private final boolean anyTurnCertificate;
    private final boolean addresses;

    private Doctor(Builder builder) {
        server = builder.server;
        signaling = builder.signaling;
        iceServers = builder.iceServers;
        anyTurnCertificate = builder.anyTurnCertificate;
        addresses = builder.addresses;
    }

    /** One that looks at this machine alone. */
    public static Builder builder() {
        return new Builder();
    }

    /** One that looks at this machine, and at the servers that these options name. */
    public static Builder of(SessionOptions options) {
        return builder().server(options.endpoint()).network(options.network());
    }

    /** How a check ended, from good to bad. */
    public enum Verdict {
        /** As it should be. */
        OK,
        /** Not looked at, and why is the finding. */
        SKIPPED,
        /** It may be in the way of something. */
        WARNING,
        /** It is in the way. */
        FAILED
    }

    /**
     * What one check found.
     *
     * @param name such as {@code native library}
     * @param verdict how it ended
     * @param findings at least one sentence without a full stop, usually
     * @param advice what to do next; empty where nothing is
     * @param took the time that it took
     */
    public record Check(String name, Verdict verdict, List<String> findings, List<String> advice, Duration took) {
        /** Copies the lists. */
        public Check {
            findings = List.copyOf(findings);
            advice = List.copyOf(advice);
        }
    }

    /**
     * What all checks found.
     *
     * @param checks in the order in which they are worth reading: what comes first may be the reason for what follows
     * @param took the time that all of it took
     */
    public record Report(List<Check> checks, Duration took) {
        /** Copies the list. */
        public Report {
            checks = List.copyOf(checks);
        }

        /** Whether nothing failed; there may be warnings. */
        public boolean healthy() {
            return checks.stream().noneMatch(check -> check.verdict() == Verdict.FAILED);
        }

        /** For a person: lines of 80 characters at most, unless a word is longer. */
        public String text() {
            return ReportForms.text(this);
        }

        /**
         * For a program, as one line: {@code {"healthy":true,"tookMs":…,"checks":[{"name":…,"verdict":"OK","findings":[…],"advice":[…],
         * "tookMs":…},…]}}.
         */
        public String json() {
            return ReportForms.json(this);
        }
    }

    /** What to look at. Not for several threads at once. */
    public static final class Builder {
        private @Nullable HandshakeEndpoint server;
        private @Nullable SignalingTransport signaling;
        private List<IceServer> iceServers = List.of();
        private boolean anyTurnCertificate;
        private boolean addresses;

        private Builder() {}

        /** Whether this handshake server is in reach. */
        public Builder server(HandshakeEndpoint endpoint) {
            server = Objects.requireNonNull(endpoint, "endpoint");
            return this;
        }

        /** Whether these STUN servers answer, and these TURN servers give relays. */
        public Builder network(NetworkPolicy policy) {
            iceServers = policy.iceServers();
            anyTurnCertificate = policy.anyTurnCertificate();
            return this;
        }

        /** The way to the handshake server, proxies and trust included; the built-in one unless set. */
        public Builder signaling(SignalingTransport transport) {
            signaling = Objects.requireNonNull(transport, "transport");
            return this;
        }

        /** Whether addresses may be in the report: of this machine, and of servers that are named by address. */
        public Builder addresses(boolean shown) {
            addresses = shown;
            return this;
        }

        /** The doctor; nothing is looked at yet. */
        public Doctor build() {
            return new Doctor(this);
        }
    }

    /** Looks at everything. Never fails: what goes wrong is in the report. */
    public Report examine() {
        Clock clock = new Clock(LIMIT);
        Hosts hosts = new Hosts(addresses);
        // Beside what the machine itself is asked, for these wait for others.
        FutureTask<List<Check>> outside = new FutureTask<>(() -> outside(clock, hosts));
        helper("outside", outside);
        List<Check> before = machine(clock);
        List<Order> orders = NativeChecks.orders(iceServers);
        List<Check> tried = new NativeChecks(patient, addresses, clock).run(orders, anyTurnCertificate);
        int relays =
                (int) orders.stream().filter(order -> order.relay() != null).count();
        List<Check> checks = new ArrayList<>(NativeChecks.believed(before, tried));
        checks.addAll(tried.subList(0, tried.size() - relays));
        checks.addAll(result(outside));
        checks.addAll(tried.subList(tried.size() - relays, tried.size()));
        return new Report(checks, clock.passed());
    }

    /** No check throws, and each has its limit. */
    private static List<Check> result(FutureTask<List<Check>> checks) {
        try {
            return checks.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private List<Check> machine(Clock clock) {
        MachineChecks machine = new MachineChecks(patient);
        return List.of(
                check("Java", SHORT, clock, machine::java),
                check("platform", SHORT, clock, machine::platform),
                check("temporary files", SHORT, clock, machine::temporaryDirectory),
                check("native library", SHORT, clock, machine::library));
    }

    private List<Check> outside(Clock clock, Hosts hosts) {
        List<Check> checks = new ArrayList<>();
        checks.add(check("network", SHORT, clock, notes -> NetworkCheck.look(patient, addresses, notes)));
        HandshakeEndpoint endpoint = server;
        if (endpoint == null) {
            checks.add(check("handshake server", SHORT, clock, notes -> notes.skip("none was named: wss=…")));
        } else {
            SignalingTransport way = signaling == null ? OkHttpSignaling.create() : signaling;
            checks.add(check("handshake server", SERVER, clock, notes -> new ServerCheck(way, hosts, notes)
                    .look(endpoint.uri())));
        }
        int number = 0;
        for (IceServer stun : iceServers.stream().filter(one -> !one.relay()).toList()) {
            checks.add(check("STUN " + ++number, SHORT, clock, notes -> StunCheck.look(stun, hosts, notes)));
        }
        return checks;
    }

    // ---- one check, within its time ---------------------------------------------------------------------------------

    /** Any exception that it throws is a finding. */
    interface Examination {
        void look(Notes notes) throws Exception;
    }

    /** How much of the time for everything has passed. */
    static final class Clock {
        private final long start = System.nanoTime();
        private final Duration limit;

        Clock(Duration limit) {
            this.limit = limit;
        }

        Duration passed() {
            return Duration.ofNanos(System.nanoTime() - start);
        }

        /** What is left of it, at most this much; zero when it is up. */
        Duration left(Duration most) {
            Duration left = limit.minus(passed());
            return Stream.of(most, left)
                    .min(Duration::compareTo)
                    .filter(time -> !time.isNegative())
                    .orElse(Duration.ZERO);
        }
    }

    /** On a thread of its own, which is left alone when it does not come back. */
    static Check check(String name, Duration limit, Clock clock, Examination examination) {
        Notes notes = new Notes();
        Duration begin = clock.passed();
        Duration left = clock.left(limit);
        if (left.isZero()) {
            notes.skip("the time for the whole examination was up");
            return notes.check(name, Duration.ZERO);
        }
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        Thread thread = helper(name.replace(' ', '-'), () -> {
            try {
                examination.look(notes);
                done.complete(null);
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        try {
            done.get(left.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            late(notes, left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            notes.fail("interrupted");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            LOG.debug("the check {} failed", name, cause);
            // Its message may hold an address.
            notes.fail("could not be looked at: " + cause.getClass().getSimpleName(), "report it");
        } finally {
            thread.interrupt();
        }
        return notes.check(name, clock.passed().minus(begin));
    }

    static void late(Notes notes, Duration limit) {
        notes.fail("did not come to an end within " + (limit.toMillis() + 500) / 1000 + " s");
    }

    private static Thread helper(String name, Runnable task) {
        Thread thread = new Thread(task, "drawbridge-doctor-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    static String millis(long fromNanos) {
        return (System.nanoTime() - fromNanos + 500_000) / 1_000_000 + " ms";
    }
}
