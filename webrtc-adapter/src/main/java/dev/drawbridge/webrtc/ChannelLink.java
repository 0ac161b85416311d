package dev.drawbridge.webrtc;

import dev.drawbridge.SendException;
import dev.drawbridge.SendException.Reason;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code sendChannel} of one link or a channel beside it, with the flow control that the library lacks: it closes the channel without a
 * word when 16 MiB are waiting or a message is too long. Everything but the callbacks runs on the native thread.
 */
final class ChannelLink {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelLink.class);
    static final String LABEL = "sendChannel";
    static final int MAX_MESSAGE = 256 * 1024;
    static final int MAX_WAITING = 256;
    private static final long HIGH_WATER = 1024 * 1024;
    private static final long LOOK_MILLIS = 10;
    /** What a flooding peer may have waiting on our side before it is cut off. */
    private static final long MAX_INBOUND = 8L * 1024 * 1024;

    /** What may wait to be sent: the program's data, for a peer makes us say small things only. */
    static final long MAX_OUTBOUND = 32L * 1024 * 1024;

    /** What a message costs beside its bytes. */
    private static final long EACH = 256;

    /**
     * Messages that the process may have received: webrtc-java 0.14.0 holds on to an object of 104 bytes for each until its factory is
     * disposed. A quarter of the memory; a peer may have sent as many, over all its channels, as are left for all others.
     */
    private static final long MAX_KEPT = Runtime.getRuntime().maxMemory() / 4 / 104;

    private static final AtomicLong KEPT = new AtomicLong();

    /** Where the channel reports. Forgotten at the end. */
    interface Owner {
        void channelOpened();

        /** Nothing comes and nothing can be sent any more, but what the library has may still leave. */
        void channelClosed();

        /** The library is through with it. */
        default void channelFinished() {}

        void received(String text);

        void received(byte[] bytes);
    }

    /** A message of ours, and who waits for it. */
    private static final class Outgoing {
        final byte[] bytes;
        final boolean binary;
        final CompletableFuture<Void> left = new CompletableFuture<>();

        Outgoing(byte[] bytes, boolean binary) {
            this.bytes = bytes;
            this.binary = binary;
        }
    }

    /** A message that the library has; its last byte is the {@code end}th of the channel. */
    private record Leaving(long end, CompletableFuture<Void> left) {}

    private final Deque<Outgoing> waiting = new ArrayDeque<>();
    private final Deque<Leaving> leaving = new ArrayDeque<>();
    private final AtomicLong inbound = new AtomicLong();
    private final AtomicLong outbound = new AtomicLong();
    private volatile boolean cutOff;
    private volatile @Nullable Owner owner;
    private final ChannelEvents events = new ChannelEvents(this);

    @Nullable
    RTCDataChannel channel;

    private @Nullable ScheduledFuture<?> look;
    private boolean lookDue;
    private boolean opened;
    private boolean gone;
    private boolean finished;
    private long handedOver;
    private long left;
    private final AtomicLong received;
    private long waitingBytes;

    /** @param received what the peer has sent on all its channels */
    ChannelLink(Owner owner, AtomicLong received) {
        this.owner = owner;
        this.received = received;
    }

    /** Whether so much is held that the factories should be made anew as soon as nobody needs them. */
    static boolean keepsMuch() {
        return KEPT.get() > MAX_KEPT / 4;
    }

    /** The factories were disposed. */
    static void forget() {
        KEPT.set(0);
    }

    boolean isCutOff() {
        return cutOff;
    }

    boolean attached() {
        return channel != null;
    }

    void attach(RTCDataChannel native_) {
        channel = native_;
        native_.registerObserver(events);
        // Behind what the library hands over at once, which came before whatever became of the channel.
        NativeThread.post(this::look);
    }

    /** Whether something that is sent now goes out. */
    boolean isOpen() {
        return opened && !gone;
    }

    /** From any thread; see {@code PeerLink.send}. */
    CompletionStage<Void> send(String text) {
        if (text.length() > MAX_MESSAGE) {
            return CompletableFuture.failedStage(tooBig());
        }
        // An array of exactly the message's size: the library would send everything behind and before a buffer's
        // window.
        return send(text.getBytes(StandardCharsets.UTF_8), false);
    }

    /** Likewise; all of the array. */
    CompletionStage<Void> send(byte[] bytes, boolean binary) {
        if (owner == null) {
            return CompletableFuture.failedStage(peerGone());
        }
        if (bytes.length > MAX_MESSAGE) {
            return CompletableFuture.failedStage(tooBig());
        }
        if (outbound.addAndGet(bytes.length + EACH) > MAX_OUTBOUND) {
            outbound.addAndGet(-bytes.length - EACH);
            return CompletableFuture.failedStage(tooMuchWaiting());
        }
        Outgoing message = new Outgoing(bytes, binary);
        NativeThread.post(() -> {
            outbound.addAndGet(-bytes.length - EACH);
            queue(message);
        });
        return message.left.minimalCompletionStage();
    }

    private static SendException tooBig() {
        return new SendException(Reason.TOO_BIG, "a message above 256 KiB");
    }

    static SendException tooMuchWaiting() {
        return new SendException(
                Reason.TOO_MUCH_WAITING,
                "more than " + MAX_WAITING + " messages or " + MAX_OUTBOUND + " bytes waiting");
    }

    static SendException peerGone() {
        return new SendException(Reason.PEER_GONE, "the channel is closed");
    }

    private void queue(Outgoing message) {
        if (gone) {
            message.left.completeExceptionally(peerGone());
        } else if (waiting.size() >= MAX_WAITING || waitingBytes + message.bytes.length > MAX_OUTBOUND) {
            message.left.completeExceptionally(tooMuchWaiting());
        } else {
            waiting.add(message);
            waitingBytes += message.bytes.length;
            flush();
        }
    }

    /** Hands over what the library may hold, and looks soon what of it has left. */
    private void flush() {
        RTCDataChannel to = channel;
        if (to == null || !opened || gone) {
            return;
        }
        while (!waiting.isEmpty() && fits(waiting.getFirst())) {
            Outgoing message = waiting.removeFirst();
            byte[] bytes = message.bytes;
            waitingBytes -= bytes.length;
            try {
                to.send(new RTCDataChannelBuffer(ByteBuffer.wrap(bytes), message.binary));
            } catch (Throwable e) {
                LOG.debug("the library refused a message: {}", e.getClass().getSimpleName());
                message.left.completeExceptionally(peerGone());
                continue;
            }
            handedOver += bytes.length;
            leaving.add(new Leaving(handedOver, message.left));
        }
        if (!leaving.isEmpty() && !lookDue) {
            // Behind what waits for this thread, so that one look does for many small messages.
            lookDue = true;
            NativeThread.post(() -> {
                lookDue = false;
                drained();
            });
        }
    }

    private boolean fits(Outgoing message) {
        return handedOver - left + message.bytes.length <= HIGH_WATER;
    }

    /** What has left since the last look; the library takes first what came first. */
    private void drained() {
        RTCDataChannel at = channel;
        if (at == null || gone || at.getState() != RTCDataChannelState.OPEN) {
            return; // a closed one has nothing buffered, whatever became of it
        }
        left = handedOver - at.getBufferedAmount();
        while (!leaving.isEmpty() && leaving.getFirst().end() <= left) {
            leaving.removeFirst().left().complete(null);
        }
        if (!waiting.isEmpty() && fits(waiting.getFirst())) {
            flush();
        } else if (!leaving.isEmpty()) {
            lookLater();
        }
    }

    /** The library tells nobody that something has left, so it is asked; only while something is there that can leave. */
    private void lookLater() {
        if (look == null) {
            look = NativeThread.after(LOOK_MILLIS, () -> {
                look = null;
                drained();
            });
        }
    }

    /** Nothing leaves any more. What has left since the last look counts as lost: the library forgets how much that was. */
    private void abandon() {
        List<CompletableFuture<Void>> lost = new ArrayList<>();
        leaving.forEach(message -> lost.add(message.left()));
        waiting.forEach(message -> lost.add(message.left));
        leaving.clear();
        waiting.clear();
        waitingBytes = 0;
        if (look != null) {
            look.cancel(false);
            look = null;
        }
        lost.forEach(message -> message.completeExceptionally(peerGone()));
    }

    /** Asks the library how the channel stands; a change that came and went between two looks is still seen as its end. */
    private void look() {
        RTCDataChannel at = channel;
        if (at == null || finished) {
            return;
        }
        switch (at.getState()) {
            case OPEN -> open();
            case CLOSING -> closed();
            case CLOSED -> {
                closed();
                finish();
            }
            case CONNECTING -> {}
        }
    }

    private void open() {
        if (!opened) {
            opened = true;
            Owner to = owner;
            if (to != null) {
                to.channelOpened();
            }
            flush();
        }
    }

    private void closed() {
        if (!gone) {
            gone = true;
            abandon();
            Owner to = owner;
            if (to != null) {
                to.channelClosed();
            }
        }
    }

    private void finish() {
        finished = true;
        Owner to = owner;
        if (to != null) {
            to.channelFinished();
        }
    }

    /**
     * Once the library is through with the channel, or before the connection is closed: no callback after this reaches anybody.
     *
     * <p>Not while the channel closes: libwebrtc begins to close it, and so tells the other end, when the last of what was sent has left,
     * and above 100 KiB it looks for that moment only as long as somebody observes the channel.
     */
    void detach() {
        owner = null;
        events.forget();
        drained();
        gone = true;
        finished = true;
        abandon();
        if (channel != null) {
            try {
                channel.unregisterObserver();
            } catch (Throwable e) {
                LOG.debug("the channel's observer could not be removed", e);
            }
        }
    }

    /** After the connection was closed. */
    void dispose() {
        RTCDataChannel last = channel;
        channel = null;
        if (last != null) {
            try {
                last.dispose();
            } catch (Throwable e) {
                // The closed connection may still hold its own reference: ours is given back all the same.
                LOG.trace("channel still referenced", e);
            }
        }
    }

    /** In a callback. */
    void changed() {
        NativeThread.post(this::look);
    }

    /** In a callback. */
    void message(RTCDataChannelBuffer buffer) {
        if (owner == null || cutOff) {
            return;
        }
        if (received.incrementAndGet() > MAX_KEPT - KEPT.incrementAndGet()) {
            cut();
            return;
        }
        // The buffer is native memory that is gone when this method returns.
        byte[] bytes = new byte[buffer.data.remaining()];
        buffer.data.get(bytes);
        boolean binary = buffer.binary;
        if (inbound.addAndGet(bytes.length + EACH) > MAX_INBOUND) {
            cut();
            return;
        }
        NativeThread.post(() -> deliver(bytes, binary));
    }

    /** In a callback, of which a channel has one at a time. */
    private void cut() {
        cutOff = true;
        LOG.debug("a peer sent more messages than can be taken; its channel is closed");
        NativeThread.post(this::close);
    }

    private void deliver(byte[] bytes, boolean binary) {
        inbound.addAndGet(-bytes.length - EACH);
        Owner to = owner;
        if (to == null || gone) {
            return;
        }
        open();
        if (binary) {
            to.received(bytes);
        } else {
            to.received(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    /** What the library has still goes out. */
    void close() {
        RTCDataChannel at = channel;
        if (at != null && !gone) {
            at.close();
            look();
        }
    }
}
