package dev.drawbridge.internal.machine;

import dev.drawbridge.SessionEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Drives a machine as the runtime would: keeps its clock and its timers, and remembers everything that it ordered. */
final class Driver<S> {
    private final Machine<S> machine;
    private final Map<Timer, Instant> timers = new LinkedHashMap<>();
    private final List<Effect> effects = new ArrayList<>();
    private List<Effect> last = List.of();
    private Instant now = Instant.EPOCH;
    private S state;

    Driver(Machine<S> machine) {
        this.machine = machine;
        state = machine.initial();
    }

    /** Takes inputs one after the other; {@link #last} is what the final one led to. */
    Driver<S> take(Input... inputs) {
        for (Input input : inputs) {
            Step<S> step = machine.step(state, input, now);
            state = Objects.requireNonNull(step.state());
            last = step.effects();
            effects.addAll(last);
            last.forEach(this::keepTime);
        }
        return this;
    }

    private void keepTime(Effect effect) {
        if (effect instanceof Effect.StartTimer start) {
            timers.remove(start.timer());
            timers.put(start.timer(), now.plus(start.delay()));
        } else if (effect instanceof Effect.CancelTimer cancel) {
            timers.remove(cancel.timer());
        } else if (effect instanceof Effect.Finish) {
            timers.clear();
        }
    }

    /** Lets time pass and fires what becomes due, in order. */
    Driver<S> pass(Duration time) {
        Instant until = now.plus(time);
        for (Optional<Timer> due = due(until); due.isPresent(); due = due(until)) {
            now = timers.remove(due.get());
            take(new Input.TimerFired(due.get()));
        }
        now = until;
        return this;
    }

    /** Lets the clock go on while the timers are late. */
    void goes(Duration time) {
        now = now.plus(time);
    }

    private Optional<Timer> due(Instant until) {
        return timers.entrySet().stream()
                .filter(entry -> !entry.getValue().isAfter(until))
                .min(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey);
    }

    /** Fires one timer that runs, without regard to the clock. */
    Driver<S> fire(Timer timer) {
        if (timers.remove(timer) == null) {
            throw new AssertionError(timer + " does not run; " + timers.keySet() + " do");
        }
        return take(new Input.TimerFired(timer));
    }

    S state() {
        return state;
    }

    String phase() {
        return machine.phase(state);
    }

    Instant now() {
        return now;
    }

    Map<Timer, Instant> timers() {
        return timers;
    }

    /** The effects of the last input. */
    List<Effect> last() {
        return last;
    }

    /** The effects of the last input without timers, in short words. */
    List<String> lastWords() {
        return Words.of(last);
    }

    List<Effect> effects() {
        return effects;
    }

    /** Every event so far. */
    List<SessionEvent> events() {
        return events(effects);
    }

    static List<SessionEvent> events(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.Emit.class::isInstance)
                .map(effect -> ((Effect.Emit) effect).event())
                .toList();
    }

    /** Every event so far in short words. */
    List<String> eventWords() {
        return events().stream().map(Words::of).toList();
    }

    /** The events of the last input in short words. */
    List<String> lastEventWords() {
        return events(last).stream().map(Words::of).toList();
    }
}
