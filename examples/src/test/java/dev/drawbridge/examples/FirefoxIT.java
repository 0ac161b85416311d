package dev.drawbridge.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Password;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Announced;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.LabelChanged;
import dev.drawbridge.SessionEvent.LeaveReason;
import dev.drawbridge.SessionEvent.RefusalReason;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.SessionEvent.ViewerRequested;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.LogEntry;
import dev.drawbridge.testing.Shape;
import dev.drawbridge.webrtc.WebRtcMedia;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Of {@link BrowserIT} what may be different in another browser, which has WebRTC of its own: in Firefox, as it is installed. Its
 * candidates have names in place of addresses, which nobody here can look up, so the publisher learns the address from the checks.
 */
class FirefoxIT extends BrowserCase {
    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofMinutes(3));

    private static Firefox firefox;

    @BeforeAll
    static void start_the_browser() throws IOException {
        WebRtcMedia.warmUp();
        firefox = Firefox.start();
    }

    @AfterAll
    static void stop_the_browser() throws IOException {
        if (firefox != null) {
            firefox.close();
        }
    }

    @AfterEach
    void close_the_windows() {
        firefox.closeAll();
    }

    @Test
    void firefoxPlaysASecureStreamAndASecondWindowThatComesAfterTheSealGetsNothing() throws Exception {
        Password password = Password.of("p&ss %25 wörd+?#=\"<'/\\ 門");
        try (HandshakeServer server = server(Shape.ROUTER, false);
                Publisher publisher = publish(server, "secure", password, b -> {})) {
            Tab first = watch(server, publisher);
            first.await("playing");
            assertThatThePictureIsOurs(first);
            Sealed sealed = next(Sealed.class);
            first.awaitSecure();
            assertThat(first.overflows()).isFalse();

            Tab second = watch(server, publisher);
            second.await("waiting", "nobody");
            server.awaitLog(
                    entry -> entry.at().isAfter(sealed.at())
                            && entry.isIn(LogEntry.Kind.TEXT)
                            && entry.text().contains("\"play\""),
                    LIMIT);
            assertThat(publisher.stats().links()).hasSize(1);
            assertThatThePictureIsOurs(first);
            assertThatPublisherOnlySaidClose(server, sealed);

            first.close();
            next(Closed.class);
            assertThat(second.events()).contains("StreamRequested").doesNotContain("OfferAccepted");
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

    /** Both are connected and hold no media, as one of them waits for the word of the program. */
    @Test
    void aSecondWindowThatComesBeforeTheSealGetsNothing() throws Exception {
        CompletableFuture<Boolean> word = new CompletableFuture<>();
        try (HandshakeServer server = server(Shape.ROUTER, false);
                Publisher publisher = publish(
                        server,
                        "secure&prompt",
                        Password.of("two at once"),
                        b -> b.approval(
                                request -> request.viewer().number() == 1 ? word : new CompletableFuture<>()))) {
            Tab first = watch(server, publisher);
            next(ViewerRequested.class);
            first.await("connected");
            Tab second = watch(server, publisher);
            ViewerRequested rival = next(ViewerRequested.class);
            second.await("connected");
            assertThat(publisher.stats().packetsSent())
                    .as("media packets before anybody was admitted")
                    .isZero();

            word.complete(true);
            first.await("playing");
            ViewerRefused refused = next(ViewerRefused.class);
            assertThat(refused.viewer()).isEqualTo(rival.viewer());
            assertThat(refused.reason()).isEqualTo(RefusalReason.BRIDGE_RAISED);
            next(Sealed.class);
            second.await("left");
            assertThat(second.framesDecoded()).isZero();
            assertThatThePictureIsOurs(first);
        }
    }

    @Test
    void firefoxAndThePublisherTellEachOtherWhatTheyAreCalled() throws Exception {
        try (HandshakeServer server = server(Shape.HOSTED, false);
                Publisher publisher = publish(server, "label=Camera_1")) {
            URI page = URI.create(publisher.viewLink(server.pageUri()) + "&label=Firefox");
            Tab tab = firefox.open().load(page);
            tab.await("playing");
            assertThat(next(LabelChanged.class).label()).isEqualTo("Firefox");
            assertThat(tab.label()).isEqualTo("Camera 1");
            assertThat(tab.secureShown()).isFalse();

            // What a page says in its last moment Firefox does not always send, but it closes the channel at once.
            tab.close();
            assertThat(next(ViewerLeft.class).reason()).isIn(LeaveReason.BYE, LeaveReason.CHANNEL_CLOSED);
        }
    }

    private static Tab watch(HandshakeServer server, Publisher publisher) {
        return firefox.open().load(publisher.viewLink(server.pageUri()));
    }
}
