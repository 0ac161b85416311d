package dev.drawbridge.examples.demo;

import com.squareup.moshi.JsonWriter;
import dev.drawbridge.SessionEvent;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import okio.Buffer;

/** One JSON object a line: {@code {"at":<epoch ms>,"event":"ViewerJoined",…}}. */
final class JsonLines implements Report {
    private final PrintStream out;

    JsonLines(PrintStream out) {
        this.out = out;
    }

    @Override
    public void event(String who, SessionEvent event) {
        write(event.at(), event.getClass().getSimpleName(), named(who, EventFields.of(event)));
    }

    @Override
    public void stats(String who, Snapshot snapshot) {
        write(snapshot.at(), "Stats", named(who, snapshot.fields()));
    }

    @Override
    public void fact(String name, Map<String, Object> fields) {
        write(Instant.now(), name, fields);
    }

    @Override
    public void say(String text) {
        // Nothing but JSON on this output.
    }

    @Override
    public boolean forPerson() {
        return false;
    }

    @Override
    public boolean broken() {
        return out.checkError();
    }

    @Override
    public void end() {
        out.close(); // the native library has last words on standard output otherwise
    }

    private static Map<String, Object> named(String who, Map<String, Object> fields) {
        Map<String, Object> named = new LinkedHashMap<>();
        if (!who.isEmpty()) {
            named.put("who", who);
        }
        named.putAll(fields);
        return named;
    }

    private void write(Instant at, String event, Map<String, Object> fields) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("at", at.toEpochMilli());
        object.put("event", event);
        object.putAll(fields);
        Buffer line = new Buffer();
        try (JsonWriter writer = JsonWriter.of(line)) {
            writer.jsonValue(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        synchronized (this) {
            out.println(line.readUtf8());
            out.flush();
        }
    }
}
