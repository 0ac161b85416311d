package dev.drawbridge.internal.wire;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the JavaScript SDK layers over {@code pipe} (protocol section 4.6): messages on named channels, and requests with their
 * responses. Other data looks different, so reading tells the two apart; it is total.
 */
public sealed interface Exchanged {
    /** Whether the sender wants messages on these channels from now on. Everybody gets them anyway. */
    record Subscription(boolean wanted, List<String> channels) implements Exchanged {}

    /** A message on a channel. */
    record Published(String channel, String json) implements Exchanged {
        @Override
        public String toString() {
            return "Published(" + json.length() + " chars)";
        }
    }

    /** A request of some type; its response carries the same id. */
    record Request(String type, String id, String json) implements Exchanged {
        @Override
        public String toString() {
            return "Request(" + json.length() + " chars)";
        }
    }

    /** A response; {@code error} says what went wrong at the other side, if something did. */
    record Response(String id, String json, Optional<String> error) implements Exchanged {
        @Override
        public String toString() {
            return "Response(" + json.length() + " chars)";
        }
    }

    /** What a pipe's JSON is; empty if it is other data. */
    static Optional<Exchanged> read(String json) {
        // Most data is none of it, and the look is cheap.
        if (!json.startsWith("{") || !json.contains("\"type\"")) {
            return Optional.empty();
        }
        try {
            return Json.read(json, Exchanged::members);
        } catch (BadFrame other) {
            return Optional.empty();
        }
    }

    private static Optional<Exchanged> members(JsonReader reader) throws IOException, BadFrame {
        Map<String, String> words = new HashMap<>();
        List<String> channels = new ArrayList<>();
        String data = "null"; // nothing, as in JavaScript
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            switch (name) {
                case "type", "channel", "requestType", "requestId" -> {
                    if (reader.peek() == JsonReader.Token.STRING) {
                        words.put(name, word(reader, name));
                    } else {
                        Json.skip(reader, 1);
                    }
                }
                case "channels" -> channels(reader, channels);
                case "data" -> data = Json.raw(reader, 1);
                default -> Json.skip(reader, 1);
            }
        }
        reader.endObject();
        return Optional.ofNullable(of(words, channels, data));
    }

    private static @Nullable Exchanged of(Map<String, String> words, List<String> channels, String data)
            throws BadFrame {
        String channel = words.get("channel");
        String id = words.get("requestId");
        String type = words.get("requestType");
        return switch (words.getOrDefault("type", "")) {
            case "subscribe", "unsubscribe" ->
                new Subscription(words.containsValue("subscribe"), List.copyOf(channels));
            case "channelMessage" -> channel == null ? null : new Published(channel, data);
            case "request" -> type == null || id == null ? null : new Request(type, id, data);
            case "response" -> id == null ? null : new Response(id, data, error(data));
            default -> null;
        };
    }

    private static void channels(JsonReader reader, List<String> into) throws IOException, BadFrame {
        if (reader.peek() != JsonReader.Token.BEGIN_ARRAY) {
            if (reader.peek() == JsonReader.Token.STRING) {
                into.add(word(reader, "channels"));
            } else {
                Json.skip(reader, 1);
            }
            return;
        }
        reader.beginArray();
        while (reader.hasNext()) {
            if (reader.peek() != JsonReader.Token.STRING || into.size() == Limits.CHANNELS) {
                throw BadFrame.wrongType("channels");
            }
            into.add(word(reader, "channels"));
        }
        reader.endArray();
    }

    private static String word(JsonReader reader, String name) throws IOException, BadFrame {
        String word = reader.nextString();
        if (word.length() > Limits.ID) {
            throw BadFrame.tooLong(name);
        }
        return word;
    }

    /** The SDK takes a response for a failure if its data has an {@code error} that says something. */
    private static Optional<String> error(String data) throws BadFrame {
        return Json.read(data, reader -> {
            Optional<String> error = Optional.empty();
            if (reader.peek() != JsonReader.Token.BEGIN_OBJECT) {
                Json.skip(reader, 1);
                return error;
            }
            reader.beginObject();
            while (reader.hasNext()) {
                if (reader.nextName().equals("error") && reader.peek() == JsonReader.Token.STRING) {
                    error = Optional.of(Clean.line(reader.nextString(), Limits.NOTICE));
                } else {
                    Json.skip(reader, 2);
                }
            }
            reader.endObject();
            return error.filter(text -> !text.isEmpty());
        });
    }

    // ---- writing; what it gives is a pipe's JSON

    static String subscription(boolean wanted, List<String> channels) {
        return Json.write(w -> {
            w.beginObject();
            w.name("type").value(wanted ? "subscribe" : "unsubscribe");
            w.name("channels").beginArray();
            for (String channel : channels) {
                w.value(channel);
            }
            w.endArray();
            w.endObject();
        });
    }

    static String published(String channel, String json, long millis) {
        return Json.write(w -> {
            w.beginObject();
            w.name("type").value("channelMessage");
            w.name("channel").value(channel);
            w.name("data");
            Json.writeRaw(w, json);
            w.name("timestamp").value(millis);
            w.endObject();
        });
    }

    static String request(String type, String id, String json) {
        return Json.write(w -> {
            w.beginObject();
            w.name("type").value("request");
            w.name("requestType").value(type);
            w.name("requestId").value(id);
            w.name("data");
            Json.writeRaw(w, json);
            w.endObject();
        });
    }

    static String response(String id, String json) {
        return Json.write(w -> {
            w.beginObject();
            w.name("type").value("response");
            w.name("requestId").value(id);
            w.name("data");
            Json.writeRaw(w, json);
            w.endObject();
        });
    }

    /** A response that says what went wrong. */
    static String failure(String id, String error) {
        return response(id, "{\"error\":" + Json.quote(error) + "}");
    }

    /** Whether everybody takes a text for one JSON value that may be carried in one of these, a level deeper than data alone. */
    static boolean carries(String json) {
        return Json.strict(json) && Json.valid("[" + json + "]");
    }
}
