package dev.drawbridge.testing;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.IteratingCallback;

/** What waits to be written to one client: in order, never blocking, and bounded. */
final class Outbox extends IteratingCallback {
    /** What became of a packet. */
    enum Verdict {
        QUEUED,
        /** The client does not read. */
        FULL,
        /** A last packet is already in the queue. */
        SHUT
    }

    /** Counted for each packet on top of its bytes, so that many empty ones are bounded as well. */
    private static final int OVERHEAD = 64;

    private static final int BATCH = 16;

    private final EndPoint endPoint;
    private final long limit;
    private final Runnable afterLast;
    private final Consumer<Throwable> failure;

    // All guarded by this.
    private final Queue<Packet> waiting = new ArrayDeque<>();
    private long size;
    private boolean shut;
    private boolean begun;

    // Touched only by process() and onSuccess(), which IteratingCallback never runs at the same time.
    private long writing;
    private boolean writingLast;

    /**
     * @param limit bytes that may wait
     * @param afterLast run when the last packet is on its way
     * @param failure told once when writing has failed
     */
    Outbox(EndPoint endPoint, long limit, Runnable afterLast, Consumer<Throwable> failure) {
        this.endPoint = endPoint;
        this.limit = limit;
        this.afterLast = afterLast;
        this.failure = failure;
    }

    /** Lets what waits be written: the connection speaks WebSocket now. */
    void begin() {
        synchronized (this) {
            begun = true;
        }
        iterate();
    }

    /** Queues {@code packet}; {@link #iterate()} writes. */
    synchronized Verdict add(Packet packet) {
        if (shut) {
            return Verdict.SHUT;
        }
        long cost = cost(packet);
        if (size + cost > limit) {
            return Verdict.FULL;
        }
        size += cost;
        waiting.add(packet);
        return Verdict.QUEUED;
    }

    /** Queues {@code packet} as the last one for ever. */
    synchronized Verdict addLast(Packet packet) {
        Verdict verdict = add(packet);
        shut = true;
        return verdict;
    }

    @Override
    protected Action process() {
        List<ByteBuffer> buffers = new ArrayList<>();
        synchronized (this) {
            writing = 0;
            for (int i = 0; begun && i < BATCH && !waiting.isEmpty(); i++) {
                Packet packet = waiting.remove();
                writing += cost(packet);
                Collections.addAll(buffers, packet.buffers());
            }
            writingLast = shut && waiting.isEmpty();
        }
        if (buffers.isEmpty()) {
            return Action.IDLE;
        }
        endPoint.write(this, buffers.toArray(ByteBuffer[]::new));
        return Action.SCHEDULED;
    }

    @Override
    protected void onSuccess() {
        synchronized (this) {
            size -= writing;
        }
        if (writingLast) {
            afterLast.run();
        }
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        failure.accept(cause);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    private static long cost(Packet packet) {
        return (long) OVERHEAD + packet.payload().length;
    }
}
