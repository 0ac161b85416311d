package dev.drawbridge.testing;

import dev.drawbridge.spi.Scheduler;
import dev.drawbridge.spi.SignalingEnd;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A handshake server in memory and in virtual time, for clients with {@link FakeSignaling}. It routes by the very rules of {@link
 * HandshakeServer} and keeps the same kind of log.
 *
 * <p>A frame takes 1 ms each way. <b>Thread:</b> any; frames move while the clock is moved.
 */
public final class FakeServer {
    private static final URI ADDRESS = URI.create("ws://127.0.0.1:8080");
    private static final Duration LATENCY = Duration.ofMillis(1);

    private enum Door {
        OPEN,
        UNREACHABLE,
        TLS_FAILS,
        REFUSES,
        STALLS
    }

    /**
     * How text and binary messages travel between clients and a server; not how connections begin and end. Called under the server's
     * lock.
     */
    interface Wire {
        /**
         * Takes a message at one end.
         *
         * @param arrive takes what arrives at the other, later and on the clock, as often as it does
         */
        void carry(FakeConnection line, LogEntry.Direction way, Packet packet, Consumer<Packet> arrive);
    }

    private final Scheduler scheduler;
    private final Shape shape;
    private final Wire wire;
    // Guarded by this.
    private final Set<FakeConnection> lines = new LinkedHashSet<>();
    private final List<LogEntry> log = new ArrayList<>();
    private final List<Instant> attempts = new ArrayList<>();
    private Rules rules;
    private Door door = Door.OPEN;
    private int refusal;
    private boolean mute;
    private boolean deafToCloses;
    private int connections;
    private int ids;

    /**
     * A server of this shape.
     *
     * @param scheduler its clock, as a rule a {@link VirtualTime}; another one makes it run by itself
     */
    public FakeServer(Scheduler scheduler, Shape shape) {
        this(scheduler, shape, (line, way, packet, arrive) -> scheduler.schedule(LATENCY, () -> arrive.accept(packet)));
    }

    FakeServer(Scheduler scheduler, Shape shape, Wire wire) {
        this.scheduler = scheduler;
        this.shape = shape;
        this.wire = wire;
        rules = rules();
    }

    /** The ids that the server gives out are the same in every run. */
    private Rules rules() {
        return Rules.of(shape, () -> new UUID(0, ++ids).toString());
    }

    /** A new client. */
    public FakeSignaling signaling() {
        return new FakeSignaling(this);
    }

    /** An address to put into options. The fakes do not look at it. */
    public URI uri() {
        return ADDRESS;
    }

    /** The option that names this server in its dialect, such as {@code wss=ws://127.0.0.1:8080}. */
    public String option() {
        return (shape == Shape.HOSTED ? "wss2=" : "wss=") + ADDRESS;
    }

    // ---- to look at

    /** Everything that was on the wire so far. */
    public synchronized List<LogEntry> log() {
        return List.copyOf(log);
    }

    /** What was on the wire of one connection; the first that stood is 1. */
    public synchronized List<LogEntry> log(int connection) {
        return log.stream().filter(entry -> entry.connection() == connection).toList();
    }

    /** How many connections stand. */
    public synchronized int connections() {
        return lines.size();
    }

    /** When a connection was asked for, successful or not. */
    public synchronized List<Instant> attempts() {
        return List.copyOf(attempts);
    }

    // ---- switches

    /** From now on nobody answers at the address. Connections that stand live on. */
    public FakeServer unreachable() {
        return door(Door.UNREACHABLE);
    }

    /** From now on every TLS handshake fails. */
    public FakeServer failTls() {
        return door(Door.TLS_FAILS);
    }

    /** From now on every upgrade is answered with this HTTP status. */
    public synchronized FakeServer refuse(int status) {
        refusal = status;
        return door(Door.REFUSES);
    }

    /** From now on connecting neither succeeds nor fails. */
    public FakeServer stall() {
        return door(Door.STALLS);
    }

    /** Takes the four above back. */
    public FakeServer acceptAgain() {
        return door(Door.OPEN);
    }

    /** From now on nothing is handled and nothing is sent, not even an answer to a Close. What arrives is logged. */
    public synchronized FakeServer stopAnswering() {
        mute = true;
        return this;
    }

    /** Takes {@link #stopAnswering} back. What came in between is lost. */
    public synchronized FakeServer answerAgain() {
        mute = false;
        return this;
    }

    /** From now on every Close is left unanswered, and frames for who has sent one are still sent. */
    public synchronized FakeServer ignoreCloses() {
        deafToCloses = true;
        return this;
    }

    /** Breaks every connection without a goodbye; ids, streams and rooms are free at once. */
    public synchronized FakeServer disconnectAll() {
        List.copyOf(lines).forEach(this::cut);
        return this;
    }

    /** Says goodbye to everybody. */
    public synchronized FakeServer closeAll() {
        for (FakeConnection line : List.copyOf(lines)) {
            note(line, LogEntry.Direction.OUT, Packet.close(1001, ""));
            leave(line, "closed");
            carry(() -> line.dropped(SignalingEnd.Kind.CLOSED_BY_SERVER, "1001"));
        }
        return this;
    }

    /** Forgets everything it knew, as after a restart. */
    public synchronized FakeServer restart() {
        disconnectAll();
        rules = rules();
        return this;
    }

    /** Sends any text to every connection. */
    public synchronized FakeServer sendToAll(String text) {
        lines.forEach(line -> put(line, Packet.text(text)));
        return this;
    }

    /** Sends any text to one connection. */
    public synchronized FakeServer send(int connection, String text) {
        lines.stream().filter(line -> line.number() == connection).forEach(line -> put(line, Packet.text(text)));
        return this;
    }

    /** Sends a binary message to one connection. */
    public synchronized FakeServer sendBinary(int connection, byte[] bytes) {
        Packet packet = new Packet(Packet.BINARY, bytes.clone());
        lines.stream().filter(line -> line.number() == connection).forEach(line -> put(line, packet));
        return this;
    }

    private synchronized FakeServer door(Door changed) {
        door = changed;
        return this;
    }

    // ---- the wire

    /** A step that takes the time of the wire. Those of one moment keep their order. */
    void carry(Runnable step) {
        later(LATENCY, step);
    }

    /** A message of a client. */
    void takeUp(FakeConnection line, Packet packet) {
        wire.carry(line, LogEntry.Direction.IN, packet, arrived -> arrived(line, arrived));
    }

    void later(Duration delay, Runnable step) {
        scheduler.schedule(delay, step);
    }

    synchronized void dialed(FakeConnection line) {
        attempts.add(scheduler.now());
        switch (door) {
            case OPEN -> carry(() -> accept(line));
            case UNREACHABLE -> carry(() -> line.end(SignalingEnd.Kind.UNREACHABLE, "nobody answers"));
            case TLS_FAILS -> carry(() -> line.end(SignalingEnd.Kind.TLS_FAILED, "untrusted certificate"));
            case REFUSES -> {
                String status = "HTTP " + refusal;
                carry(() -> line.end(SignalingEnd.Kind.REFUSED, status));
            }
            case STALLS -> {
                // The client has to give up.
            }
        }
    }

    private synchronized void accept(FakeConnection line) {
        line.numbered(++connections);
        lines.add(line);
        note(line, LogEntry.Direction.IN, LogEntry.Kind.OPEN, "", 0, 0);
        carry(line::open);
        rules.opened(line);
    }

    synchronized void arrived(FakeConnection line, Packet packet) {
        if (!line.known()) {
            return;
        }
        note(line, LogEntry.Direction.IN, packet);
        if (mute) {
            return;
        }
        if (packet.isMessage()) {
            rules.received(line, packet);
        } else if (!deafToCloses) {
            note(line, LogEntry.Direction.OUT, packet);
            leave(line, "closed");
            carry(() -> line.dropped(SignalingEnd.Kind.CLOSED_BY_US, "1000"));
        }
    }

    /** Called by the rules, under the lock. */
    void deliver(FakeConnection line, Packet packet) {
        if (!mute) {
            put(line, packet);
        }
    }

    private void put(FakeConnection line, Packet packet) {
        if (line.known()) {
            note(line, LogEntry.Direction.OUT, packet);
            wire.carry(line, LogEntry.Direction.OUT, packet, line::receive);
        }
    }

    /** The client's end is no more. */
    synchronized void hungUp(FakeConnection line) {
        leave(line, "ended by the client");
    }

    synchronized void cut(FakeConnection line) {
        if (line.known()) {
            leave(line, "cut");
            carry(() -> line.dropped(SignalingEnd.Kind.LOST, "cut"));
        }
    }

    private void leave(FakeConnection line, String why) {
        if (line.known()) {
            note(line, LogEntry.Direction.IN, LogEntry.Kind.GONE, why, 0, 0);
            line.forgotten();
            lines.remove(line);
            rules.closed(line);
        }
    }

    private void note(FakeConnection line, LogEntry.Direction way, Packet packet) {
        note(line, way, packet.kind(), packet.words(), packet.closeCode(), packet.payload().length);
    }

    private void note(
            FakeConnection line, LogEntry.Direction way, LogEntry.Kind kind, String text, int code, int size) {
        log.add(new LogEntry(scheduler.now(), line.number(), line.peer(), way, kind, text, code, size));
    }
}
