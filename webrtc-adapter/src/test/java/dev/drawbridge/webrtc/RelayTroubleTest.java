package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.Shape;
import dev.drawbridge.testing.TurnListServer;
import dev.drawbridge.testing.TurnServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Relays that cannot be had, for every reason, and filters that leave nothing: each is told by a name, in time. */
class RelayTroubleTest {
    /** For a relay's candidate, and then for the way through a slow machine. */
    private static final Duration RELAY = Duration.ofSeconds(12);

    private static final Duration PATH = Duration.ofSeconds(22);

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(60));

    private final List<Trouble> troubles = new ArrayList<>();

    /** One session, and by which words it has to be over, or somebody refused, by when. */
    private static final class Trouble {
        final String name;
        final String words;
        final Duration limit;
        Instant from = Instant.now();
        final EventRecorder story = new EventRecorder();
        private final CompletableFuture<SessionEvent> told = new CompletableFuture<>();

        Trouble(String name, String words, Duration limit) {
            this.name = name;
            this.words = words;
            this.limit = limit;
        }

        void hear(SessionEvent event) {
            story.accept(event);
            if (EventRecorder.story(List.of(event)).equals(List.of(words))) {
                told.complete(event);
            }
        }

        /** How it went, in one line; the words alone if they came in time. */
        String outcome() throws Exception {
            long left = limit.minus(Duration.between(from, Instant.now())).toMillis();
            try {
                SessionEvent event = told.get(Math.max(0, left), TimeUnit.MILLISECONDS);
                Duration after = Duration.between(from, event.at());
                System.out.printf("%s: %s after %d ms%n", name, words, after.toMillis());
                // While an earlier one was waited for, it had more time.
                return after.compareTo(limit) > 0 ? words + " too late, after " + after : words;
            } catch (TimeoutException late) {
                return "within " + limit + " only " + story.story();
            }
        }
    }

    private Trouble trouble(String name, String words, Duration limit) {
        Trouble trouble = new Trouble(name, words, limit);
        troubles.add(trouble);
        return trouble;
    }

    private Trouble publisher(Stage stage, String name, String words, SessionOptions options) throws Exception {
        Trouble trouble = trouble(name, words, RELAY);
        stage.keep(stage.publishing(options).listener(trouble::hear).start());
        return trouble;
    }

    private void viewer(Stage stage, String name, String words, Duration limit, String options) throws Exception {
        Trouble trouble = trouble(name, words, limit);
        Viewer viewer = Viewer.builder(stage.options(options))
                .signaling(stage.signaling())
                .media(WebRtcMedia.create())
                .listener(trouble::hear)
                .start();
        var unused = stage.keep(viewer);
    }

    @Test
    void each_is_told_by_a_name_within_its_limit() throws Exception {
        try (TurnServer down = TurnServer.start();
                TurnServer mortal = TurnServer.start();
                TurnServer turn = TurnServer.start();
                TurnListServer hanging = new TurnListServer();
                TurnListServer malformed = new TurnListServer().serve("{\"servers\":");
                TurnListServer empty = new TurnListServer().serve("[]");
                Stage stage = new Stage(Shape.ROUTER)) {
            down.kill();
            String wrong = Way.UDP.privacy(turn).replace(turn.password(), "wrong");
            for (Way way : Way.values()) {
                publisher(
                        stage,
                        "a publisher whose relay is down, over " + way,
                        "Closed NO_RELAY",
                        Way.trusting(stage.options("push=down" + way + "&secure" + way.privacy(down))));
            }
            publisher(
                    stage,
                    "a publisher with a wrong password for its relay",
                    "Closed NO_RELAY",
                    stage.options("push=wrong1&secure" + wrong));
            publisher(
                    stage,
                    "a publisher whose relay shows a certificate that nobody signed",
                    "Closed NO_RELAY",
                    stage.options("push=unsigned1&secure" + Way.TURNS.privacy(turn)));
            // Nothing to be private with, and nothing direct instead.
            publisher(
                    stage,
                    "a publisher whose list of relays hangs",
                    "Closed NO_RELAY",
                    stage.options("push=hanging1&secure&privacy&" + hanging.option()));
            publisher(
                    stage,
                    "a publisher whose list of relays is cut off",
                    "Closed NO_RELAY",
                    stage.options("push=malformed1&secure&privacy&" + malformed.option()));
            publisher(
                    stage,
                    "a publisher whose list of relays is empty",
                    "Closed NO_RELAY",
                    stage.options("push=empty1&secure&privacy&" + empty.option()));
            stage.publish("push=direct1&stun=0", new EventRecorder());
            viewer(
                    stage,
                    "a viewer with a wrong password for its relay",
                    "Closed NO_RELAY",
                    RELAY,
                    "view=direct1" + wrong);
            viewer(
                    stage,
                    "a viewer whose filter leaves nothing",
                    "Closed NO_PATH",
                    PATH,
                    "view=direct1&stun=0&icefilter=2001:db8:");
            Trouble gone = publisher(
                    stage,
                    "a publisher whose relay is gone by now",
                    "ViewerRefused viewer-1 NO_RELAY",
                    stage.options("push=mortal1" + Way.UDP.privacy(mortal)));
            // It has seen for itself that there is one.
            String unused = mortal.await(line -> line.contains("ALLOCATE processed, success"));
            mortal.kill();
            gone.from = Instant.now();
            stage.watch("view=mortal1&stun=0");

            List<String> outcomes = new ArrayList<>();
            for (Trouble trouble : troubles) {
                outcomes.add(trouble.name + ": " + trouble.outcome());
            }
            assertThat(outcomes)
                    .containsExactlyElementsOf(troubles.stream()
                            .map(trouble -> trouble.name + ": " + trouble.words)
                            .toList());
        }
    }
}
