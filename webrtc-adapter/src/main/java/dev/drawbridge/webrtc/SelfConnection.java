package dev.drawbridge.webrtc;

import dev.drawbridge.LinkStats;
import dev.drawbridge.SessionException;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.LinkSettings.Role;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.MediaReceiver;
import dev.drawbridge.spi.MediaTransport.MediaNeeds;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.PeerLinkListener;
import dev.drawbridge.spi.SessionDescription;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A publisher of the test pattern and its viewer, without a server: descriptions and candidates are handed across. */
final class SelfConnection {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;
    private static final int RATE = 30;
    private static final int CONNECT_SECONDS = 5;
    private static final int PICTURE_SECONDS = 4;
    private static final int STATS_SECONDS = 3;
    private static final long WATCH_MILLIS = 1_000;
    private static final String WALL =
            "see that a network interface is up, and that no firewall stands between two programs of this machine (UDP)";

    private SelfConnection() {}

    static void look(Notes notes) throws Exception {
        try (WebRtcMedia publishing = WebRtcMedia.builder()
                        .video(VideoSources.testPattern(WIDTH, HEIGHT, RATE))
                        .build();
                WebRtcMedia viewing = WebRtcMedia.create()) {
            publishing.prepare(Role.PUBLISHER, new MediaNeeds(true, false, ""));
            viewing.prepare(Role.VIEWER, new MediaNeeds(false, false, ""));
            End publisher = new End();
            End viewer = new End();
            publisher.join(publishing.open(settings(Role.PUBLISHER, publisher), publisher), viewer);
            viewer.join(viewing.open(settings(Role.VIEWER, viewer), viewer), publisher);
            watch(publisher, viewer, notes);
        } catch (SessionException e) {
            notes.fail(String.valueOf(e.getMessage()));
        }
    }

    private static LinkSettings settings(Role role, MediaReceiver receiver) {
        return new LinkSettings(role, List.of(), false, true, false, OptionalInt.empty(), List.of(), receiver);
    }

    private static void watch(End publisher, End viewer, Notes notes) throws Exception {
        long begin = System.nanoTime();
        publisher.link().offer(false);
        if (!publisher.connected.await(CONNECT_SECONDS, TimeUnit.SECONDS)
                || !viewer.connected.await(CONNECT_SECONDS, TimeUnit.SECONDS)) {
            notes.fail("not connected within " + CONNECT_SECONDS + " s" + publisher.problem + viewer.problem, WALL);
            return;
        }
        String connected = Doctor.millis(begin);
        long released = System.nanoTime();
        publisher.link().releaseMedia();
        if (!viewer.playing.await(PICTURE_SECONDS, TimeUnit.SECONDS)) {
            notes.fail(
                    "connected after " + connected + ", but no picture came within " + PICTURE_SECONDS + " s"
                            + publisher.problem + viewer.problem,
                    "report it, with this report");
            return;
        }
        String first = Doctor.millis(released);
        int before = viewer.pictures.get();
        long from = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep(WATCH_MILLIS);
        double rate = (viewer.pictures.get() - before) * 1e9 / (System.nanoTime() - from);
        notes.found("connected after " + connected + ", first picture " + first + " later");
        String figures = String.format(Locale.ROOT, "%.0f pictures a second", rate) + details(viewer);
        if (rate < RATE / 2.0) {
            notes.warn(figures, "the machine is busy or slow: publish smaller pictures, or fewer a second");
        } else {
            notes.found(figures);
        }
    }

    /** Of what and over what, which is worth knowing and no fault where it is not known. */
    private static String details(End viewer) throws InterruptedException {
        try {
            LinkStats stats = viewer.link().stats().toCompletableFuture().get(STATS_SECONDS, TimeUnit.SECONDS);
            return " of " + stats.width() + "x" + stats.height() + ", "
                    + (stats.videoCodec().isEmpty() ? "codec unknown" : stats.videoCodec()) + ", over "
                    + (stats.path().isEmpty() ? "an unknown path" : stats.path());
        } catch (TimeoutException | ExecutionException e) {
            return "; of what size and over what path, the library did not tell in time";
        }
    }

    /** One side: what it makes goes to the other one. */
    private static final class End implements PeerLinkListener, MediaReceiver {
        final CountDownLatch connected = new CountDownLatch(1);
        final CountDownLatch playing = new CountDownLatch(1);
        final AtomicInteger pictures = new AtomicInteger();
        volatile String problem = "";
        private final CompletableFuture<PeerLink> link = new CompletableFuture<>();
        private volatile @Nullable End other;

        void join(PeerLink own, End peer) {
            other = peer;
            link.complete(own);
        }

        PeerLink link() throws InterruptedException, ExecutionException {
            return link.get();
        }

        @Override
        public void localDescription(SessionDescription description) {
            End to = other;
            if (to != null) {
                var unused = to.link.thenAccept(peer -> peer.accept(description));
            }
        }

        @Override
        public void localCandidates(List<IceCandidate> candidates) {
            End to = other;
            if (to != null) {
                var unused = to.link.thenAccept(peer -> candidates.forEach(peer::add));
            }
        }

        @Override
        public void state(LinkState state) {
            if (state == LinkState.CONNECTED) {
                connected.countDown();
            }
        }

        @Override
        public void failed(Operation operation, String detail) {
            problem = " (" + operation + ": " + detail + ")";
        }

        @Override
        public void video(VideoFrame frame) {
            pictures.incrementAndGet();
            playing.countDown();
        }

        @Override
        public boolean wantsVideo() {
            return true;
        }

        @Override
        public boolean wantsAudio() {
            return false;
        }

        @Override
        public void audio(AudioFrame frame) {}

        @Override
        public void channelOpened() {}

        @Override
        public void channelClosed() {}

        @Override
        public void received(String text) {}

        @Override
        public void received(byte[] bytes) {}

        @Override
        public void mediaStarted() {}

        @Override
        public void closed() {}
    }
}
