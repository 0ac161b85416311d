package dev.drawbridge.internal.runtime;

import dev.drawbridge.SendException;
import dev.drawbridge.SendException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the program has given to be sent and has not heard of yet. Every stage that is handed out is completed, at the latest at the
 * end of the session; not on the session's thread, for the program may do what it likes there. {@link #begin} may be called from any
 * thread, the rest on the session's.
 */
final class Deliveries {
    private final Executor program;
    private final Runnable atEnd;
    private final Map<Long, Delivery> open = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private volatile boolean closed;

    private static final class Delivery {
        final boolean everybody;
        final CompletableFuture<Integer> stage = new CompletableFuture<>();
        final List<String> missed = new ArrayList<>();
        Optional<Reason> worst = Optional.empty();
        int awaited;
        int reached;

        Delivery(boolean everybody) {
            this.everybody = everybody;
        }
    }

    /** The number under which it goes, and what the program waits for. */
    record Begun(long number, CompletionStage<Integer> stage) {}

    /**
     * None yet.
     *
     * @param program where stages are completed, in order
     * @param atEnd run once nothing comes to {@code program} any more
     */
    Deliveries(Executor program, Runnable atEnd) {
        this.program = program;
        this.atEnd = atEnd;
    }

    /** A failure of which nothing else has to know. */
    static CompletionStage<Integer> failed(Reason reason) {
        return CompletableFuture.failedStage(exception(reason, List.of()));
    }

    /** @param everybody whether it is for whoever is there, so that who has gone is not missed */
    Begun begin(boolean everybody) {
        long number = numbers.incrementAndGet();
        Delivery delivery = new Delivery(everybody);
        open.put(number, delivery);
        // After it was put there: the end empties the map once the flag is set.
        if (closed && open.remove(number) != null) {
            return new Begun(number, failed(Reason.SESSION_CLOSED));
        }
        return new Begun(number, delivery.stage.minimalCompletionStage());
    }

    /** It is on its way to so many. */
    void goesTo(long number, int peers) {
        Delivery delivery = open.get(number);
        if (delivery != null) {
            delivery.awaited = peers;
            finishIfSettled(number, delivery);
        }
    }

    /** What became of it with one of them. */
    void settled(long number, String peer, Optional<Reason> missed) {
        Delivery delivery = open.get(number);
        if (delivery == null) {
            return;
        }
        delivery.awaited--;
        boolean nobodyMissed = delivery.everybody && missed.equals(Optional.of(Reason.PEER_GONE));
        if (missed.isEmpty()) {
            delivery.reached++;
        } else if (!nobodyMissed) {
            delivery.worst = missed;
            delivery.missed.add(peer);
        }
        finishIfSettled(number, delivery);
    }

    private void finishIfSettled(long number, Delivery delivery) {
        if (delivery.awaited > 0) {
            return;
        }
        open.remove(number);
        if (delivery.worst.isPresent()) {
            fail(delivery, delivery.worst.get());
        } else {
            int reached = delivery.reached;
            program.execute(() -> delivery.stage.complete(reached));
        }
    }

    /** It goes to nobody. */
    void refused(long number, Reason reason) {
        Delivery delivery = open.remove(number);
        if (delivery != null) {
            fail(delivery, reason);
        }
    }

    private void fail(Delivery delivery, Reason reason) {
        SendException why = exception(reason, delivery.missed);
        program.execute(() -> delivery.stage.completeExceptionally(why));
    }

    /** The session is over. */
    void close() {
        closed = true;
        open.keySet().stream().sorted().forEach(number -> refused(number, Reason.SESSION_CLOSED));
        atEnd.run();
    }

    private static SendException exception(Reason reason, List<String> peers) {
        String message =
                switch (reason) {
                    case TOO_BIG -> "not sent: it is longer than one message may be";
                    case TOO_MUCH_WAITING -> "not sent: too much is waiting to be sent";
                    case NO_SUCH_PEER -> "not sent: nobody of this name is connected";
                    case PEER_GONE -> "the peer was gone before the data had left for sure";
                    case SESSION_CLOSED -> "the session is over";
                };
        return new SendException(reason, message, peers);
    }
}
