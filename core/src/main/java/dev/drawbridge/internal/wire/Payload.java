package dev.drawbridge.internal.wire;

import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import dev.drawbridge.spi.IceCandidate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The parts of a frame that may be encrypted: descriptions and candidates, as JSON (protocol section 3.2). */
final class Payload {
    private Payload() {}

    /** An SDP with its kind. */
    record Description(boolean offer, String sdp) {
        @Override
        public String toString() {
            return offer ? "offer" : "answer";
        }
    }

    static Description description(JsonReader reader, int depth) throws IOException, BadFrame {
        String type = "";
        String sdp = "";
        object(reader, "description");
        while (reader.hasNext()) {
            switch (reader.nextName()) {
                case "type" -> type = string(reader, "type", Limits.ID);
                case "sdp" -> sdp = string(reader, "sdp", Limits.SDP);
                default -> Json.skip(reader, depth);
            }
        }
        reader.endObject();
        if (sdp.isEmpty() || !(type.equals("offer") || type.equals("answer"))) {
            throw new BadFrame("a description without SDP or kind");
        }
        return new Description(type.equals("offer"), sdp);
    }

    static List<IceCandidate> candidates(JsonReader reader, int depth) throws IOException, BadFrame {
        if (reader.peek() != JsonReader.Token.BEGIN_ARRAY) {
            throw BadFrame.wrongType("candidates");
        }
        List<IceCandidate> list = new ArrayList<>();
        int seen = 0;
        reader.beginArray();
        while (reader.hasNext()) {
            if (++seen > Limits.CANDIDATES) {
                throw new BadFrame("more than " + Limits.CANDIDATES + " candidates");
            }
            candidate(reader, depth + 1).ifPresent(list::add);
        }
        reader.endArray();
        return list;
    }

    /** Empty for {@code null} and for the empty candidate with which some browsers end a list. */
    static Optional<IceCandidate> candidate(JsonReader reader, int depth) throws IOException, BadFrame {
        if (isNull(reader)) {
            return Optional.empty();
        }
        String line = "";
        String mid = "";
        int index = 0;
        object(reader, "candidate");
        while (reader.hasNext()) {
            switch (reader.nextName()) {
                case "candidate" -> line = isNull(reader) ? "" : string(reader, "candidate", Limits.CANDIDATE);
                // Some C++ clients say "mid".
                case "sdpMid", "mid" -> mid = isNull(reader) ? "" : word(reader, "sdpMid");
                case "sdpMLineIndex" -> index = isNull(reader) ? 0 : index(word(reader, "sdpMLineIndex"));
                default -> Json.skip(reader, depth);
            }
        }
        reader.endObject();
        return line.isEmpty() ? Optional.empty() : Optional.of(new IceCandidate(line, mid, index));
    }

    static String write(Description description) {
        return Json.write(w -> write(w, description));
    }

    static void write(JsonWriter writer, Description description) throws IOException {
        writer.beginObject();
        writer.name("type").value(description.offer() ? "offer" : "answer");
        writer.name("sdp").value(description.sdp());
        writer.endObject();
    }

    static String write(List<IceCandidate> candidates) {
        return Json.write(w -> write(w, candidates));
    }

    /** Always an array with both ways to name the media section: there are clients that read only one of them. */
    static void write(JsonWriter writer, List<IceCandidate> candidates) throws IOException {
        writer.beginArray();
        for (IceCandidate candidate : candidates) {
            writer.beginObject();
            writer.name("candidate").value(candidate.candidate());
            writer.name("sdpMid").value(candidate.sdpMid());
            writer.name("sdpMLineIndex").value(candidate.sdpMLineIndex());
            writer.endObject();
        }
        writer.endArray();
    }

    /** Takes a {@code null} if it comes next. */
    static boolean isNull(JsonReader reader) throws IOException {
        if (reader.peek() != JsonReader.Token.NULL) {
            return false;
        }
        reader.skipValue();
        return true;
    }

    static String string(JsonReader reader, String field, int limit) throws IOException, BadFrame {
        if (reader.peek() != JsonReader.Token.STRING) {
            throw BadFrame.wrongType(field);
        }
        String text = reader.nextString();
        if (text.length() > limit) {
            throw BadFrame.tooLong(field);
        }
        return text;
    }

    /** A short text without control characters; clients disagree on whether ids are strings or numbers. */
    static String word(JsonReader reader, String field) throws IOException, BadFrame {
        JsonReader.Token token = reader.peek();
        if (token != JsonReader.Token.STRING && token != JsonReader.Token.NUMBER) {
            throw BadFrame.wrongType(field);
        }
        String text = reader.nextString();
        if (text.length() > Limits.ID) {
            throw BadFrame.tooLong(field);
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new BadFrame("field " + field + " has control characters");
        }
        return text;
    }

    private static void object(JsonReader reader, String field) throws IOException, BadFrame {
        if (reader.peek() != JsonReader.Token.BEGIN_OBJECT) {
            throw BadFrame.wrongType(field);
        }
        reader.beginObject();
    }

    private static int index(String text) throws BadFrame {
        try {
            int index = Integer.parseInt(text);
            if (index >= 0 && index < Limits.MEDIA_SECTIONS) {
                return index;
            }
        } catch (NumberFormatException e) {
            // Falls through: also "1.0" and "1e0", which nobody writes.
        }
        throw new BadFrame("field sdpMLineIndex is out of range");
    }
}
