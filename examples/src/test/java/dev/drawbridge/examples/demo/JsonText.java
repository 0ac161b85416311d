package dev.drawbridge.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.squareup.moshi.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import okio.Buffer;

/** Reads JSON lines as a strict program would. */
final class JsonText {
    private JsonText() {}

    static List<Map<String, Object>> lines(ByteArrayOutputStream output) {
        return output.toString(StandardCharsets.UTF_8)
                .lines()
                .map(JsonText::object)
                .toList();
    }

    static Map<String, Object> only(ByteArrayOutputStream output) {
        assertThat(lines(output)).hasSize(1);
        return lines(output).get(0);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(String line) {
        try (JsonReader reader = JsonReader.of(new Buffer().writeUtf8(line))) {
            Map<String, Object> object = (Map<String, Object>) reader.readJsonValue();
            assertThat(reader.peek()).isEqualTo(JsonReader.Token.END_DOCUMENT);
            return object;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
