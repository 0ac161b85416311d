package dev.drawbridge.internal.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Plays random scripts. {@code -Ddrawbridge.seeds=N} plays so many of each kind, {@code -Ddrawbridge.seed=N} a single one again.
 */
final class Scripts {
    private static final int STEPS = 60;

    private Scripts() {}

    /** Lives as many lives as there are seeds, and answers with all of them for what must hold of most. */
    static <L extends Life<?>> List<L> play(Function<Random, L> birth) {
        return play(3000, birth, life -> life);
    }

    /**
     * Lives many lives and keeps of each only what is to be looked at.
     *
     * @param usual how many, unless the property says otherwise
     */
    static <L extends Life<?>, T> List<T> play(int usual, Function<Random, L> birth, Function<L, T> result) {
        List<T> lives = new ArrayList<>();
        long only = Long.getLong("drawbridge.seed", -1);
        long first = Math.max(0, only);
        long end = only < 0 ? Integer.getInteger("drawbridge.seeds", usual) : only + 1;
        for (long seed = first; seed < end; seed++) {
            // Neighbouring seeds of Random begin alike.
            lives.add(result.apply(live(seed, birth.apply(new Random(seed * 0x9E3779B97F4A7C15L)))));
        }
        return lives;
    }

    private static <L extends Life<?>> L live(long seed, L life) {
        List<Line> script = new ArrayList<>();
        try {
            for (int step = 0; step < STEPS; step++) {
                take(life, life.next(), script);
            }
            for (Input input : life.ending()) {
                take(life, input, script);
            }
            life.over();
            return life;
        } catch (AssertionError | RuntimeException broken) {
            String lines = script.stream().map(Line::toString).collect(Collectors.joining());
            String message = "seed %d: %s%n%nThe script (again with -Ddrawbridge.seed=%d):%n%s  and then: %s"
                    .formatted(seed, broken.getMessage(), seed, lines, Words.of(life.driver.last()));
            throw new AssertionError(message, broken);
        }
    }

    private static void take(Life<?> life, Input input, List<Line> script) {
        Line line = new Line(life.driver.phase(), input, new ArrayList<>());
        script.add(line);
        life.take(input);
        line.effects().addAll(life.driver.last());
    }

    /** One step of a script. */
    private record Line(String phase, Input input, List<Effect> effects) {
        @Override
        public String toString() {
            String words = Words.of(effects).stream()
                    .map(word -> "      " + word + "\n")
                    .collect(Collectors.joining());
            return "  " + phase + " <- " + input + "\n" + words;
        }
    }

    /** The share of lives that something is true of, in percent. */
    static <L> long percent(List<L> lives, Function<L, Boolean> what) {
        return 100 * lives.stream().filter(what::apply).count() / lives.size();
    }
}
