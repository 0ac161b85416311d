package dev.drawbridge.webrtc;

import dev.drawbridge.Publisher;
import dev.drawbridge.Session;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.ProtocolViolation;
import dev.drawbridge.SessionEvent.SignalingLost;
import dev.drawbridge.SessionEvent.StreamStarted;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.SessionState;
import dev.drawbridge.Viewer;
import dev.drawbridge.internal.runtime.SystemScheduler;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.CustomVideo;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.media.VideoSource;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.signaling.OkHttpSignaling;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.PeerLinkListener;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.testing.FakeNetwork;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCDataChannelState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A host program that meets one hostile thing, started by {@link HostProcessTest}. It prints {@code verdict …}: how a session ended, or
 * {@code alive} if somebody honest was served afterwards. Whatever goes wrong leaves {@code main} as an exception.
 */
final class HostProcessChild {
    private static final String STREAM = "camera1";
    private static final long PATIENCE = 30;

    private HostProcessChild() {}

    private interface Scenario {
        String run(String server) throws Exception;
    }

    private static final Map<String, Scenario> SCENARIOS = Map.ofEntries(
            // Over real sockets, the media made up:
            Map.entry("publisher", HostProcessChild::publisher),
            Map.entry("viewer", HostProcessChild::viewer),
            Map.entry("start", HostProcessChild::start),
            // Two links of the library, as the tests of hostile input have them:
            Map.entry("ice", test(t -> t.hostileAddressesOfIceServersAreReportedAndReachNoLibrary())),
            Map.entry("answers", test(t -> t.garbageForAnAnswerIsReportedAndTheRealOneIsStillTaken())),
            Map.entry("offers", test(t -> t.garbageForAnOfferIsReportedOrAnsweredAndTheRealOneIsStillTaken())),
            Map.entry("types", test(t -> t.descriptionsOfTheWrongTypeAndOffersByViewersAreRefused())),
            Map.entry("candidates", test(t -> t.garbageCandidatesHarmNothingWheneverTheyCome())),
            Map.entry(
                    "throwing publisher",
                    test(t -> t.listenersAndReceiversThatThrowEverythingStopNothing("publisher"))),
            Map.entry("throwing viewer", test(t -> t.listenersAndReceiversThatThrowEverythingStopNothing("viewer"))),
            Map.entry("lines", test(t -> t.linesThatTheOtherSideEndsAndReopensAreSurvived())),
            Map.entry("channels", test(t -> t.strangeChannelsAreClosedAndBinaryMessagesArriveAsBytes())),
            Map.entry("closing", test(t -> t.closingWhileEverythingIsUnderWayIsSafe())),
            Map.entry("closed", test(t -> t.closingTwiceAndUsingWhatIsClosedDoesNothing())),
            Map.entry("close in callbacks", test(HostProcessChild::closeInCallbacks)),
            // Two links of the library, and more of it:
            Map.entry("all channels", HostProcessChild::allChannels),
            Map.entry("1000 negotiations", HostProcessChild::thousandNegotiations),
            Map.entry("other certificate", HostProcessChild::otherCertificate),
            Map.entry("100000 candidates", HostProcessChild::manyCandidates),
            Map.entry("open and close", HostProcessChild::openAndClose),
            // Whole sessions:
            Map.entry("a million messages", HostProcessChild::millionMessages),
            Map.entry("bad messages", HostProcessChild::badMessages),
            Map.entry("50 MiB at once", HostProcessChild::fiftyMebibytes),
            Map.entry("wishes", HostProcessChild::wishes),
            Map.entry("errors", HostProcessChild::errors),
            Map.entry("hanging", HostProcessChild::hanging),
            Map.entry("frames", HostProcessChild::frames),
            Map.entry("requests", HostProcessChild::requests),
            Map.entry("no device", HostProcessChild::noDevice),
            Map.entry("library", HostProcessChild::library),
            Map.entry("bad source", HostProcessChild::badSource),
            Map.entry("never prepared", HostProcessChild::neverPrepared));

    public static void main(String[] arguments) throws Exception {
        String verdict = SCENARIOS.get(arguments[0]).run(arguments[1]);
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        System.out.println("heap " + ((runtime.totalMemory() - runtime.freeMemory()) >> 20));
        System.out.println("verdict " + verdict);
        System.out.close();
    }

    // ---- over real sockets

    /** The other side does what it does, then there is an honest viewer. */
    private static String publisher(String server) throws Exception {
        FakeNetwork network = new FakeNetwork(new SystemScheduler("the-world"));
        try (Publisher publisher = publishing(server).media(network.media()).start()) {
            CompletableFuture<SessionEvent> joined = next(publisher, ViewerJoined.class);
            awaitTheAttack();
            if (publisher.awaitClosed(Duration.ZERO).isPresent()) {
                return ended(publisher);
            }
            try (Viewer viewer = watching(server).media(network.media()).start()) {
                return outcome(publisher, joined.get(PATIENCE, TimeUnit.SECONDS))
                        + (viewer.events().isEmpty() ? "?" : "");
            }
        }
    }

    private static String viewer(String server) throws Exception {
        FakeNetwork network = new FakeNetwork(new SystemScheduler("the-world"));
        try (Viewer viewer = watching(server).media(network.media()).start()) {
            CompletableFuture<SessionEvent> started = next(viewer, StreamStarted.class);
            awaitTheAttack();
            if (viewer.awaitClosed(Duration.ZERO).isPresent()) {
                return ended(viewer);
            }
            try (Publisher publisher = publishing(server).media(network.media()).start()) {
                return outcome(viewer, started.get(PATIENCE, TimeUnit.SECONDS))
                        + (publisher.events().isEmpty() ? "?" : "");
            }
        }
    }

    private static String start(String server) throws Exception {
        FakeNetwork network = new FakeNetwork(new SystemScheduler("the-world"));
        OkHttpSignaling impatient =
                OkHttpSignaling.builder().connectTimeout(Duration.ofMillis(300)).build();
        try (Publisher publisher =
                publishing(server).signaling(impatient).media(network.media()).start()) {
            return "started " + publisher.state();
        } catch (SessionException expected) {
            return "refused " + expected.code();
        }
    }

    private static void awaitTheAttack() throws Exception {
        System.out.println("ready");
        if (System.in.read() < 0) {
            throw new IllegalStateException("nobody there any more");
        }
    }

    private static String outcome(Session session, SessionEvent event) {
        if (event instanceof Closed) {
            return ended(session);
        }
        List<SessionEvent> events = session.events();
        return "alive" + (events.stream().anyMatch(SignalingLost.class::isInstance) ? " reconnected" : "")
                + (events.stream().anyMatch(ProtocolViolation.class::isInstance) ? " told" : "");
    }

    private static String ended(Session session) {
        return "closed " + session.awaitClosed(Duration.ZERO).orElseThrow();
    }

    /** The next event of the kind from now on, or the end. */
    private static CompletableFuture<SessionEvent> next(Session session, Class<? extends SessionEvent> kind) {
        CompletableFuture<SessionEvent> found = new CompletableFuture<>();
        session.subscribe(event -> {
            if (kind.isInstance(event) || event instanceof Closed) {
                found.complete(event);
            }
        });
        return found;
    }

    private static Publisher.Builder publishing(String server) {
        return Publisher.builder(SessionOptions.parse("push=" + STREAM + "&wss=" + server));
    }

    private static Viewer.Builder watching(String server) {
        return Viewer.builder(SessionOptions.parse("view=" + STREAM + "&wss=" + server));
    }

    // ---- two links of the library

    private interface HostileTest {
        void run(HostileInputTest test) throws Exception;
    }

    private static Scenario test(HostileTest test) {
        return server -> {
            test.run(new HostileInputTest());
            return "alive";
        };
    }

    private static void closeInCallbacks(HostileInputTest test) throws Exception {
        for (String callback :
                List.of("localDescription", "state", "channelOpened", "mediaStarted", "video", "audio")) {
            test.aLinkMayBeClosedInsideEachOfItsCallbacks(callback);
        }
        test.aViewersTransportMayBeClosedInsideAReceiver("video");
        test.aPublishersTransportMayBeClosedInsideEachCallback("channelOpened");
    }

    private static Pair pair() throws Exception {
        return new Pair(WebRtcMedia.builder()
                .video(VideoSources.testPattern(160, 120, 15))
                .build());
    }

    private static String aliveIf(Pair pair) throws Exception {
        pair.publisher.link.send("alive");
        while (!pair.viewer.next(pair.viewer.texts, "text").equals("alive")) {
            // What was sent before.
        }
        return "alive";
    }

    /** As many as one side of a connection has; the library ends its own process over one more. */
    private static String allChannels(String server) throws Exception {
        try (Pair pair = pair().connect()) {
            PublisherLink publisher = (PublisherLink) pair.publisher.link;
            CountDownLatch made = new CountDownLatch(1);
            List<RTCDataChannel> channels = new ArrayList<>();
            NativeThread.post(() -> {
                try {
                    for (int i = 0; i < 500; i++) {
                        channels.add(publisher.connection.createDataChannel("c" + i, new RTCDataChannelInit()));
                    }
                } finally {
                    made.countDown();
                }
            });
            pair.publisher.await(made, "channels");
            return channels.size() == 500 ? aliveIf(pair) : "not made";
        }
    }

    private static String thousandNegotiations(String server) throws Exception {
        try (Pair pair = pair().connect()) {
            for (int i = 0; i < 1_000; i++) {
                pair.publisher.link.offer(i % 2 == 0);
                pair.viewer.link.accept(new SessionDescription(SessionDescription.Type.OFFER, "v=0"));
            }
            return aliveIf(pair);
        }
    }

    private static String otherCertificate(String server) throws Exception {
        try (Pair pair = pair().connect()) {
            pair.viewer.carry = false;
            pair.viewer.descriptions.clear();
            pair.publisher.link.offer(true);
            String answer = pair.viewer.next(pair.viewer.descriptions, "answer").sdp();
            for (char digit : "0123456789ABCDEF".toCharArray()) {
                String other = answer.replaceAll("(a=fingerprint:sha-256 )..", "$1" + digit + digit);
                pair.publisher.link.accept(new SessionDescription(SessionDescription.Type.ANSWER, other));
                pair.publisher.link.offer(true);
            }
            Pair.stats(pair.publisher.link);
            return "alive";
        }
    }

    private static String manyCandidates(String server) throws Exception {
        try (Pair pair = pair().connect()) {
            for (int i = 0; i < 100_000; i++) {
                String line = "candidate:" + i + " 1 udp 1 192.0.2." + i % 250 + " " + (1 + i % 60_000) + " typ host";
                pair.viewer.link.add(new IceCandidate(line, "0", 0));
            }
            return aliveIf(pair) + " told " + pair.viewer.failures.size();
        }
    }

    private static String openAndClose(String server) throws Exception {
        try (Pair pair = pair().connect()) {
            for (int i = 0; i < 1_000; i++) {
                PeerLink link =
                        pair.publisherMedia.open(Pair.settings(LinkSettings.Role.PUBLISHER), new Pair.End("guest"));
                link.offer(false);
                link.close();
            }
            return aliveIf(pair);
        }
    }

    // ---- whole sessions

    /** A publisher with its own pictures and a viewer that misbehaves; then an honest one. */
    private static String session(String server, String more, Attack attack) throws Exception {
        try (Publisher publisher = Publisher.builder(SessionOptions.parse("push=" + STREAM + more + "&wss=" + server))
                .media(WebRtcMedia.builder()
                        .video(VideoSources.testPattern(160, 120, 15))
                        .build())
                .start()) {
            WebRtcMedia bad = WebRtcMedia.create();
            CompletableFuture<SessionEvent> joined = next(publisher, ViewerJoined.class);
            String story;
            try (Viewer viewer = watching(server).media(bad).start()) {
                joined.get(PATIENCE, TimeUnit.SECONDS);
                CountDownLatch open = new CountDownLatch(1);
                viewer.onVideo(frame -> open.countDown());
                if (!open.await(PATIENCE, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("no picture");
                }
                story = attack.on(publisher, bad.links.iterator().next().channel);
            }
            return honest(server) + story;
        }
    }

    private interface Attack {
        String on(Publisher publisher, ChannelLink channel) throws Exception;
    }

    private static String honest(String server) throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (Viewer viewer = watching(server).media(WebRtcMedia.create()).start()) {
            viewer.onVideo(frame -> seen.countDown());
            if (!seen.await(PATIENCE, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nothing to be seen; " + viewer.events());
            }
            return "alive";
        }
    }

    /**
     * Sends on the native thread, where the attacker's own end lets go of its channel too: the library would end the process over a
     * message that comes then. False once it is hung up on.
     */
    private static boolean send(ChannelLink from, byte[] bytes, boolean binary, int times) throws Exception {
        CompletableFuture<Boolean> sent = new CompletableFuture<>();
        NativeThread.post(() -> {
            try {
                RTCDataChannel channel = from.channel;
                boolean open = channel != null && channel.getState() == RTCDataChannelState.OPEN;
                for (int i = 0; open && i < times; i++) {
                    channel.send(new RTCDataChannelBuffer(ByteBuffer.wrap(bytes), binary));
                }
                sent.complete(open);
            } catch (Throwable refused) {
                sent.complete(false);
            }
        });
        return sent.get(PATIENCE, TimeUnit.SECONDS);
    }

    private static String millionMessages(String server) throws Exception {
        return session(server, "", (publisher, channel) -> {
            CompletableFuture<SessionEvent> left = next(publisher, ViewerLeft.class);
            byte[] message = "{\"x\":1}".getBytes(StandardCharsets.US_ASCII);
            int sent = 0;
            while (sent < 1_000_000 && send(channel, message, false, 500)) {
                sent += 500;
            }
            SessionEvent event = left.get(PATIENCE, TimeUnit.SECONDS);
            return " left " + ((ViewerLeft) event).reason() + " after " + (sent < 1_000_000 ? "some" : "all");
        });
    }

    private static String badMessages(String server) throws Exception {
        return session(server, "", (publisher, channel) -> {
            CompletableFuture<SessionEvent> told = next(publisher, ProtocolViolation.class);
            for (byte[] text : List.of(
                    new byte[] {'{', '"', (byte) 0xff, (byte) 0xc0, (byte) 0xed, (byte) 0xa0, '"'},
                    "[".repeat(100_000).getBytes(StandardCharsets.US_ASCII),
                    "{\"pipe\":1e999999999,\"ping\":{}}".getBytes(StandardCharsets.US_ASCII),
                    new byte[0],
                    new byte[256 * 1024])) {
                send(channel, text, false, 10);
                send(channel, text, true, 10);
            }
            told.get(PATIENCE, TimeUnit.SECONDS);
            return " told";
        });
    }

    private static String fiftyMebibytes(String server) throws Exception {
        return session(server, "", (publisher, channel) -> {
            CompletableFuture<SessionEvent> left = next(publisher, ViewerLeft.class);
            send(channel, new byte[256 * 1024], true, 200);
            send(channel, new byte[300 * 1024], false, 1); // the library closes the channel over it
            return " left " + ((ViewerLeft) left.get(PATIENCE, TimeUnit.SECONDS)).reason();
        });
    }

    private static String wishes(String server) throws Exception {
        return session(server, "", (publisher, channel) -> {
            for (int i = 0; i < 100; i++) {
                for (String wish : List.of(
                        "{\"keyframe\":true}",
                        "{\"bitrate\":" + (i % 2 == 0 ? 1 : Integer.MAX_VALUE) + "}",
                        "{\"audioBitrate\":" + i + "}",
                        "{\"iceRestartRequest\":true}",
                        "{\"ping\":" + i + "}")) {
                    send(channel, wish.getBytes(StandardCharsets.US_ASCII), false, 20);
                }
            }
            return "";
        });
    }

    private static String errors(String server) throws Exception {
        List<Throwable> all = List.of(
                new OutOfMemoryError("on purpose"),
                new StackOverflowError("on purpose"),
                new AssertionError("on purpose"),
                new ThreadDeath(),
                new IllegalStateException("on purpose"));
        Consumer<Object> thrower = new Consumer<>() {
            private int next;

            @Override
            public void accept(Object any) {
                HostProcessChild.<RuntimeException>sneak(all.get(next++ % all.size()));
            }
        };
        try (Publisher publisher = Publisher.builder(SessionOptions.parse("push=" + STREAM + "&prompt&wss=" + server))
                        .media(WebRtcMedia.builder()
                                .video(VideoSources.testPattern(160, 120, 15))
                                .build())
                        .approval(request -> {
                            if (publisherAsked++ < 1) {
                                throw new OutOfMemoryError("on purpose");
                            }
                            return CompletableFuture.completedFuture(true);
                        })
                        .listener(thrower::accept)
                        .start();
                Viewer refused = watching(server)
                        .media(WebRtcMedia.create())
                        .listener(thrower::accept)
                        .start()) {
            next(publisher, SessionEvent.ViewerRefused.class).get(PATIENCE, TimeUnit.SECONDS);
            refused.onVideo(thrower::accept);
            refused.onAudio((AudioFrame frame) -> thrower.accept(frame));
            return honest(server);
        }
    }

    private static int publisherAsked;

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable any) throws T {
        throw (T) any;
    }

    private static String hanging(String server) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Consumer<Object> hanging = any -> {
            try {
                never.await();
            } catch (InterruptedException freed) {
                Thread.currentThread().interrupt();
            }
        };
        try (Publisher publisher = publishing(server)
                        .media(WebRtcMedia.builder()
                                .video(VideoSources.testPattern(160, 120, 15))
                                .build())
                        .listener(hanging::accept)
                        .start();
                Viewer slow = watching(server)
                        .media(WebRtcMedia.create())
                        .listener(hanging::accept)
                        .start()) {
            slow.onVideo(hanging::accept);
            slow.onAudio((AudioFrame frame) -> hanging.accept(frame));
            String outcome = honest(server);
            return publisher.state() == SessionState.CLOSED ? "closed" : outcome;
        }
    }

    private static String frames(String server) throws Exception {
        CustomVideo video = VideoSources.custom(4);
        try (Publisher publisher = publishing(server)
                .media(WebRtcMedia.builder().video(video).build())
                .start()) {
            CountDownLatch seen = new CountDownLatch(1);
            try (Viewer viewer = watching(server).media(WebRtcMedia.create()).start()) {
                viewer.onVideo(frame -> {
                    if (frame.width() == 64) {
                        seen.countDown();
                    }
                });
                next(publisher, ViewerJoined.class).get(PATIENCE, TimeUnit.SECONDS);
                for (int round = 0; round < 3; round++) {
                    for (int[] size :
                            new int[][] {{1, 1}, {1, 16_384}, {16_384, 1}, {3, 5}, {8_192, 4_321}, {0, 0}, {-1, 9}}) {
                        push(video, size[0], size[1]);
                    }
                    try {
                        video.push(null);
                    } catch (NullPointerException expected) {
                        // It may say so.
                    }
                }
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
                while (!seen.await(30, TimeUnit.MILLISECONDS)) {
                    push(video, 64, 48);
                    if (System.nanoTime() > deadline) {
                        throw new IllegalStateException("nothing to be seen");
                    }
                }
                return "alive";
            }
        }
    }

    private static void push(CustomVideo video, int width, int height) {
        try {
            int stride = Math.max(1, width);
            ByteBuffer plane = ByteBuffer.allocate(stride * Math.max(1, height));
            video.push(
                    new VideoFrame(width, height, plane, stride, plane, stride, plane, stride, 0, System.nanoTime()));
        } catch (IllegalArgumentException expected) {
            // No frame can be like that.
        }
    }

    /** What asks comes from the parent. */
    private static String requests(String server) throws Exception {
        try (Publisher publisher = publishing(server)
                .media(WebRtcMedia.builder()
                        .video(VideoSources.testPattern(160, 120, 15))
                        .build())
                .start()) {
            awaitTheAttack();
            CompletableFuture<SessionEvent> joined = next(publisher, ViewerJoined.class);
            try (Viewer viewer = watching(server).media(WebRtcMedia.create()).start()) {
                return outcome(publisher, joined.get(PATIENCE, TimeUnit.SECONDS))
                        + (viewer.events().isEmpty() ? "?" : "");
            }
        }
    }

    private static String noDevice(String server) throws Exception {
        try (Publisher publisher =
                publishing(server).media(WebRtcMedia.create()).start()) {
            return "started " + publisher.state();
        } catch (SessionException expected) {
            return "refused " + expected.code();
        }
    }

    private static String library(String server) throws Exception {
        try (Publisher publisher = publishing(server)
                .media(WebRtcMedia.builder()
                        .video(VideoSources.testPattern(160, 120, 15))
                        .build())
                .start()) {
            return "started " + publisher.state();
        } catch (SessionException expected) {
            return "refused " + expected.code() + " " + expected.getMessage();
        }
    }

    private static String badSource(String server) throws Exception {
        VideoSource throwing = new VideoSource() {
            @Override
            public String name() {
                throw new AssertionError("on purpose");
            }

            @Override
            public void start(Consumer<VideoFrame> output) {
                throw new OutOfMemoryError("on purpose");
            }

            @Override
            public void stop() {
                throw new StackOverflowError("on purpose");
            }

            @Override
            public long dropped() {
                throw new AssertionError("on purpose");
            }
        };
        try (Publisher publisher = publishing(server)
                .media(WebRtcMedia.builder().video(throwing).build())
                .start()) {
            return "started " + publisher.state();
        } catch (SessionException expected) {
            return "refused " + expected.code();
        } catch (AssertionError expected) {
            return "refused by its own error";
        }
    }

    private static String neverPrepared(String server) throws Exception {
        MediaTransport hanging = new MediaTransport() {
            @Override
            public void prepare(LinkSettings.Role role, MediaNeeds needs) {
                while (true) {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException never) {
                        // Not even then.
                    }
                }
            }

            @Override
            public PeerLink open(LinkSettings settings, PeerLinkListener listener) {
                throw new IllegalStateException("never prepared");
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
        };
        try (Publisher publisher = publishing(server).media(hanging).start()) {
            return "started " + publisher.state();
        } catch (SessionException expected) {
            return "refused " + expected.code();
        }
    }
}
