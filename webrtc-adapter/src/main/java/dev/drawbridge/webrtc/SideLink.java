package dev.drawbridge.webrtc;

import dev.drawbridge.SendException;
import dev.drawbridge.spi.SideChannel;
import dev.drawbridge.spi.SideChannelListener;
import dev.onvoid.webrtc.RTCDataChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A channel beside {@code sendChannel}. The methods of {@link SideChannel} only post; everything else runs on the native thread. */
final class SideLink implements SideChannel, ChannelLink.Owner {
    private final String label;
    private final ChannelLink channel;
    private final Consumer<SideLink> onGone;
    private final CompletableFuture<SideChannel> opening = new CompletableFuture<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private @Nullable SideChannelListener listener;
    private boolean turnedAway;

    /** @param onGone told on the native thread when the library is through with it */
    SideLink(String label, AtomicLong received, Consumer<SideLink> onGone) {
        this.label = label;
        this.onGone = onGone;
        channel = new ChannelLink(this, received);
    }

    CompletionStage<SideChannel> opening() {
        return opening.minimalCompletionStage();
    }

    void begin(RTCDataChannel native_, SideChannelListener hears) {
        listener = hears;
        channel.attach(native_);
        if (closing.get()) {
            channel.close(); // it was closed by who was asked whether to hear it
        }
    }

    /** One of the peer's that nobody hears: it ends, as soon as the peer confirms that. */
    void turnAway(RTCDataChannel native_) {
        turnedAway = true;
        closing.set(true);
        channel.attach(native_);
        channel.close();
    }

    boolean isTurnedAway() {
        return turnedAway;
    }

    /** Somebody hears it; the library may need it for longer. */
    boolean isHeard() {
        return listener != null;
    }

    /** There is none. */
    void refuse(SendException why) {
        opening.completeExceptionally(why);
    }

    // ---- of the channel

    @Override
    public void channelOpened() {
        opening.complete(this);
    }

    @Override
    public void channelClosed() {
        over();
    }

    @Override
    public void channelFinished() {
        onGone.accept(this);
        // Not in the midst of what the channel does when it finds out.
        NativeThread.post(() -> {
            channel.detach();
            channel.dispose();
        });
    }

    private void over() {
        opening.completeExceptionally(ChannelLink.peerGone());
        SideChannelListener last = listener;
        listener = null;
        if (last != null) {
            Link.tell(last::closed);
        }
    }

    @Override
    public void received(String text) {
        SideChannelListener to = listener;
        if (to != null && !closing.get()) {
            Link.tell(() -> to.received(text));
        }
    }

    @Override
    public void received(byte[] bytes) {
        SideChannelListener to = listener;
        if (to != null && !closing.get()) {
            Link.tell(() -> to.received(bytes));
        }
    }

    // ---- the link ends

    /** Before the connection is closed. */
    void detach() {
        channel.detach();
        over();
    }

    /** After it. */
    void dispose() {
        channel.dispose();
    }

    // ---- SideChannel

    @Override
    public String label() {
        return label;
    }

    @Override
    public CompletionStage<Void> send(String text) {
        return channel.send(text);
    }

    @Override
    public CompletionStage<Void> send(byte[] bytes) {
        return channel.send(bytes, true);
    }

    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            NativeThread.post(channel::close);
        }
    }

    @Override
    public String toString() {
        return "side channel";
    }
}
