package dev.drawbridge.webrtc;

import dev.drawbridge.LinkStats;
import dev.drawbridge.SessionException;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.PeerLinkListener;
import dev.drawbridge.spi.SelectedPath;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.spi.SideChannel;
import dev.drawbridge.spi.SideChannelListener;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The real media transport, which remembers of every peer connection, those that are gone too, what passed through it at last. */
final class CountingMedia implements MediaTransport {
    private final WebRtcMedia real;
    private final Runnable beforeItAccepts;
    private final List<Counted> links = new CopyOnWriteArrayList<>();

    CountingMedia(WebRtcMedia real) {
        this(real, () -> {});
    }

    /** @param beforeItAccepts is run on the session's thread before each description of the peer */
    CountingMedia(WebRtcMedia real, Runnable beforeItAccepts) {
        this.real = real;
        this.beforeItAccepts = beforeItAccepts;
    }

    /** Of every connection that there ever was, in order; of the living ones the figures of now. */
    List<LinkStats> all() throws Exception {
        for (Counted link : links) {
            link.count();
        }
        return links.stream().map(Counted::last).toList();
    }

    @Override
    public void prepare(LinkSettings.Role role, MediaNeeds needs) throws SessionException {
        real.prepare(role, needs);
    }

    @Override
    public PeerLink open(LinkSettings settings, PeerLinkListener listener) {
        Counted link = new Counted(real.open(settings, listener));
        links.add(link);
        return link;
    }

    @Override
    public void muteAudio(boolean muted) {
        real.muteAudio(muted);
    }

    @Override
    public void muteVideo(boolean muted) {
        real.muteVideo(muted);
    }

    @Override
    public SourceCounters sourceCounters() {
        return real.sourceCounters();
    }

    @Override
    public void close() {
        real.close();
    }

    private final class Counted implements PeerLink {
        private final PeerLink link;
        private final CompletableFuture<LinkStats> atEnd = new CompletableFuture<>();
        private volatile LinkStats latest = LinkStats.NONE;

        Counted(PeerLink link) {
            this.link = link;
        }

        void count() throws Exception {
            latest = (atEnd.isDone()
                            ? atEnd
                            : link.stats().exceptionally(gone -> latest).toCompletableFuture())
                    .get(5, TimeUnit.SECONDS);
        }

        LinkStats last() {
            return latest;
        }

        /** Counts first, so it lives some milliseconds longer. */
        @Override
        public void close() {
            var unused = link.stats().handle((stats, gone) -> {
                atEnd.complete(stats == null ? latest : stats);
                link.close();
                return null;
            });
        }

        @Override
        public void offer(boolean iceRestart) {
            link.offer(iceRestart);
        }

        @Override
        public void accept(SessionDescription remote) {
            beforeItAccepts.run();
            link.accept(remote);
        }

        @Override
        public void add(IceCandidate candidate) {
            link.add(candidate);
        }

        @Override
        public void releaseMedia() {
            link.releaseMedia();
        }

        @Override
        public CompletionStage<Void> send(String text) {
            return link.send(text);
        }

        @Override
        public CompletionStage<SideChannel> openChannel(String label, SideChannelListener listener) {
            return link.openChannel(label, listener);
        }

        @Override
        public void requestKeyFrame() {
            link.requestKeyFrame();
        }

        @Override
        public void limitVideo(int kbps) {
            link.limitVideo(kbps);
        }

        @Override
        public void limitAudio(int kbps) {
            link.limitAudio(kbps);
        }

        @Override
        public void scaleVideo(int percent) {
            link.scaleVideo(percent);
        }

        @Override
        public void fitVideo(int width, int height, boolean cover) {
            link.fitVideo(width, height, cover);
        }

        @Override
        public CompletionStage<LinkStats> stats() {
            return link.stats();
        }

        @Override
        public CompletionStage<Optional<SelectedPath>> path() {
            return link.path();
        }
    }
}
