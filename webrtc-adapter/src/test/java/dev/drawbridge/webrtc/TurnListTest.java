package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.TurnListFailed;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.Shape;
import dev.drawbridge.testing.TurnListServer;
import dev.drawbridge.testing.TurnServer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Lists of TURN servers that come, or hang, in whole sessions over real sockets; those that are none are in {@link RelayTroubleTest}. */
class TurnListTest {
    /** Two seconds for the list, and the way through a slow machine. */
    private static final Duration LIST = Duration.ofMillis(3500);

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(30));

    private TurnListServer lists;
    private Stage stage;
    private final EventRecorder story = new EventRecorder();

    @BeforeEach
    void start() throws Exception {
        lists = new TurnListServer();
        stage = new Stage(Shape.ROUTER);
    }

    @AfterEach
    void stop() throws Exception {
        stage.close();
        lists.close();
    }

    @Test
    void a_private_session_is_sealed_through_a_relay_from_the_list_and_never_asks_for_the_list_again()
            throws Exception {
        try (TurnServer turn = TurnServer.start()) {
            lists.serve(TurnListServer.list(turn));
            Publisher publisher = stage.publish("push=listed1&secure&privacy&" + lists.option(), story);
            Watcher watcher = stage.watch("view=listed1&stun=0");
            story.await(Sealed.class);
            watcher.awaitPictures();
            assertThat(publisher.stats().path()).isEqualTo("relay/udp");
            assertThat(lists.awaitEnd()).isEqualTo("closed");

            watcher.close();
            story.await(Closed.class);
            assertThat(lists.requests()).hasSize(1);
        }
    }

    @Test
    void a_list_that_hangs_delays_neither_the_start_nor_the_end_and_keeps_nobody_out() throws Exception {
        Instant before = Instant.now();
        stage.publish("push=hanging1&secure&stun=0&" + lists.option(), story);
        assertThat(Duration.between(before, Instant.now())).isLessThan(LIST);
        Watcher watcher = stage.watch("view=hanging1&stun=0");

        Sealed sealed = story.await(Sealed.class);
        assertThat(Duration.between(before, story.await(TurnListFailed.class).at()))
                .isBetween(Duration.ofSeconds(2), LIST);
        assertThat(lists.awaitEnd()).as("called off").isNotEmpty();
        assertThat(sealed.at()).isAfter(before.plusSeconds(2));
        watcher.awaitPictures();
        assertThat(lists.requests()).hasSize(1);
    }
}
