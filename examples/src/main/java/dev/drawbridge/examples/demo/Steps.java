package dev.drawbridge.examples.demo;

import dev.drawbridge.SessionStats.Mark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How long the steps of a session took, in ms, by name. */
final class Steps {
    private Steps() {}

    /** The steps of one round; one that was not reached is missing. */
    static Map<String, Double> of(Round round) {
        Map<String, Instant> publisher = byName(round.publisherMarks());
        Map<String, Instant> viewer = byName(round.firstMarks());
        Map<String, Double> steps = new LinkedHashMap<>();
        put(steps, "publisher: connecting to announced", publisher.get("connecting"), publisher.get("Announced"));
        Instant play = viewer.get("StreamRequested");
        put(steps, "play to request at publisher", play, publisher.get("ViewerRequested"));
        put(steps, "play to offer", play, publisher.get("described"));
        put(steps, "play to answer", play, viewer.get("described"));
        put(steps, "play to publisher connected", play, publisher.get("connected"));
        put(steps, "play to channel open", play, publisher.get("channel open"));
        put(steps, "play to first decoded frame", play, viewer.get("first frame"));
        put(steps, "play to socket gone", play, publisher.get("socket gone"));
        put(steps, "request to socket gone", publisher.get("ViewerRequested"), publisher.get("socket gone"));
        return steps;
    }

    /** The median of each step over the rounds that reached it. */
    static Map<String, Double> medians(List<Map<String, Double>> rounds) {
        Map<String, List<Double>> all = new LinkedHashMap<>();
        rounds.forEach(round -> round.forEach((name, millis) ->
                all.computeIfAbsent(name, none -> new ArrayList<>()).add(millis)));
        Map<String, Double> medians = new LinkedHashMap<>();
        all.forEach((name, values) -> medians.put(name, median(values)));
        return medians;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double upper = sorted.get(middle);
        return sorted.size() % 2 == 1 ? upper : tenths((sorted.get(middle - 1) + upper) / 2);
    }

    private static Map<String, Instant> byName(List<Mark> marks) {
        Map<String, Instant> times = new LinkedHashMap<>();
        marks.forEach(mark -> times.put(mark.name(), mark.at()));
        return times;
    }

    private static void put(Map<String, Double> steps, String name, @Nullable Instant from, @Nullable Instant to) {
        if (from != null && to != null) {
            steps.put(name, tenths(Duration.between(from, to).toNanos() / 1e6));
        }
    }

    private static double tenths(double millis) {
        return Math.round(millis * 10) / 10.0;
    }
}
