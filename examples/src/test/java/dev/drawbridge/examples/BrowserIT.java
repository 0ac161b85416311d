package dev.drawbridge.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LONG;

import dev.drawbridge.IceFilter;
import dev.drawbridge.Password;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Announced;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.RefusalReason;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.SessionEvent.ViewerRequested;
import dev.drawbridge.SessionStats;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.ice.CandidateFilter;
import dev.drawbridge.internal.ice.PathPolicy;
import dev.drawbridge.internal.ice.SeenCandidates;
import dev.drawbridge.signaling.OkHttpSignaling;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.LogEntry;
import dev.drawbridge.testing.Shape;
import dev.drawbridge.testing.TurnServer;
import dev.drawbridge.testing.VirtualScreen;
import dev.drawbridge.webrtc.WebRtcMedia;
import java.awt.Color;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The viewer page in a real browser, with a publisher in Java on the other side. */
class BrowserIT extends BrowserCase {
    private static final String LONG_NAME = "the_longest_name_that_a_stream_can_have_here";

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofMinutes(2));

    private static Chromium chromium;

    @BeforeAll
    static void start_the_browser() {
        WebRtcMedia.warmUp();
        chromium = Chromium.start();
    }

    @AfterAll
    static void stop_the_browser() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @AfterEach
    void close_the_windows() {
        chromium.closeAll();
    }

    // ---- it plays

    /** What a password does is the same with every server, and what a server does with every password. */
    static Stream<Arguments> everyShapeAndEveryKindOfPassword() {
        return Stream.of(
                Arguments.of(Shape.ROUTER, Password.defaultKey()),
                Arguments.of(Shape.FANOUT, Password.of("p&ss %25 wörd+?#=\"<'/\\ 門")),
                Arguments.of(Shape.HOSTED, Password.none()));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("everyShapeAndEveryKindOfPassword")
    void theBrowserPlaysASecureStreamAndTheBridgeGoesUpBehindIt(Shape shape, Password password) throws Exception {
        try (HandshakeServer server = server(shape, false);
                Publisher publisher = publish(server, "secure", password, b -> {})) {
            Tab tab = watch(server, publisher);
            tab.await("playing");
            assertThatThePictureIsOurs(tab);

            Sealed sealed = next(Sealed.class);
            tab.awaitSecure();
            assertThat(tab.overflows()).isFalse();
            long before = tab.nextCounter().orElseThrow();
            assertThat(tab.nextCounter().orElseThrow())
                    .as("it plays on, behind the seal")
                    .isGreaterThan(before);
            assertThatPublisherOnlySaidClose(server, sealed);

            tab.close();
            next(Closed.class);
            assertThat(publisher.events().stream().map(SessionEvent::getClass))
                    .containsExactly(
                            Announced.class,
                            ViewerRequested.class,
                            ViewerJoined.class,
                            Sealed.class,
                            ViewerLeft.class,
                            Closed.class);
        }
    }

    @Test
    void theBrowserPlaysOverTls() throws Exception {
        try (HandshakeServer server = server(Shape.ROUTER, true)) {
            HandshakeCertificates trust = new HandshakeCertificates.Builder()
                    .addTrustedCertificate(server.certificate().orElseThrow())
                    .build();
            OkHttpClient client = new OkHttpClient.Builder()
                    .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
                    .build();
            OkHttpSignaling signaling = OkHttpSignaling.builder().client(client).build();
            try (Publisher publisher =
                    publish(server, "secure", Password.of("over tls"), b -> b.signaling(signaling))) {
                Tab tab = watch(server, publisher);
                tab.await("playing");
                assertThatThePictureIsOurs(tab);
                next(Sealed.class);
                tab.close();
                next(Closed.class);
            }
        }
    }

    /**
     * The relay lets in only whom the publisher has heard of, so the page has to find out its own address. How the publisher gets to
     * the relay is nothing to the browser.
     */
    @Test
    void theBrowserPlaysASecureStreamThatComesThroughARelay() throws Exception {
        try (TurnServer turn = TurnServer.start();
                HandshakeServer server = server(Shape.ROUTER, false);
                Publisher publisher = publish(server, "secure&privacy&turn=" + turn.option(turn.tlsUrl()))) {
            URI page = URI.create(publisher.viewLink(server.pageUri()) + "&stun=" + turn.stunUrl());
            Tab tab = chromium.open().load(page);
            tab.await("playing");
            assertThatThePictureIsOurs(tab);
            Sealed sealed = next(Sealed.class);
            assertThat(publisher.stats().path()).isEqualTo("relay/turns");
            assertThatPublisherOnlySaidClose(server, sealed);

            tab.close();
            next(Closed.class);
        }
    }

    /** The screenshot is in {@code target/page-screen-share.png}. */
    @Test
    void theBrowserPlaysAScreenThatIsShared() throws Exception {
        try (HandshakeServer server = server(Shape.ROUTER, false);
                VirtualScreen screen = VirtualScreen.start(640, 480)) {
            Process sharing = screen.on(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            SharedScreen.class.getName(),
                            "push=desk&secure&screenshare&noaudio&stun=false&wss=" + server.uri(),
                            server.pageUri().toString()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                String link = sharing.inputReader()
                        .lines()
                        .filter(line -> line.startsWith("http"))
                        .findFirst()
                        .orElseThrow();
                Tab tab = chromium.open().load(URI.create(link));
                tab.await("playing");
                tab.awaitSecure();
                byte[] png = chromium.screenshot();
                // The notice that stood there fades.
                long late = System.nanoTime() + LIMIT.toNanos();
                while (!showsTheScreen(png) && System.nanoTime() < late) {
                    png = chromium.screenshot();
                }
                Path file = Files.write(Path.of("target", "page-screen-share.png"), png);
                assertThat(showsTheScreen(png)).as("see %s", file).isTrue();
                tab.close();
                assertThat(sharing.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } finally {
                sharing.destroyForcibly();
            }
        }
    }

    /** 4:3 in the middle of a window of 960x600. */
    private static boolean showsTheScreen(byte[] png) throws IOException {
        return isLike(pixel(png, 300), SharedScreen.LEFT)
                && isLike(pixel(png, 660), SharedScreen.RIGHT)
                && isLike(pixel(png, 20), Color.BLACK);
    }

    /** In the middle of the window's height. */
    private static Color pixel(byte[] png, int x) throws IOException {
        return new Color(ImageIO.read(new ByteArrayInputStream(png)).getRGB(x, 300));
    }

    private static boolean isLike(Color seen, Color wanted) {
        return Math.abs(seen.getRed() - wanted.getRed()) < 40
                && Math.abs(seen.getGreen() - wanted.getGreen()) < 40
                && Math.abs(seen.getBlue() - wanted.getBlue()) < 40;
    }

    @Test
    void anOpenStreamIsWatchedByTwoTabsAtOnce() throws Exception {
        try (HandshakeServer server = server(Shape.ROUTER, false);
                Publisher publisher = publish(server, "", Password.defaultKey(), b -> {})) {
            Tab one = watch(server, publisher);
            Tab two = watch(server, publisher);
            one.await("playing");
            two.await("playing");
            assertThatThePictureIsOurs(one);
            assertThatThePictureIsOurs(two);
            assertThat(one.secureShown()).isFalse();
            two.close();
            next(ViewerLeft.class);
            long before = one.nextCounter().orElseThrow();
            assertThat(one.nextCounter().orElseThrow()).isGreaterThan(before);
        }
    }

    // ---- a second tab gets nothing

    /** Both are connected and hold no media, as one of them waits for the word of the program. */
    @Test
    void aSecondTabThatComesBeforeTheSealGetsNothing() throws Exception {
        CompletableFuture<Boolean> word = new CompletableFuture<>();
        try (HandshakeServer server = server(Shape.FANOUT, false);
                Publisher publisher = publish(
                        server,
                        "secure&prompt",
                        Password.defaultKey(),
                        b -> b.approval(
                                request -> request.viewer().number() == 1 ? word : new CompletableFuture<>()))) {
            Tab first = watch(server, publisher);
            next(ViewerRequested.class);
            first.await("connected");
            Tab second = watch(server, publisher);
            ViewerRequested rival = next(ViewerRequested.class);
            second.await("connected");
            SessionStats waiting = publisher.stats();
            assertThat(waiting.links()).hasSize(2);
            assertThat(waiting.packetsSent())
                    .as("media packets before anybody was admitted")
                    .isZero();

            word.complete(true);
            first.await("playing");
            ViewerRefused refused = next(ViewerRefused.class);
            assertThat(refused.viewer()).isEqualTo(rival.viewer());
            assertThat(refused.reason()).isEqualTo(RefusalReason.BRIDGE_RAISED);
            next(Sealed.class);
            second.await("left");
            assertThat(second.headline()).isEqualTo("The publisher did not let you in");
            assertThat(second.framesDecoded()).isZero();
            assertThat(second.events()).doesNotContain("StreamStarted");
            assertThatThePictureIsOurs(first);

            second.close();
            first.close();
            assertThat(next(ViewerLeft.class).viewer().number()).isEqualTo(1);
            next(Closed.class);
        }
    }

    @Test
    void aSecondTabThatComesAfterTheSealGetsNothing() throws Exception {
        try (HandshakeServer server = server(Shape.HOSTED, false);
                Publisher publisher = publish(server, "secure", Password.defaultKey(), b -> {})) {
            Tab first = watch(server, publisher);
            first.await("playing");
            Sealed sealed = next(Sealed.class);
            Tab second = watch(server, publisher);
            second.await("waiting");
            server.awaitLog(
                    entry -> entry.at().isAfter(sealed.at())
                            && entry.isIn(LogEntry.Kind.TEXT)
                            && entry.text().contains("\"play\""),
                    LIMIT);
            assertThat(publisher.stats().links()).hasSize(1);
            assertThatPublisherOnlySaidClose(server, sealed);

            first.close();
            next(Closed.class);
            assertThat(second.events()).contains("StreamRequested").doesNotContain("OfferAccepted");
            assertThat(publisher.events())
                    .filteredOn(ViewerRequested.class::isInstance)
                    .hasSize(1);
        }
    }

    // ---- what it says

    @Test
    void aWrongPasswordAndAMissingStreamAreToldInWords() throws Exception {
        try (HandshakeServer server = server(Shape.ROUTER, false);
                Publisher publisher = publish(server, "secure", Password.of("the right one"), b -> {})) {
            String page = server.pageUri() + "?view=" + publisher.streamId().value();
            Tab wrong = chromium.open().load(URI.create(page + "&password=the%20wrong%20one"));
            Tab none = chromium.open().load(URI.create(page));
            Tab missing = chromium.open(400, 700).load(URI.create(server.pageUri() + "?view=" + LONG_NAME));

            wrong.await("nobody");
            assertThat(wrong.explanation()).contains("the password is wrong");
            none.await("nobody");
            assertThat(none.explanation()).contains("it has a password that this link does not give");
            missing.await("nobody");
            assertThat(missing.explanation()).contains("it already has its one viewer");
            assertThat(missing.headline()).isEqualTo("Nobody is publishing “" + LONG_NAME + "”");
            assertThat(Stream.of(wrong, none, missing)).noneMatch(Tab::overflows);
            assertThat(publisher.events()).hasExactlyElementsOfTypes(Announced.class);
        }
    }

    @Test
    void aServerThatIsDownIsToldInWords() throws Exception {
        try (HandshakeServer server = server(Shape.ROUTER, false)) {
            Tab down = chromium.open().load(URI.create(server.pageUri() + "?view=x&wss=ws://127.0.0.1:9"));
            down.await("noserver");
            assertThat(down.headline()).isEqualTo("No handshake server");
            assertThat(down.explanation()).contains("ws://127.0.0.1:9 does not answer");

            Tab lost = chromium.open().load(URI.create(server.pageUri() + "?view=x"));
            lost.await("waiting");
            server.faults().stopAccepting().disconnectAll();
            lost.await("noserver");
            assertThat(lost.headline()).isEqualTo("The handshake server is gone");
            server.faults().acceptAgain();
            lost.await("waiting", "nobody");
        }
    }

    @Test
    void aLinkThatCannotBeUsedIsToldInWords() throws Exception {
        try (HandshakeServer server = server(Shape.ROUTER, false)) {
            Tab tab = chromium.open(400, 700).load(URI.create(server.pageUri() + "?view=a,b&wss=ws://["));
            tab.await("invalid");
            assertThat(tab.headline()).isEqualTo("This link cannot be used");
            assertThat(tab.explanation().lines()).hasSize(2);
            assertThat(tab.overflows()).isFalse();
        }
    }

    @Test
    void theEndOfASecureStreamIsFinal() throws Exception {
        try (HandshakeServer server = server(Shape.HOSTED, false)) {
            Tab tab;
            try (Publisher publisher = publish(server, "secure", Password.defaultKey(), b -> {})) {
                tab = watch(server, publisher);
                tab.await("playing");
                next(Sealed.class);
            }
            tab.await("ended");
            assertThat(tab.headline()).isEqualTo("The stream is over");
        }
    }

    @Test
    void anOpenStreamThatEndedIsWaitedFor() throws Exception {
        try (HandshakeServer server = server(Shape.ROUTER, false)) {
            Tab tab;
            StreamId id;
            try (Publisher publisher = publish(server, "", Password.defaultKey(), b -> {})) {
                id = publisher.streamId();
                tab = watch(server, publisher);
                tab.await("playing");
            }
            tab.await("left");
            assertThat(tab.headline()).isEqualTo("The publisher left");
            try (Publisher again = publish(server, "push=" + id.value(), Password.defaultKey(), b -> {})) {
                tab.await("playing");
                assertThatThePictureIsOurs(tab);
                assertThat(again.streamId()).isEqualTo(id);
            }
        }
    }

    @Test
    void thePageComputesWhatTheTestVectorsOfTheProtocolSay() throws Exception {
        Path vectors = Path.of(System.getProperty("basedir", ""), "../core/src/test/resources/vectors.json");
        try (HandshakeServer server = server(Shape.ROUTER, false)) {
            Tab tab = chromium.open().load(server.pageUri());
            assertThat(tab.check("/vectors-test.js", Files.readString(vectors)))
                    .asInstanceOf(LONG)
                    .isGreaterThan(900L);
        }
    }

    @Test
    void whatAFilterLeavesOfADescriptionTheBrowserReads() throws Exception {
        List<String> candidates = List.of(
                "1 1 UDP 2122260223 192.168.1.2 5000 typ host generation 0 network-id 1",
                "2 1 tcp 1518280447 192.168.1.2 9 typ host tcptype active generation 0",
                "3 1 udp 2122262783 2001:db8::7 5001 typ host",
                "4 1 udp 2122262783 ::ffff:10.1.2.3 5001 typ host",
                "5 1 udp 2122262783 0b5f2bb2-8d5c-4d8a-9bcd-1234567890ab.local 5001 typ host",
                "6 1 udp 1686052607 203.0.110.5 5000 typ srflx raddr 192.168.1.2 rport 5000",
                "7 1 udp 41885439 203.0.113.9 5002 typ relay raddr 203.0.110.5 rport 5000");
        try (HandshakeServer server = server(Shape.ROUTER, false)) {
            Tab tab = chromium.open().load(server.pageUri());
            StringBuilder offer = new StringBuilder(tab.offer());
            candidates.forEach(line -> offer.append("a=candidate:").append(line).append("\r\n"));
            for (String filter :
                    List.of("host", "srflx", "relay", "tcp", "192.168.", "2001:db8::/32", "typ host", "")) {
                boolean lanOnly = filter.isEmpty();
                PathPolicy policy =
                        PathPolicy.of(lanOnly ? Optional.empty() : Optional.of(IceFilter.of(filter)), lanOnly, false);
                String left = new CandidateFilter(policy, false).filter(offer.toString(), new SeenCandidates());
                assertThat(left).contains("a=candidate:").hasSizeLessThan(offer.length());
                assertThat(candidates(tab.understood(left)))
                        .as(lanOnly ? "lanonly" : filter)
                        .isEqualTo(candidates(left));
            }
        }
    }

    private static long candidates(String sdp) {
        return sdp.lines().filter(line -> line.startsWith("a=candidate:")).count();
    }

    // ---- tools

    private static Tab watch(HandshakeServer server, Publisher publisher) {
        return chromium.open().load(publisher.viewLink(server.pageUri()));
    }
}
