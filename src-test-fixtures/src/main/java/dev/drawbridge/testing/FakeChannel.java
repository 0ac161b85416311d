package dev.drawbridge.testing;

import dev.drawbridge.SendException;
import dev.drawbridge.SendException.Reason;
import dev.drawbridge.spi.SideChannel;
import dev.drawbridge.spi.SideChannelListener;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One end of a channel beside {@code sendChannel}. Touched by tasks of the clock alone, but for what a session asks of it. */
final class FakeChannel implements SideChannel {
    private final FakeLink link;
    private final String label;
    private final CompletableFuture<SideChannel> opening = new CompletableFuture<>();
    private @Nullable SideChannelListener listener;
    private @Nullable FakeChannel other;
    private volatile boolean closing;
    private boolean gone;

    FakeChannel(FakeLink link, String label, @Nullable SideChannelListener listener) {
        this.link = link;
        this.label = label;
        this.listener = listener;
    }

    CompletionStage<SideChannel> opening() {
        return opening.minimalCompletionStage();
    }

    void opened() {
        opening.complete(this);
    }

    void refuse(Reason reason) {
        gone = true;
        opening.completeExceptionally(new SendException(reason, "not opened: " + reason));
    }

    /** This is the other end of that one. */
    void join(FakeChannel maker, SideChannelListener hears) {
        listener = hears;
        other = maker;
        maker.other = this;
        if (closing) {
            link.closeAside(this);
        }
    }

    boolean gone() {
        return gone;
    }

    /** It is closed here. */
    void closes() {
        if (!gone) {
            gone = true;
            link.forget(this);
            SideChannelListener last = listener;
            listener = null;
            if (last != null) {
                last.closed();
            }
        }
    }

    void closeOther() {
        if (other != null) {
            other.closes();
        }
    }

    private void hear(Consumer<SideChannelListener> message) {
        SideChannelListener to = listener;
        if (to != null && !gone && !closing) {
            message.accept(to);
        }
    }

    private CompletionStage<Void> send(int bytes, Consumer<SideChannelListener> message) {
        return link.sendAside(this, bytes, there -> {
            if (other != null) {
                other.hear(message);
            }
        });
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public CompletionStage<Void> send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8).length, to -> to.received(text));
    }

    @Override
    public CompletionStage<Void> send(byte[] bytes) {
        byte[] copy = bytes.clone();
        return send(copy.length, to -> to.received(copy));
    }

    @Override
    public void close() {
        closing = true;
        link.closeAside(this);
    }
}
