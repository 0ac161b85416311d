package dev.drawbridge.internal.runtime;

import dev.drawbridge.SendException;
import dev.drawbridge.SendException.Reason;
import dev.drawbridge.internal.wire.Limits;
import dev.drawbridge.spi.PeerLink;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The program's data for one peer, in order. No more than {@link #HIGH_WATER} of it is with the media library at a time, so that what
 * the protocol has to say, which does not wait here, is not held up by it; the rest waits here, bounded. On the session's thread.
 */
final class Outbox {
    /** Bytes that are with the link and have not left; one message always may be. */
    static final int HIGH_WATER = 1 << 20;
    /** Messages likewise: half of what a link keeps before its channel is open. */
    static final int TOGETHER = 128;

    private final Supplier<PeerLink> link;
    private final Executor session;
    private final Deque<Item> waiting = new ArrayDeque<>();
    private long waitingChars;
    private int handedOver;
    private long handedOverBytes;
    private boolean closed;

    private record Item(String text, int bytes, Told told) {}

    /** Hears what became of one message, once, on the session's thread and never within {@link #add}. */
    interface Told {
        /**
         * It has left or never will.
         *
         * @param missed why it did not leave; empty if it has left
         */
        void told(Optional<Reason> missed);
    }

    /** @param session runs tasks on the session's thread, later */
    Outbox(Supplier<PeerLink> link, Executor session) {
        this.link = link;
        this.session = session;
    }

    /** @param bytes the length of the text in UTF-8 */
    void add(String text, int bytes, Told told) {
        Item item = new Item(text, bytes, told);
        long chars = (long) text.length() + Backlog.EACH;
        if (closed) {
            tell(item, Reason.PEER_GONE);
        } else if (!waiting.isEmpty() && waitingChars + chars > Limits.UNREAD) {
            tell(item, Reason.TOO_MUCH_WAITING);
        } else {
            waiting.add(item);
            waitingChars += chars;
            handOver();
        }
    }

    private void handOver() {
        while (!waiting.isEmpty() && fits(waiting.getFirst())) {
            Item item = waiting.remove();
            waitingChars -= item.text().length() + Backlog.EACH;
            handedOver++;
            handedOverBytes += item.bytes();
            var unused = link.get()
                    .send(item.text())
                    .whenComplete((sent, thrown) -> session.execute(() -> settled(item, thrown)));
        }
    }

    private boolean fits(Item item) {
        return handedOver == 0 || (handedOver < TOGETHER && handedOverBytes + item.bytes() <= HIGH_WATER);
    }

    private void settled(Item item, @Nullable Throwable thrown) {
        handedOver--;
        handedOverBytes -= item.bytes();
        item.told().told(thrown == null ? Optional.empty() : Optional.of(reason(thrown)));
        handOver();
    }

    /** Whatever a link says, it did not leave. */
    private static Reason reason(Throwable thrown) {
        Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
        return cause instanceof SendException known ? known.reason() : Reason.PEER_GONE;
    }

    private void tell(Item item, Reason missed) {
        session.execute(() -> item.told().told(Optional.of(missed)));
    }

    /** What waits never leaves; of what is with the link, the link tells. */
    void close() {
        closed = true;
        waiting.forEach(item -> tell(item, Reason.PEER_GONE));
        waiting.clear();
        waitingChars = 0;
    }

    /** Characters that wait here, each message counted {@link Backlog#EACH} longer. */
    long waitingChars() {
        return waitingChars;
    }
}
