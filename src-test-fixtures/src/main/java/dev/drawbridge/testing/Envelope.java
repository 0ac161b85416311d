package dev.drawbridge.testing;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import okio.Buffer;
import okio.BufferedSink;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** The few fields of a frame that routing looks at. Everything else in it is none of the server's business. */
final class Envelope {
    private static final Set<String> FIELDS =
            Set.of("request", "UUID", "from", "streamID", "roomid", "target", "claim");

    private final Map<String, String> fields;

    private Envelope(Map<String, String> fields) {
        this.fields = fields;
    }

    /** The envelope of a JSON object; empty for anything else, {@code null} included. */
    static Optional<Envelope> read(byte[] json) {
        Map<String, String> fields = new HashMap<>();
        try (JsonReader reader = JsonReader.of(new Buffer().write(json))) {
            if (reader.peek() != JsonReader.Token.BEGIN_OBJECT) {
                return Optional.empty();
            }
            reader.beginObject();
            while (reader.hasNext()) {
                String name = reader.nextName();
                if (FIELDS.contains(name)) {
                    String value = truthy(reader);
                    if (value == null) {
                        fields.remove(name);
                    } else {
                        fields.put(name, value);
                    }
                } else {
                    reader.skipValue();
                }
            }
            reader.endObject();
            return reader.peek() == JsonReader.Token.END_DOCUMENT
                    ? Optional.of(new Envelope(fields))
                    : Optional.empty();
        } catch (IOException | JsonDataException e) {
            return Optional.empty();
        }
    }

    /**
     * The same frame with another {@code UUID} and without {@code from}. Every other value keeps its very bytes: a number
     * must not change its form on the way. Only for bytes that {@link #read} has accepted.
     */
    static byte[] readdress(byte[] json, String sender) {
        Buffer out = new Buffer();
        try (JsonReader reader = JsonReader.of(new Buffer().write(json));
                JsonWriter writer = JsonWriter.of(out)) {
            boolean addressed = false;
            reader.beginObject();
            writer.beginObject();
            while (reader.hasNext()) {
                String name = reader.nextName();
                if (name.equals("UUID") && !addressed) {
                    writer.name(name).value(sender);
                    addressed = true;
                    reader.skipValue();
                } else if (name.equals("UUID") || name.equals("from")) {
                    reader.skipValue();
                } else {
                    writer.name(name);
                    try (BufferedSource value = reader.nextSource();
                            BufferedSink sink = writer.valueSink()) {
                        sink.writeAll(value);
                    }
                }
            }
            reader.endObject();
            writer.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.readByteArray();
    }

    Optional<String> from() {
        return field("from");
    }

    Optional<String> request() {
        return field("request");
    }

    boolean asks(String request) {
        return request.equals(fields.get("request"));
    }

    Optional<String> uuid() {
        return field("UUID");
    }

    Optional<String> streamId() {
        return field("streamID");
    }

    Optional<String> roomId() {
        return field("roomid");
    }

    Optional<String> target() {
        return field("target");
    }

    boolean claims() {
        return fields.containsKey("claim");
    }

    /** Whether an id is longer than anybody needs. */
    boolean oversized() {
        return fields.values().stream().anyMatch(value -> value.length() > Rules.MAX_ID);
    }

    private Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /** The value as text if JavaScript would call it true, otherwise null. Some clients send their id as a number. */
    private static @Nullable String truthy(JsonReader reader) throws IOException {
        switch (reader.peek()) {
            case STRING -> {
                String value = reader.nextString();
                return value.isEmpty() ? null : value;
            }
            case NUMBER -> {
                String value = reader.nextString();
                return isZero(value) ? null : value;
            }
            case BOOLEAN -> {
                return reader.nextBoolean() ? "true" : null;
            }
            default -> {
                reader.skipValue();
                return null;
            }
        }
    }

    private static boolean isZero(String number) {
        try {
            return number.length() <= 64 && new BigDecimal(number).signum() == 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
