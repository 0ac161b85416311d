package dev.drawbridge.internal.runtime;

import dev.drawbridge.LinkStats;
import dev.drawbridge.SendException;
import dev.drawbridge.SendException.Reason;
import dev.drawbridge.internal.wire.Limits;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.SelectedPath;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.spi.SideChannel;
import dev.drawbridge.spi.SideChannelListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Stands in for a link that is not made yet, because it is not known yet which servers it may use: keeps what it is told, and tells it
 * to the link that is made. It costs a few objects, so a ghost gains nothing by coming early. On the session's thread alone.
 */
final class WaitingLink implements PeerLink {
    /** As many as a link keeps by itself. */
    private static final int DESCRIPTIONS = 32;

    private static final int MESSAGES = 256;

    private final List<Consumer<PeerLink>> told = new ArrayList<>();
    private final List<CompletableFuture<Void>> unsent = new ArrayList<>();
    private int descriptions;
    private int messages;
    private int candidates;
    private Consumer<PeerLink> bound = link -> {};
    private boolean closed;

    /** Whether nobody wants it any more. */
    boolean abandoned() {
        return closed;
    }

    void become(PeerLink made) {
        told.forEach(call -> call.accept(made));
        bound.accept(made);
        told.clear();
        unsent.clear();
    }

    private void keep(Consumer<PeerLink> call) {
        if (!closed) {
            told.add(call);
        }
    }

    @Override
    public void offer(boolean iceRestart) {
        keep(link -> link.offer(iceRestart));
    }

    @Override
    public void accept(SessionDescription remote) {
        if (descriptions++ < DESCRIPTIONS) {
            keep(link -> link.accept(remote));
        }
    }

    @Override
    public void add(IceCandidate candidate) {
        if (candidates++ < Limits.CANDIDATES) {
            keep(link -> link.add(candidate));
        }
    }

    @Override
    public void releaseMedia() {
        keep(PeerLink::releaseMedia);
    }

    @Override
    public CompletionStage<Void> send(String text) {
        if (closed) {
            return CompletableFuture.failedStage(gone());
        }
        if (messages++ >= MESSAGES) {
            return CompletableFuture.failedStage(
                    new SendException(Reason.TOO_MUCH_WAITING, "too many messages wait for the link"));
        }
        CompletableFuture<Void> left = new CompletableFuture<>();
        unsent.add(left);
        keep(link -> link.send(text).whenComplete((sent, thrown) -> {
            if (thrown == null) {
                left.complete(null);
            } else {
                left.completeExceptionally(thrown);
            }
        }));
        return left.minimalCompletionStage();
    }

    private static SendException gone() {
        return new SendException(Reason.PEER_GONE, "the link is closed");
    }

    @Override
    public CompletionStage<SideChannel> openChannel(String label, SideChannelListener listener) {
        return CompletableFuture.failedStage(new SendException(Reason.PEER_GONE, "the link is not made yet"));
    }

    @Override
    public void requestKeyFrame() {}

    /** Nobody is connected yet who could want it. */
    @Override
    public void limitVideo(int kbps) {}

    /** The program may well want it already. */
    @Override
    public void boundVideo(int kbps, int percent, int framesPerSecond) {
        bound = link -> link.boundVideo(kbps, percent, framesPerSecond);
    }

    @Override
    public void limitAudio(int kbps) {}

    @Override
    public void scaleVideo(int percent) {}

    @Override
    public void fitVideo(int width, int height, boolean cover) {}

    @Override
    public CompletionStage<LinkStats> stats() {
        return CompletableFuture.completedFuture(LinkStats.NONE);
    }

    @Override
    public CompletionStage<Optional<SelectedPath>> path() {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    @Override
    public void close() {
        closed = true;
        told.clear();
        unsent.forEach(left -> left.completeExceptionally(gone()));
        unsent.clear();
    }
}
