package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.Session;
import dev.drawbridge.SessionBuilder;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Announced;
import dev.drawbridge.SessionEvent.RoomEntered;
import dev.drawbridge.SessionEvent.StreamEnded;
import dev.drawbridge.SessionEvent.StreamRequested;
import dev.drawbridge.SessionEvent.StreamStarted;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.SessionState;
import dev.drawbridge.Viewer;
import dev.drawbridge.signaling.OkHttpSignaling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Real publishers and viewers with a real {@link HandshakeServer}: WebSockets and their threads are real, the peer connections are made
 * up, and the sessions' clock is moved by the test. So a ladder of minutes takes milliseconds, and what was on the wire is what the server
 * saw.
 */
final class SocketStage implements AutoCloseable {
    private static final Duration TURN = Duration.ofMillis(1);
    private static final long TURN_NANOS = TimeUnit.MICROSECONDS.toNanos(300);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);
    /** So many turns without anything new are a rest, longer ones: some 100 ms, in which a frame has come back on a busy machine too. */
    private static final int REST = 50;

    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    final VirtualTime time = new VirtualTime();
    final HandshakeServer server;
    final FakeNetwork network = new FakeNetwork(time);
    private final List<Party<?>> parties = new ArrayList<>();

    /** A session and what it stands on. */
    record Party<S extends Session>(S session, FakeMedia media, EventRecorder heard) {
        List<String> story() {
            return EventRecorder.story(session.events());
        }

        <E extends SessionEvent> List<E> events(Class<E> kind) {
            return session.events().stream()
                    .filter(kind::isInstance)
                    .map(kind::cast)
                    .toList();
        }

        <E extends SessionEvent> E event(Class<E> kind) {
            assertThat(events(kind))
                    .as("%s in %s", kind.getSimpleName(), story())
                    .hasSize(1);
            return events(kind).get(0);
        }

        /** The streams that a viewer watches now. */
        Set<String> watched() {
            Set<String> now = new TreeSet<>();
            for (SessionEvent event : session.events()) {
                if (event instanceof StreamStarted e) {
                    now.add(e.stream().value());
                } else if (event instanceof StreamEnded e) {
                    now.remove(e.stream().value());
                }
            }
            return now;
        }

        /** Says something on the channel, as another client might; with ' for ". */
        void says(String text) {
            media.link().say(text.replace('\'', '"'));
        }

        /** What this side has said on the newest channel that begins so. */
        List<String> said(String beginning) {
            return media.link().texts().stream()
                    .filter(text -> text.startsWith(beginning.replace('\'', '"')))
                    .toList();
        }
    }

    SocketStage(Shape shape) {
        server = HandshakeServer.start(shape);
    }

    /** Returns when it is announced. */
    Party<Publisher> publisher(String options) throws SessionException {
        return publisher(options, builder -> builder);
    }

    Party<Publisher> publisher(String options, UnaryOperator<Publisher.Builder> more) throws SessionException {
        FakeMedia media = network.media();
        Publisher session =
                more.apply(set(Publisher.builder(options(options)), media)).start();
        Party<Publisher> party = joined(new Party<>(session, media, EventRecorder.of(session)));
        until("announced", () -> !party.events(Announced.class).isEmpty());
        return party;
    }

    /** Returns when it has asked or entered its room. */
    Party<Viewer> viewer(String options) throws SessionException {
        return viewer(options, builder -> builder);
    }

    Party<Viewer> viewer(String options, UnaryOperator<Viewer.Builder> more) throws SessionException {
        FakeMedia media = network.media();
        Viewer session =
                more.apply(set(Viewer.builder(options(options)), media)).start();
        Party<Viewer> party = joined(new Party<>(session, media, EventRecorder.of(session)));
        until(
                "asked",
                () -> !party.events(StreamRequested.class).isEmpty()
                        || !party.events(RoomEntered.class).isEmpty());
        return party;
    }

    /** Returns when it watches exactly these. */
    Party<Viewer> watching(String options, String... streams) throws SessionException {
        Party<Viewer> party = viewer(options);
        until("watching " + Set.of(streams), () -> party.watched().equals(Set.of(streams)));
        return party;
    }

    private <B extends SessionBuilder<B>> B set(B builder, FakeMedia media) {
        return builder.media(media).signaling(OkHttpSignaling.create()).scheduler(time.another());
    }

    private <S extends Session> Party<S> joined(Party<S> party) {
        parties.add(party);
        return party;
    }

    private SessionOptions options(String query) {
        String dialect = server.shape() == Shape.HOSTED ? "wss2=" : "wss=";
        return SessionOptions.parse("?" + query + "&" + dialect + server.uri());
    }

    /** Frames that clients have sent and that contain this, with ' for ". */
    long sent(String part) {
        return server.log().stream()
                .filter(entry -> entry.direction() == LogEntry.Direction.IN && entry.kind() == LogEntry.Kind.TEXT)
                .filter(entry -> entry.text().contains(part.replace('\'', '"')))
                .count();
    }

    // ---- time

    /** Lets the clock go on in small steps until something is so. */
    void until(String what, BooleanSupplier condition) {
        long late = System.nanoTime() + PATIENCE;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > late) {
                List<String> stories = new ArrayList<>();
                parties.forEach(party -> stories.add(party.story().toString()));
                throw new AssertionError(what + " did not come; " + String.join("\n", stories));
            }
            turn(TURN_NANOS);
        }
    }

    private void turn(long nanos) {
        time.advance(TURN);
        LockSupport.parkNanos(nanos);
    }

    /** Lets a time pass at once, and then everything come to rest that it brings about. */
    void pass(Duration duration) {
        time.advance(duration);
        rest();
    }

    /** Returns when nothing goes on any more. */
    void rest() {
        long before = -1;
        for (int quiet = 0; quiet < REST; quiet++) {
            turn(REST_NANOS);
            long now = server.log().size();
            for (Party<?> party : parties) {
                now += party.heard().events().size()
                        + party.media().links().stream()
                                .mapToInt(link -> link.texts().size())
                                .sum();
            }
            quiet = now == before ? quiet : 0;
            before = now;
        }
    }

    /** What the session answers, which needs the clock to go on. */
    <T> T answer(CompletionStage<T> awaited) {
        CompletableFuture<T> future = awaited.toCompletableFuture();
        until("an answer", future::isDone);
        return future.join();
    }

    /** Likewise of a call that waits. */
    <T> T call(Supplier<T> waits) {
        return answer(CompletableFuture.supplyAsync(waits));
    }

    /** Everybody ends, once and in time, whatever the test did. */
    @Override
    public void close() {
        try {
            parties.forEach(party -> party.session().close());
            until("the end", () -> parties.stream().allMatch(p -> p.session().state() == SessionState.CLOSED));
            for (Party<?> party : parties) {
                EventGrammar.check(false, party.session().events());
                assertThat(party.media().links()).allMatch(FakeLink::closed);
            }
            until("every connection's end", () -> server.connections() == 0);
        } finally {
            server.close();
        }
    }
}
