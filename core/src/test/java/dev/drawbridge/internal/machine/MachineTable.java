package dev.drawbridge.internal.machine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A machine's behaviour written down: for each representative state what every sample of an input leads to. */
final class MachineTable<S> {
    private static final int WIDTH = 130;

    private final List<Case<S>> cases;
    private final List<Sample> samples;
    private final Function<S, String> view;

    /**
     * One representative state.
     *
     * @param about in which situation the machine is
     * @param reached a new driver in that state
     */
    record Case<S>(String about, Supplier<Driver<S>> reached) {}

    /** What one input leads to. */
    private record Outcome(String phase, String next, List<String> effects) {}

    /** @param view a state in few words */
    MachineTable(List<Case<S>> cases, List<Sample> samples, Function<S, String> view) {
        this.cases = cases;
        this.samples = samples;
        this.view = view;
    }

    String diagram() {
        Map<String, Set<String>> edges = new LinkedHashMap<>();
        for (Case<S> each : cases) {
            Driver<S> start = each.reached().get();
            String from = start.phase();
            outcomes(each).forEach((sample, outcome) -> {
                if (!outcome.phase().equals(from) && !alwaysCloses(sample) && possible(sample, start)) {
                    edges.computeIfAbsent(from + " --> " + outcome.phase(), edge -> new LinkedHashSet<>())
                            .add(cause(sample));
                }
            });
        }
        StringBuilder text = new StringBuilder("```mermaid\nstateDiagram-v2\n  [*] --> IDLE\n");
        edges.forEach((edge, causes) -> text.append("  ")
                .append(edge)
                .append(" : ")
                .append(shortened(causes))
                .append('\n'));
        return text.append("  CLOSED --> [*]\n```\n").toString();
    }

    /** These two lead to CLOSING from everywhere and would hide the rest; a test sees to it. */
    static boolean alwaysCloses(Sample sample) {
        return sample.input() instanceof Input.CloseAsked || sample.input() instanceof Input.EffectFailed;
    }

    /** A timer that does not run does not fire. */
    private static boolean possible(Sample sample, Driver<?> driver) {
        return !(sample.input() instanceof Input.TimerFired fired)
                || driver.timers().containsKey(fired.timer());
    }

    private static String cause(Sample sample) {
        String name = sample.name().replaceAll(" \\d+| (of|with) .*", "");
        return sample.input() instanceof Input.TimerFired ? "timer " + name : name;
    }

    private static String shortened(Set<String> causes) {
        String first = causes.stream().limit(4).collect(Collectors.joining(", "));
        return causes.size() <= 4 ? first : first + " …";
    }

    String sections() {
        StringBuilder text = new StringBuilder();
        int number = 0;
        for (Case<S> each : cases) {
            Driver<S> start = each.reached().get();
            number++;
            text.append("\n## ")
                    .append(number)
                    .append(". ")
                    .append(start.phase())
                    .append(": ")
                    .append(each.about());
            text.append("\n\nState: ").append(view.apply(start.state())).append(". Timers: ");
            text.append(start.timers().isEmpty() ? "none" : timers(start)).append(".\n");
            table(start, outcomes(each), text);
        }
        return text.toString();
    }

    private String timers(Driver<S> driver) {
        return driver.timers().keySet().stream().map(Words::of).collect(Collectors.joining(", "));
    }

    private void table(Driver<S> start, Map<Sample, Outcome> outcomes, StringBuilder text) {
        String same = view.apply(start.state());
        Map<Outcome, List<Sample>> rows = new LinkedHashMap<>();
        List<Sample> ignored = new ArrayList<>();
        outcomes.forEach((sample, outcome) -> {
            if (outcome.effects().isEmpty() && outcome.next().equals(same)) {
                ignored.add(sample);
            } else {
                rows.computeIfAbsent(outcome, any -> new ArrayList<>()).add(sample);
            }
        });
        if (!rows.isEmpty()) {
            text.append("\n| input | next state | orders and events |\n|---|---|---|\n");
            rows.forEach((outcome, causes) -> text.append("| ")
                    .append(bySource(causes))
                    .append(" | ")
                    .append(outcome.next().equals(same) ? "=" : outcome.next())
                    .append(" | ")
                    .append(outcome.effects().isEmpty() ? "–" : String.join("; ", outcome.effects()))
                    .append(" |\n"));
        }
        text.append('\n').append(wrapped("Ignored: " + ignoredWords(ignored))).append('\n');
    }

    private String ignoredWords(List<Sample> ignored) {
        if (ignored.size() == samples.size()) {
            return "everything.";
        }
        List<String> words = new ArrayList<>();
        grouped(samples).forEach((source, all) -> {
            List<Sample> heeded =
                    all.stream().filter(sample -> !ignored.contains(sample)).toList();
            List<Sample> rest = all.stream().filter(ignored::contains).toList();
            if (heeded.isEmpty()) {
                words.add(source + ": all");
            } else if (heeded.size() < rest.size()) {
                words.add(source + ": all but " + names(heeded));
            } else if (!rest.isEmpty()) {
                words.add(source + ": " + names(rest));
            }
        });
        return String.join("; ", words) + ".";
    }

    private static String bySource(List<Sample> causes) {
        return grouped(causes).entrySet().stream()
                .map(entry -> entry.getKey() + ": " + names(entry.getValue()))
                .collect(Collectors.joining("; "));
    }

    private static Map<String, List<Sample>> grouped(List<Sample> list) {
        return list.stream().collect(Collectors.groupingBy(Sample::source, LinkedHashMap::new, Collectors.toList()));
    }

    private static String names(List<Sample> list) {
        return list.stream().map(Sample::name).collect(Collectors.joining(", "));
    }

    private static String wrapped(String text) {
        StringBuilder lines = new StringBuilder();
        int column = 0;
        for (String word : text.split(" ", -1)) {
            if (column > 0 && column + word.length() >= WIDTH) {
                lines.append('\n');
                column = 0;
            } else if (column > 0) {
                lines.append(' ');
                column++;
            }
            lines.append(word);
            column += word.length();
        }
        return lines.append('\n').toString().stripTrailing();
    }

    private Map<Sample, Outcome> outcomes(Case<S> each) {
        Map<Sample, Outcome> outcomes = new LinkedHashMap<>();
        for (Sample sample : samples) {
            Driver<S> driver = each.reached().get();
            Set<Timer> running = Set.copyOf(driver.timers().keySet());
            driver.take(sample.input());
            outcomes.put(sample, new Outcome(driver.phase(), view.apply(driver.state()), effects(driver, running)));
        }
        return outcomes;
    }

    /** Without calling off what does not run. */
    private List<String> effects(Driver<S> driver, Set<Timer> running) {
        return driver.last().stream()
                .filter(effect -> !(effect instanceof Effect.CancelTimer stop && !running.contains(stop.timer())))
                .map(Words::of)
                .toList();
    }
}
