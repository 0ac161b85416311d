package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Samples.asking;
import static dev.drawbridge.internal.machine.Samples.gone;
import static dev.drawbridge.internal.machine.Samples.opened;
import static dev.drawbridge.internal.machine.Samples.room;
import static dev.drawbridge.internal.machine.Samples.secure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Dialect;
import dev.drawbridge.internal.wire.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Nobody re-enters: what was said in a whole session is said again to the sealed and to the closed publisher. */
class SecureReplayTest {
    private static final int SESSIONS = 150;

    /** Everything that a sealed session had heard, and the states that it had from the seal on. */
    private record Session(PublisherMachine machine, List<Input> trace, List<PublisherState> after, Instant end) {}

    private static List<Session> sessions() {
        List<PublisherRules> rules = List.of(secure(), asking(secure()), room(secure(), Dialect.HOSTED));
        List<Session> all = new ArrayList<>();
        for (long seed = 0; all.size() < SESSIONS; seed++) {
            Random chance = new Random(seed * 0x9E3779B97F4A7C15L);
            PublisherRules rule = rules.get(chance.nextInt(rules.size()));
            PublisherLife life = new PublisherLife(rule, chance);
            List<Input> trace = new ArrayList<>();
            List<PublisherState> after = new ArrayList<>();
            for (int step = 0; step < 60; step++) {
                take(life, life.next(), trace, after);
            }
            life.ending().forEach(input -> take(life, input, trace, after));
            if (life.sealed()) {
                Instant end = life.driver.now().plus(Duration.ofHours(1));
                all.add(new Session(new PublisherMachine(rule), trace, after, end));
            }
        }
        return all;
    }

    private static void take(PublisherLife life, Input input, List<Input> trace, List<PublisherState> after) {
        life.take(input);
        trace.add(input);
        PublisherState now = life.driver.state();
        if (now instanceof PublisherState.Sealed || now instanceof PublisherState.Closed) {
            after.add(now);
        }
    }

    @Test
    void the_trace_of_a_whole_session_changes_nothing_when_it_is_replayed_in_any_rotation() {
        int replayed = 0;
        for (Session session : sessions()) {
            for (PublisherState state : session.after().stream().distinct().toList()) {
                List<Input> rotation = new ArrayList<>(session.trace());
                for (int i = 0; i < rotation.size(); i++) {
                    Collections.rotate(rotation, 1);
                    replayed += replay(session, state, rotation);
                }
            }
        }
        assertThat(replayed).isGreaterThan(500_000);
    }

    @Test
    void a_new_id_and_a_server_that_starts_anew_change_nothing_either() {
        int replayed = 0;
        for (Session session : sessions()) {
            for (PublisherState state : session.after().stream().distinct().toList()) {
                for (int later = 0; later <= 2; later++) {
                    List<Input> trace = new ArrayList<>();
                    for (int generation = 1; generation <= 6; generation++) {
                        trace.addAll(List.of(opened(generation), gone(generation)));
                    }
                    for (Input input : session.trace()) {
                        trace.add(elsewhere(input, later, Optional.empty()));
                        trace.add(elsewhere(input, later, Optional.of(new PeerId("zoe"))));
                    }
                    replayed += replay(session, state, trace);
                }
            }
        }
        assertThat(replayed).isGreaterThan(50_000);
    }

    /** The same from a later socket and, if there is one, from another sender. */
    private static Input elsewhere(Input input, int later, Optional<PeerId> peer) {
        return input instanceof Input.SignalReceived in
                ? new Input.SignalReceived(in.generation() + later, peer.or(in::from), in.message())
                : input;
    }

    /** Says how many inputs were heard in vain. What is closed hears nothing, what is sealed nothing of the server and of others. */
    private static int replay(Session session, PublisherState state, List<Input> inputs) {
        int count = 0;
        for (Input input : inputs) {
            if (state instanceof PublisherState.Sealed sealed
                    && !PublisherPromises.ofServerOrOthers(input, sealed.viewer())) {
                continue;
            }
            Step<PublisherState> step = session.machine().step(state, input, session.end());
            if (!step.state().equals(state) || !step.effects().isEmpty()) {
                throw new AssertionError(state + " heard " + input + ": " + step);
            }
            count++;
        }
        return count;
    }

    @Test
    void what_the_one_viewers_own_connection_says_again_admits_nobody() {
        for (Session session : sessions()) {
            for (PublisherState state : session.after().stream().distinct().toList()) {
                PublisherState now = state;
                for (Input input : session.trace()) {
                    Step<PublisherState> step = session.machine().step(now, input, session.end());
                    for (Effect effect : step.effects()) {
                        boolean opens = effect instanceof Effect.OpenSocket
                                || effect instanceof Effect.SendSignal
                                || effect instanceof Effect.OpenLink
                                || effect instanceof Effect.ReleaseMedia
                                || effect instanceof Effect.AskApproval;
                        assertThat(opens).as("%s on %s", effect, input).isFalse();
                    }
                    assertThat(viewer(step.state())).isIn(viewer(now), 0);
                    now = step.state();
                }
            }
        }
    }

    private static int viewer(PublisherState state) {
        return state instanceof PublisherState.Sealed sealed ? sealed.viewer().link() : 0;
    }
}
