package dev.drawbridge.examples.demo;

import dev.drawbridge.OptionsException;
import dev.drawbridge.SessionException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The self-test: a secure session with two viewers, and whether everything came in order. */
@Command(
        name = "self-test",
        description = {
            "Run a whole secure session in this process and check it.",
            "",
            "The first viewer plays 60 pictures and leaves, the second one gets nothing. Prints each event with its time in"
                    + " ms since the start, then what was checked and how long the steps took."
        },
        footer = {"", "Examples:", "  bin/demo self-test", "  bin/demo self-test --rounds 20"})
final class SelfTestCommand implements Callable<Integer> {
    private static final Duration ROUND = Duration.ofSeconds(30);

    private final Terminal terminal;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "1",
            description = "Run N rounds in one JVM and print the medians of the step times; only the first is cold.")
    private int rounds = 1;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    SelfTestCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws SessionException, InterruptedException {
        if (rounds < 1) {
            throw new OptionsException("--rounds", "is " + rounds, "1 or more");
        }
        Instant start = Instant.now();
        long nanos = System.nanoTime();
        Report report = output.report(terminal, true, at -> sinceStart(start, at));
        List<Map<String, Double>> steps = new ArrayList<>();
        boolean passed = true;
        try {
            for (int number = 1; number <= rounds && passed; number++) {
                Duration left = output.limit()
                        .map(limit -> limit.minusNanos(System.nanoTime() - nanos))
                        .orElse(ROUND);
                Round round = new SelfTest(report, left).run();
                Verdict verdict = Verdict.of(round);
                steps.add(Steps.of(round));
                passed = verdict.passed();
                tell(report, number, verdict, Steps.of(round));
            }
            if (rounds > 1) {
                tellMedians(report, steps);
            }
        } catch (TimeoutException late) {
            passed = false;
            terminal.err().println("failed: " + late.getMessage());
        } finally {
            report.end();
        }
        return passed ? 0 : ExitStatus.FAILED;
    }

    private static String sinceStart(Instant start, Instant at) {
        return String.format(Locale.ROOT, "%6d ms", Duration.between(start, at).toMillis());
    }

    private static void tell(Report report, int number, Verdict verdict, Map<String, Double> steps) {
        Map<String, Object> facts = new LinkedHashMap<>();
        Map<String, Object> checks = new LinkedHashMap<>();
        verdict.checks().forEach(check -> checks.put(check.name(), check.passed()));
        facts.put("round", number);
        facts.put("passed", verdict.passed());
        facts.put("checks", checks);
        facts.put("stepsMs", steps);
        report.fact("Verdict", facts);
        report.say("");
        verdict.checks()
                .forEach(check -> report.say((check.passed() ? "ok      " : "FAILED  ")
                        + check.name()
                        + (check.passed() ? "" : ": " + check.detail())));
        report.say("");
        steps.forEach((name, millis) -> report.say(line(name, millis)));
    }

    private static void tellMedians(Report report, List<Map<String, Double>> rounds) {
        Map<String, Double> medians = Steps.medians(rounds);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("rounds", rounds.size());
        facts.put("stepsMs", medians);
        report.fact("Medians", facts);
        report.say("");
        report.say("Medians of " + rounds.size() + " rounds:");
        medians.forEach((name, millis) -> report.say(line(name, millis)));
    }

    private static String line(String name, double millis) {
        return String.format(Locale.ROOT, "%8.1f ms  %s", millis, name);
    }
}
