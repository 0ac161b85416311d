package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Publishers.announced;
import static dev.drawbridge.internal.machine.Publishers.joined;
import static dev.drawbridge.internal.machine.Publishers.sealed;
import static dev.drawbridge.internal.machine.Samples.STREAM;
import static dev.drawbridge.internal.machine.Samples.answer;
import static dev.drawbridge.internal.machine.Samples.certificate;
import static dev.drawbridge.internal.machine.Samples.changed;
import static dev.drawbridge.internal.machine.Samples.connected;
import static dev.drawbridge.internal.machine.Samples.described;
import static dev.drawbridge.internal.machine.Samples.gone;
import static dev.drawbridge.internal.machine.Samples.heard;
import static dev.drawbridge.internal.machine.Samples.offer;
import static dev.drawbridge.internal.machine.Samples.open;
import static dev.drawbridge.internal.machine.Samples.opened;
import static dev.drawbridge.internal.machine.Samples.room;
import static dev.drawbridge.internal.machine.Samples.says;
import static dev.drawbridge.internal.machine.Samples.secure;
import static dev.drawbridge.internal.machine.Samples.viewer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Dialect;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.SessionDescription;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The network of this machine is another one, or something makes us think so. */
class NetworkChangeTest {
    private static final Input CHANGED = new Input.NetworkChanged();

    private static Driver<ViewerState> asking() {
        return new Driver<>(new ViewerMachine(viewer(STREAM))).take(new Input.Start(), opened(1));
    }

    private static Driver<ViewerState> watching() {
        return asking().take(says(1, "pub", offer("s1", certificate("pub"))))
                .take(described(1, SessionDescription.Type.ANSWER), connected(1), new Input.ChannelOpened(1));
    }

    // ---- the server

    @Test
    void who_waits_to_try_the_server_again_does_so_at_once() {
        Driver<PublisherState> publisher = announced(open(2)).take(gone(1));
        assertThat(publisher.take(CHANGED).lastWords()).containsExactly("open socket 2", "start DIAL (15 s)");
        assertThat(publisher.timers()).doesNotContainKey(Timer.of(Timer.Kind.RECONNECT));
        assertThat(publisher.take(CHANGED).last()).as("the attempt goes on").isEmpty();
        assertThat(asking().take(gone(1), CHANGED).lastWords()).containsExactly("open socket 2", "start DIAL (15 s)");
    }

    @Test
    void a_socket_that_was_given_up_has_to_go_before_the_next_one_is_opened() {
        Driver<PublisherState> publisher =
                announced(open(2)).take(Samples.server(1, new Message.IdentityRejected()), CHANGED);
        assertThat(publisher.lastWords()).containsExactly("start RECONNECT (0.5 s)");
        publisher.take(gone(1)).pass(Duration.ofMillis(500));
        assertThat(publisher.lastWords()).startsWith("open socket 2");
    }

    @Test
    void a_network_that_changes_all_the_time_does_not_keep_the_next_attempt_from_its_turn() {
        Driver<PublisherState> publisher =
                announced(open(2)).take(Samples.server(1, new Message.IdentityRejected()), CHANGED, gone(1));
        assertThat(publisher.take(CHANGED).last()).as("shortened already").isEmpty();
        publisher.pass(Duration.ofMillis(500));
        assertThat(publisher.lastWords()).startsWith("open socket 2");
    }

    @Test
    void one_attempt_does_not_follow_the_other_without_a_pause() {
        Driver<PublisherState> publisher = announced(open(2)).take(gone(1), CHANGED);
        assertThat(publisher.lastWords()).startsWith("open socket 2");
        for (int socket = 2; socket < 9; socket++) {
            publisher.take(gone(socket), CHANGED);
            assertThat(publisher.lastWords()).containsExactly("start RECONNECT (0.5 s)");
            assertThat(publisher.take(CHANGED).last()).isEmpty();
            publisher.pass(Duration.ofMillis(500));
            assertThat(publisher.lastWords()).startsWith("open socket " + (socket + 1));
        }
    }

    @Test
    void a_connection_is_only_looked_at() {
        assertThat(announced(open(2)).take(CHANGED).lastWords()).containsExactly("check socket 1");
        assertThat(announced(room(open(2), Dialect.HOSTED)).take(CHANGED).lastWords())
                .containsExactly("check socket 1");
        assertThat(asking().take(CHANGED).lastWords()).containsExactly("check socket 1");
    }

    @Test
    void a_peer_that_is_interrupted_makes_us_look_whether_it_is_our_network() {
        Driver<PublisherState> publisher = announced(open(2));
        joined(publisher, "anna");
        Input away = changed(1, LinkState.DISCONNECTED);
        assertThat(publisher.take(away).lastWords()).contains("check socket 1");
        assertThat(publisher.take(away).last()).as("once").isEmpty();
        assertThat(watching().take(away).lastWords()).contains("check socket 1");
        assertThat(sealed().take(away).lastWords())
                .containsExactly("ViewerInterrupted viewer-1", "start GRACE 1 (10 s)");
    }

    // ---- the peers

    @Test
    void a_publisher_tells_every_viewer_its_new_addresses_once_until_it_answers() {
        Driver<PublisherState> publisher = announced(open(2));
        joined(publisher, "anna");
        joined(publisher, "bert");
        publisher.take(CHANGED);
        assertThat(publisher.lastWords()).containsExactly("check socket 1", "restart ICE on 1", "restart ICE on 2");
        publisher.take(heard(1, answer(1, "anna")), CHANGED);
        assertThat(publisher.lastWords()).containsExactly("check socket 1", "restart ICE on 1");
    }

    @Test
    void from_the_admission_on_a_secure_publisher_tells_its_viewer_and_nobody_else() {
        Driver<PublisherState> sealing = announced(secure());
        joined(sealing, "anna");
        assertThat(sealing.take(CHANGED).lastWords()).containsExactly("restart ICE on 1");
        assertThat(sealing.take(gone(1)).lastEventWords()).containsExactly("Sealed viewer-1");
        assertThat(sealing.take(CHANGED).last()).as("not answered yet").isEmpty();
        assertThat(sealed().take(CHANGED).lastWords()).containsExactly("restart ICE on 1");
    }

    @Test
    void a_viewer_asks_for_new_offers_and_for_what_it_has_lost() {
        assertThat(watching().take(CHANGED).lastWords()).containsExactly("check socket 1", "tell 1 IceRestartRequest");

        Driver<ViewerState> lost = watching().take(new Input.ChannelClosed(1), CHANGED);
        assertThat(lost.lastWords()).contains("signal Play", "StreamRequested camera1");
        assertThat(lost.timers()).doesNotContainKey(Timer.of(Timer.Kind.RETRY, 1));
    }

    @Test
    void before_the_start_and_after_the_end_there_is_nothing_to_do() {
        assertThat(new Driver<>(new PublisherMachine(secure())).take(CHANGED).last())
                .isEmpty();
        assertThat(announced(secure()).take(new Input.CloseAsked(), CHANGED).last())
                .isEmpty();
        assertThat(new Driver<>(new ViewerMachine(viewer(STREAM))).take(CHANGED).last())
                .isEmpty();
        assertThat(asking().take(new Input.CloseAsked(), CHANGED).last()).isEmpty();
    }
}
