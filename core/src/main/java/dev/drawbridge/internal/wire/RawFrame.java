package dev.drawbridge.internal.wire;

import com.squareup.moshi.JsonReader;
import dev.drawbridge.Tally.Light;
import dev.drawbridge.spi.IceCandidate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import okio.Utf8;
import org.jspecify.annotations.Nullable;

/** One JSON object off the wire: the fields that the protocol names, within limits and not yet interpreted. */
final class RawFrame {
    /** What viewers ask of a publisher that only a director may (protocol section 4.5). */
    static final List<String> PRIVILEGED = List.of(
            "hangup",
            "reload",
            "zoom",
            "focus",
            "pan",
            "tilt",
            "exposure",
            "requestVideoHack",
            "changeCamera",
            "requestCoDirector",
            // The buttons of a director's page; not in the protocol's list, but seen (docs/interop.md).
            "directVideoMuted",
            "speakerMute");

    private static final Set<String> WORDS =
            Set.of("request", "UUID", "from", "roomid", "streamID", "session", "vector", "type");
    private static final Set<String> TEXTS =
            Set.of("message", "error", "chat", "rejected", "approved", "action", "target");
    private static final Set<String> FLAGS = Set.of("audio", "video", "guest", "director", "downloads");
    private static final Set<String> NUMBERS =
            Set.of("bitrate", "audioBitrate", "targetBitrate", "targetAudioBitrate", "scale");

    private static final Set<String> CEILINGS = Set.of("targetBitrate", "targetAudioBitrate");
    /** Whatever they are, they are a yes or a no, and that they were not said is another matter. */
    private static final Set<String> SWITCHES =
            Set.of("muteState", "videoMuted", "sceneDisplay", "sceneMute", "requestStats", "requestStatsContinuous");

    private static final Set<String> SCENES = Set.of("scene", "isScene");

    private static final Set<String> OBS = Set.of("visibility", "sourceActive", "streaming", "recording", "virtualcam");

    private final Set<String> seen = new HashSet<>();
    private final Map<String, String> texts = new HashMap<>();
    private final Set<String> flags = new HashSet<>();
    private Payload.@Nullable Description description;
    private @Nullable String sealedDescription;
    private @Nullable List<IceCandidate> candidates;
    private @Nullable String sealedCandidates;
    private boolean single;
    private List<Entry> list = List.of();
    private final Map<String, Integer> numbers = new HashMap<>();
    /** The switches that have a value, one way or the other. */
    private final Set<String> said = new HashSet<>();

    private Message.@Nullable ResolutionRequest resolution;
    private String label = "";
    private boolean secure;
    private final List<Display> displays = new ArrayList<>();
    private List<Message.FileList.Entry> files = List.of();
    private @Nullable Integer window;
    private boolean audioMuted;
    private boolean videoMuted;

    /** An entry of a listing. */
    record Entry(String peer, Optional<String> stream) {}

    /** An entry of what a director has set for a scene. */
    record Display(String scene, String target, boolean shown) {}

    private RawFrame() {}

    static RawFrame read(String text) throws BadFrame {
        // A char is three bytes at most: the first test spares most frames the second one.
        if (text.length() > Limits.FRAME_BYTES / 3 && Utf8.size(text) > Limits.FRAME_BYTES) {
            throw new BadFrame("a frame above " + Limits.FRAME_BYTES + " bytes");
        }
        return Json.read(text, reader -> {
            if (reader.peek() != JsonReader.Token.BEGIN_OBJECT) {
                throw new BadFrame("not a JSON object");
            }
            RawFrame frame = new RawFrame();
            reader.beginObject();
            while (reader.hasNext()) {
                frame.field(reader, reader.nextName());
            }
            reader.endObject();
            return frame;
        });
    }

    /** Whether the field is there at all; for several fields of the protocol only this counts. */
    boolean has(String field) {
        return seen.contains(field);
    }

    /** A field's text; empty when it is absent, null or the empty text. */
    Optional<String> text(String field) {
        return Optional.ofNullable(texts.get(field));
    }

    /** Whether a field is there and true in the sense of its senders. */
    boolean flag(String field) {
        return flags.contains(field);
    }

    /** A description in the clear. */
    Optional<Payload.Description> description() {
        return Optional.ofNullable(description);
    }

    Optional<String> sealedDescription() {
        return Optional.ofNullable(sealedDescription);
    }

    /** Candidates in the clear, from either field. */
    Optional<List<IceCandidate>> candidates() {
        return Optional.ofNullable(candidates);
    }

    Optional<String> sealedCandidates() {
        return Optional.ofNullable(sealedCandidates);
    }

    /** Whether the sealed candidates are one object instead of an array. */
    boolean single() {
        return single;
    }

    List<Entry> list() {
        return list;
    }

    /** A number without its fraction; empty when it is absent or none. */
    OptionalInt number(String field) {
        Integer number = numbers.get(field);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** {@code requestResolution}. */
    Optional<Message.ResolutionRequest> resolution() {
        return Optional.ofNullable(resolution);
    }

    /** A yes or a no, by itself or within {@code obsState}. */
    Light light(String field) {
        return !said.contains(field) ? Light.UNKNOWN : flag(field) ? Light.ON : Light.OFF;
    }

    /** {@code info.label}. */
    String label() {
        return label;
    }

    /** {@code info.secure}. */
    boolean secure() {
        return secure;
    }

    /** {@code directorSettings.scene}; at most as many as a room lists members. */
    List<Display> displays() {
        return displays;
    }

    /** Of {@code fileList}, those that can be had. */
    List<Message.FileList.Entry> files() {
        return files;
    }

    /** What may be on its way unacknowledged. */
    OptionalInt window() {
        return window == null ? OptionalInt.empty() : OptionalInt.of(window);
    }

    /** {@code info.muted}. */
    boolean audioMuted() {
        return audioMuted;
    }

    /** {@code info.video_muted_init}. */
    boolean videoMuted() {
        return videoMuted;
    }

    private void field(JsonReader reader, String name) throws IOException, BadFrame {
        if (!known(name)) {
            Json.skip(reader, 1);
            return;
        }
        // Readers disagree on which of two equal names counts: do not be talked into another reading than the server's.
        if (!seen.add(name)) {
            throw new BadFrame("field " + name + " twice");
        }
        // Of what a program sends null is a value like others.
        if (!name.equals("pipe") && Payload.isNull(reader)) {
            return;
        }
        if (WORDS.contains(name)) {
            put(name, Payload.word(reader, name));
        } else if (TEXTS.contains(name)) {
            text(reader).ifPresent(text -> put(name, text));
        } else if (NUMBERS.contains(name)) {
            number(reader, CEILINGS.contains(name)).ifPresent(number -> numbers.put(name, number));
        } else if (SWITCHES.contains(name)) {
            said.add(name);
            flag(name, truthy(reader));
        } else if (FLAGS.contains(name)) {
            flag(name, truthy(reader));
        } else if (SCENES.contains(name)) {
            flag(name, named(reader, name));
        } else {
            structure(reader, name);
        }
    }

    private static boolean known(String name) {
        return WORDS.contains(name)
                || TEXTS.contains(name)
                || FLAGS.contains(name)
                || SCENES.contains(name)
                || NUMBERS.contains(name)
                || SWITCHES.contains(name)
                || PRIVILEGED.contains(name)
                || switch (name) {
                    case "description",
                            "candidates",
                            "candidate",
                            "list",
                            "info",
                            "directorSettings",
                            "ping",
                            "pong",
                            "pipe",
                            "requestResolution",
                            "obsState",
                            "remoteStats",
                            "changeLabel",
                            "keyframe",
                            "bye",
                            "iceRestartRequest",
                            "fileList",
                            "requestFile",
                            "fileGone",
                            "window",
                            "value" -> true;
                    default -> false;
                };
    }

    private void structure(JsonReader reader, String name) throws IOException, BadFrame {
        boolean string = reader.peek() == JsonReader.Token.STRING;
        switch (name) {
            case "description" -> {
                if (string) {
                    sealedDescription = reader.nextString();
                } else {
                    description = Payload.description(reader, 2);
                }
            }
            case "candidates", "candidate" -> {
                if (candidates != null || sealedCandidates != null) {
                    throw new BadFrame("candidates twice");
                }
                single = name.equals("candidate");
                if (string) {
                    sealedCandidates = reader.nextString();
                } else if (single) {
                    candidates = Payload.candidate(reader, 2).map(List::of).orElse(List.of());
                } else {
                    candidates = Payload.candidates(reader, 2);
                }
            }
            case "list" -> list = list(reader);
            case "info" -> info(reader);
            case "directorSettings" -> directorSettings(reader);
            case "ping", "pong" -> {
                if (string || reader.peek() == JsonReader.Token.NUMBER) {
                    String value = Json.raw(reader, 1);
                    if (value.length() > Limits.PING) {
                        throw BadFrame.tooLong(name);
                    }
                    put(name, value);
                } else {
                    Json.skip(reader, 1);
                }
            }
            case "pipe" -> put(name, Json.raw(reader, 1));
            case "fileList" -> files = FileFields.list(reader);
            case "requestFile", "fileGone" -> put(name, Payload.word(reader, name));
            case "window" -> window = FileFields.window(reader);
            case "requestResolution" -> resolution(reader);
            case "obsState" -> obs(reader);
            case "value" -> value(reader);
            case "remoteStats" -> figures(reader);
            default -> Json.skip(reader, 1);
        }
    }

    private static List<Entry> list(JsonReader reader) throws IOException, BadFrame {
        if (reader.peek() != JsonReader.Token.BEGIN_ARRAY) {
            throw BadFrame.wrongType("list");
        }
        List<Entry> entries = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
            if (entries.size() == Limits.MEMBERS) {
                throw new BadFrame("more than " + Limits.MEMBERS + " members");
            }
            if (reader.peek() != JsonReader.Token.BEGIN_OBJECT) {
                throw BadFrame.wrongType("list");
            }
            String peer = "";
            String stream = "";
            reader.beginObject();
            while (reader.hasNext()) {
                switch (reader.nextName()) {
                    case "UUID" -> peer = Payload.isNull(reader) ? "" : Payload.word(reader, "UUID");
                    case "streamID" -> stream = Payload.isNull(reader) ? "" : Payload.word(reader, "streamID");
                    default -> Json.skip(reader, 3);
                }
            }
            reader.endObject();
            if (peer.isEmpty()) {
                throw new BadFrame("a member without UUID");
            }
            entries.add(new Entry(peer, stream.isEmpty() ? Optional.empty() : Optional.of(stream)));
        }
        reader.endArray();
        return entries;
    }

    /** What a peer says of itself is decoration: whatever its type, it does not spoil the frame. */
    private void info(JsonReader reader) throws IOException, BadFrame {
        if (reader.peek() != JsonReader.Token.BEGIN_OBJECT) {
            Json.skip(reader, 1);
            return;
        }
        reader.beginObject();
        while (reader.hasNext()) {
            switch (reader.nextName()) {
                case "label" -> label = Clean.label(text(reader).orElse(""));
                case "secure" -> secure = truthy(reader);
                case "muted" -> audioMuted = truthy(reader);
                case "video_muted_init" -> videoMuted = truthy(reader);
                default -> Json.skip(reader, 2);
            }
        }
        reader.endObject();
    }

    /** Whoever names one side only does not mind about the other. */
    private void resolution(JsonReader reader) throws IOException, BadFrame {
        if (reader.peek() != JsonReader.Token.BEGIN_OBJECT) {
            Json.skip(reader, 1);
            return;
        }
        int width = 0;
        int height = 0;
        boolean cover = false;
        reader.beginObject();
        while (reader.hasNext()) {
            switch (reader.nextName()) {
                case "w" -> width = number(reader).orElse(0);
                case "h" -> height = number(reader).orElse(0);
                case "c" -> cover = truthy(reader);
                default -> Json.skip(reader, 2);
            }
        }
        reader.endObject();
        if (width > 0 || height > 0) {
            resolution = new Message.ResolutionRequest(side(width), side(height), cover);
        }
    }

    private static int side(int pixels) {
        return pixels <= 0 ? Limits.PICTURE : Math.min(pixels, Limits.PICTURE);
    }

    private void obs(JsonReader reader) throws IOException, BadFrame {
        if (reader.peek() != JsonReader.Token.BEGIN_OBJECT) {
            Json.skip(reader, 1);
            return;
        }
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (OBS.contains(name) && reader.peek() != JsonReader.Token.NULL) {
                said.add(name);
                flag(name, truthy(reader));
            } else {
                Json.skip(reader, 2);
            }
        }
        reader.endObject();
    }

    /** Of all that a director sets, what is to be seen; whatever its type, the rest does not spoil the frame. */
    private void directorSettings(JsonReader reader) throws IOException, BadFrame {
        if (reader.peek() != JsonReader.Token.BEGIN_OBJECT) {
            Json.skip(reader, 1);
            return;
        }
        reader.beginObject();
        while (reader.hasNext()) {
            if (reader.nextName().equals("scene") && reader.peek() == JsonReader.Token.BEGIN_OBJECT) {
                reader.beginObject();
                while (reader.hasNext()) {
                    reader.skipName(); // the target's name, which the entry repeats
                    display(reader);
                }
                reader.endObject();
            } else {
                Json.skip(reader, 2);
            }
        }
        reader.endObject();
    }

    private void display(JsonReader reader) throws IOException, BadFrame {
        if (reader.peek() != JsonReader.Token.BEGIN_OBJECT) {
            Json.skip(reader, 3);
            return;
        }
        String action = "";
        String scene = "";
        String target = "";
        boolean shown = false;
        reader.beginObject();
        while (reader.hasNext()) {
            switch (reader.nextName()) {
                case "action" -> action = text(reader).orElse("");
                case "scene" -> scene = text(reader).orElse("");
                case "target" -> target = text(reader).orElse("");
                case "value" -> shown = truthy(reader);
                default -> Json.skip(reader, 4);
            }
        }
        reader.endObject();
        if (action.equals("display") && displays.size() < Limits.MEMBERS) {
            displays.add(new Display(scene, target, shown));
        }
    }

    /** Too long ones are no figures. */
    private void figures(JsonReader reader) throws IOException, BadFrame {
        if (reader.peek() != JsonReader.Token.BEGIN_OBJECT) {
            Json.skip(reader, 1);
            return;
        }
        String json = Json.raw(reader, 1);
        if (json.length() > Limits.FIGURES) {
            throw BadFrame.tooLong("remoteStats");
        }
        put("remoteStats", json);
    }

    /** The text of a new label, or the yes and no of a command. */
    private void value(JsonReader reader) throws IOException, BadFrame {
        if (reader.peek() == JsonReader.Token.STRING) {
            String text = reader.nextString();
            put("value", text);
            flag("value", truthy(text));
        } else {
            flag("value", truthy(reader));
        }
    }

    private void put(String name, String value) {
        if (!value.isEmpty()) {
            texts.put(name, value);
        }
    }

    private void flag(String name, boolean value) {
        if (value) {
            flags.add(name);
        }
    }

    /** A scene is {@code false} or a name, and {@code "0"} is a name. */
    private boolean named(JsonReader reader, String name) throws IOException, BadFrame {
        if (reader.peek() == JsonReader.Token.BOOLEAN) {
            return reader.nextBoolean();
        }
        text(reader).ifPresent(text -> put(name, text));
        return true;
    }

    private static Optional<String> text(JsonReader reader) throws IOException, BadFrame {
        return switch (reader.peek()) {
            case STRING, NUMBER -> Optional.of(reader.nextString());
            default -> {
                Json.skip(reader, 2);
                yield Optional.empty();
            }
        };
    }

    /** True as the senders mean it: some write {@code "false"} or {@code 0}. */
    private static boolean truthy(JsonReader reader) throws IOException, BadFrame {
        return switch (reader.peek()) {
            case BOOLEAN -> reader.nextBoolean();
            case STRING, NUMBER -> truthy(reader.nextString());
            case NULL -> {
                reader.skipValue();
                yield false;
            }
            default -> {
                Json.skip(reader, 2);
                yield true;
            }
        };
    }

    private static boolean truthy(String text) {
        return switch (text) {
            case "", "0", "false", "off" -> false;
            default -> true;
        };
    }

    private static Optional<Integer> number(JsonReader reader) throws IOException, BadFrame {
        return number(reader, false);
    }

    /** @param orNone {@code false} is one, too, and stands for none, as -1 does */
    private static Optional<Integer> number(JsonReader reader, boolean orNone) throws IOException, BadFrame {
        if (orNone && reader.peek() == JsonReader.Token.BOOLEAN) {
            return reader.nextBoolean() ? Optional.empty() : Optional.of(-1);
        }
        Optional<String> text = text(reader);
        if (text.isEmpty() || text.get().length() > 32) {
            return Optional.empty();
        }
        try {
            double value = Double.parseDouble(text.get());
            return Double.isNaN(value) ? Optional.empty() : Optional.of((int) value); // a cast of a double saturates
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
