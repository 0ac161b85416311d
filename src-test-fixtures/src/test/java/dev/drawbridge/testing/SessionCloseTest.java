package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.CloseReason;
import dev.drawbridge.Session;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionState;
import dev.drawbridge.testing.Stage.Party;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code close()} in every state of both roles, from everywhere: one end, the last event, in time, and never again. */
@ExtendWith(LeakGuard.class)
class SessionCloseTest {
    private static final String PUBLISH = "push=closing1";
    private static final String WATCH = "view=closing1";

    private final Stage stage = new Stage();

    /** How to get somewhere. */
    private interface Path {
        Party<?> go(Stage stage) throws Exception;
    }

    @SuppressWarnings("ImmutableEnumChecker") // the paths are lambdas that hold nothing
    private enum Scene {
        PUBLISHER_CONNECTING(SessionState.CONNECTING, stage -> {
            stage.server.stall();
            return stage.publisher(PUBLISH);
        }),
        PUBLISHER_ANNOUNCED(SessionState.ANNOUNCED, stage -> stage.publisher(PUBLISH)),
        PUBLISHER_NEGOTIATING(SessionState.NEGOTIATING, stage -> {
            Party<?> publisher = stage.publisher(PUBLISH + "&secure");
            stage.viewer(WATCH, stage.network.media().neverAnswer());
            stage.pass(Stage.MOMENT);
            return publisher;
        }),
        PUBLISHER_MAKING_AN_OFFER(SessionState.NEGOTIATING, stage -> {
            Party<?> publisher =
                    stage.publisher(PUBLISH, stage.network.media().slow(Duration.ofSeconds(5)), more -> more);
            stage.pass(Stage.MOMENT);
            stage.viewer(WATCH);
            return publisher;
        }),
        PUBLISHER_SERVING(SessionState.SERVING, stage -> {
            Party<?> publisher = stage.publisher(PUBLISH);
            stage.viewer(WATCH);
            stage.viewer(WATCH);
            return publisher;
        }),
        PUBLISHER_SERVING_WITHOUT_SERVER(SessionState.SERVING, stage -> {
            Party<?> publisher = stage.publisher(PUBLISH);
            stage.viewer(WATCH);
            stage.server.unreachable().disconnectAll();
            stage.pass(Duration.ofSeconds(20));
            return publisher;
        }),
        PUBLISHER_RECONNECTING(SessionState.CONNECTING, stage -> {
            Party<?> publisher = stage.publisher(PUBLISH);
            stage.server.stall().disconnectAll();
            stage.pass(Duration.ofSeconds(2));
            return publisher;
        }),
        PUBLISHER_SEALING(SessionState.SEALING, stage -> {
            stage.server.ignoreCloses();
            Party<?> publisher = stage.publisher(PUBLISH + "&secure");
            stage.viewer(WATCH, stage.network.media());
            for (int i = 0; i < 500 && publisher.session().state() != SessionState.SEALING; i++) {
                stage.pass(Duration.ofMillis(1));
            }
            return publisher;
        }),
        PUBLISHER_SEALED(SessionState.SEALED, stage -> {
            Party<?> publisher = stage.publisher(PUBLISH + "&secure");
            stage.viewer(WATCH);
            return publisher;
        }),
        PUBLISHER_INTERRUPTED(SessionState.INTERRUPTED, stage -> {
            Party<?> publisher = stage.publisher(PUBLISH + "&secure");
            stage.viewer(WATCH);
            publisher.media().link().interrupt();
            stage.pass(Stage.MOMENT);
            return publisher;
        }),
        PUBLISHER_CLOSING(SessionState.CLOSING, stage -> closing(stage, stage.publisher(PUBLISH))),
        PUBLISHER_CLOSED(SessionState.CLOSED, stage -> closed(stage, stage.publisher(PUBLISH))),

        VIEWER_CONNECTING(SessionState.CONNECTING, stage -> {
            stage.server.stall();
            return stage.viewer(WATCH);
        }),
        VIEWER_ASKING(SessionState.ASKING, stage -> stage.viewer(WATCH)),
        VIEWER_NEGOTIATING(SessionState.NEGOTIATING, stage -> {
            stage.publisher(PUBLISH, stage.network.media().neverConnect(), more -> more);
            stage.pass(Stage.MOMENT);
            return stage.viewer(WATCH);
        }),
        VIEWER_WATCHING(SessionState.WATCHING, stage -> {
            stage.publisher(PUBLISH);
            return stage.viewer(WATCH);
        }),
        VIEWER_WATCHING_A_SEALED_STREAM(SessionState.WATCHING, stage -> {
            stage.publisher(PUBLISH + "&secure");
            return stage.viewer(WATCH);
        }),
        VIEWER_WATCHING_WITHOUT_SERVER(SessionState.WATCHING, stage -> {
            stage.publisher(PUBLISH);
            Party<?> viewer = stage.viewer(WATCH);
            stage.server.unreachable().disconnectAll();
            stage.pass(Duration.ofSeconds(20));
            return viewer;
        }),
        VIEWER_INTERRUPTED(SessionState.INTERRUPTED, stage -> {
            stage.publisher(PUBLISH);
            Party<?> viewer = stage.viewer(WATCH);
            viewer.media().link().interrupt();
            stage.pass(Stage.MOMENT);
            return viewer;
        }),
        VIEWER_CLOSING(SessionState.CLOSING, stage -> closing(stage, stage.viewer(WATCH))),
        VIEWER_CLOSED(SessionState.CLOSED, stage -> closed(stage, stage.viewer(WATCH)));

        private final SessionState state;
        private final Path path;

        Scene(SessionState state, Path path) {
            this.state = state;
            this.path = path;
        }

        /** The server does not answer the Close, so the session is on its way out for a quarter of a second. */
        private static Party<?> closing(Stage stage, Party<?> party) {
            stage.server.ignoreCloses();
            party.session().close();
            stage.time.run();
            return party;
        }

        private static Party<?> closed(Stage stage, Party<?> party) {
            party.session().close();
            stage.pass(Duration.ofSeconds(2));
            return party;
        }
    }

    private enum From {
        HERE {
            @Override
            void close(Session session) {
                session.close();
            }
        },
        ANOTHER_THREAD {
            @Override
            void close(Session session) throws Exception {
                Thread thread = new Thread(session::close, "closes a session");
                thread.start();
                thread.join();
            }
        },
        FOUR_THREADS {
            @Override
            void close(Session session) throws Exception {
                List<Thread> threads = Stream.generate(() -> new Thread(session::close, "closes a session"))
                        .limit(4)
                        .toList();
                threads.forEach(Thread::start);
                for (Thread thread : threads) {
                    thread.join();
                }
            }
        },
        A_LISTENER {
            @Override
            void close(Session session) {
                session.subscribe(event -> session.close());
            }
        };

        abstract void close(Session session) throws Exception;
    }

    static Stream<Arguments> everywhere() {
        return Arrays.stream(Scene.values())
                .flatMap(scene -> Arrays.stream(From.values()).map(from -> Arguments.of(scene, from)));
    }

    @AfterEach
    void everybodyEnds() {
        stage.close();
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void close_ends_it_once_and_for_all(Scene scene, From from) throws Exception {
        Party<?> party = scene.path.go(stage);
        Session session = party.session();
        assertThat(session.state()).isEqualTo(scene.state);
        Instant asked = stage.time.now();
        from.close(session);
        if (session.events().isEmpty()) {
            session.close(); // nothing was told yet, so no listener had a chance
        }
        stage.time.await("the close is known", () -> List.of(SessionState.CLOSING, SessionState.CLOSED)
                .contains(session.state()));
        stage.pass(Duration.ofMillis(300));

        assertThat(session.state()).isEqualTo(SessionState.CLOSED);
        Closed end = party.event(Closed.class);
        assertThat(end.reason()).isEqualTo(CloseReason.CLOSED_BY_APPLICATION);
        assertThat(Duration.between(asked, end.at())).isLessThanOrEqualTo(Duration.ofMillis(250));
        assertThat(session.awaitClosed(Duration.ZERO)).contains(CloseReason.CLOSED_BY_APPLICATION);
        List<String> story = party.story();
        assertThat(story).endsWith("Closed CLOSED_BY_APPLICATION");
        long joined =
                story.stream().filter(line -> line.startsWith("ViewerJoined")).count();
        long left = story.stream().filter(line -> line.startsWith("ViewerLeft")).count();
        assertThat(left).isEqualTo(joined);

        From.HERE.close(session);
        From.ANOTHER_THREAD.close(session);
        From.A_LISTENER.close(session);
        stage.pass(Duration.ofMinutes(1));
        assertThat(party.story()).isEqualTo(story);
        assertThat(session.state()).isEqualTo(SessionState.CLOSED);
    }
}
