package dev.drawbridge.internal.wire;

import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import dev.drawbridge.internal.wire.Message.FileList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is said about files (protocol section 4.1): on {@code sendChannel}, and at the head of a file's own channel. */
public final class FileFields {
    /** What a transfer begins with on its own channel. */
    public static final String TRANSFER = "filetransfer";

    private FileFields() {}

    /**
     * The head of a transfer, or a word of ours about it.
     *
     * @param type {@link #TRANSFER} for a head; empty for anything else
     * @param size of the whole file; -1 if it is missing
     * @param paced whether the sender waits for acknowledgements, as only ours does
     * @param acknowledged bytes that the other side has dealt with; -1 if it does not say
     * @param sha256 in hexadecimal digits; empty if it is missing
     */
    public record Head(String type, String id, long size, boolean paced, long acknowledged, String sha256) {
        @Override
        public String toString() {
            return "Head";
        }
    }

    /** Reads a text of a file's channel; null if it is none that anybody knows. */
    public static @Nullable Head head(String text) {
        if (text.length() > 4 * Limits.ID + 6 * Limits.FILE_NAME) {
            return null;
        }
        try {
            return Json.read(text, FileFields::head);
        } catch (BadFrame e) {
            return null;
        }
    }

    private static Head head(JsonReader reader) throws IOException, BadFrame {
        String type = "";
        String id = "";
        String sha256 = "";
        long size = -1;
        long acknowledged = -1;
        boolean paced = false;
        reader.beginObject();
        while (reader.hasNext()) {
            switch (reader.nextName()) {
                case "type" -> type = Payload.word(reader, "type");
                case "id" -> id = Payload.word(reader, "id");
                case "size" -> size = count(reader);
                case "paced" -> paced = flag(reader);
                case "ack" -> acknowledged = count(reader);
                case "sha256" -> sha256 = Payload.word(reader, "sha256");
                default -> Json.skip(reader, 1);
            }
        }
        reader.endObject();
        return new Head(type, id, size, paced, acknowledged, sha256);
    }

    /** What the holder says first. {@code paced} is left out for those who do not acknowledge. */
    public static String head(String id, String name, long size, boolean paced) {
        return Json.write(w -> {
            w.beginObject();
            w.name("type").value(TRANSFER);
            w.name("size").value(size);
            w.name("filename").value(name);
            w.name("id").value(id);
            if (paced) {
                w.name("paced").value(true);
            }
            w.endObject();
        });
    }

    public static String acknowledgement(long bytes) {
        return "{\"ack\":" + bytes + "}";
    }

    public static String digest(String sha256) {
        return "{\"sha256\":\"" + sha256 + "\"}";
    }

    /** Entries without an id or a size are left out, like a second one of the same id: no one could be asked for them. */
    static List<FileList.Entry> list(JsonReader reader) throws IOException, BadFrame {
        if (reader.peek() != JsonReader.Token.BEGIN_ARRAY) {
            throw BadFrame.wrongType("fileList");
        }
        Map<String, FileList.Entry> files = new LinkedHashMap<>();
        int seen = 0;
        reader.beginArray();
        while (reader.hasNext()) {
            if (++seen > Limits.FILES) {
                throw new BadFrame("more than " + Limits.FILES + " files");
            }
            entry(reader, files);
        }
        reader.endArray();
        return new ArrayList<>(files.values());
    }

    private static void entry(JsonReader reader, Map<String, FileList.Entry> files) throws IOException, BadFrame {
        if (reader.peek() != JsonReader.Token.BEGIN_OBJECT) {
            throw BadFrame.wrongType("fileList");
        }
        String id = "";
        String name = "";
        long size = -1;
        reader.beginObject();
        while (reader.hasNext()) {
            switch (reader.nextName()) {
                case "id" -> id = Payload.isNull(reader) ? "" : Payload.word(reader, "id");
                case "name" -> name = Payload.isNull(reader) ? "" : Payload.string(reader, "name", Limits.FRAME_BYTES);
                case "size" -> size = count(reader);
                default -> Json.skip(reader, 3);
            }
        }
        reader.endObject();
        if (!id.isEmpty() && size >= 0) {
            files.putIfAbsent(id, new FileList.Entry(id, FileNames.clean(name), size));
        }
    }

    private static boolean flag(JsonReader reader) throws IOException, BadFrame {
        if (reader.peek() == JsonReader.Token.BOOLEAN) {
            return reader.nextBoolean();
        }
        Json.skip(reader, 1);
        return false;
    }

    /** -1 for what is no count. */
    private static long count(JsonReader reader) throws IOException, BadFrame {
        if (reader.peek() != JsonReader.Token.NUMBER) {
            Json.skip(reader, 4);
            return -1;
        }
        try {
            long value = Long.parseLong(reader.nextString());
            return value >= 0 && value <= Limits.FILE_BYTES ? value : -1;
        } catch (NumberFormatException e) {
            return -1; // nobody has half a byte
        }
    }

    /** Null for none. */
    static @Nullable Integer window(JsonReader reader) throws IOException, BadFrame {
        long bytes = count(reader);
        return bytes <= 0 ? null : (int) Math.min(bytes, Integer.MAX_VALUE);
    }

    static void write(JsonWriter w, Message.OfFiles message) throws IOException {
        if (message instanceof FileList list) {
            w.name("fileList").beginArray();
            for (FileList.Entry file : list.files()) {
                w.beginObject();
                w.name("id").value(file.id());
                w.name("name").value(file.name());
                w.name("size").value(file.size());
                w.endObject();
            }
            w.endArray();
        } else if (message instanceof Message.FileRequest request) {
            w.name("requestFile").value(request.id());
            if (request.window().isPresent()) {
                w.name("window").value(request.window().getAsInt());
            }
        } else if (message instanceof Message.FileGone gone) {
            w.name("fileGone").value(gone.id());
        }
    }
}
