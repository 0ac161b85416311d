package dev.drawbridge.testing;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Makes a running {@link HandshakeServer} misbehave, so that an application can be tried against it.
 *
 * <p>Each method takes effect at once, for the connections that exist and for new ones, until it is taken back or {@link
 * #clear()} is called. All of them return this object. <b>Thread:</b> any. Predicates run on the server's threads and must be
 * quick.
 */
public final class Faults {
    private final HandshakeServer server;
    private final FaultPlan plan;
    private final Switchboard switchboard;
    private final Scheduler timer;

    /** Guarded by this. */
    private Scheduler.@Nullable Task talk;

    Faults(HandshakeServer server, FaultPlan plan, Switchboard switchboard, Scheduler timer) {
        this.server = server;
        this.plan = plan;
        this.switchboard = switchboard;
        this.timer = timer;
    }

    /**
     * Loses messages and control frames: one that comes {@code IN} reaches nobody (its log entry stays), one that would go
     * {@code OUT} is not sent and not logged. A Close is never lost this way.
     */
    public Faults drop(Predicate<LogEntry> which) {
        plan.drop = which;
        return this;
    }

    /**
     * Loses each message that arrives with this probability, 0 to 1, in a way that the seed determines for one order of
     * arrival.
     */
    public Faults drop(double probability, long seed) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("a probability is 0 to 1, this is " + probability);
        }
        plan.random = new Random(seed);
        plan.dropProbability = probability;
        return this;
    }

    /** Handles everything that arrives so much later, in the same order; {@link Duration#ZERO} ends it. */
    public Faults delay(Duration late) {
        plan.delay = late;
        return this;
    }

    /** Handles these messages twice. */
    public Faults duplicate(Predicate<LogEntry> which) {
        plan.duplicate = which;
        return this;
    }

    /**
     * Reads and logs, but sends nothing at all any more, not even the answer to a ping or a Close, and keeps every TCP
     * connection until its client ends it. Upgrades are still answered.
     */
    public Faults stopAnswering() {
        plan.mute = true;
        return this;
    }

    /** Ends {@link #stopAnswering()}. What arrived in between is lost. */
    public Faults answerAgain() {
        plan.mute = false;
        return this;
    }

    /**
     * Sends {@code text} to every connection once in each period, also to those that have sent a Close; and leaves every
     * Close unanswered.
     */
    public synchronized Faults keepTalking(String text, Duration period) {
        stopTalking();
        plan.talking = true;
        talkLater(Packet.text(text), period.toNanos());
        return this;
    }

    /** Answers every upgrade to WebSocket with this status, such as 503; 0 ends it. */
    public Faults refuse(int status) {
        plan.refusal = status;
        return this;
    }

    /** Accepts TCP connections and TLS, but leaves every upgrade to WebSocket without an answer. */
    public Faults stallUpgrades() {
        plan.stallingUpgrades = true;
        return this;
    }

    /** Stops listening: connecting is refused by the system. Connections that exist live on. */
    public Faults stopAccepting() {
        server.stopListening();
        return this;
    }

    /**
     * Ends {@link #stopAccepting()}, on the same port.
     *
     * @throws java.io.UncheckedIOException if somebody else has the port now
     */
    public Faults acceptAgain() {
        server.listenAgain();
        return this;
    }

    /** Cuts every TCP connection, without a Close. When this returns they are gone and their ids are free. */
    public Faults disconnectAll() {
        switchboard.cutAll("cut");
        return this;
    }

    /** Says goodbye properly to everybody. */
    public Faults closeAll(int code, String reason) {
        switchboard.closeAll(code, reason);
        return this;
    }

    /**
     * What clients see of a server that is started anew: all connections cut, every id, stream and room forgotten, the same
     * port.
     */
    public Faults restart() {
        server.stopListening();
        switchboard.cutAll("restarted");
        switchboard.forget();
        server.listenAgain();
        return this;
    }

    /** Sends a text message to one connection, whatever is in it. */
    public Faults send(int connection, String text) {
        switchboard.force(connection, Packet.text(text));
        return this;
    }

    /** Sends a text message to every connection. */
    public Faults sendToAll(String text) {
        switchboard.force(null, Packet.text(text));
        return this;
    }

    /** Sends a binary message to one connection. */
    public Faults sendBinary(int connection, byte[] bytes) {
        switchboard.force(connection, new Packet(Packet.BINARY, bytes.clone()));
        return this;
    }

    /** Puts bytes on the wire of one connection that need not be a frame at all. The log calls them BINARY. */
    public Faults sendRaw(int connection, byte[] bytes) {
        switchboard.force(connection, new Packet(Packet.RAW, bytes.clone()));
        return this;
    }

    /** Takes everything back. Connections stay as they are; if it was not listening it listens again. */
    public Faults clear() {
        stopTalking();
        plan.clear();
        server.dropStalled();
        server.listenAgain();
        return this;
    }

    private synchronized void stopTalking() {
        plan.talking = false;
        if (talk != null) {
            talk.cancel();
            talk = null;
        }
    }

    private synchronized void talkLater(Packet packet, long nanos) {
        if (plan.isTalking()) {
            talk = timer.schedule(
                    () -> {
                        switchboard.force(null, packet);
                        talkLater(packet, nanos);
                    },
                    nanos,
                    TimeUnit.NANOSECONDS);
        }
    }
}
