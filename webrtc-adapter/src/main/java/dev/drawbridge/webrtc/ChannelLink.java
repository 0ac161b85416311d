package dev.drawbridge.webrtc;

import dev.drawbridge.spi.PeerLinkListener.Operation;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelObserver;
import dev.onvoid.webrtc.RTCDataChannelState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code sendChannel} of one link, with the flow control that the library lacks: it closes the channel without a word when 16 MiB
 * are waiting or a message is too long. Everything but the callbacks runs on the native thread.
 */
final class ChannelLink implements RTCDataChannelObserver {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelLink.class);
    static final String LABEL = "sendChannel";
    static final int MAX_MESSAGE = 256 * 1024;
    static final int MAX_WAITING = 256;
    private static final long HIGH_WATER = 1024 * 1024;
    private static final long POLL_MILLIS = 10;
    /** What a flooding peer may have waiting on our side before it is cut off. */
    private static final long MAX_INBOUND = 8L * 1024 * 1024;

    /** What may wait to be sent: the program's data, for a peer makes us say small things only. */
    static final long MAX_OUTBOUND = 32L * 1024 * 1024;

    /** What a message costs beside its bytes. */
    private static final long EACH = 256;

    /**
     * Messages that the process may have received: webrtc-java 0.14.0 holds on to an object of 104 bytes for each until its factory is
     * disposed. A quarter of the memory; a peer may have sent as many as are left for all others.
     */
    private static final long MAX_KEPT = Runtime.getRuntime().maxMemory() / 4 / 104;

    private static final AtomicLong KEPT = new AtomicLong();

    /** Where the channel reports. The library keeps observers for ever, so this is forgotten at the end. */
    interface Owner {
        void channelOpened();

        void channelClosed();

        void received(String text);

        void received(byte[] bytes);

        void failed(Operation operation, String detail);

        /** Like {@link #failed}, from any thread. */
        void refused(Operation operation, String detail);
    }

    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private final AtomicLong inbound = new AtomicLong();
    private final AtomicLong outbound = new AtomicLong();
    private volatile boolean cutOff;
    private volatile @Nullable Owner owner;

    @Nullable
    RTCDataChannel channel;

    private @Nullable ScheduledFuture<?> poll;
    private boolean opened;
    private boolean gone;
    private long sentSinceLook;
    private long received; // in callbacks only, of which a channel has one at a time
    private long waitingBytes;

    ChannelLink(Owner owner) {
        this.owner = owner;
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
        native_.registerObserver(this);
        look();
    }

    /** From any thread. */
    void send(String text) {
        Owner to = owner;
        if (to == null) {
            return;
        }
        if (text.length() > MAX_MESSAGE) {
            to.refused(Operation.SEND, "a message above 256 KiB");
            return;
        }
        // An array of exactly the message's size: the library would send everything behind and before a buffer's
        // window.
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_MESSAGE) {
            to.refused(Operation.SEND, "a message above 256 KiB");
        } else if (outbound.addAndGet(bytes.length + EACH) > MAX_OUTBOUND) {
            outbound.addAndGet(-bytes.length - EACH);
            to.refused(Operation.SEND, "more than " + MAX_OUTBOUND + " bytes waiting");
        } else {
            NativeThread.post(() -> {
                outbound.addAndGet(-bytes.length - EACH);
                queue(bytes);
            });
        }
    }

    private void queue(byte[] bytes) {
        if (gone) {
            report(Operation.SEND, "the channel is closed");
        } else if (waiting.size() >= MAX_WAITING || waitingBytes + bytes.length > MAX_OUTBOUND) {
            report(Operation.SEND, "more than " + MAX_WAITING + " messages or " + MAX_OUTBOUND + " bytes waiting");
        } else {
            waiting.add(bytes);
            waitingBytes += bytes.length;
            flush();
        }
    }

    private void flush() {
        RTCDataChannel to = channel;
        if (to == null || !opened || gone) {
            return;
        }
        while (!waiting.isEmpty()) {
            if (sentSinceLook + waiting.getFirst().length > HIGH_WATER) {
                sentSinceLook = to.getBufferedAmount();
                if (sentSinceLook + waiting.getFirst().length > HIGH_WATER) {
                    pollLater();
                    return;
                }
            }
            byte[] message = waiting.removeFirst();
            waitingBytes -= message.length;
            sentSinceLook += message.length;
            try {
                to.send(new RTCDataChannelBuffer(ByteBuffer.wrap(message), false));
            } catch (Throwable e) {
                report(Operation.SEND, "the library refused a message");
            }
        }
    }

    private void pollLater() {
        if (poll == null) {
            poll = NativeThread.after(POLL_MILLIS, () -> {
                poll = null;
                flush();
            });
        }
    }

    /** Asks the library how the channel stands; a change that came and went between two looks is still seen as its end. */
    private void look() {
        RTCDataChannel at = channel;
        if (at == null || gone) {
            return;
        }
        RTCDataChannelState state = at.getState();
        if (state == RTCDataChannelState.OPEN) {
            open();
        } else if (state == RTCDataChannelState.CLOSING || state == RTCDataChannelState.CLOSED) {
            gone = true;
            waiting.clear();
            Owner to = owner;
            if (to != null) {
                to.channelClosed();
            }
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

    private void report(Operation operation, String detail) {
        Owner to = owner;
        if (to != null) {
            to.failed(operation, detail);
        }
    }

    /** Before the connection is closed: no callback after this reaches anybody. */
    void detach() {
        owner = null;
        gone = true;
        waiting.clear();
        if (poll != null) {
            poll.cancel(false);
        }
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

    @Override
    public void onBufferedAmountChange(long previousAmount) {
        // Never called by webrtc-java 0.14.0.
    }

    @Override
    public void onStateChange() {
        NativeThread.callback(() -> NativeThread.post(this::look));
    }

    @Override
    public void onMessage(RTCDataChannelBuffer buffer) {
        NativeThread.callback(() -> {
            if (owner == null || cutOff) {
                return;
            }
            if (++received > MAX_KEPT - KEPT.incrementAndGet()) {
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
        });
    }

    /** In a callback, of which a channel has one at a time. */
    private void cut() {
        cutOff = true;
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

    private void close() {
        RTCDataChannel at = channel;
        if (at != null && !gone) {
            LOG.debug("a peer sent more messages than can be taken; its channel is closed");
            at.close();
            look();
        }
    }
}
