package dev.drawbridge.internal.wire;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;
import okio.Buffer;
import okio.BufferedSource;

/** JSON with bounds: nothing here recurses over input, and no value is built that nobody asked for. */
final class Json {
    private Json() {}

    /** Reads one value that is all of a text. */
    interface Reading<T> {
        T read(JsonReader reader) throws IOException, BadFrame;
    }

    /** Runs a reading over a whole text. Every way to be wrong ends in {@link BadFrame}. */
    static <T> T read(String text, Reading<T> reading) throws BadFrame {
        try (JsonReader reader = JsonReader.of(new Buffer().writeUtf8(text))) {
            T value = reading.read(reader);
            if (reader.peek() != JsonReader.Token.END_DOCUMENT) {
                throw new BadFrame("more than one JSON value");
            }
            return value;
        } catch (IOException | JsonDataException | ArithmeticException e) {
            throw new BadFrame("not JSON");
        }
    }

    /** Passes over a value at a depth of {@code depth} containers. */
    static void skip(JsonReader reader, int depth) throws IOException, BadFrame {
        int open = 0;
        do {
            switch (reader.peek()) {
                case BEGIN_ARRAY -> {
                    reader.beginArray();
                    open++;
                }
                case BEGIN_OBJECT -> {
                    reader.beginObject();
                    open++;
                }
                case END_ARRAY -> {
                    reader.endArray();
                    open--;
                }
                case END_OBJECT -> {
                    reader.endObject();
                    open--;
                }
                case NAME -> reader.skipName();
                default -> reader.skipValue();
            }
            if (depth + open > Limits.JSON_DEPTH) {
                throw new BadFrame("JSON is nested too deep");
            }
        } while (open > 0);
    }

    /** The next value as JSON text, checked. */
    static String raw(JsonReader reader, int depth) throws IOException, BadFrame {
        String text;
        try (BufferedSource source = reader.nextSource()) {
            text = source.readUtf8();
        }
        check(text, depth);
        return text;
    }

    /** Whether a text is one JSON value within the depth limit. */
    static boolean valid(String text) {
        try {
            check(text, 1);
            return true;
        } catch (BadFrame e) {
            return false;
        }
    }

    /**
     * Whether everybody takes a text for one JSON value within the depth limit. The reader is more generous than the browsers' in two
     * things, and what they cannot parse they drop without a word: control characters and odd escapes in strings.
     */
    static boolean strict(String text) {
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                inside = !inside;
            } else if (inside && c < ' ') {
                return false;
            } else if (inside && c == '\\') {
                i++;
                if (i == text.length() || "\"\\/bfnrtu".indexOf(text.charAt(i)) < 0) {
                    return false;
                }
            }
        }
        return valid(text);
    }

    /** The same JSON with half characters escaped, which UTF-8 cannot carry. They can only stand in strings. */
    static String wellFormed(String json) {
        return halves(json, part -> part);
    }

    /** A text as a JSON string, half characters included. */
    static String quoteExactly(String text) {
        return '"'
                + halves(text, part -> {
                    String quoted = quote(part);
                    return quoted.substring(1, quoted.length() - 1);
                })
                + '"';
    }

    /** Puts escapes in the place of half characters, and between them what becomes of the parts without any. */
    private static String halves(String text, UnaryOperator<String> whole) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogatePair(text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : ' ')) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                out.append(whole.apply(text.substring(from, i)));
                out.append(String.format("\\u%04x", (int) text.charAt(i)));
                from = i + 1;
            }
        }
        return out.append(whole.apply(text.substring(from))).toString();
    }

    private static void check(String text, int depth) throws BadFrame {
        read(text, reader -> {
            skip(reader, depth);
            return text;
        });
    }

    /** Writes one JSON value. */
    interface Writing {
        void write(JsonWriter writer) throws IOException;
    }

    /** The text of what a writing writes. */
    static String write(Writing writing) {
        Buffer buffer = new Buffer();
        try (JsonWriter writer = JsonWriter.of(buffer)) {
            writing.write(writer);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return buffer.readUtf8();
    }

    /** A text as a JSON string. */
    static String quote(String text) {
        return write(writer -> writer.value(text));
    }

    /** Puts a JSON text into what is being written. */
    static void writeRaw(JsonWriter writer, String json) throws IOException {
        writer.value(new Buffer().writeUtf8(json));
    }

    /**
     * The same JSON in ASCII. Encrypted payloads need it: the web client decrypts to Latin-1, all others to UTF-8. Outside of
     * strings valid JSON is ASCII anyway, so escaping character by character is right.
     */
    static String ascii(String json) {
        StringBuilder out = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c < 0x80) {
                out.append(c);
            } else {
                out.append(String.format("\\u%04x", (int) c));
            }
        }
        return out.toString();
    }
}
