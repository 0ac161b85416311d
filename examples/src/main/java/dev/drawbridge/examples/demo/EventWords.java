package dev.drawbridge.examples.demo;

import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Announced;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.MediaStarted;
import dev.drawbridge.SessionEvent.NoPicture;
import dev.drawbridge.SessionEvent.SceneCommand;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.StreamMissing;
import dev.drawbridge.SessionEvent.TallyChanged;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerRequested;
import dev.drawbridge.StreamId;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** An event in words: its name, its facts, and what it means where that is the point of it all. */
final class EventWords {
    private static final Map<Class<? extends SessionEvent>, String> MEANING = Map.of(
            Announced.class, "whoever has the link can ask for it now",
            ViewerRequested.class, "no media leaves yet",
            ViewerJoined.class, "admitted, media flows",
            Sealed.class, "the server is gone for good",
            MediaStarted.class, "first picture",
            StreamMissing.class, "not live, or wrong password",
            NoPicture.class, "connected, and nothing to see yet");

    private EventWords() {}

    static String line(SessionEvent event) {
        return String.format(Locale.ROOT, "%-17s %s", event.getClass().getSimpleName(), facts(event))
                .stripTrailing();
    }

    private static String facts(SessionEvent event) {
        if (event instanceof Closed closed) {
            return closed.reason().text() + (closed.detail().isEmpty() ? "" : " (" + closed.detail() + ")");
        }
        StringJoiner facts = new StringJoiner(", ");
        EventFields.of(event).forEach((name, value) -> {
            if (name.endsWith("Ms")) {
                long millis = (Long) value;
                facts.add(millis == 0 ? "not again by itself" : "again in " + seconds(millis));
            } else if (value instanceof Number) {
                facts.add(name + " " + value);
            } else if (event instanceof SceneCommand && name.equals("scene")) {
                facts.add("scene " + value);
            } else if (event instanceof SceneCommand && name.equals("shown")) {
                facts.add((Boolean) value ? "shown" : "hidden");
            } else if (value instanceof Boolean said) {
                if (said || !(event instanceof TallyChanged)) { // of a row of lights those that are on
                    facts.add(said ? name : "not " + name);
                }
            } else if (name.equals("stream") || (event instanceof SceneCommand && name.equals("from"))) {
                facts.add(StreamId.of(value.toString()).toString()); // a screen may be seen by others
            } else if (!name.equals("peer") && !value.equals("")) { // the name of a peer says nothing to a person
                facts.add(words(String.valueOf(value)));
            }
        });
        String meaning = MEANING.getOrDefault(event.getClass(), "");
        return facts + (facts.length() == 0 || meaning.isEmpty() ? "" : ": ") + meaning;
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, millis % 1000 == 0 ? "%.0f s" : "%.1f s", millis / 1000.0);
    }

    /** Constants are shouted in code only. */
    private static String words(String text) {
        return text.matches("[A-Z]+(_[A-Z]+)*") ? text.toLowerCase(Locale.ROOT).replace('_', ' ') : text;
    }
}
