package dev.drawbridge.internal.wire;

import com.squareup.moshi.JsonWriter;
import dev.drawbridge.Dialect;
import dev.drawbridge.StreamId;
import dev.drawbridge.Tally;
import dev.drawbridge.Tally.Light;
import dev.drawbridge.internal.crypto.Envelope;
import dev.drawbridge.internal.crypto.Keys;
import dev.drawbridge.internal.wire.Message.Candidates.Side;
import dev.drawbridge.internal.wire.Message.StatsRequest.Often;
import dev.drawbridge.internal.wire.Message.ViewerRequest.Role;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The outgoing half of {@link WireCodec}; sizes are judged there. */
final class FrameWriter {
    /** What peers show as our version. */
    private static final String VERSION = "0.1";

    private static final String PRODUCT = "Drawbridge";

    private final Dialect dialect;
    private final String self;
    private final Optional<String> ownStream;
    private final Optional<String> room;
    private final Keys keys;
    private final Envelope envelope;

    FrameWriter(
            Dialect dialect,
            String self,
            Optional<String> ownStream,
            Optional<String> room,
            Keys keys,
            Envelope envelope) {
        this.dialect = dialect;
        this.self = self;
        this.ownStream = ownStream;
        this.room = room;
        this.keys = keys;
        this.envelope = envelope;
    }

    String signal(Optional<PeerId> to, Message message) {
        return Json.write(w -> {
            w.beginObject();
            if (!request(w, message)) {
                w.name("UUID")
                        .value(to.orElseThrow(() -> wrong(message, "has no receiver"))
                                .value());
                if (!peer(w, message, keys::wireStream)) {
                    throw wrong(message, "is none for the handshake server");
                }
            }
            if (dialect == Dialect.CUSTOM) {
                if (message instanceof Message.Offer) {
                    w.name("isScene").value(false);
                }
                if (room.isPresent() && !(message instanceof Message.JoinRoom)) {
                    w.name("roomid").value(room.get());
                }
                w.name("from").value(self);
            }
            w.endObject();
        });
    }

    String channel(Message message) {
        return Json.write(w -> {
            w.beginObject();
            if (!peer(w, message, StreamId::value) && !control(w, message)) {
                throw wrong(message, "is none for the data channel");
            }
            w.endObject();
        });
    }

    private boolean request(JsonWriter w, Message message) throws IOException {
        if (message instanceof Message.Seed) {
            w.name("request").value("seed");
            w.name("streamID").value(ownStream.orElseThrow(() -> wrong(message, "needs a stream")));
        } else if (message instanceof Message.Play play) {
            w.name("request").value("play");
            w.name("streamID").value(keys.wireStream(play.stream()));
        } else if (message instanceof Message.JoinRoom) {
            w.name("request").value("joinroom");
            // A custom server lists nobody: the id in this frame is what tells the others of our stream.
            if (dialect == Dialect.CUSTOM && ownStream.isPresent()) {
                w.name("streamID").value(ownStream.get());
            }
            w.name("roomid").value(room.orElseThrow(() -> wrong(message, "needs a room")));
        } else {
            return false;
        }
        return true;
    }

    /** What goes between peers by either way. */
    private boolean peer(JsonWriter w, Message message, Function<StreamId, String> naming) throws IOException {
        if (message instanceof Message.Offer offer) {
            if (offer.stream().isPresent()) {
                w.name("streamID").value(naming.apply(offer.stream().get()));
            }
            description(w, message, new Payload.Description(true, offer.sdp()), offer.session(), offer.encrypted());
        } else if (message instanceof Message.Answer answer) {
            description(w, message, new Payload.Description(false, answer.sdp()), answer.session(), answer.encrypted());
        } else if (message instanceof Message.Candidates candidates) {
            w.name("type").value(candidates.producedBy() == Side.PUBLISHER ? "local" : "remote");
            w.name("candidates");
            if (candidates.encrypted()) {
                Envelope.Sealed sealed = seal(message, Payload.write(candidates.list()));
                w.value(sealed.payload());
                session(w, candidates.session());
                w.name("vector").value(sealed.vector());
            } else {
                Payload.write(w, candidates.list());
                session(w, candidates.session());
            }
        } else if (message instanceof Message.Bye) {
            w.name("bye").value(true);
        } else if (message instanceof Message.IceRestartRequest) {
            w.name("iceRestartRequest").value(true);
        } else {
            return false;
        }
        return true;
    }

    private void description(
            JsonWriter w, Message message, Payload.Description description, Optional<String> session, boolean encrypted)
            throws IOException {
        w.name("description");
        if (encrypted) {
            Envelope.Sealed sealed = seal(message, Payload.write(description));
            w.value(sealed.payload());
            session(w, session);
            w.name("vector").value(sealed.vector());
        } else {
            Payload.write(w, description);
            session(w, session);
        }
    }

    /** Left out when the peer gave none: a publisher refuses an answer whose session differs from its own. */
    private static void session(JsonWriter w, Optional<String> session) throws IOException {
        if (session.isPresent()) {
            w.name("session").value(session.get());
        }
    }

    private Envelope.Sealed seal(Message message, String json) {
        if (!keys.encrypting()) {
            throw wrong(message, "is to be encrypted, but there is no password");
        }
        return envelope.seal(Json.ascii(json));
    }

    private boolean control(JsonWriter w, Message message) throws IOException {
        if (message instanceof Message.Ping ping) {
            raw(w, "ping", message, ping.json());
        } else if (message instanceof Message.Pong pong) {
            raw(w, "pong", message, pong.json());
        } else if (message instanceof Message.Pipe pipe) {
            raw(w, "pipe", message, pipe.json());
        } else if (message instanceof Message.Chat chat) {
            w.name("chat").value(chat.text());
            w.name("overlay").value(false); // a line among others, not a banner across the picture
        } else if (message instanceof Message.ViewerRequest request) {
            viewerRequest(w, request);
        } else if (message instanceof Message.PublisherInfo info) {
            publisherInfo(w, info);
        } else if (message instanceof Message.BitrateRequest request) {
            w.name("bitrate").value(request.kbps());
        } else if (message instanceof Message.AudioBitrateRequest request) {
            w.name("audioBitrate").value(request.kbps());
        } else if (message instanceof Message.KeyFrameRequest) {
            w.name("keyframe").value(true);
        } else if (message instanceof Message.Rejected rejected) {
            w.name("rejected").value(rejected.name());
        } else if (message instanceof Message.OfFiles files) {
            FileFields.write(w, files);
        } else if (message instanceof Message.Approved approved) {
            w.name("approved").value(approved.name());
        } else {
            return wish(w, message) || state(w, message);
        }
        return true;
    }

    /** What a viewer asks of an encoder. */
    private static boolean wish(JsonWriter w, Message message) throws IOException {
        if (message instanceof Message.ScaleRequest request) {
            w.name("scale").value(request.percent());
        } else if (message instanceof Message.ResolutionRequest request) {
            w.name("requestResolution").beginObject();
            w.name("w").value(request.width());
            w.name("h").value(request.height());
            w.name("s").value(false);
            w.name("c").value(request.cover());
            w.endObject();
        } else if (message instanceof Message.BitrateCeiling ceiling) {
            ceiling(w, "targetBitrate", ceiling.kbps());
        } else if (message instanceof Message.AudioBitrateCeiling ceiling) {
            ceiling(w, "targetAudioBitrate", ceiling.kbps());
        } else {
            return false;
        }
        return true;
    }

    private static void ceiling(JsonWriter w, String name, int kbps) throws IOException {
        w.name(name);
        if (kbps < 0) {
            w.value(false);
        } else {
            w.value(kbps);
        }
    }

    private static boolean state(JsonWriter w, Message message) throws IOException {
        if (message instanceof Message.AudioMuted audio) {
            w.name("muteState").value(audio.muted());
        } else if (message instanceof Message.VideoMuted video) {
            w.name("videoMuted").value(video.muted());
        } else if (message instanceof Message.LabelChange change) {
            w.name("changeLabel").value(true);
            label(w, "value", change.label());
        } else if (message instanceof Message.TallyReport report) {
            tally(w, report.tally());
        } else if (message instanceof Message.StatsRequest request) {
            if (request.often() == Often.ONCE) {
                w.name("requestStats").value(true);
            } else {
                w.name("requestStatsContinuous").value(request.often() == Often.AGAIN_AND_AGAIN);
            }
        } else if (message instanceof Message.RemoteStats stats) {
            raw(w, "remoteStats", message, stats.json());
        } else {
            return false;
        }
        return true;
    }

    private static void tally(JsonWriter w, Tally tally) throws IOException {
        light(w, "sceneDisplay", tally.shown());
        light(w, "sceneMute", tally.muted());
        w.name("obsState").beginObject();
        light(w, "visibility", tally.visible());
        light(w, "sourceActive", tally.active());
        light(w, "streaming", tally.streaming());
        light(w, "recording", tally.recording());
        light(w, "virtualcam", tally.virtualCamera());
        w.endObject();
    }

    private static void light(JsonWriter w, String name, Light light) throws IOException {
        if (light != Light.UNKNOWN) {
            w.name(name).value(light == Light.ON);
        }
    }

    /** Everything that we could not use is refused by name: a publisher takes silence for consent. */
    private static void viewerRequest(JsonWriter w, Message.ViewerRequest request) throws IOException {
        w.name("audio").value(request.audio());
        w.name("video").value(request.video());
        for (String refused : new String[] {
            "allowmeshcast",
            "allowwhipout",
            "allowchunked",
            "allowwebp",
            "iframe",
            "widget",
            "allowmidi",
            "allowdrawing",
            "broadcast",
            "allowscreenaudio",
            "allowscreenvideo",
            "limitaudio",
            "forceios"
        }) {
            w.name(refused).value(false);
        }
        w.name("downloads").value(request.downloads());
        w.name("guest").value(request.role() == Role.GUEST);
        w.name("scene");
        if (request.role() == Role.SCENE) {
            w.value(request.scene());
        } else {
            w.value(false);
        }
        w.name("director").value(request.role() == Role.DIRECTOR);
        if (request.degrade().isPresent()) {
            w.name("degrade")
                    .value(request.degrade()
                            .get()
                            .name()
                            .toLowerCase(Locale.ROOT)
                            .replace('_', '-'));
        }
        w.name("info").beginObject();
        label(w, "label", request.label());
        w.name("version").value(VERSION);
        w.endObject();
    }

    private void publisherInfo(JsonWriter w, Message.PublisherInfo info) throws IOException {
        w.name("info").beginObject();
        label(w, "label", info.label());
        w.name("version").value(VERSION);
        w.name("muted").value(info.audioMuted());
        w.name("video_muted_init").value(info.videoMuted());
        w.name("room_init").value(room.isPresent());
        w.name("Browser").value(PRODUCT);
        w.name("secure").value(info.secure());
        w.endObject();
    }

    private static void label(JsonWriter w, String name, String label) throws IOException {
        w.name(name);
        if (label.isEmpty()) {
            w.value(false);
        } else {
            w.value(Clean.cut(label, Limits.LABEL));
        }
    }

    private static void raw(JsonWriter w, String name, Message message, String json) throws IOException {
        if (!Json.valid(json)) {
            throw wrong(message, "does not hold JSON");
        }
        w.name(name);
        Json.writeRaw(w, json);
    }

    private static IllegalArgumentException wrong(Message message, String what) {
        return new IllegalArgumentException(message.getClass().getSimpleName() + " " + what);
    }
}
