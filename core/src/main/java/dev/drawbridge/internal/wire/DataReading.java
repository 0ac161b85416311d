package dev.drawbridge.internal.wire;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.Optional;

/** What the JSON of received data stands for. Total: any text gives an answer. */
public final class DataReading {
    private DataReading() {}

    /** The text, if the JSON is a string. */
    public static Optional<String> text(String json) {
        try {
            return Json.read(
                    json,
                    reader -> reader.peek() == JsonReader.Token.STRING
                            ? Optional.of(reader.nextString())
                            : skipped(reader));
        } catch (BadFrame notJson) {
            return Optional.empty();
        }
    }

    private static Optional<String> skipped(JsonReader reader) throws IOException, BadFrame {
        Json.skip(reader, 1);
        return Optional.empty();
    }

    /** The bytes, if the JSON is our envelope of bytes. */
    public static Optional<byte[]> bytes(String json) {
        return ByteEnvelope.read(json);
    }
}
