package dev.drawbridge.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.drawbridge.NetworkPolicy;
import dev.drawbridge.Password;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.media.AudioSources;
import dev.drawbridge.media.TestPattern;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.LogEntry;
import dev.drawbridge.testing.Shape;
import dev.drawbridge.webrtc.WebRtcMedia;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A publisher in Java whose stream the viewer page shows, in whatever browser. */
abstract class BrowserCase {
    static final Duration LIMIT = Duration.ofSeconds(30);
    private static final double TOLERANCE = 30;

    /** What the publishers of this test tell. */
    private final BlockingQueue<SessionEvent> events = new LinkedBlockingQueue<>();

    static HandshakeServer server(Shape shape, boolean tls) {
        return HandshakeServer.builder()
                .shape(shape)
                .tls(tls)
                .pages(BrowserCase.class.getClassLoader(), "page")
                .start();
    }

    final Publisher publish(HandshakeServer server, String query) throws SessionException {
        return publish(server, query, Password.defaultKey(), b -> {});
    }

    final Publisher publish(HandshakeServer server, String query, Password password, Consumer<Publisher.Builder> more)
            throws SessionException {
        SessionOptions options = SessionOptions.builder()
                .query(query + "&push&stun=false" + (server.shape() == Shape.HOSTED ? "&wss2=" : "&wss=")
                        + server.uri())
                .password(password)
                .build();
        // Nobody signed the certificates of the relays here.
        NetworkPolicy network =
                options.network().toBuilder().anyTurnCertificate(true).build();
        Publisher.Builder builder = Publisher.builder(
                        options.toBuilder().network(network).build())
                .media(WebRtcMedia.builder()
                        .video(VideoSources.testPattern(320, 180, 20))
                        .audio(AudioSources.tone(440))
                        .build())
                .listener(events::add);
        more.accept(builder);
        return builder.start();
    }

    final <E extends SessionEvent> E next(Class<E> kind) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            SessionEvent event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            assertThat(event).as("a " + kind.getSimpleName()).isNotNull();
            if (kind.isInstance(event)) {
                return kind.cast(event);
            }
        }
    }

    static void assertThatThePictureIsOurs(Tab tab) {
        for (int bar = 0; bar < 8; bar++) {
            double relX = (bar + 0.5) / 8;
            int wanted = TestPattern.colorAt(relX, 0.25).orElseThrow();
            List<Long> seen = tab.pixel(relX, 0.25);
            for (int channel = 0; channel < 3; channel++) {
                assertThat((double) seen.get(channel))
                        .as("bar %d of %06x, which is %s", bar, wanted, seen)
                        .isCloseTo((wanted >> (16 - 8 * channel)) & 0xff, offset(TOLERANCE));
            }
        }
        long before = tab.nextCounter().orElseThrow();
        assertThat(tab.nextCounter().orElseThrow()).as("the frame counter").isGreaterThan(before);
    }

    /** The publisher is the first who connected. */
    static void assertThatPublisherOnlySaidClose(HandshakeServer server, Sealed sealed) {
        List<LogEntry> ours = server.log().stream()
                .filter(entry -> entry.connection() == 1 && entry.isIn(entry.kind()))
                .toList();
        assertThat(ours.stream().filter(entry -> entry.isIn(LogEntry.Kind.CLOSE)))
                .hasSize(1);
        assertThat(ours.stream()
                        .dropWhile(entry -> entry.kind() != LogEntry.Kind.CLOSE)
                        .skip(1))
                .as("after the Close")
                .allMatch(entry -> entry.kind() == LogEntry.Kind.GONE);
        assertThat(ours.get(ours.size() - 1).kind()).isEqualTo(LogEntry.Kind.GONE);
        assertThat(ours.get(ours.size() - 1).at()).isBeforeOrEqualTo(sealed.at().plusSeconds(2));
    }
}
