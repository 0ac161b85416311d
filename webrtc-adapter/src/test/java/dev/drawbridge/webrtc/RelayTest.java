package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.CloseReason;
import dev.drawbridge.LinkStats;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.RefusalReason;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.ViewerInterrupted;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.Shape;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Secure sessions whose every packet goes through a real relay, though the two sides could reach each other. */
class RelayTest {
    private static final String PUBLISH = "push=relayed1&secure&stun=0";
    private static final String WATCH = "view=relayed1&stun=0";
    /** A side without a relay of its own may take the other one's for a host that it had not heard of. */
    private static final String ANY = "";

    // Those of DeadViewerTest, and two seconds that other tests may cost.
    private static final Duration INTERRUPTED = Duration.ofSeconds(8);
    private static final Duration LEFT = Duration.ofSeconds(18);

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(60));

    @ParameterizedTest
    @EnumSource(Way.class)
    void a_publisher_is_sealed_through_its_relay(Way way) throws Exception {
        try (TurnServer turn = TurnServer.start();
                Stage stage = new Stage(Shape.ROUTER)) {
            wholeSession(stage, PUBLISH + way.privacy(turn), WATCH, way.path(), ANY);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void a_publisher_is_sealed_to_a_viewer_behind_a_relay(Way way) throws Exception {
        try (TurnServer turn = TurnServer.start();
                Stage stage = new Stage(Shape.ROUTER)) {
            wholeSession(stage, PUBLISH, WATCH + way.privacy(turn), ANY, way.path());
        }
    }

    @Test
    void a_publisher_is_sealed_with_a_relay_on_either_side() throws Exception {
        try (TurnServer turn = TurnServer.start();
                TurnServer other = TurnServer.start();
                Stage stage = new Stage(Shape.ROUTER)) {
            wholeSession(
                    stage,
                    PUBLISH + Way.TURNS.privacy(turn),
                    WATCH + Way.UDP.privacy(other),
                    "relay/turns",
                    "relay/udp");
        }
    }

    @Test
    void a_filter_for_relays_on_the_publishers_side_keeps_it_on_its_relay() throws Exception {
        try (TurnServer turn = TurnServer.start();
                Stage stage = new Stage(Shape.ROUTER)) {
            wholeSession(stage, PUBLISH + Way.UDP.filter(turn), WATCH + Way.UDP.beside(turn), "relay/udp", ANY);
        }
    }

    @Test
    void a_filter_for_relays_on_the_viewers_side_keeps_it_on_its_relay() throws Exception {
        try (TurnServer turn = TurnServer.start();
                Stage stage = new Stage(Shape.ROUTER)) {
            wholeSession(stage, PUBLISH + Way.UDP.beside(turn), WATCH + Way.UDP.filter(turn), ANY, "relay/udp");
        }
    }

    @Test
    void a_filter_for_relays_on_both_sides_goes_from_relay_to_relay() throws Exception {
        try (TurnServer turn = TurnServer.start();
                Stage stage = new Stage(Shape.ROUTER)) {
            wholeSession(stage, PUBLISH + Way.UDP.filter(turn), WATCH + Way.TCP.filter(turn), "relay/udp", "relay/tcp");
        }
    }

    @Test
    void of_several_ways_to_a_relay_tcp_leaves_the_one_over_tcp() throws Exception {
        try (TurnServer turn = TurnServer.start();
                Stage stage = new Stage(Shape.ROUTER)) {
            String both = Way.UDP.privacy(turn) + ";" + turn.tcpUrl().replace("?", "%3F");
            wholeSession(stage, PUBLISH + both + "&tcp", WATCH, "relay/tcp", ANY);
        }
    }

    private static void wholeSession(Stage stage, String publish, String watch, String sent, String received)
            throws Exception {
        EventRecorder story = new EventRecorder();
        Publisher publisher = stage.keep(stage.publishing(Way.trusting(stage.options(publish)))
                .listener(story)
                .start());
        Instant asked = Instant.now();
        Watcher watcher = stage.watch(Way.trusting(stage.options(watch)));

        Watcher.assertColours(watcher.awaitPictures());
        watcher.awaitTone();
        Sealed sealed = story.await(Sealed.class);
        assertThat(link(publisher).path()).startsWith(sent);
        assertThat(watcher.link().path()).startsWith(received);
        if (publish.contains("&privacy")) {
            assertThat(publisher.paths()).as("addresses").isEmpty();
        }
        System.out.printf(
                "%s to %s: sealed %d ms after the viewer asked%n",
                link(publisher).path(),
                watcher.link().path(),
                Duration.between(asked, sealed.at()).toMillis());

        watcher.close();
        assertThat(publisher.awaitClosed(Duration.ofSeconds(5))).contains(CloseReason.VIEWER_LEFT);
        story.await(Closed.class);
        assertThat(story.story())
                .containsExactly(
                        "Announced",
                        "ViewerRequested viewer-1",
                        "ViewerJoined viewer-1",
                        "Sealed viewer-1",
                        "ViewerLeft viewer-1 BYE",
                        "Closed VIEWER_LEFT");
    }

    /** Everybody is connected, and nobody is in yet. */
    @Test
    void a_relay_that_dies_before_the_seal_costs_its_viewer_and_not_the_session() throws Exception {
        try (TurnServer turn = TurnServer.start();
                Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            Publisher publisher =
                    stage.keep(stage.publishing(stage.options(PUBLISH + "&prompt" + Way.TCP.privacy(turn)))
                            .approval(request -> {
                                turn.kill();
                                return new CompletableFuture<>();
                            })
                            .listener(story)
                            .start());
            Watcher watcher = stage.watch(WATCH);
            ViewerRefused refused = story.await(ViewerRefused.class);
            assertThat(refused.reason()).isEqualTo(RefusalReason.NO_CONNECTION);
            assertThat(publisher.stats().packetsSent()).isZero();
            assertThat(watcher.pictures()).isZero();
            assertThat(story.events(Closed.class)).isEmpty();
        }
    }

    private static LinkStats link(Publisher publisher) {
        return publisher.stats().links().values().stream().findFirst().orElse(LinkStats.NONE);
    }

    /** One sealed publisher whose relay can be taken away. */
    private static final class Couple implements AutoCloseable {
        final Way way;
        final TurnServer turn = TurnServer.start();
        final EventRecorder story = new EventRecorder();
        final Publisher publisher;
        final Watcher watcher;
        Instant killed = Instant.MAX;

        Couple(Stage stage, Way way) throws Exception {
            this.way = way;
            String name = "orphan" + way;
            publisher = stage.keep(
                    stage.publishing(Way.trusting(stage.options("push=" + name + "&secure&stun=0" + way.privacy(turn))))
                            .listener(story)
                            .start());
            watcher = stage.watch("view=" + name + "&stun=0");
            watcher.awaitPictures();
            story.await(Sealed.class);
        }

        <E extends SessionEvent> Duration until(Class<E> kind, Duration limit) throws Exception {
            CompletableFuture<Instant> at = new CompletableFuture<>();
            publisher.on(kind, event -> at.complete(event.at()));
            try {
                return Duration.between(killed, at.get(limit.toMillis(), TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                throw new AssertionError(way + ": no " + kind.getSimpleName() + " within " + limit, e);
            }
        }

        @Override
        public void close() {
            turn.close();
        }
    }

    /** Over TCP the library knows at once that its relay is gone, and gives up without an interruption. */
    @Test
    void without_its_relay_a_sealed_session_is_over_and_not_one_picture_takes_another_path() throws Exception {
        List<Couple> couples = new ArrayList<>();
        try (Stage stage = new Stage(Shape.ROUTER)) {
            for (Way way : Way.values()) {
                couples.add(new Couple(stage, way));
            }
            for (Couple couple : couples) {
                couple.killed = Instant.now();
                couple.turn.kill();
            }
            for (Couple couple : couples) {
                List<String> end = new ArrayList<>(List.of("Sealed viewer-1"));
                long pictures = -1;
                if (couple.way == Way.UDP) {
                    Duration interrupted = couple.until(ViewerInterrupted.class, Duration.ofSeconds(20));
                    System.out.printf("UDP: interrupted %d ms after the relay's end%n", interrupted.toMillis());
                    assertThat(interrupted).isLessThan(INTERRUPTED);
                    end.add("ViewerInterrupted viewer-1");
                    pictures = couple.watcher.pictures();
                }
                Duration left = couple.until(ViewerLeft.class, Duration.ofSeconds(20));
                System.out.printf("%s: left %d ms after the relay's end%n", couple.way, left.toMillis());
                assertThat(left).isLessThan(LEFT);
                if (pictures >= 0) {
                    assertThat(couple.watcher.pictures()).isEqualTo(pictures);
                }
                couple.story.await(Closed.class);
                end.addAll(List.of("ViewerLeft viewer-1 LOST", "Closed VIEWER_LEFT"));
                assertThat(couple.story.story()).endsWith(end.toArray(String[]::new));
            }
        } finally {
            couples.forEach(Couple::close);
        }
    }
}
