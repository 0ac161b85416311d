package dev.drawbridge.examples.demo;

import dev.drawbridge.Publisher;
import dev.drawbridge.Session;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.StreamId;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.LogEntry;
import dev.drawbridge.testing.Shape;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A whole secure session in this process: a publisher, a first viewer who is let in, plays and leaves, and a second one who asks
 * while the first is watching.
 */
final class SelfTest {
    static final int FRAMES = 60;
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Report report;
    private final long deadline;

    /** @param limit for everything together */
    SelfTest(Report report, Duration limit) {
        this.report = report;
        this.deadline = System.nanoTime() + limit.toNanos();
    }

    /**
     * Runs one round.
     *
     * @throws SessionException if a session did not start
     * @throws TimeoutException if a step did not come in time; the message names it
     */
    Round run() throws SessionException, TimeoutException, InterruptedException {
        try (HandshakeServer server = HandshakeServer.start(Shape.ROUTER)) {
            String common = "&password=" + Passwords.random() + "&wss=" + server.uri();
            String stream = StreamId.random().value();
            try (Publisher publisher = publish("push=" + stream + "&secure&videodevice=testpattern" + common)) {
                return watch(server, publisher, SessionOptions.parse("view=" + stream + common));
            }
        }
    }

    private Publisher publish(String query) throws SessionException {
        SessionOptions options = SessionOptions.parse(query);
        return Publisher.builder(options)
                .media(PatternMedia.of(options))
                .listener(event -> report.event("publisher", event))
                .start();
    }

    private Round watch(HandshakeServer server, Publisher publisher, SessionOptions options)
            throws SessionException, TimeoutException, InterruptedException {
        CountDownLatch sealed = new CountDownLatch(1);
        publisher.on(Sealed.class, event -> sealed.countDown());
        Pictures firstPictures = new Pictures(FRAMES);
        Pictures secondPictures = new Pictures(1);
        try (Viewer first = view("viewer-1", options, firstPictures)) {
            if (!sealed.await(left().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new TimeoutException("the publisher was not sealed in time");
            }
            try (Viewer second = view("viewer-2", options, secondPictures)) {
                play(publisher, first, firstPictures);
                leave(first);
                if (publisher.awaitClosed(left()).isEmpty()) {
                    throw new TimeoutException("the publisher did not close after its viewer had left");
                }
                leave(second);
                return new Round(
                        publisher.events(),
                        first.events(),
                        second.events(),
                        firstPictures.seen(),
                        secondPictures.seen(),
                        sentByPublisher(server),
                        publisher.stats().marks(),
                        first.stats().marks());
            }
        }
    }

    private Viewer view(String who, SessionOptions options, Pictures pictures) throws SessionException {
        Viewer viewer = Viewer.builder(options)
                .listener(event -> report.event(who, event))
                .start();
        viewer.onVideo(pictures);
        return viewer;
    }

    private void play(Publisher publisher, Viewer first, Pictures pictures)
            throws TimeoutException, InterruptedException {
        while (!pictures.await(shorter(TICK, left()))) {
            if (left().isZero()) {
                throw new TimeoutException(
                        "the first viewer got " + pictures.seen().pictures() + " pictures in time");
            }
            report.stats("publisher", SessionSnapshot.of(publisher, OptionalInt.empty()));
            report.stats("viewer-1", SessionSnapshot.of(first, OptionalInt.empty()));
        }
    }

    private static void leave(Session session) {
        session.close();
    }

    /** The publisher's connection is the first one that the server saw. */
    private static List<LogEntry.Kind> sentByPublisher(HandshakeServer server) {
        return server.log().stream()
                .filter(entry -> entry.connection() == 1 && entry.direction() == LogEntry.Direction.IN)
                .map(LogEntry::kind)
                .toList();
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
