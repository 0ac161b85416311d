package dev.drawbridge.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * All connections of one server, the rules that connect them, the log and the faults.
 *
 * <p>One short lock around the rules: it only moves packets into queues, so the order of frames is the same for everybody.
 * Writing happens after it.
 */
final class Switchboard {
    private static final long MAX_LATE = 64L << 20;

    private final Shape shape;
    private final Scheduler scheduler;
    private final FrameLog log;
    private final FaultPlan plan;
    private final Instant startedAt = Instant.now();
    private final long startedNanos = System.nanoTime();

    /** What the delay holds back at the moment, all connections together. */
    private final AtomicLong lateBytes = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final Map<Integer, PeerSocket> sockets = new LinkedHashMap<>();
    private final Set<PeerSocket> unflushed = new LinkedHashSet<>();
    private final Set<PeerSocket> overfull = new LinkedHashSet<>();
    private final Queue<Runnable> late = new ArrayDeque<>();
    private Rules rules;
    private long lastDueNanos = startedNanos;

    Switchboard(Shape shape, Scheduler scheduler, FrameLog log, FaultPlan plan) {
        this.shape = shape;
        this.scheduler = scheduler;
        this.log = log;
        this.plan = plan;
        this.rules = Rules.of(shape);
    }

    FrameLog log() {
        return log;
    }

    int connections() {
        lock.lock();
        try {
            return sockets.size();
        } finally {
            lock.unlock();
        }
    }

    void opened(PeerSocket socket) {
        route(() -> {
            if (socket.isGone()) {
                return;
            }
            sockets.put(socket.number(), socket);
            rules.opened(socket);
            note(socket, LogEntry.Direction.IN, LogEntry.Kind.OPEN, "", 0, 0);
        });
    }

    void gone(PeerSocket socket, String why) {
        route(() -> {
            if (sockets.remove(socket.number()) != null) {
                rules.closed(socket);
                note(socket, LogEntry.Direction.IN, LogEntry.Kind.GONE, why, 0, 0);
            }
        });
    }

    /** A whole packet from a client, in order. */
    void arrived(PeerSocket socket, Packet packet) {
        Optional<LogEntry> entry = entry(socket, LogEntry.Direction.IN, packet);
        // Before it can be seen in the log: whoever sees it there and then lets the server answer again has lost this
        // one.
        boolean unheard = plan.isMute();
        lock.lock();
        try {
            if (socket.isGone()) {
                return;
            }
            if (!log.isOff()) {
                entry.ifPresent(log::add);
            }
        } finally {
            lock.unlock();
        }
        if (unheard) {
            return;
        }
        Duration delay = plan.delay();
        if (delay.isZero() && lateBytes.get() == 0) {
            handle(socket, packet, entry);
        } else {
            putOff(socket, packet, entry, delay);
        }
    }

    /** A client broke the rules of WebSocket: the Close says how, and nothing from it is looked at any more. */
    void broken(PeerSocket socket, ProtocolError error) {
        if (!plan.isMute()) {
            sayGoodbye(socket, error.code(), String.valueOf(error.getMessage()));
        }
    }

    /** Called by the rules, under the lock. */
    void deliver(PeerSocket socket, Packet packet) {
        if (plan.isMute() || plan.drops(() -> entry(socket, LogEntry.Direction.OUT, packet))) {
            return;
        }
        put(socket, packet);
    }

    /** Sends whatever the state of the handshake is, to show a client a server that does not behave. */
    void force(@Nullable Integer connection, Packet packet) {
        route(() -> {
            for (PeerSocket socket : chosen(connection)) {
                put(socket, packet);
            }
        });
    }

    void closeAll(int code, String reason) {
        for (PeerSocket socket : everybody()) {
            sayGoodbye(socket, code, reason);
        }
    }

    /** Cuts every connection; the calls return when they are gone. */
    void cutAll(String why) {
        everybody().forEach(socket -> socket.cut(why));
    }

    /** Forgets every id, stream and room. Connections that are still there have to be cut first. */
    void forget() {
        route(() -> {
            rules = Rules.of(shape);
            sockets.values().forEach(rules::opened);
        });
    }

    private void handle(PeerSocket socket, Packet packet, Optional<LogEntry> entry) {
        if (plan.isMute() || (packet.opcode() != Packet.CLOSE && plan.drops(() -> entry))) {
            return;
        }
        switch (packet.opcode()) {
            case Packet.PING -> route(() -> deliver(socket, new Packet(Packet.PONG, packet.payload())));
            case Packet.PONG -> {
                // An answer to nothing: allowed, and means nothing.
            }
            case Packet.CLOSE -> {
                route(() -> rules.closed(socket));
                if (!plan.isTalking()) {
                    sayGoodbye(socket, packet.closeCode(), "");
                }
            }
            default -> {
                if (!plan.isUnlucky()) {
                    int times = plan.duplicates(entry) ? 2 : 1;
                    for (int i = 0; i < times; i++) {
                        route(() -> rules.received(socket, packet));
                    }
                }
            }
        }
    }

    private void putOff(PeerSocket socket, Packet packet, Optional<LogEntry> entry, Duration delay) {
        // One more than its size, so that an empty frame counts as well.
        long size = packet.payload().length + 1L;
        if (lateBytes.addAndGet(size) > MAX_LATE) {
            lateBytes.addAndGet(-size);
            socket.cut("too much is late");
            return;
        }
        Runnable handling = () -> {
            try {
                handle(socket, packet, entry);
            } finally {
                lateBytes.addAndGet(-size);
            }
        };
        // Timers of one moment may fire in any order, so each of them handles whatever is the oldest.
        scheduler.schedule(this::handleOldest, queueLate(handling, delay), TimeUnit.NANOSECONDS);
    }

    private void handleOldest() {
        Runnable oldest;
        lock.lock();
        try {
            oldest = late.poll();
        } finally {
            lock.unlock();
        }
        if (oldest != null) {
            oldest.run();
        }
    }

    private void sayGoodbye(PeerSocket socket, int code, String reason) {
        route(() -> {
            rules.closed(socket);
            if (socket.isGone()) {
                return;
            }
            Packet close = Packet.close(code, reason);
            switch (socket.outbox().addLast(close)) {
                case QUEUED -> {
                    noteOut(socket, close);
                    unflushed.add(socket);
                }
                case FULL -> overfull.add(socket);
                case SHUT -> {
                    // Both sides have said it: the client ends the connection, or the time that it has for it.
                }
            }
        });
    }

    /** Under the lock. */
    private void put(PeerSocket socket, Packet packet) {
        if (socket.isGone()) {
            return;
        }
        switch (socket.outbox().add(packet)) {
            case QUEUED -> {
                noteOut(socket, packet);
                unflushed.add(socket);
            }
            case FULL -> overfull.add(socket);
            case SHUT -> {
                // It has had its Close.
            }
        }
    }

    private void route(Runnable step) {
        List<PeerSocket> flush;
        List<PeerSocket> cut;
        lock.lock();
        try {
            step.run();
            flush = new ArrayList<>(unflushed);
            cut = new ArrayList<>(overfull);
            unflushed.clear();
            overfull.clear();
        } finally {
            lock.unlock();
        }
        flush.forEach(socket -> socket.outbox().iterate());
        cut.forEach(socket -> socket.cut("it does not read"));
    }

    private List<PeerSocket> everybody() {
        lock.lock();
        try {
            return List.copyOf(sockets.values());
        } finally {
            lock.unlock();
        }
    }

    private List<PeerSocket> chosen(@Nullable Integer connection) {
        if (connection == null) {
            return List.copyOf(sockets.values());
        }
        PeerSocket socket = sockets.get(connection);
        return socket == null ? List.of() : List.of(socket);
    }

    /** The time until it is due: never before what was put off earlier, so that a shorter delay keeps the order. */
    private long queueLate(Runnable handling, Duration delay) {
        lock.lock();
        try {
            late.add(handling);
            long now = System.nanoTime();
            long due = now + delay.toNanos();
            lastDueNanos = Math.max(due - lastDueNanos, 0) + lastDueNanos;
            return lastDueNanos - now;
        } finally {
            lock.unlock();
        }
    }

    private void noteOut(PeerSocket socket, Packet packet) {
        if (!log.isOff()) {
            entry(socket, LogEntry.Direction.OUT, packet).ifPresent(log::add);
        }
    }

    private void note(PeerSocket socket, LogEntry.Direction way, LogEntry.Kind kind, String text, int code, int size) {
        if (!log.isOff()) {
            log.add(new LogEntry(now(), socket.number(), socket.peer(), way, kind, text, code, size));
        }
    }

    /** Empty if nobody would look at it. */
    private Optional<LogEntry> entry(PeerSocket socket, LogEntry.Direction way, Packet packet) {
        if (log.isOff() && !plan.looksAtFrames()) {
            return Optional.empty();
        }
        return Optional.of(new LogEntry(
                now(),
                socket.number(),
                socket.peer(),
                way,
                packet.kind(),
                packet.words(),
                packet.closeCode(),
                packet.payload().length));
    }

    private Instant now() {
        return startedAt.plusNanos(System.nanoTime() - startedNanos);
    }
}
