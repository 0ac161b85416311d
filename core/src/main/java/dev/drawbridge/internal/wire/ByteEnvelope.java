package dev.drawbridge.internal.wire;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;

/**
 * How bytes travel in {@code pipe}: {@code {"drawbridgeBytes":"…"}}, in base64. Binary messages would be taken for pictures by some
 * clients and for JSON by others (protocol section 4.1), and the name is one that nobody else uses.
 */
final class ByteEnvelope {
    private static final String NAME = "drawbridgeBytes";
    private static final String HEAD = "{\"" + NAME + "\":\"";
    private static final String TAIL = "\"}";

    private ByteEnvelope() {}

    static String write(byte[] bytes) {
        return HEAD + Base64.getEncoder().encodeToString(bytes) + TAIL;
    }

    /** The bytes, if that is what the JSON is: an object with this one member. */
    static Optional<byte[]> read(String json) {
        if (!json.contains(NAME)) {
            return Optional.empty();
        }
        try {
            String base64 = Json.read(json, ByteEnvelope::member);
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (BadFrame | IllegalArgumentException other) {
            return Optional.empty();
        }
    }

    private static String member(JsonReader reader) throws IOException, BadFrame {
        if (reader.peek() != JsonReader.Token.BEGIN_OBJECT) {
            throw BadFrame.wrongType(NAME);
        }
        reader.beginObject();
        if (!reader.hasNext() || !reader.nextName().equals(NAME) || reader.peek() != JsonReader.Token.STRING) {
            throw BadFrame.wrongType(NAME);
        }
        String base64 = reader.nextString();
        reader.endObject(); // throws if there is another member
        return base64;
    }
}
