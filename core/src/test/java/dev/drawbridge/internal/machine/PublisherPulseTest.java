package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Publishers.announced;
import static dev.drawbridge.internal.machine.Publishers.joined;
import static dev.drawbridge.internal.machine.Publishers.sealed;
import static dev.drawbridge.internal.machine.Samples.changed;
import static dev.drawbridge.internal.machine.Samples.connected;
import static dev.drawbridge.internal.machine.Samples.heard;
import static dev.drawbridge.internal.machine.Samples.open;
import static dev.drawbridge.internal.machine.Samples.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.spi.LinkState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Whether the viewer still lives: pings, silence, and what of it is believed. */
class PublisherPulseTest {
    private static final Timer PING = Timer.of(Timer.Kind.PING, 1);

    /** A viewer who answers every ping for so long. */
    private static Driver<PublisherState> answering(Driver<PublisherState> publisher, int seconds) {
        publisher.take(heard(1, new Message.Pong("1")));
        for (int i = 0; i < seconds; i++) {
            publisher.pass(Times.PING);
            String number = ((Message.Ping) ((Effect.SendChannel) publisher.last().stream()
                                    .filter(Effect.SendChannel.class::isInstance)
                                    .findFirst()
                                    .orElseThrow())
                            .message())
                    .json();
            publisher.take(heard(1, new Message.Pong(number)));
        }
        return publisher;
    }

    private static Driver<PublisherState> passed(Driver<PublisherState> publisher, int seconds) {
        return publisher.pass(Duration.ofSeconds(seconds));
    }

    private static Input data(int characters) {
        return Samples.data(Recipient.everybody(), "x".repeat(characters));
    }

    @Test
    void a_viewer_is_pinged_as_it_comes_in_and_every_second_from_then_on() {
        Driver<PublisherState> publisher = sealed();
        assertThat(publisher.timers()).containsOnlyKeys(PING);
        publisher.take(heard(1, new Message.Pong("1"))).pass(Times.PING);
        assertThat(publisher.lastWords()).containsExactly("start PING 1 (1 s)", "tell 1 Ping");

        publisher.pass(Times.PING);
        assertThat(publisher.lastWords()).as("one at a time").containsExactly("start PING 1 (1 s)");
    }

    @Test
    void a_viewer_that_dies_is_interrupted_after_five_seconds_and_has_left_after_fifteen() {
        Driver<PublisherState> publisher = answering(sealed(), 3);
        passed(publisher, 4);
        assertThat(publisher.phase()).isEqualTo("SEALED");
        passed(publisher, 1);
        assertThat(publisher.lastEventWords()).containsExactly("ViewerInterrupted viewer-1");
        publisher.pass(Duration.ofMillis(2_600)).take(changed(1, LinkState.DISCONNECTED));
        assertThat(publisher.lastEventWords()).as("it is one interruption").isEmpty();

        publisher.pass(Duration.ofMillis(7_400));
        assertThat(publisher.lastEventWords()).containsExactly("ViewerLeft viewer-1 LOST");
        assertThat(publisher.timers()).containsOnlyKeys(Timer.of(Timer.Kind.CLOSE));
    }

    @Test
    void a_viewer_that_dies_in_its_first_second_is_missed_likewise() {
        Driver<PublisherState> publisher = sealed().take(heard(1, new Message.Pong("1")));
        assertThat(passed(publisher, 4).phase()).isEqualTo("SEALED");
        assertThat(passed(publisher, 1).phase()).isEqualTo("INTERRUPTED");
    }

    @Test
    void whatever_is_heard_is_a_sign_of_life() {
        Driver<PublisherState> publisher = passed(answering(sealed(), 1), 4);
        publisher.take(heard(1, new Message.Chat("hello")));
        assertThat(passed(publisher, 3).phase()).isEqualTo("SEALED");

        passed(publisher, 1);
        assertThat(publisher.phase()).isEqualTo("INTERRUPTED");
        assertThat(publisher.take(heard(1, new Message.Chat("hello"))).lastEventWords())
                .containsExactly("ViewerResumed viewer-1", "ChatReceived");
        assertThat(publisher.timers()).containsOnlyKeys(PING);
    }

    @Test
    void the_server_cannot_speak_for_a_viewer_that_is_silent() {
        Driver<PublisherState> publisher = announced(open(2));
        joined(publisher, "anna");
        passed(answering(publisher, 1), 4).take(says(1, "anna", new Message.Pong("2")));

        assertThat(passed(publisher, 1).lastEventWords()).containsExactly("ViewerInterrupted viewer-1");
    }

    @Test
    void a_viewer_that_never_answers_pings_is_judged_by_its_path_alone() {
        assertThat(passed(sealed(), 60).phase()).isEqualTo("SEALED");
    }

    @Test
    void an_answer_to_another_ping_is_none() {
        Driver<PublisherState> publisher = passed(sealed(), 1).take(heard(1, new Message.Pong("7")));

        assertThat(passed(publisher, 60).phase()).isEqualTo("SEALED");
    }

    @Test
    void who_is_heard_again_is_not_back_while_its_path_is_interrupted() {
        Driver<PublisherState> publisher = passed(answering(sealed(), 1), 5);
        publisher.take(changed(1, LinkState.DISCONNECTED), heard(1, new Message.Chat("late")));
        assertThat(publisher.phase()).isEqualTo("INTERRUPTED");

        assertThat(publisher.take(connected(1)).lastEventWords()).containsExactly("ViewerResumed viewer-1");
    }

    @Test
    void a_silent_viewer_whose_path_stands_is_not_thrown_out() {
        Driver<PublisherState> publisher = passed(answering(sealed(), 1), 60);
        assertThat(publisher.eventWords()).endsWith("ViewerInterrupted viewer-1");
        assertThat(publisher.phase()).isEqualTo("INTERRUPTED");

        publisher.take(changed(1, LinkState.DISCONNECTED)).pass(Times.GRACE);
        assertThat(publisher.eventWords()).contains("ViewerLeft viewer-1 LOST");
    }

    @Test
    void a_ping_behind_much_data_may_wait_here_and_so_says_nothing_until_it_is_answered() {
        Driver<PublisherState> publisher = answering(sealed(), 1).take(data(9_000), data(9_000));
        assertThat(passed(publisher, 60).phase()).isEqualTo("SEALED");

        publisher.take(new Input.DataSettled(1, 9_000), new Input.DataSettled(1, 9_000));
        publisher.take(heard(1, new Message.Pong("3")));
        assertThat(passed(publisher, 60).phase())
                .as("it waited as that ping was sent")
                .isEqualTo("SEALED");
        publisher.take(heard(1, new Message.Pong("4")));
        assertThat(passed(publisher, 6).phase()).isEqualTo("INTERRUPTED");
    }

    @Test
    void data_that_waits_for_longer_than_a_ping_is_in_front_of_the_next_one_too() {
        Driver<PublisherState> publisher = answering(sealed(), 1).take(data(20_000));
        passed(publisher, 1).take(heard(1, new Message.Pong("3")));
        assertThat(passed(publisher, 60).phase()).isEqualTo("SEALED");

        publisher.take(new Input.DataSettled(1, 20_000), heard(1, new Message.Pong("4")));
        assertThat(passed(publisher, 60).phase())
                .as("it waited as this ping was sent")
                .isEqualTo("SEALED");
        publisher.take(heard(1, new Message.Pong("5")));
        assertThat(passed(publisher, 6).phase()).isEqualTo("INTERRUPTED");
    }

    @Test
    void little_data_and_data_behind_the_ping_change_nothing() {
        Driver<PublisherState> publisher = answering(sealed(), 1).take(data(9_000));
        passed(publisher, 1).take(data(60_000));

        assertThat(passed(publisher, 4).phase()).isEqualTo("INTERRUPTED");
    }

    @Test
    void nobody_is_pinged_any_more_who_has_left() {
        assertThat(sealed().take(new Input.CloseAsked()).timers()).doesNotContainKey(PING);
        assertThat(sealed().take(heard(1, new Message.Bye())).timers()).doesNotContainKey(PING);
        Driver<PublisherState> publisher = announced(open(2));
        joined(publisher, "anna");
        assertThat(publisher.take(heard(1, new Message.Bye())).timers()).doesNotContainKey(PING);
        assertThat(publisher.take(new Input.TimerFired(PING)).last()).isEmpty();
    }
}
