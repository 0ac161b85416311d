package dev.drawbridge.internal.runtime;

import dev.drawbridge.LinkStats;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaReceiver;
import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.PeerLinkListener;
import dev.drawbridge.spi.SelectedPath;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.spi.SideChannel;
import dev.drawbridge.spi.SideChannelListener;
import dev.drawbridge.spi.SignalingConnection;
import dev.drawbridge.spi.SignalingEnd;
import dev.drawbridge.spi.SignalingListener;
import dev.drawbridge.spi.SignalingTransport;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server and a media library that do nothing by themselves and count what a session does to them. */
final class Stubs {
    private static final SessionOptions OPTIONS = SessionOptions.parse("push=camera1&secure&wss=ws://127.0.0.1:1");

    private Stubs() {}

    static SessionSetup setup() {
        return setup(new Server(), new Media());
    }

    /** Of a session on the real clock and with the real threads. */
    static SessionSetup setup(Server server, Media media) {
        SessionSetup setup = new SessionSetup(
                OPTIONS,
                LinkSettings.Role.PUBLISHER,
                server,
                media,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                stream -> MediaReceiver.NONE);
        setup.mediaReady().complete(null);
        return setup;
    }

    /** Stands at once and is gone as soon as it is left. */
    static final class Server implements SignalingTransport, SignalingConnection {
        final AtomicInteger sentAfterClose = new AtomicInteger();
        volatile SignalingListener listener;
        volatile boolean left;

        @Override
        public SignalingConnection open(URI server, SignalingListener heard) {
            listener = heard;
            heard.opened();
            return this;
        }

        @Override
        public boolean send(String frame) {
            if (left) {
                sentAfterClose.incrementAndGet();
            }
            return true;
        }

        @Override
        public void close() {
            left = true;
            listener.gone(new SignalingEnd(SignalingEnd.Kind.CLOSED_BY_US, "closed"));
        }

        @Override
        public void cancel() {
            close();
        }
    }

    /** Its connections answer nothing; whoever tests plays their listeners. */
    static final class Media implements MediaTransport {
        final List<PeerLinkListener> links = new CopyOnWriteArrayList<>();
        final AtomicInteger released = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();

        @Override
        public void prepare(LinkSettings.Role role, MediaNeeds needs) {}

        @Override
        public PeerLink open(LinkSettings settings, PeerLinkListener listener) {
            links.add(listener);
            return new Link(this);
        }

        @Override
        public void muteAudio(boolean muted) {}

        @Override
        public void muteVideo(boolean muted) {}

        @Override
        public SourceCounters sourceCounters() {
            return new SourceCounters(0, 0, 0, 0);
        }

        @Override
        public void close() {}
    }

    private record Link(Media media) implements PeerLink {
        @Override
        public void offer(boolean iceRestart) {}

        @Override
        public void accept(SessionDescription remote) {}

        @Override
        public void add(IceCandidate candidate) {}

        @Override
        public void releaseMedia() {
            media.released.incrementAndGet();
        }

        @Override
        public CompletionStage<Void> send(String text) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<SideChannel> openChannel(String label, SideChannelListener listener) {
            return new CompletableFuture<>();
        }

        @Override
        public void requestKeyFrame() {}

        @Override
        public void limitVideo(int kbps) {}

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
            media.closed.incrementAndGet();
        }
    }
}
