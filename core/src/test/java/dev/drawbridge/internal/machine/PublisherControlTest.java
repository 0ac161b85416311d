package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Publishers.announced;
import static dev.drawbridge.internal.machine.Publishers.answered;
import static dev.drawbridge.internal.machine.Publishers.joined;
import static dev.drawbridge.internal.machine.Publishers.sealed;
import static dev.drawbridge.internal.machine.Samples.connected;
import static dev.drawbridge.internal.machine.Samples.heard;
import static dev.drawbridge.internal.machine.Samples.open;
import static dev.drawbridge.internal.machine.Samples.request;
import static dev.drawbridge.internal.machine.Samples.says;
import static dev.drawbridge.internal.machine.Samples.secure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.RemoteControl;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.ViewerId;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.Message.StatsRequest.Often;
import dev.drawbridge.spi.LinkState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What viewers may want of a publisher, and what it tells them. */
class PublisherControlTest {
    private static final Timer STATS = Timer.of(Timer.Kind.STATS, 1);

    private static Input tell(Recipient to, boolean muted) {
        return new Input.TellAsked(to, new Message.AudioMuted(muted));
    }

    private static Input wants(Often often) {
        return heard(1, new Message.StatsRequest(often));
    }

    // ---- the encoder ------------------------------------------------------------------------------------------------

    private static final List<Message> WISHES = List.of(
            new Message.BitrateCeiling(600),
            new Message.AudioBitrateCeiling(32),
            new Message.ScaleRequest(50),
            new Message.ResolutionRequest(640, 360, true));

    private static final List<String> ORDERS = List.of(
            "cap video on 1 at 600 kbps",
            "cap audio on 1 at 32 kbps",
            "scale video on 1 to 50 %",
            "fit video on 1 over 640x360");

    @Test
    void wishes_become_orders_for_the_viewers_own_link() {
        for (int i = 0; i < WISHES.size(); i++) {
            assertThat(sealed().take(heard(1, WISHES.get(i))).lastWords()).containsExactly(ORDERS.get(i));
        }
    }

    @Test
    void wishes_count_already_before_the_admission_for_they_are_said_once() {
        for (int i = 0; i < WISHES.size(); i++) {
            Driver<PublisherState> publisher = announced(secure());
            answered(publisher, "anna");
            assertThat(publisher.take(heard(1, WISHES.get(i))).lastWords()).containsExactly(ORDERS.get(i));
        }
    }

    @Test
    void some_say_the_size_with_their_request() {
        Message request = new Message.ViewerRequest(
                true,
                true,
                "",
                Message.ViewerRequest.Role.VIEWER,
                "",
                false,
                Optional.of(new Message.ScaleRequest(25)));

        assertThat(sealed().take(heard(1, request)).lastWords()).containsExactly("scale video on 1 to 25 %");
    }

    @Test
    void the_server_wishes_nothing_in_a_viewers_name() {
        for (Message wish : WISHES) {
            Driver<PublisherState> publisher = announced(open(2));
            joined(publisher, "anna");
            assertThat(publisher.take(says(1, "anna", wish)).last()).isEmpty();
        }
    }

    // ---- names and tally --------------------------------------------------------------------------------------------

    @Test
    void a_viewers_name_is_told_when_it_says_it_and_when_it_changes_it() {
        Driver<PublisherState> publisher = sealed().take(heard(1, request("Anna")));
        assertThat(publisher.last())
                .containsExactly(new Effect.Emit(new SessionEvent.LabelChanged(publisher.now(), "viewer-1", "Anna")));

        publisher.take(heard(1, new Message.LabelChange("")));
        assertThat(publisher.last())
                .containsExactly(new Effect.Emit(new SessionEvent.LabelChanged(publisher.now(), "viewer-1", "")));
    }

    @Test
    void who_says_its_name_too_early_is_called_so_after_it_has_joined() {
        Driver<PublisherState> publisher = announced(open(2));
        answered(publisher, "anna");
        assertThat(publisher.take(heard(1, request("Anna"))).last()).isEmpty();

        assertThat(publisher.take(connected(1)).lastEventWords())
                .containsExactly("ViewerJoined viewer-1", "LabelChanged");
    }

    @Test
    void who_has_no_name_is_not_called_anything() {
        assertThat(sealed().take(heard(1, request(""))).last()).isEmpty();
    }

    @Test
    void a_tally_is_told_as_it_was_said() {
        Driver<PublisherState> publisher = sealed().take(heard(1, new Message.TallyReport(Samples.ON_AIR)));

        assertThat(publisher.last())
                .containsExactly(new Effect.Emit(
                        new SessionEvent.TallyChanged(publisher.now(), new ViewerId(1, "anna"), Samples.ON_AIR)));
    }

    @Test
    void of_who_was_not_admitted_nothing_is_told() {
        Driver<PublisherState> publisher = announced(secure());
        answered(publisher, "anna");
        for (Message message : List.of(
                new Message.TallyReport(Samples.ON_AIR),
                new Message.LabelChange("Anna"),
                new Message.Privileged("hangup"),
                new Message.StatsRequest(Often.ONCE),
                new Message.StatsRequest(Often.AGAIN_AND_AGAIN))) {
            assertThat(publisher.take(heard(1, message)).last())
                    .as("%s", message)
                    .isEmpty();
        }
    }

    // ---- figures ----------------------------------------------------------------------------------------------------

    @Test
    void figures_are_answered_once_or_every_three_seconds_until_it_is_enough() {
        Driver<PublisherState> publisher = sealed();
        assertThat(publisher.take(wants(Often.ONCE)).lastWords()).containsExactly("answer with the figures on 1");
        assertThat(publisher.timers()).doesNotContainKey(STATS);

        publisher.take(wants(Often.AGAIN_AND_AGAIN));
        for (int i = 0; i < 3; i++) {
            assertThat(publisher.lastWords()).containsExactly("answer with the figures on 1", "start STATS 1 (3 s)");
            publisher.fire(STATS);
        }
        publisher.take(wants(Often.NO_MORE));
        assertThat(publisher.timers()).doesNotContainKey(STATS);
        assertThat(publisher.phase()).isEqualTo("SEALED");
    }

    @Test
    void who_has_left_wants_no_figures_any_more() {
        Driver<PublisherState> publisher = announced(open(2));
        joined(publisher, "anna");
        publisher.take(wants(Often.AGAIN_AND_AGAIN), heard(1, new Message.Bye()));

        assertThat(publisher.timers()).doesNotContainKey(STATS);
        assertThat(publisher.take(new Input.TimerFired(STATS)).last()).isEmpty();
    }

    // ---- what only the program may allow ----------------------------------------------------------------------------

    @Test
    void the_program_is_asked_and_its_no_is_handed_on() {
        Driver<PublisherState> publisher = sealed().take(heard(1, new Message.Privileged("reload")));
        assertThat(publisher.last())
                .containsExactly(
                        new Effect.AskControl(1, new RemoteControl.Request(new ViewerId(1, "anna"), "reload")));

        assertThat(publisher.take(new Input.ControlDecided(1, "reload", false)).last())
                .containsExactly(new Effect.SendChannel(1, new Message.Rejected("reload")));
    }

    @Test
    void what_is_allowed_is_approved_and_the_rest_is_the_programs_business() {
        Driver<PublisherState> publisher = sealed().take(new Input.ControlDecided(1, "zoom", true));

        assertThat(publisher.last()).containsExactly(new Effect.SendChannel(1, new Message.Approved("zoom")));
        assertThat(publisher.phase()).isEqualTo("SEALED");
    }

    @Test
    void a_viewer_who_may_hang_up_goes_and_nobody_else() {
        Driver<PublisherState> publisher = announced(open(2));
        joined(publisher, "anna");
        joined(publisher, "bert");
        publisher.take(new Input.ControlDecided(1, "hangup", true));

        assertThat(publisher.lastWords())
                .containsExactly("tell 1 Approved", "tell 1 Bye", "close link 1", "ViewerLeft viewer-1 DISCONNECTED");
        assertThat(((PublisherState.Open) publisher.state()).viewers()).hasSize(1);
    }

    @Test
    void the_word_on_somebody_who_has_left_finds_nobody() {
        Driver<PublisherState> publisher = announced(open(2));
        joined(publisher, "anna");
        publisher.take(heard(1, new Message.Bye()), new Input.ControlDecided(1, "hangup", true));

        assertThat(publisher.last()).isEmpty();
    }

    // ---- what viewers are told --------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(PublisherState.Phase.class)
    void viewers_are_told_and_nobody_else(PublisherState.Phase phase) {
        Driver<PublisherState> publisher = in(phase);
        List<String> told =
                switch (phase) {
                    case SERVING, SEALING, SEALED, INTERRUPTED -> List.of("tell 1 AudioMuted");
                    default -> List.of();
                };

        assertThat(publisher.take(tell(Recipient.everybody(), true)).lastWords())
                .isEqualTo(told);
        assertThat(publisher.take(tell(Samples.NOBODY, true)).last()).isEmpty();
        assertThat(publisher.phase()).isEqualTo(phase.name());
    }

    private static Driver<PublisherState> in(PublisherState.Phase phase) {
        Driver<PublisherState> publisher =
                switch (phase) {
                    case IDLE -> new Driver<>(new PublisherMachine(secure()));
                    case CONNECTING -> new Driver<>(new PublisherMachine(secure())).take(new Input.Start());
                    case ANNOUNCED, NEGOTIATING -> announced(secure());
                    case SERVING -> announced(open(2));
                    case SEALING -> announced(secure());
                    case SEALED -> sealed();
                    case INTERRUPTED -> sealed().take(Samples.changed(1, LinkState.DISCONNECTED));
                    case CLOSING -> announced(secure()).take(new Input.CloseAsked());
                    case CLOSED ->
                        announced(secure()).take(new Input.CloseAsked(), new Input.MediaGone(), Samples.gone(1));
                };
        switch (phase) {
            case NEGOTIATING -> answered(publisher, "anna");
            case SERVING, SEALING -> joined(publisher, "anna");
            default -> {}
        }
        return publisher;
    }
}
