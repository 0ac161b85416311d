package dev.drawbridge.internal.wire;

import dev.drawbridge.Dialect;
import dev.drawbridge.StreamId;
import dev.drawbridge.Tally;
import dev.drawbridge.Tally.Light;
import dev.drawbridge.internal.crypto.Envelope;
import dev.drawbridge.internal.crypto.Keys;
import dev.drawbridge.internal.wire.Message.Candidates.Side;
import dev.drawbridge.internal.wire.Message.Malformed;
import dev.drawbridge.internal.wire.Message.StatsRequest.Often;
import dev.drawbridge.internal.wire.Message.Undecipherable;
import dev.drawbridge.internal.wire.Message.ViewerRequest.Role;
import dev.drawbridge.spi.IceCandidate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okio.Utf8;

/**
 * Between {@link Message} and the text on the wire, for one session: puts on and takes off dialect, salt and encryption. Reading
 * is total: any text gives a message, in time linear in its length. Thread-safe if the IV source is.
 */
public final class WireCodec {
    private static final Pattern STREAM = Pattern.compile("[A-Za-z0-9_]{1,44}");

    private static final Tally NOTHING_SAID = new Tally(
            Light.UNKNOWN, Light.UNKNOWN, Light.UNKNOWN, Light.UNKNOWN, Light.UNKNOWN, Light.UNKNOWN, Light.UNKNOWN);

    private final Dialect dialect;
    private final String self;
    private final Optional<String> ownStream;
    private final Optional<String> room;
    private final Keys keys;
    private final Envelope envelope;
    private final FrameWriter writer;
    private final Pattern names;

    /**
     * @param dialect how the server names peers
     * @param self our id as {@code from} in the custom dialect; not used in the other one
     * @param ownStream the stream that we publish; empty for a viewer, who then is asked for no offers
     * @param room the room's plain name; empty outside of rooms
     * @param keys from password and salt
     * @param ivs 16 fresh bytes on each call, as of {@link Envelope#randomIvs}
     */
    public WireCodec(
            Dialect dialect,
            String self,
            Optional<StreamId> ownStream,
            Optional<String> room,
            Keys keys,
            Supplier<byte[]> ivs) {
        this.dialect = dialect;
        this.self = self;
        this.ownStream = ownStream.map(keys::wireStream);
        this.room = room.map(keys::wireRoom);
        this.keys = keys;
        this.envelope = new Envelope(keys, ivs);
        this.writer = new FrameWriter(dialect, self, this.ownStream, this.room, keys, envelope);
        this.names = names(keys.streamSuffix(), this.ownStream, this.room);
    }

    /** What our streams and our room are called there: with a password every stream has the same end. */
    private static Pattern names(String suffix, Optional<String> ownStream, Optional<String> room) {
        String streams = suffix.isEmpty() ? "(?!)" : "\\w{1,44}" + suffix;
        return Pattern.compile(Stream.of(ownStream, room)
                .flatMap(Optional::stream)
                .map(Pattern::quote)
                .reduce(streams, (some, one) -> some + "|" + one));
    }

    /** Reads a frame of the handshake server. Never throws. */
    public Received readSignal(String frame) {
        try {
            RawFrame raw = RawFrame.read(frame);
            return dialect == Dialect.CUSTOM ? custom(raw) : hosted(raw);
        } catch (BadFrame e) {
            return new Received(Optional.empty(), new Malformed(e.detail()));
        }
    }

    /** Writes this description as an answer to nobody and reads it again, for what the first time costs. */
    public void rehearse(String sdp) {
        Message answer = new Message.Answer(Optional.of("rehearsal"), sdp, keys.encrypting());
        try {
            signal(RawFrame.read(writer.signal(Optional.of(new PeerId("nobody")), answer)));
        } catch (BadFrame e) {
            throw new IllegalStateException("our own frame cannot be read: " + e.detail(), e);
        }
    }

    /** Reads a text message of the data channel. Never throws. */
    public Message readChannel(String text) {
        try {
            return channel(RawFrame.read(text));
        } catch (BadFrame e) {
            return new Malformed(e.detail());
        }
    }

    /**
     * Writes a frame for the handshake server.
     *
     * @param to the peer; needed for what goes to a peer, not looked at for what goes to the server
     * @throws MessageTooBigException if other clients or the server would drop the frame
     * @throws IllegalArgumentException if the message is none for the handshake server, or is to be encrypted without a password
     */
    public String writeSignal(Optional<PeerId> to, Message message) throws MessageTooBigException {
        String frame = writer.signal(to, message);
        int limit = signalLimit(message);
        if (frame.length() > limit) {
            throw new MessageTooBigException(frame.length(), limit);
        }
        return frame;
    }

    /**
     * Writes a text message for the data channel.
     *
     * @throws MessageTooBigException above {@link Limits#CHANNEL_BYTES}
     * @throws IllegalArgumentException if the message is none for the data channel, holds what is not JSON where JSON should be,
     *     or is to be encrypted without a password
     */
    public String writeChannel(Message message) throws MessageTooBigException {
        String text = writer.channel(message);
        long size = Utf8.size(text);
        if (size > Limits.CHANNEL_BYTES) {
            throw new MessageTooBigException((int) size, Limits.CHANNEL_BYTES);
        }
        return text;
    }

    /** How long a text is on the wire. */
    public static int bytes(String text) {
        return (int) Utf8.size(text);
    }

    private int signalLimit(Message message) {
        if (!keys.encrypting()) {
            return Limits.SENT_PLAIN;
        }
        boolean big = message instanceof Message.Offer
                || message instanceof Message.Answer
                || message instanceof Message.Candidates;
        return big ? Limits.SENT_SEALED : Limits.SENT_SMALL;
    }

    // ---- custom dialect: nobody filters for us (protocol section 1.3)

    private Received custom(RawFrame raw) {
        Optional<PeerId> from = raw.text("from").map(PeerId::new);
        if (from.isEmpty()) {
            return new Received(from, server(raw));
        }
        boolean mine = from.get().value().equals(self);
        boolean toOther = raw.has("UUID") && !raw.text("UUID").equals(Optional.of(self));
        boolean otherRoom =
                raw.has("roomid") && (room.isEmpty() || !raw.text("roomid").equals(room));
        if (mine || toOther || otherRoom) {
            return new Received(from, new Message.Ignored());
        }
        Optional<String> request = raw.text("request");
        return new Received(from, request.isPresent() ? customRequest(request.get(), raw) : signal(raw));
    }

    private Message customRequest(String request, RawFrame raw) {
        return switch (request) {
            case "play" -> wantsOurs(raw);
            // In a room whoever says no room is in none: a fan-out server lets everybody hear it.
            case "seed" -> room.isPresent() && !raw.has("roomid") ? new Message.Ignored() : announced(raw);
            // Only with the room's name: otherwise anybody could make a publisher outside of rooms offer its stream.
            case "joinroom" -> {
                if (!raw.has("roomid")) {
                    yield new Message.Ignored();
                }
                yield ownStream.isPresent() ? wanted(true, raw) : entered(raw);
            }
            // The words of the hosted dialect would be forged here, and "migrate" would let anybody move us.
            default -> new Message.Ignored();
        };
    }

    // ---- hosted dialect: the server names the sender (protocol section 1.2)

    private Received hosted(RawFrame raw) {
        Optional<PeerId> from = raw.text("UUID").map(PeerId::new);
        Optional<String> request = raw.text("request");
        if (request.isPresent()) {
            return hostedRequest(request.get(), from, raw);
        }
        return new Received(from, from.isPresent() ? signal(raw) : server(raw));
    }

    private Received hostedRequest(String request, Optional<PeerId> from, RawFrame raw) {
        Message message =
                switch (request) {
                    // Who publishes in a room is shown to nobody outside.
                    case "offerSDP" -> ownStream.isPresent() ? wanted(room.isPresent(), raw) : new Message.Ignored();
                    case "play" -> wantsOurs(raw);
                    case "someonejoined" -> entered(raw);
                    case "videoaddedtoroom" -> announced(raw);
                    case "listing" -> listing(raw);
                    default -> server(raw);
                };
        boolean needsSender = message instanceof Message.OfferWanted
                || message instanceof Message.StreamAnnounced
                || message instanceof Message.Entered;
        if (needsSender && from.isEmpty()) {
            message = new Malformed("a request without UUID");
        }
        boolean fromServer = !needsSender && !(message instanceof Message.Ignored);
        return new Received(fromServer ? Optional.empty() : from, message);
    }

    private Message listing(RawFrame raw) {
        return new Message.Listing(raw.list().stream()
                .map(entry -> new Message.Listing.Member(
                        new PeerId(entry.peer()), entry.stream().flatMap(this::stream)))
                .toList());
    }

    // ---- both dialects

    private Message wantsOurs(RawFrame raw) {
        return ownStream.isPresent() && raw.text("streamID").equals(ownStream)
                ? new Message.OfferWanted(raw.has("roomid"), Optional.empty())
                : new Message.Ignored();
    }

    private Message wanted(boolean member, RawFrame raw) {
        return new Message.OfferWanted(member, raw.text("streamID").flatMap(this::stream));
    }

    private Message announced(RawFrame raw) {
        return raw.text("streamID")
                .flatMap(this::stream)
                .<Message>map(Message.StreamAnnounced::new)
                .orElse(new Message.Ignored());
    }

    private Message entered(RawFrame raw) {
        return announced(raw) instanceof Message.StreamAnnounced announced ? announced : new Message.Entered();
    }

    /** What the server itself says: alerts of the hosted shape, {@code error} of the router (protocol section 1.4). */
    private Message server(RawFrame raw) {
        Optional<String> text =
                switch (raw.text("request").orElse("")) {
                    case "alert", "error", "warn" -> raw.text("message").or(() -> Optional.of("no reason given"));
                    case "" -> raw.text("error");
                    default -> Optional.empty();
                };
        return text.<Message>map(this::notice).orElse(new Message.Ignored());
    }

    private Message notice(String text) {
        return switch (text) {
            case "Stream ID is already in use.", "sid already in use" -> new Message.StreamIdTaken();
            case "uuid already in use", "can't change sid", "Stream ID cannot change on an existing connection." ->
                new Message.IdentityRejected();
            default -> new Message.Notice(Clean.line(withoutNames(text), Limits.NOTICE));
        };
    }

    /** A server's words go into logs; the names of streams and the room that it repeats must not. */
    private String withoutNames(String text) {
        return names.matcher(Clean.cut(text, 2 * Limits.NOTICE)).replaceAll("…");
    }

    /** What a peer says through the server. */
    private Message signal(RawFrame raw) {
        if (raw.has("description")) {
            return description(raw, raw.text("streamID"), this::stream);
        }
        return common(raw);
    }

    private Message common(RawFrame raw) {
        if (raw.has("candidates") || raw.has("candidate")) {
            return candidates(raw);
        }
        if (raw.has("bye")) {
            return new Message.Bye();
        }
        return raw.has("iceRestartRequest") ? new Message.IceRestartRequest() : new Message.Ignored();
    }

    /** What a peer says on the data channel, where ids are raw (protocol section 3.2). */
    private Message channel(RawFrame raw) {
        if (raw.has("description")) {
            return description(raw, raw.text("streamID"), WireCodec::plain);
        }
        Message message = common(raw);
        return message instanceof Message.Ignored ? control(raw) : message;
    }

    private Message control(RawFrame raw) {
        if (raw.has("audio") || raw.has("video")) {
            return viewerRequest(raw);
        }
        if (raw.text("ping").isPresent()) {
            return new Message.Ping(raw.text("ping").get());
        }
        if (raw.text("pong").isPresent()) {
            return new Message.Pong(raw.text("pong").get());
        }
        if (raw.has("keyframe")) {
            return new Message.KeyFrameRequest();
        }
        Optional<Message> wish = wish(raw);
        if (wish.isPresent()) {
            return wish.get();
        }
        if (raw.text("pipe").isPresent()) {
            return new Message.Pipe(raw.text("pipe").get());
        }
        if (raw.text("chat").isPresent()) {
            String line = Clean.chat(raw.text("chat").get());
            return line.isEmpty() ? new Message.Ignored() : new Message.Chat(line);
        }
        if (raw.text("rejected").isPresent()) {
            return new Message.Rejected(Clean.line(raw.text("rejected").get(), Limits.ID));
        }
        if (raw.text("action").equals(Optional.of("display"))) {
            RawFrame.Display display = new RawFrame.Display(
                    raw.text("scene").orElse(""), raw.text("target").orElse(""), raw.flag("value"));
            return sceneDisplay(List.of(display));
        }
        if (raw.text("approved").isPresent()) {
            return new Message.Approved(Clean.line(raw.text("approved").get(), Limits.ID));
        }
        if (raw.has("info")) {
            return new Message.PublisherInfo(raw.label(), raw.secure(), raw.audioMuted(), raw.videoMuted());
        }
        Optional<Message> state = state(raw);
        if (state.isPresent()) {
            return state.get();
        }
        if (!raw.displays().isEmpty()) {
            return sceneDisplay(raw.displays());
        }
        if (!raw.files().isEmpty()) {
            return new Message.FileList(raw.files());
        }
        if (raw.text("requestFile").isPresent()) {
            return new Message.FileRequest(raw.text("requestFile").get(), raw.window());
        }
        if (raw.text("fileGone").isPresent()) {
            return new Message.FileGone(raw.text("fileGone").get());
        }
        return RawFrame.PRIVILEGED.stream()
                .filter(raw::has)
                .findFirst()
                .<Message>map(Message.Privileged::new)
                .orElse(new Message.Ignored());
    }

    /** Targets that are no streams, such as the screen of one, are left out. */
    private static Message sceneDisplay(List<RawFrame.Display> displays) {
        List<Message.SceneDisplay.Shown> list = displays.stream()
                .filter(display -> !display.scene().isEmpty())
                .flatMap(display -> plain(display.target())
                        .map(stream -> new Message.SceneDisplay.Shown(
                                Clean.line(display.scene(), Limits.ID), stream, display.shown()))
                        .stream())
                .toList();
        return list.isEmpty() ? new Message.Ignored() : new Message.SceneDisplay(list);
    }

    /** What a viewer wants of our encoder. */
    private static Optional<Message> wish(RawFrame raw) {
        Optional<Message.SizeRequest> size = size(raw);
        if (size.isPresent()) {
            return Optional.of(size.get());
        }
        if (raw.number("bitrate").isPresent()) {
            return Optional.of(new Message.BitrateRequest(raw.number("bitrate").getAsInt()));
        }
        if (raw.number("audioBitrate").isPresent()) {
            return Optional.of(
                    new Message.AudioBitrateRequest(raw.number("audioBitrate").getAsInt()));
        }
        if (raw.number("targetBitrate").isPresent()) {
            return Optional.of(
                    new Message.BitrateCeiling(raw.number("targetBitrate").getAsInt()));
        }
        return raw.number("targetAudioBitrate").isPresent()
                ? Optional.of(new Message.AudioBitrateCeiling(
                        raw.number("targetAudioBitrate").getAsInt()))
                : Optional.empty();
    }

    private static Optional<Message.SizeRequest> size(RawFrame raw) {
        if (raw.resolution().isPresent()) {
            return Optional.of(raw.resolution().get());
        }
        int percent = raw.number("scale").orElse(0);
        return percent < 1 ? Optional.empty() : Optional.of(new Message.ScaleRequest(Math.min(percent, 100)));
    }

    /** How things stand at the other side, and what it wants to know of ours. */
    private static Optional<Message> state(RawFrame raw) {
        Optional<Boolean> again = said(raw, "requestStatsContinuous");
        if (again.isPresent()) {
            return Optional.of(new Message.StatsRequest(again.get() ? Often.AGAIN_AND_AGAIN : Often.NO_MORE));
        }
        if (raw.flag("requestStats")) {
            return Optional.of(new Message.StatsRequest(Often.ONCE));
        }
        if (raw.text("remoteStats").isPresent()) {
            return Optional.of(new Message.RemoteStats(raw.text("remoteStats").get()));
        }
        if (raw.has("muteState")) {
            return said(raw, "muteState").map(Message.AudioMuted::new);
        }
        if (raw.has("videoMuted")) {
            return said(raw, "videoMuted").map(Message.VideoMuted::new);
        }
        if (raw.has("changeLabel")) {
            return Optional.of(
                    new Message.LabelChange(Clean.label(raw.text("value").orElse(""))));
        }
        Tally tally = new Tally(
                raw.light("sceneDisplay"),
                raw.light("sceneMute"),
                raw.light("visibility"),
                raw.light("sourceActive"),
                raw.light("streaming"),
                raw.light("recording"),
                raw.light("virtualcam"));
        return tally.equals(NOTHING_SAID) ? Optional.empty() : Optional.of(new Message.TallyReport(tally));
    }

    private static Optional<Boolean> said(RawFrame raw, String field) {
        Light light = raw.light(field);
        return light == Light.UNKNOWN ? Optional.empty() : Optional.of(light == Light.ON);
    }

    private static Message.ViewerRequest viewerRequest(RawFrame raw) {
        Role role = role(raw);
        String scene = role == Role.SCENE ? Clean.line(raw.text("scene").orElse("0"), Limits.ID) : "";
        return new Message.ViewerRequest(
                raw.flag("video"), raw.flag("audio"), raw.label(), role, scene, raw.flag("downloads"), size(raw));
    }

    private static Role role(RawFrame raw) {
        if (raw.flag("director")) {
            return Role.DIRECTOR;
        }
        if (raw.flag("scene")) {
            return Role.SCENE;
        }
        return raw.flag("guest") ? Role.GUEST : Role.VIEWER;
    }

    /** Turns the id on the wire into a stream; empty when it is not one of ours. */
    private interface StreamReading {
        Optional<StreamId> read(String wire);
    }

    private Message description(RawFrame raw, Optional<String> wireStream, StreamReading reading) {
        Optional<String> vector = raw.text("vector");
        Payload.Description description;
        if (vector.isPresent()) {
            if (raw.sealedDescription().isEmpty()) {
                return new Malformed("a vector without an encrypted description");
            }
            Optional<Payload.Description> opened =
                    open(raw.sealedDescription().get(), vector.get(), r -> Payload.description(r, 1));
            if (opened.isEmpty()) {
                return new Undecipherable();
            }
            description = opened.get();
        } else {
            if (raw.description().isEmpty()) {
                return new Malformed("a description that is neither an object nor encrypted");
            }
            description = raw.description().get();
        }
        Optional<String> session = raw.text("session");
        if (!description.offer()) {
            return new Message.Answer(session, description.sdp(), vector.isPresent());
        }
        Optional<StreamId> stream = wireStream.flatMap(reading::read);
        boolean foreign = wireStream.isPresent() && stream.isEmpty();
        // In the custom dialect even mere scenes offer to everybody who joins their room.
        return foreign || raw.flag("isScene")
                ? new Message.Ignored()
                : new Message.Offer(stream, session, description.sdp(), vector.isPresent());
    }

    private Message candidates(RawFrame raw) {
        Optional<String> vector = raw.text("vector");
        List<IceCandidate> list;
        if (vector.isPresent()) {
            if (raw.sealedCandidates().isEmpty()) {
                return new Malformed("a vector without encrypted candidates");
            }
            Optional<List<IceCandidate>> opened = open(
                    raw.sealedCandidates().get(),
                    vector.get(),
                    r -> raw.single()
                            ? Payload.candidate(r, 1).map(List::of).orElse(List.of())
                            : Payload.candidates(r, 1));
            if (opened.isEmpty()) {
                return new Undecipherable();
            }
            list = opened.get();
        } else if (raw.sealedCandidates().isPresent()) {
            return new Malformed("candidates that are neither an array nor encrypted");
        } else {
            list = raw.candidates().orElse(List.of());
        }
        Optional<Side> side =
                switch (raw.text("type").orElse("")) {
                    case "local" -> Optional.of(Side.PUBLISHER);
                    case "remote" -> Optional.of(Side.VIEWER);
                    default -> Optional.empty();
                };
        return side.isEmpty() || list.isEmpty()
                ? new Message.Ignored()
                : new Message.Candidates(side.get(), raw.text("session"), List.copyOf(list), vector.isPresent());
    }

    /** One empty outcome for wrong key, bad padding, bad JSON and wrong shape. */
    private <T> Optional<T> open(String payload, String vector, Json.Reading<T> reading) {
        Optional<String> opened = envelope.open(payload, vector);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.read(opened.get(), reading));
        } catch (BadFrame e) {
            return Optional.empty();
        }
    }

    private Optional<StreamId> stream(String wire) {
        return keys.plainStream(wire).flatMap(WireCodec::plain);
    }

    private static Optional<StreamId> plain(String id) {
        return STREAM.matcher(id).matches() ? Optional.of(StreamId.of(id)) : Optional.empty();
    }
}
