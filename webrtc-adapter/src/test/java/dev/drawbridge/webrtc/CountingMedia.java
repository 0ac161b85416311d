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
    private final List<Counted> links = new CopyOnWriteArrayList<>();

    CountingMedia(WebRtcMedia real) {
        this.real = real;
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

    private static final class Counted implements PeerLink {
        private final PeerLink real;
        private final CompletableFuture<LinkStats> atEnd = new CompletableFuture<>();
        private volatile LinkStats latest = LinkStats.NONE;

        Counted(PeerLink real) {
            this.real = real;
        }

        void count() throws Exception {
            latest = (atEnd.isDone()
                            ? atEnd
                            : real.stats().exceptionally(gone -> latest).toCompletableFuture())
                    .get(5, TimeUnit.SECONDS);
        }

        LinkStats last() {
            return latest;
        }

        /** Counts first, so it lives some milliseconds longer. */
        @Override
        public void close() {
            var unused = real.stats().handle((stats, gone) -> {
                atEnd.complete(stats == null ? latest : stats);
                real.close();
                return null;
            });
        }

        @Override
        public void offer(boolean iceRestart) {
            real.offer(iceRestart);
        }

        @Override
        public void accept(SessionDescription remote) {
            real.accept(remote);
        }

        @Override
        public void add(IceCandidate candidate) {
            real.add(candidate);
        }

        @Override
        public void releaseMedia() {
            real.releaseMedia();
        }

        @Override
        public CompletionStage<Void> send(String text) {
            return real.send(text);
        }

        @Override
        public CompletionStage<SideChannel> openChannel(String label, SideChannelListener listener) {
            return real.openChannel(label, listener);
        }

        @Override
        public void requestKeyFrame() {
            real.requestKeyFrame();
        }

        @Override
        public void limitVideo(int kbps) {
            real.limitVideo(kbps);
        }

        @Override
        public void limitAudio(int kbps) {
            real.limitAudio(kbps);
        }

        @Override
        public void scaleVideo(int percent) {
            real.scaleVideo(percent);
        }

        @Override
        public void fitVideo(int width, int height, boolean cover) {
            real.fitVideo(width, height, cover);
        }

        @Override
        public CompletionStage<LinkStats> stats() {
            return real.stats();
        }

        @Override
        public CompletionStage<Optional<SelectedPath>> path() {
            return real.path();
        }
    }
}
