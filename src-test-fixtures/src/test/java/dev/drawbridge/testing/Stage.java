package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.Session;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.SessionState;
import dev.drawbridge.Viewer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** Real publishers and viewers on fakes and one virtual clock. */
final class Stage implements AutoCloseable {
    /** Far longer than two healthy peers need to connect, and far shorter than any deadline. */
    static final Duration MOMENT = Duration.ofMillis(200);

    final VirtualTime time = new VirtualTime();
    final FakeServer server;
    final FakeNetwork network = new FakeNetwork(time);
    private final List<Party<?>> parties = new ArrayList<>();

    /** A session and what it stands on. */
    record Party<S extends Session>(S session, FakeMedia media, FakeSignaling signaling) {
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

        /** Media packets to everybody so far. */
        long packets() {
            return media.links().stream().mapToLong(FakeLink::packetsSent).sum();
        }
    }

    Stage() {
        this(Shape.ROUTER);
    }

    Stage(Shape shape) {
        server = new FakeServer(time, shape);
    }

    /** Starts and lets a moment pass. */
    Party<Publisher> publisher(String options) throws SessionException {
        Party<Publisher> party = publisher(options, network.media(), builder -> builder);
        pass(MOMENT);
        return party;
    }

    Party<Publisher> publisher(String options, FakeMedia media, UnaryOperator<Publisher.Builder> more)
            throws SessionException {
        FakeSignaling signaling = server.signaling();
        Publisher.Builder builder = Publisher.builder(options(options))
                .media(media)
                .signaling(signaling)
                .scheduler(time.another());
        return joined(new Party<>(more.apply(builder).start(), media, signaling));
    }

    /** Starts and lets a moment pass. */
    Party<Viewer> viewer(String options) throws SessionException {
        Party<Viewer> party = viewer(options, network.media());
        pass(MOMENT);
        return party;
    }

    Party<Viewer> viewer(String options, FakeMedia media) throws SessionException {
        return viewer(options, media, builder -> builder);
    }

    Party<Viewer> viewer(String options, FakeMedia media, UnaryOperator<Viewer.Builder> more) throws SessionException {
        FakeSignaling signaling = server.signaling();
        Viewer.Builder builder = Viewer.builder(options(options))
                .media(media)
                .signaling(signaling)
                .scheduler(time.another());
        return joined(new Party<>(more.apply(builder).start(), media, signaling));
    }

    private <S extends Session> Party<S> joined(Party<S> party) {
        parties.add(party);
        return party;
    }

    private SessionOptions options(String query) {
        return SessionOptions.parse("?" + query + "&" + server.option());
    }

    void pass(Duration time) {
        this.time.advance(time);
    }

    /** Lets a second pass again and again, at most an hour, until something is so. */
    void passUntil(BooleanSupplier condition) {
        for (int second = 0; second < 3600 && !condition.getAsBoolean(); second++) {
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(condition.getAsBoolean()).as("in an hour").isTrue();
    }

    /** Everybody ends, once and in time, whatever the test did. */
    @Override
    public void close() {
        parties.forEach(party -> party.session().close());
        pass(Duration.ofSeconds(2));
        for (Party<?> party : parties) {
            List<String> story = party.story();
            assertThat(party.session().state()).as("%s", story).isEqualTo(SessionState.CLOSED);
            assertThat(story.get(story.size() - 1)).startsWith("Closed ");
            assertThat(story).filteredOn(line -> line.startsWith("Closed ")).hasSize(1);
            assertThat(party.media().closed()).isTrue();
            assertThat(party.media().links()).allMatch(FakeLink::closed);
        }
        assertThat(server.connections()).isZero();
    }
}
