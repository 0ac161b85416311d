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
import dev.drawbridge.spi.SideChannel;
import dev.drawbridge.spi.SideChannelListener;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/** A publisher's and a viewer's link in one process, with descriptions and candidates carried across by hand. */
final class Pair implements AutoCloseable {
    final WebRtcMedia publisherMedia;
    final WebRtcMedia viewerMedia = WebRtcMedia.create();
    final End publisher = new End("publisher");
    final End viewer = new End("viewer");

    Pair(WebRtcMedia publisherMedia) throws Exception {
        this(publisherMedia, settings(LinkSettings.Role.PUBLISHER), true, true);
    }

    Pair(WebRtcMedia publisherMedia, LinkSettings publishing, boolean viewVideo, boolean viewAudio) throws Exception {
        this(publisherMedia, publishing, viewVideo, viewAudio, true);
    }

    /** Another viewer of the same publisher. */
    Pair another() throws Exception {
        return new Pair(publisherMedia, settings(LinkSettings.Role.PUBLISHER), true, true, false);
    }

    /** With a viewer of its own settings, which are told who receives. */
    Pair(WebRtcMedia publisherMedia, LinkSettings publishing, Function<MediaReceiver, LinkSettings> viewing)
            throws Exception {
        this(publisherMedia, publishing, viewing, true);
    }

    private Pair(
            WebRtcMedia publisherMedia, LinkSettings publishing, boolean viewVideo, boolean viewAudio, boolean first)
            throws Exception {
        this(
                publisherMedia,
                publishing,
                receiver -> new LinkSettings(
                        LinkSettings.Role.VIEWER,
                        List.of(),
                        false,
                        viewVideo,
                        viewAudio,
                        OptionalInt.empty(),
                        List.of(),
                        receiver),
                first);
    }

    private Pair(
            WebRtcMedia publisherMedia,
            LinkSettings publishing,
            Function<MediaReceiver, LinkSettings> viewing,
            boolean first)
            throws Exception {
        this.publisherMedia = publisherMedia;
        if (first) {
            publisherMedia.prepare(
                    LinkSettings.Role.PUBLISHER, new MediaNeeds(publishing.video(), publishing.audio(), ""));
        }
        viewerMedia.prepare(LinkSettings.Role.VIEWER, new MediaNeeds(false, false, ""));
        publisher.link = publisherMedia.open(publishing, publisher);
        viewer.link = viewerMedia.open(viewing.apply(viewer), viewer);
        publisher.other = viewer;
        viewer.other = publisher;
    }

    static LinkSettings settings(LinkSettings.Role role) {
        return new LinkSettings(role, List.of(), false, true, true, OptionalInt.empty(), List.of(), MediaReceiver.NONE);
    }

    Pair connect() throws Exception {
        publisher.link.offer(false);
        publisher.await(publisher.connected, "connection");
        viewer.await(viewer.connected, "connection");
        publisher.await(publisher.opened, "channel");
        viewer.await(viewer.opened, "channel");
        return this;
    }

    static LinkStats stats(PeerLink link) throws Exception {
        return link.stats().toCompletableFuture().get(20, TimeUnit.SECONDS);
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
        final String name;
        volatile boolean carry = true;
        /** Called at the end of every callback with its name. */
        volatile Consumer<String> hook = callback -> {};

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
        /** Who hears channels that the other end opens; nobody while it is not set. */
        volatile SideChannelListener sideChannels;

        End(String name) {
            this.name = name;
        }

        void await(CountDownLatch latch, String what) throws InterruptedException {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError(
                        name + "'s " + what + " did not happen; failures " + failures + ", states " + states);
            }
        }

        <T> T next(BlockingQueue<T> queue, String what) throws InterruptedException {
            T taken = queue.poll(20, TimeUnit.SECONDS);
            if (taken == null) {
                throw new AssertionError(
                        name + "'s " + what + " did not come; failures " + failures + ", states " + states);
            }
            return taken;
        }

        @Override
        public void localDescription(SessionDescription description) {
            descriptions.add(description);
            if (carry && other != null) {
                other.link.accept(description);
            }
            hook.accept("localDescription");
        }

        @Override
        public void localCandidates(List<IceCandidate> ours) {
            candidates.addAll(ours);
            if (carry && other != null) {
                ours.forEach(other.link::add);
            }
            hook.accept("localCandidates");
        }

        @Override
        public void state(LinkState state) {
            states.add(state);
            if (state == LinkState.CONNECTED) {
                connected.countDown();
            }
            hook.accept("state");
        }

        @Override
        public void channelOpened() {
            opened.countDown();
            hook.accept("channelOpened");
        }

        @Override
        public Optional<SideChannelListener> channelOffered(SideChannel channel) {
            return Optional.ofNullable(sideChannels);
        }

        @Override
        public void channelClosed() {
            channelEnded.countDown();
            hook.accept("channelClosed");
        }

        @Override
        public void received(String text) {
            texts.add(text);
            hook.accept("received");
        }

        @Override
        public void received(byte[] bytes) {
            binaries.add(bytes);
            hook.accept("received");
        }

        @Override
        public void mediaStarted() {
            mediaStarts.incrementAndGet();
            started.countDown();
            hook.accept("mediaStarted");
        }

        @Override
        public void failed(Operation operation, String detail) {
            failures.add(operation + ": " + detail);
            hook.accept("failed");
        }

        @Override
        public void closed() {
            closings.incrementAndGet();
            ended.countDown();
            hook.accept("closed");
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
            hook.accept("video");
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
            hook.accept("audio");
        }
    }
}
