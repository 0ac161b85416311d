package dev.drawbridge.examples.demo;

import dev.drawbridge.MemberId;
import dev.drawbridge.RemoteFile;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.StreamId;
import dev.drawbridge.Tally;
import dev.drawbridge.ViewerId;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The facts of an event but its time, by name. Events are records, so a new kind needs nothing here. */
final class EventFields {
    private EventFields() {}

    /** Values are strings, numbers and booleans; a duration is in milliseconds and its name says so. */
    static Map<String, Object> of(SessionEvent event) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (event.getClass().isRecord()) {
            for (RecordComponent component : event.getClass().getRecordComponents()) {
                if (!component.getName().equals("at")) {
                    put(fields, component.getName(), value(event, component));
                }
            }
        }
        return fields;
    }

    private static Object value(SessionEvent event, RecordComponent component) {
        try {
            return component.getAccessor().invoke(event);
        } catch (ReflectiveOperationException impossible) { // events and their accessors are public
            throw new IllegalStateException(impossible);
        }
    }

    /** What was said: the rest is as before. */
    private static void lights(Map<String, Object> fields, Tally tally) {
        light(fields, "shown", tally.shown());
        light(fields, "muted", tally.muted());
        light(fields, "visible", tally.visible());
        light(fields, "active", tally.active());
        light(fields, "streaming", tally.streaming());
        light(fields, "recording", tally.recording());
        light(fields, "virtualCamera", tally.virtualCamera());
    }

    private static void light(Map<String, Object> fields, String name, Tally.Light light) {
        if (light != Tally.Light.UNKNOWN) {
            fields.put(name, light == Tally.Light.ON);
        }
    }

    private static void put(Map<String, Object> fields, String name, Object value) {
        if (value instanceof Duration duration) {
            fields.put(name + "Ms", duration.toMillis());
        } else if (value instanceof ViewerId viewer) {
            fields.put(name, viewer.toString());
            fields.put("peer", viewer.peer());
        } else if (value instanceof MemberId member) {
            fields.put(name, member.toString());
            fields.put("peer", member.peer());
        } else if (value instanceof RemoteFile file) {
            fields.put("from", file.from());
            fields.put("id", file.id());
            fields.put("name", file.name());
            fields.put("size", file.size());
        } else if (value instanceof Tally tally) {
            lights(fields, tally);
        } else if (value instanceof Enum<?> constant) {
            fields.put(name, constant.name());
        } else if (value instanceof StreamId stream) {
            fields.put(name, stream.value());
        } else if (value instanceof String || value instanceof Number || value instanceof Boolean) {
            fields.put(name, value);
        } else {
            throw new IllegalStateException(
                    "nobody said how to write a " + value.getClass().getSimpleName());
        }
    }
}
