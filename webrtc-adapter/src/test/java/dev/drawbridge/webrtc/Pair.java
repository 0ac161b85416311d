package dev.drawbridge.webrtc;

import dev.drawbridge.LinkStats;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.MediaReceiver;
import dev.drawbridge.spi.MediaTransport.MediaNeeds;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.PeerLinkListener;
import dev.drawbridge.spi.SessionDescription;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A publisher's and a viewer's link in one process, with descriptions and candidates carried across by hand. */
final class Pair implements AutoCloseable {
    final WebRtcMedia publisherMedia;
    final WebRtcMedia viewerMedia = WebRtcMedia.create();
    final End publisher = new End();
    final End viewer = new End();

    Pair(WebRtcMedia publisherMedia) throws Exception {
        this(publisherMedia, settings(LinkSettings.Role.PUBLISHER), true, true);
    }

    Pair(WebRtcMedia publisherMedia, LinkSettings publishing, boolean viewVideo, boolean viewAudio) throws Exception {
        this.publisherMedia = publisherMedia;
        publisherMedia.prepare(LinkSettings.Role.PUBLISHER, new MediaNeeds(publishing.video(), publishing.audio(), ""));
        viewerMedia.prepare(LinkSettings.Role.VIEWER, new MediaNeeds(false, false, ""));
        publisher.link = publisherMedia.open(publishing, publisher);
        viewer.link = viewerMedia.open(
                new LinkSettings(
                        LinkSettings.Role.VIEWER,
                        List.of(),
                        false,
                        viewVideo,
                        viewAudio,
                        OptionalInt.empty(),
                        List.of(),
                        viewer),
                viewer);
        publisher.other = viewer;
        viewer.other = publisher;
    }

    static LinkSettings settings(LinkSettings.Role role) {
        return new LinkSettings(role, List.of(), false, true, true, OptionalInt.empty(), List.of(), MediaReceiver.NONE);
    }

    Pair connect() throws Exception {
        publisher.link.offer(false);
        publisher.await(publisher.connected, "publisher connected");
        viewer.await(viewer.connected, "viewer connected");
        publisher.await(publisher.opened, "publisher's channel");
        viewer.await(viewer.opened, "viewer's channel");
        return this;
    }

    static LinkStats stats(PeerLink link) throws Exception {
        return link.stats().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        publisherMedia.close();
        viewerMedia.close();
    }

    /** One side: hears everything, and hands descriptions and candidates on. */
    static final class End implements PeerLinkListener, MediaReceiver {
        PeerLink link;
        End other;
        volatile boolean carry = true;
        final BlockingQueue<SessionDescription> descriptions = new LinkedBlockingQueue<>();
        final BlockingQueue<IceCandidate> candidates = new LinkedBlockingQueue<>();
        final BlockingQueue<LinkState> states = new LinkedBlockingQueue<>();
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        final BlockingQueue<byte[]> binaries = new LinkedBlockingQueue<>();
        final BlockingQueue<String> failures = new LinkedBlockingQueue<>();
        final BlockingQueue<VideoFrame> pictures = new LinkedBlockingQueue<>();
        final BlockingQueue<AudioFrame> sounds = new LinkedBlockingQueue<>();
        final AtomicInteger mediaStarts = new AtomicInteger();
        final AtomicInteger closings = new AtomicInteger();
        final CountDownLatch connected = new CountDownLatch(1);
        final CountDownLatch opened = new CountDownLatch(1);
        final CountDownLatch channelEnded = new CountDownLatch(1);
        final CountDownLatch started = new CountDownLatch(1);
        final CountDownLatch ended = new CountDownLatch(1);
        final CompletableFuture<Long> firstPicture = new CompletableFuture<>();
        volatile boolean wanting = true;

        void await(CountDownLatch latch, String what) throws InterruptedException {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError(what + " did not happen; failures " + failures + ", states " + states);
            }
        }

        <T> T next(BlockingQueue<T> queue, String what) throws InterruptedException {
            T taken = queue.poll(10, TimeUnit.SECONDS);
            if (taken == null) {
                throw new AssertionError(what + " did not come; failures " + failures + ", states " + states);
            }
            return taken;
        }

        @Override
        public void localDescription(SessionDescription description) {
            descriptions.add(description);
            if (carry && other != null) {
                other.link.accept(description);
            }
        }

        @Override
        public void localCandidates(List<IceCandidate> ours) {
            candidates.addAll(ours);
            if (carry && other != null) {
                ours.forEach(other.link::add);
            }
        }

        @Override
        public void state(LinkState state) {
            states.add(state);
            if (state == LinkState.CONNECTED) {
                connected.countDown();
            }
        }

        @Override
        public void channelOpened() {
            opened.countDown();
        }

        @Override
        public void channelClosed() {
            channelEnded.countDown();
        }

        @Override
        public void received(String text) {
            texts.add(text);
        }

        @Override
        public void received(byte[] bytes) {
            binaries.add(bytes);
        }

        @Override
        public void mediaStarted() {
            mediaStarts.incrementAndGet();
            started.countDown();
        }

        @Override
        public void failed(Operation operation, String detail) {
            failures.add(operation + ": " + detail);
        }

        @Override
        public void closed() {
            closings.incrementAndGet();
            ended.countDown();
        }

        @Override
        public boolean wantsVideo() {
            return wanting;
        }

        @Override
        public void video(VideoFrame frame) {
            firstPicture.complete(System.nanoTime());
            if (pictures.size() < 200) {
                pictures.add(frame);
            }
        }

        @Override
        public boolean wantsAudio() {
            return wanting;
        }

        @Override
        public void audio(AudioFrame frame) {
            if (sounds.size() < 2000) {
                sounds.add(frame);
            }
        }
    }
}
