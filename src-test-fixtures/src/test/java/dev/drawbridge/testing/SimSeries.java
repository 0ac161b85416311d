package dev.drawbridge.testing;

import dev.drawbridge.testing.Simulation.Kind;
import dev.drawbridge.testing.Simulation.Outcome;
import dev.drawbridge.testing.Simulation.SimFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/** Many seeds of one kind, each run on one thread; what came of them, and why the first of them failed. */
final class SimSeries {
    private static final int TRIES = 400;

    private final Kind kind;
    private final List<Long> unsealed = new ArrayList<>();
    private final List<Long> failed = new ArrayList<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private int seeds;
    private int sealable;
    private double seconds;

    private SimSeries(Kind kind) {
        this.kind = kind;
    }

    /** Runs the seeds from 0 on, or the one that is named. @throws AssertionError if one of them breaks a promise */
    static SimSeries run(Kind kind, int seeds) {
        Simulation.play(Kind.CALM, 0); // the first session of a process rehearses, which takes from its chance
        Optional<Long> only = Optional.ofNullable(Long.getLong("drawbridge.sim.seed"));
        SimSeries series = new SimSeries(kind);
        long begin = System.nanoTime();
        LongStream which = only.map(LongStream::of).orElseGet(() -> LongStream.range(0, seeds));
        which.parallel().forEach(series::run);
        series.seconds = (System.nanoTime() - begin) / 1e9;
        only.ifPresent(seed -> System.out.println(
                Trial.of(kind, seed, Set.of(), outcome -> false).outcome().story()));
        System.out.println(series);
        if (!series.failed.isEmpty()) {
            long first = Collections.min(series.failed);
            String all = series.failed.size() + " seeds of " + kind + " fail: "
                    + series.failed.stream().sorted().limit(20).toList();
            throw new AssertionError(all + "\n" + explain(kind, first, outcome -> false));
        }
        return series;
    }

    private void run(long seed) {
        try {
            add(seed, Simulation.play(kind, seed));
        } catch (SimFailure e) {
            failed(seed);
        }
    }

    private synchronized void failed(long seed) {
        failed.add(seed);
    }

    private synchronized void add(long seed, Outcome outcome) {
        seeds++;
        sealable += outcome.sealed().isPresent() ? 1 : 0;
        if (!outcome.sealed().orElse(true)) {
            unsealed.add(seed);
        }
        outcome.counts().forEach((what, count) -> counts.merge(what, (long) count, Long::sum));
    }

    int seeds() {
        return seeds;
    }

    /** Those whose publisher was not sealed in time. */
    List<Long> unsealed() {
        return unsealed.stream().sorted().toList();
    }

    /** How often something happened, by the beginning of its name. */
    long count(String what) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(what))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    @Override
    public String toString() {
        String sealed = sealable == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        ", %d sealed in time = %.3f %%",
                        sealable - unsealed.size(),
                        100.0 * (sealable - unsealed.size()) / sealable);
        return String.format(
                Locale.ROOT, "simulator %s: %d seeds in %.1f s%s; %s", kind, seeds, seconds, sealed, counts);
    }

    // ---- why

    /**
     * What somebody needs who has to find out why a seed fails: the run with as few faults as it still fails with, and how to play it
     * again.
     *
     * @param bad what else is a failure, beside a promise that is broken
     */
    static String explain(Kind kind, long seed, Predicate<Outcome> bad) {
        Trial smallest = Trial.of(kind, seed, Set.of(), bad);
        int tries = 0;
        for (int part = Math.max(1, smallest.outcome().faults().size() / 2); part > 0; part /= 2) {
            List<Integer> rest = List.copyOf(smallest.outcome().faults());
            for (int from = 0; from < rest.size() && tries++ < TRIES; from += part) {
                Set<Integer> fewer = new HashSet<>(smallest.forbidden());
                fewer.addAll(rest.subList(from, Math.min(rest.size(), from + part)));
                Trial trial = Trial.of(kind, seed, fewer, bad);
                smallest = trial.fails() ? trial : smallest;
            }
        }
        return "seed " + seed + ": " + smallest.why() + "\n"
                + "replay: ./mvnw -pl src-test-fixtures -am -Dsurefire.failIfNoSpecifiedTests=false -Dtest=SimulatorTest -Ddrawbridge.sim.seed="
                + seed + " test\n"
                + "with as few faults as it takes, " + smallest.outcome().story();
    }

    private record Trial(Set<Integer> forbidden, boolean fails, String why, Outcome outcome) {
        static Trial of(Kind kind, long seed, Set<Integer> forbidden, Predicate<Outcome> bad) {
            try {
                Outcome outcome = Simulation.play(kind, seed, forbidden);
                return new Trial(forbidden, bad.test(outcome), kind + " ends badly", outcome);
            } catch (SimFailure e) {
                return new Trial(forbidden, true, String.valueOf(e.getMessage()), e.outcome());
            }
        }
    }
}
