package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Secret;
import dev.drawbridge.SessionException;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.IceServer;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.MediaReceiver;
import dev.drawbridge.spi.MediaTransport.MediaNeeds;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.testing.LeakGuard;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelInit;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What peers, servers and programs may throw at a link. Much of it aborts the JVM when it reaches libwebrtc unguarded. */
class HostileInputTest {
    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(20));

    private static final String SDP_START = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";

    static List<String> garbage() {
        return List.of(
                "",
                "x",
                "v=0",
                "\u0000\u0001\uffff\ud800",
                SDP_START,
                SDP_START + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n",
                SDP_START + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n",
                SDP_START + "a=fingerprint:sha-256 %s%n%x%p\r\n",
                SDP_START + "m=audio 99999999999 RTP/AVP -1\r\n",
                SDP_START + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n".repeat(2_000),
                "a=" + "A".repeat(1_000_000));
    }

    @Test
    void garbageForAnAnswerIsReportedAndTheRealOneIsStillTaken() throws Exception {
        try (Pair pair = pair()) {
            pair.viewer.carry = false;
            pair.publisher.link.offer(false);
            SessionDescription answer = pair.viewer.next(pair.viewer.descriptions, "answer");
            for (String sdp : garbage()) {
                pair.publisher.link.accept(new SessionDescription(SessionDescription.Type.ANSWER, sdp));
                assertOneHarmlessLine(pair.publisher.next(pair.publisher.failures, "failure"), "ACCEPT: ");
            }
            pair.publisher.link.accept(answer);
            for (IceCandidate candidate = pair.viewer.candidates.poll();
                    candidate != null;
                    candidate = pair.viewer.candidates.poll()) {
                pair.publisher.link.add(candidate);
            }
            pair.publisher.await(pair.publisher.connected, "connection");
        }
    }

    @Test
    void garbageForAnOfferIsReportedOrAnsweredAndTheRealOneIsStillTaken() throws Exception {
        try (Pair pair = pair()) {
            pair.viewer.carry = false;
            int told = 0;
            for (String sdp : garbage()) {
                pair.viewer.link.accept(new SessionDescription(SessionDescription.Type.OFFER, sdp));
            }
            // Steps run in order: the refusal of the last one, a wrong type, says that all before it are through.
            pair.viewer.link.accept(new SessionDescription(SessionDescription.Type.ANSWER, "last"));
            String failure = pair.viewer.next(pair.viewer.failures, "failure");
            for (; !failure.contains("does not take"); told++) {
                assertOneHarmlessLine(failure, "ACCEPT: ");
                failure = pair.viewer.next(pair.viewer.failures, "failure");
            }
            assertThat(told + pair.viewer.descriptions.size())
                    .isEqualTo(garbage().size());
            assertThat(told).isGreaterThan(5);
        }
    }

    private static void assertOneHarmlessLine(String failure, String start) {
        assertThat(failure)
                .startsWith(start)
                .hasSizeLessThan(150)
                .doesNotContain("\n", "127.0.0.1", "AAAA", "fingerprint:");
    }

    @Test
    void descriptionsOfTheWrongTypeAndOffersByViewersAreRefused() throws Exception {
        try (Pair pair = pair()) {
            pair.publisher.link.accept(new SessionDescription(SessionDescription.Type.OFFER, SDP_START));
            assertThat(pair.publisher.next(pair.publisher.failures, "failure")).startsWith("ACCEPT");
            pair.publisher.link.accept(new SessionDescription(SessionDescription.Type.ANSWER, SDP_START));
            assertThat(pair.publisher.next(pair.publisher.failures, "failure, for nothing was offered"))
                    .startsWith("ACCEPT");
            pair.viewer.link.accept(new SessionDescription(SessionDescription.Type.ANSWER, SDP_START));
            assertThat(pair.viewer.next(pair.viewer.failures, "failure")).startsWith("ACCEPT");
            pair.viewer.link.offer(true);
            assertThat(pair.viewer.next(pair.viewer.failures, "failure")).startsWith("OFFER");
            pair.viewer.link.releaseMedia();
            pair.viewer.link.requestKeyFrame();
            pair.viewer.link.limitVideo(Integer.MIN_VALUE);
            pair.viewer.link.limitAudio(Integer.MAX_VALUE);
            pair.connect();
        }
    }

    @Test
    void garbageCandidatesHarmNothingWheneverTheyCome() throws Exception {
        List<IceCandidate> nasty = new ArrayList<>();
        for (String line : List.of(
                "",
                " ",
                "candidate:",
                "candidate:1 1 udp",
                "candidate:%s%n 1 udp 1 ::1 0 typ host",
                "candidate:1 1 udp 99999999999999999999 300.1.1.1 70000 typ host",
                "candidate:1 9 udp 1 127.0.0.1 1 typ nonsense",
                "candidate:1 1 tcp 1 localhost 9 typ host tcptype active",
                "candidate:1 1 udp 1 does-not-exist.local 9 typ host",
                "candidate:" + "9".repeat(100_000),
                "\u0000")) {
            for (String mid : List.of("", "0", "no-such-line")) {
                for (int index : new int[] {0, -1, 70_000}) {
                    nasty.add(new IceCandidate(line, mid, index));
                }
            }
        }
        try (Pair pair = pair()) {
            nasty.forEach(pair.viewer.link::add);
            nasty.forEach(pair.publisher.link::add);
            pair.connect();
            nasty.forEach(pair.viewer.link::add);
            nasty.forEach(pair.publisher.link::add);
            pair.publisher.link.send("alive");
            assertThat(pair.viewer.next(pair.viewer.texts, "text")).isEqualTo("alive");
            pair.viewer.failures.forEach(failure -> assertOneHarmlessLine(failure, "ADD_CANDIDATE: "));
        }
    }

    @Test
    void hostileAddressesOfIceServersAreReportedAndReachNoLibrary() throws Exception {
        List<IceServer> hostile = new ArrayList<>();
        for (String url : List.of(
                "",
                "stun:",
                "turn:",
                "http://example.invalid",
                "stun:host:0",
                "stun:host:99999",
                "stun:ho st:1",
                "stun:%s%n:1",
                "stun:[::1",
                "stun:host?transport=udp",
                "stuns:host:1",
                "turn:host:1?transport=sctp",
                "turn:host\u0000:1?transport=udp",
                "turn:" + "h".repeat(10_000))) {
            hostile.add(new IceServer(url, "user", Optional.of(Secret.of("secret"))));
        }
        hostile.add(new IceServer("turn:127.0.0.1:1", "", Optional.empty()));
        hostile.add(new IceServer("turn:127.0.0.1:1", "user", Optional.empty()));
        hostile.add(new IceServer("turn:127.0.0.1:1", "u".repeat(5_000), Optional.of(Secret.of("x"))));
        try (WebRtcMedia media = WebRtcMedia.create()) {
            media.prepare(LinkSettings.Role.VIEWER, new MediaNeeds(false, false, ""));
            for (IceServer server : hostile) {
                for (boolean relayOnly : new boolean[] {false, true}) {
                    Pair.End end = new Pair.End("viewer");
                    PeerLink link = media.open(viewing(List.of(server), relayOnly), end);
                    assertThat(end.next(end.failures, "failure"))
                            .startsWith("CREATE: ")
                            .doesNotContain("example", "secret", "127.0.0.1");
                    link.accept(new SessionDescription(SessionDescription.Type.OFFER, SDP_START));
                    link.add(new IceCandidate("candidate:1", "0", 0));
                    link.send("x");
                    link.close();
                    end.await(end.ended, "end");
                }
            }
        }
    }

    private static LinkSettings viewing(List<IceServer> servers, boolean relayOnly) {
        return new LinkSettings(
                LinkSettings.Role.VIEWER,
                servers,
                relayOnly,
                true,
                true,
                OptionalInt.empty(),
                List.of(),
                MediaReceiver.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"publisher", "viewer"})
    void listenersAndReceiversThatThrowEverythingStopNothing(String side) throws Exception {
        try (Pair pair = pair()) {
            Pair.End thrower = side.equals("publisher") ? pair.publisher : pair.viewer;
            thrower.hook = callback -> {
                throw new AssertionError("thrown on purpose by " + callback);
            };
            pair.connect();
            pair.publisher.link.releaseMedia();
            for (int i = 0; i < 5; i++) {
                pair.viewer.next(pair.viewer.pictures, "picture");
                pair.viewer.next(pair.viewer.sounds, "sound");
            }
            pair.publisher.link.send("there");
            pair.viewer.link.send("back");
            assertThat(pair.viewer.next(pair.viewer.texts, "text")).isEqualTo("there");
            assertThat(pair.publisher.next(pair.publisher.texts, "text")).isEqualTo("back");
            pair.viewer.link.close();
            pair.publisher.await(pair.publisher.channelEnded, "end of the channel");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localDescription",
                "localCandidates",
                "state",
                "channelOpened",
                "received",
                "mediaStarted",
                "video",
                "audio",
                "failed"
            })
    void aLinkMayBeClosedInsideEachOfItsCallbacks(String callback) throws Exception {
        try (Pair pair = pair()) {
            closeInside(pair.viewer, callback, pair.viewer.link::close);
            drive(pair);
            pair.viewer.await(pair.viewer.ended, "end");
            assertThat(pair.viewer.closings).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localDescription", "localCandidates", "state", "channelOpened", "received", "failed"})
    void aPublishersTransportMayBeClosedInsideEachCallback(String callback) throws Exception {
        try (Pair pair = pair()) {
            closeInside(pair.publisher, callback, pair.publisherMedia::close);
            drive(pair);
            pair.publisher.await(pair.publisher.ended, "end");
            assertThat(pair.publisher.closings).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"video", "audio", "mediaStarted"})
    void aViewersTransportMayBeClosedInsideAReceiver(String callback) throws Exception {
        try (Pair pair = pair()) {
            closeInside(pair.viewer, callback, pair.viewerMedia::close);
            drive(pair);
            pair.viewer.await(pair.viewer.ended, "end");
            assertThat(pair.viewer.closings).hasValue(1);
        }
    }

    private static void closeInside(Pair.End end, String callback, Runnable close) {
        end.hook = name -> {
            if (name.equals(callback)) {
                close.run();
            }
        };
    }

    /** Everything that can call back. */
    private static void drive(Pair pair) {
        pair.publisher.link.send("there");
        pair.viewer.link.send("back");
        pair.publisher.link.releaseMedia();
        pair.publisher.link.accept(new SessionDescription(SessionDescription.Type.OFFER, "x"));
        pair.publisher.link.offer(false);
        pair.publisher.hook.accept("");
        if (!pair.viewer.failures.isEmpty()) {
            throw new AssertionError(pair.viewer.failures);
        }
        pair.viewer.link.offer(false); // which it does not
    }

    @Test
    void closingTwiceAndUsingWhatIsClosedDoesNothing() throws Exception {
        Pair pair = pair().connect();
        pair.publisher.link.releaseMedia();
        pair.viewer.next(pair.viewer.pictures, "picture");
        for (int i = 0; i < 2; i++) {
            pair.publisher.link.close();
            pair.viewer.link.close();
        }
        use(pair.publisher.link);
        use(pair.viewer.link);
        pair.publisher.await(pair.publisher.ended, "end");
        pair.viewer.await(pair.viewer.ended, "end");
        use(pair.publisher.link);
        pair.close();
        pair.close();
        use(pair.publisher.link);
        use(pair.viewer.link);
        assertThat(pair.publisher.closings).hasValue(1);
        assertThat(pair.viewer.closings).hasValue(1);
        assertThat(pair.publisher.failures).isEmpty();
        assertThat(pair.viewer.failures).isEmpty();

        Pair.End late = new Pair.End("late");
        PeerLink link = pair.viewerMedia.open(viewing(List.of(), false), late);
        assertThat(late.next(late.failures, "failure")).startsWith("CREATE");
        link.close();
        late.await(late.ended, "end");
        try {
            pair.publisherMedia.prepare(LinkSettings.Role.PUBLISHER, new MediaNeeds(true, true, ""));
            throw new AssertionError("a closed transport was prepared");
        } catch (SessionException expected) {
            assertThat(expected).hasMessageContaining("closed");
        }
    }

    private static void use(PeerLink link) throws Exception {
        link.offer(true);
        link.accept(new SessionDescription(SessionDescription.Type.OFFER, SDP_START));
        link.add(new IceCandidate("candidate:1", "0", 0));
        link.releaseMedia();
        link.send("x");
        link.requestKeyFrame();
        link.limitVideo(1);
        link.limitAudio(1);
        try {
            link.stats().toCompletableFuture().get(5, TimeUnit.SECONDS);
            throw new AssertionError("figures of a closed link");
        } catch (ExecutionException expected) {
            assertThat(expected).hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void closingWhileEverythingIsUnderWayIsSafe() throws Exception {
        for (int i = 0; i < 15; i++) {
            Pair pair = pair();
            pair.publisher.link.releaseMedia();
            pair.publisher.link.offer(false);
            if (i % 3 == 1) {
                pair.viewer.next(pair.viewer.descriptions, "answer");
            } else if (i % 3 == 2) {
                pair.publisher.await(pair.publisher.connected, "connection");
            }
            var figures = pair.publisher.link.stats().toCompletableFuture();
            Thread other = new Thread(pair.viewerMedia::close);
            other.start();
            pair.publisherMedia.close();
            other.join();
            pair.publisher.await(pair.publisher.ended, "end");
            pair.viewer.await(pair.viewer.ended, "end");
            figures.handle((stats, gone) -> true).get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void linesThatTheOtherSideEndsAndReopensAreSurvived() throws Exception {
        try (Pair pair = pair().connect()) {
            pair.publisher.link.releaseMedia();
            pair.viewer.next(pair.viewer.pictures, "picture");
            pair.publisher.descriptions.clear();
            pair.viewer.carry = false;
            pair.publisher.carry = false;
            pair.viewer.descriptions.clear();
            pair.publisher.link.offer(false);
            String offer =
                    pair.publisher.next(pair.publisher.descriptions, "offer").sdp();
            String noVideo = without("video", offer);
            assertThat(noVideo).isNotEqualTo(offer);
            String neither = without("audio", noVideo);
            for (String sdp :
                    List.of(noVideo, offer, neither, offer.replaceAll("m=video [0-9]+", "m=video 0"), offer)) {
                pair.viewer.link.accept(new SessionDescription(SessionDescription.Type.OFFER, sdp));
            }
            // The refusal of a wrong type says that all steps before it are through.
            pair.viewer.link.accept(new SessionDescription(SessionDescription.Type.ANSWER, "last"));
            while (!pair.viewer.next(pair.viewer.failures, "failure").contains("does not take")) {
                // Some of these the library refuses, which is its right.
            }
            assertThat(pair.viewer.descriptions).hasSizeGreaterThanOrEqualTo(3);
            Pair.stats(pair.viewer.link);
        }
    }

    /** Ends the line of one kind as a browser does: port 0, and out of the bundle. */
    private static String without(String kind, String offer) {
        Matcher line = Pattern.compile("m=" + kind + " .*?a=mid:(\\S+)", Pattern.DOTALL)
                .matcher(offer);
        assertThat(line.find()).isTrue();
        return offer.replaceAll("m=" + kind + " [0-9]+", "m=" + kind + " 0")
                .replaceFirst("(a=group:BUNDLE.*) " + line.group(1) + "\\b", "$1");
    }

    @Test
    void strangeChannelsAreClosedAndBinaryMessagesArriveAsBytes() throws Exception {
        try (Pair pair = pair().connect()) {
            PublisherLink publisher = (PublisherLink) pair.publisher.link;
            CountDownLatch made = new CountDownLatch(1);
            List<RTCDataChannel> channels = new ArrayList<>();
            NativeThread.post(() -> {
                for (String label : List.of("other", ChannelLink.LABEL, "", "x".repeat(60_000))) {
                    channels.add(publisher.connection.createDataChannel(label, new RTCDataChannelInit()));
                }
                made.countDown();
            });
            pair.publisher.await(made, "channels");
            pair.publisher.link.send("text");
            assertThat(pair.viewer.next(pair.viewer.texts, "text")).isEqualTo("text");
            byte[] bytes = {0, 1, -1, 127};
            NativeThread.post(() -> {
                try {
                    publisher.channel.channel.send(new RTCDataChannelBuffer(ByteBuffer.wrap(bytes), true));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(pair.viewer.next(pair.viewer.binaries, "bytes")).isEqualTo(bytes);
            CountDownLatch given = new CountDownLatch(1);
            NativeThread.post(() -> {
                channels.forEach(RTCDataChannel::dispose);
                given.countDown();
            });
            pair.publisher.await(given, "channels' end");
        }
    }

    @Test
    void aPeerThatNeverConnectsLeavesAQuietLink() throws Exception {
        try (Pair pair = pair()) {
            pair.publisher.carry = false;
            pair.publisher.link.offer(false);
            pair.publisher.next(pair.publisher.descriptions, "offer");
            pair.publisher.link.releaseMedia();
            assertThat(Pair.stats(pair.publisher.link).packetsSent()).isZero();
            assertThat(pair.publisher.states).doesNotContain(LinkState.CONNECTED);
        }
    }

    private static Pair pair() throws Exception {
        return new Pair(WebRtcMedia.builder()
                .video(VideoSources.testPattern(320, 240, 30))
                .audio(new TestFrames.Sine(48000, 1, 480, 440))
                .build());
    }
}
