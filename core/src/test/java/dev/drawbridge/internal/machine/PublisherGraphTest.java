package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Samples.asking;
import static dev.drawbridge.internal.machine.Samples.encrypted;
import static dev.drawbridge.internal.machine.Samples.relayed;
import static dev.drawbridge.internal.machine.Samples.room;
import static dev.drawbridge.internal.machine.Samples.secure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drawbridge.Dialect;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.internal.machine.PublisherState.Phase;
import dev.drawbridge.internal.wire.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The whole state graph of the production machine with up to four requesters who may do anything, in any order and as often as they
 * like. What has to hold is in {@link PublisherPromises}, what is taken for the same in {@link Situation#plain}. The figures are
 * printed and kept in {@code target/state-graph.txt}.
 */
@Tag("alone")
class PublisherGraphTest {
    /** Of requesters under other rules than those of secure mode alone, for which there are always four. */
    private static final int MANY = Integer.getInteger("drawbridge.graph.requesters", 2);

    private static final Path FIGURES = Path.of("target", "state-graph.txt");

    @BeforeAll
    static void forgetTheLastFigures() throws IOException {
        Files.createDirectories(FIGURES.getParent());
        Files.deleteIfExists(FIGURES);
    }

    /** Name, rules, requesters, and how many states there are at least, so that nobody is glad of an empty graph. */
    static Stream<Arguments> rules() {
        return Stream.of(
                Arguments.of("secure", secure(), 4, 2500),
                Arguments.of(
                        "secure, encrypted, in a hosted room",
                        room(encrypted(secure()), Dialect.HOSTED),
                        MANY - 1,
                        500),
                Arguments.of("secure, with approval", asking(secure()), MANY, MANY == 4 ? 8000 : 500),
                Arguments.of("secure, filtered, through relays", relayed(secure()), MANY / 2, 200));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void every_promise_holds_in_every_state_that_can_be_reached(
            String name, PublisherRules rules, int requesters, int atLeast) throws IOException {
        long begin = System.nanoTime();
        StateGraph<Situation> graph = explore(new PublisherMachine(rules), rules, requesters);
        // Who waits is waited for: without anybody's help everything comes to rest, except for a server that stays
        // away.
        graph.deadEnds(PublisherGraphTest::atRest);
        graph.circles(PublisherGraphTest::looksForTheServer);
        Map<Phase, Integer> phases = new EnumMap<>(Phase.class);
        graph.nodes().forEach(now -> phases.merge(now.state().phase(), 1, Integer::sum));
        report("%s, %d requesters: %,d states, %,d edges to another state, %,d inputs tried, %.1f s%n    %s%n"
                .formatted(
                        name,
                        requesters,
                        graph.size(),
                        graph.changes(),
                        graph.inputs(),
                        (System.nanoTime() - begin) / 1e9,
                        phases));

        assertThat(graph.size()).isGreaterThanOrEqualTo(atLeast);
        List<Phase> all = new ArrayList<>(List.of(Phase.values()));
        // In secure mode whoever is let in is never served in an open session, and otherwise nothing is sealed.
        all.removeAll(
                rules.secure() ? List.of(Phase.SERVING) : List.of(Phase.SEALING, Phase.SEALED, Phase.INTERRUPTED));
        assertThat(phases).containsOnlyKeys(all);
        assertThat(phases.get(Phase.NEGOTIATING)).isGreaterThan(atLeast / 4);
        scripts(rules, requesters).stream()
                .filter(now -> now.present().size() <= requesters) // the samples know a third one
                .forEach(now -> assertThat(graph.contains(now))
                        .as("in the graph: %s", now)
                        .isTrue());
    }

    private static void report(String text) throws IOException {
        System.out.print(text);
        Files.writeString(FIGURES, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static boolean atRest(Situation now) {
        return switch (now.state().phase()) {
            case IDLE, ANNOUNCED, SEALED, CLOSED -> true;
            // Silent on a path that stands: a page whose script is stopped may come back.
            case INTERRUPTED -> now.viewers().stream().noneMatch(v -> v.down());
            case SERVING -> now.candidates().isEmpty() && now.viewers().stream().noneMatch(v -> v.down());
            case CONNECTING, NEGOTIATING, SEALING, CLOSING -> false;
        };
    }

    private static boolean looksForTheServer(Situation now) {
        return now.state() instanceof PublisherState.Open open
                && (open.server() instanceof Server.Away
                        || (open.server() instanceof Server.Dialing dialing && dialing.restoring()));
    }

    // ---- exploring --------------------------------------------------------------------------------------------------

    private static StateGraph<Situation> explore(
            Machine<PublisherState> machine, PublisherRules rules, int requesters) {
        PublisherPromises promises = new PublisherPromises(rules);
        List<List<Input>> inputs = inputs(Situation.PEERS.subList(0, requesters), rules.relay());
        return StateGraph.explore(Situation.first(machine.initial()), now -> {
            promises.hold(now);
            List<StateGraph.Edge<Situation>> edges = new ArrayList<>();
            long tried = 0;
            for (Input input : inputs.get(now.present().size())) {
                for (Instant at : stamps(input)) {
                    tried++;
                    Step<PublisherState> step = machine.step(now.state(), input, at);
                    if (step.effects().isEmpty() && step.state().equals(now.state()) && !now.feels(input)) {
                        continue;
                    }
                    Situation after = now.after(input, step);
                    try {
                        promises.hold(now, input, step.effects(), after);
                    } catch (AssertionError broken) {
                        throw new AssertionError(broken.getMessage() + " on " + input + ": " + step, broken);
                    }
                    if (after.equals(now)) {
                        continue;
                    }
                    Situation plain = after.plain(rules.secure(), false);
                    if (!plain.equals(now)) {
                        edges.add(new StateGraph.Edge<>(plain, input, now.promises(input)));
                    }
                }
            }
            return new StateGraph.Fan<>(edges, tried);
        });
    }

    /** By how many are there. Those who are not there are alike, so one of them speaks for all. */
    private static List<List<Input>> inputs(List<String> peers, boolean filters) {
        List<List<Input>> inputs = new ArrayList<>();
        for (int present = 0; present <= peers.size(); present++) {
            Map<Integer, String> there = new HashMap<>();
            for (int i = 0; i < present; i++) {
                there.put(Situation.DEAD_LINK + 1 + i, peers.get(i));
            }
            List<String> speakers = peers.subList(0, Math.min(peers.size(), present + 1));
            inputs.add(PublisherInputs.all(there, speakers, Situation.GENERATION, filters));
        }
        return inputs;
    }

    private static List<Instant> stamps(Input input) {
        boolean request = input instanceof Input.SignalReceived in && in.message() instanceof Message.OfferWanted;
        return request ? Situation.STAMPS : Situation.STAMPS.subList(0, 1);
    }

    /** The plain names of all situations of random lives with real names, numbers and times. */
    private static List<Situation> scripts(PublisherRules rules, int requesters) {
        List<Situation> seen = new ArrayList<>();
        for (int seed = 0; seed < 100; seed++) {
            Random chance = new Random(seed * 0x9E3779B97F4A7C15L);
            PublisherLife life = new PublisherLife(rules, chance, Situation.PEERS.subList(0, requesters));
            Situation now = Situation.first(life.driver.state());
            for (int step = 0; step < 60; step++) {
                Input input = life.next();
                life.driver.goes(Duration.ofMillis(chance.nextInt(4000)));
                life.take(input);
                now = now.after(input, new Step<>(life.driver.state(), life.driver.last()));
                seen.add(now.plain(rules.secure(), false));
            }
        }
        return seen;
    }

    // ---- the promises can be broken ---------------------------------------------------------------------------------

    /** A machine with one defect, and the promise that finds it. */
    static Stream<Arguments> defects() {
        return Stream.of(
                defect("forgets the gate", "the gate is shut first", PublisherGraphTest::gateOpen),
                defect("shuts the gate last", "the gate is shut first", PublisherGraphTest::gateLast),
                defect(
                        "releases media twice",
                        "each viewer's media is released once",
                        twice(Effect.ReleaseMedia.class)),
                defect(
                        "forgets the others' links",
                        "every link is closed or somebody's",
                        without(Effect.CloseLink.class)),
                defect("forgets the end's timer", "who waits has a time limit", withoutTimer(Timer.Kind.CLOSE)),
                defect("forgets the seal's timer", "who waits has a time limit", withoutTimer(Timer.Kind.SEAL)),
                defect("waits for an answer for ever", "who waits has a time limit", withoutTimer(Timer.Kind.ANSWER)),
                defect("lets timers run on", "a timer of somebody who is gone", PublisherGraphTest::timersRunOn),
                defect("tells the end twice", "Closed and Finish are the end", PublisherGraphTest::closedTwice),
                defect("says left for refused", "who leaves was in", PublisherGraphTest::leftForRefused),
                defect("leaves the room open", "the admission is one step", PublisherGraphTest::staysOpen),
                defect("seals too early", "sealed means that there is no socket", PublisherGraphTest::sealsEarly),
                defect("lets a second one in", "what is sealed or closed stays so", PublisherGraphTest::reopens),
                defect("forgets data", "data is answered once", without(Effect.SendData.class)),
                defect("sends data to others", "data is for whom it is meant", PublisherGraphTest::toOthers),
                defect(
                        "dials again",
                        "there are never two sockets, and none after the gate",
                        PublisherGraphTest::redials));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defects")
    void a_machine_with_a_defect_is_found_out(String name, String promise, UnaryOperator<Step<PublisherState>> defect) {
        Machine<PublisherState> sound = new PublisherMachine(secure());
        Machine<PublisherState> broken = new Machine<>() {
            @Override
            public PublisherState initial() {
                return sound.initial();
            }

            @Override
            public Step<PublisherState> step(PublisherState state, Input input, Instant at) {
                return defect.apply(sound.step(state, input, at));
            }

            @Override
            public String phase(PublisherState state) {
                return sound.phase(state);
            }
        };

        assertThatThrownBy(() -> explore(broken, secure(), 2))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not kept: " + promise)
                .hasMessageContaining("The way there:");
    }

    private static Arguments defect(String name, String promise, UnaryOperator<Step<PublisherState>> defect) {
        return Arguments.of(name, promise, defect);
    }

    private static UnaryOperator<Step<PublisherState>> without(Class<? extends Effect> kind) {
        return step -> with(step, step.effects().stream().filter(e -> !kind.isInstance(e)));
    }

    private static UnaryOperator<Step<PublisherState>> twice(Class<? extends Effect> kind) {
        return step ->
                with(step, step.effects().stream().flatMap(e -> kind.isInstance(e) ? Stream.of(e, e) : Stream.of(e)));
    }

    private static UnaryOperator<Step<PublisherState>> withoutTimer(Timer.Kind kind) {
        return step -> with(
                step,
                step.effects().stream()
                        .filter(e -> !(e instanceof Effect.StartTimer start)
                                || start.timer().kind() != kind));
    }

    private static Step<PublisherState> gateOpen(Step<PublisherState> step) {
        return step.effects().stream().anyMatch(Effect.ReleaseMedia.class::isInstance)
                ? without(Effect.CloseSocket.class).apply(step)
                : step;
    }

    private static Step<PublisherState> timersRunOn(Step<PublisherState> step) {
        return with(
                step,
                step.effects().stream()
                        .filter(e -> !(e instanceof Effect.CancelTimer cancel)
                                || cancel.timer().subject() == 0));
    }

    private static Step<PublisherState> gateLast(Step<PublisherState> step) {
        return with(
                step,
                Stream.concat(
                        step.effects().stream().filter(e -> !(e instanceof Effect.CloseSocket)),
                        step.effects().stream().filter(Effect.CloseSocket.class::isInstance)));
    }

    private static Step<PublisherState> closedTwice(Step<PublisherState> step) {
        return with(
                step,
                step.effects().stream()
                        .flatMap(e -> isEvent(e, SessionEvent.Closed.class) ? Stream.of(e, e) : Stream.of(e)));
    }

    private static Step<PublisherState> leftForRefused(Step<PublisherState> step) {
        return with(
                step,
                step.effects().stream()
                        .map(e -> e instanceof Effect.Emit emit
                                        && emit.event() instanceof SessionEvent.ViewerRefused refused
                                ? new Effect.Emit(new SessionEvent.ViewerLeft(
                                        refused.at(), refused.viewer(), SessionEvent.LeaveReason.BYE))
                                : e));
    }

    private static Step<PublisherState> staysOpen(Step<PublisherState> step) {
        return step.state() instanceof PublisherState.Sealing sealing
                ? new Step<>(
                        new PublisherState.Open(
                                new Server.Away(1, sealing.generation(), false, false),
                                List.of(),
                                List.of(sealing.viewer()),
                                sealing.viewer().link(),
                                Allowance.WHOLE,
                                false,
                                Room.EMPTY),
                        step.effects())
                : step;
    }

    private static Step<PublisherState> toOthers(Step<PublisherState> step) {
        return with(
                step,
                step.effects().stream()
                        .map(e -> e instanceof Effect.SendData send
                                ? new Effect.SendData(send.number(), List.of(Situation.DEAD_LINK), send.data())
                                : e));
    }

    private static Step<PublisherState> sealsEarly(Step<PublisherState> step) {
        if (!(step.state() instanceof PublisherState.Sealing sealing)) {
            return step;
        }
        Effect told = new Effect.Emit(
                new SessionEvent.Sealed(Instant.EPOCH, sealing.viewer().id()));
        return new Step<>(
                new PublisherState.Sealed(sealing.viewer()),
                Stream.concat(
                                step.effects().stream()
                                        .filter(e -> !(e instanceof Effect.StartTimer start)
                                                || start.timer().kind() != Timer.Kind.SEAL),
                                Stream.of(told))
                        .toList());
    }

    /** Whoever is interrupted makes room for the next one. */
    private static Step<PublisherState> reopens(Step<PublisherState> step) {
        return step.state() instanceof PublisherState.Sealed now && now.viewer().interrupted()
                ? new Step<>(
                        new PublisherState.Open(
                                new Server.Away(1, Situation.GENERATION, true, false),
                                List.of(),
                                List.of(),
                                now.viewer().link(),
                                Allowance.WHOLE,
                                false,
                                Room.EMPTY),
                        step.effects())
                : step;
    }

    private static Step<PublisherState> redials(Step<PublisherState> step) {
        return with(
                step,
                step.effects().stream()
                        .flatMap(e -> isEvent(e, SessionEvent.ViewerInterrupted.class)
                                ? Stream.of(e, new Effect.OpenSocket(Situation.GENERATION + 1))
                                : Stream.of(e)));
    }

    private static boolean isEvent(Effect effect, Class<? extends SessionEvent> kind) {
        return effect instanceof Effect.Emit emit && kind.isInstance(emit.event());
    }

    private static Step<PublisherState> with(Step<PublisherState> step, Stream<Effect> effects) {
        return new Step<>(step.state(), effects.toList());
    }
}
