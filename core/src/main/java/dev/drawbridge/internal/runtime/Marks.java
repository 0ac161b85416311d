package dev.drawbridge.internal.runtime;

import dev.drawbridge.SessionStats.Mark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** When the session reached a step for the first time. */
final class Marks {
    private final Map<String, Instant> first = new LinkedHashMap<>();

    synchronized void reached(String name, Instant at) {
        first.putIfAbsent(name, at);
    }

    synchronized List<Mark> list() {
        List<Mark> list = new ArrayList<>();
        first.forEach((name, at) -> list.add(new Mark(name, at)));
        return List.copyOf(list);
    }
}
