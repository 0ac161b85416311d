package dev.drawbridge;

import dev.drawbridge.internal.wire.DataReading;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened in a session, told after it is true. Immutable.
 *
 * <p>Of a publisher each viewer is {@link ViewerRequested} first, then either {@link ViewerRefused} or {@link ViewerJoined} exactly
 * once; after joining, {@link ViewerLeft} exactly once. Nothing follows {@link Closed}.
 */
public sealed interface SessionEvent {

    /** When it happened, by the session's clock. */
    Instant at();

    // ---- publisher --------------------------------------------------------------------------------------------------

    /** The stream was announced at the handshake server: whoever has the link can ask for it now. */
    record Announced(Instant at) implements SessionEvent {}

    /**
     * The server says that the stream id is taken; announced again after {@code retryIn}.
     *
     * @param attempt 1, 2, 3 …; without a viewer, the session ends when the fourth would come
     */
    record AnnouncementRefused(Instant at, int attempt, Duration retryIn) implements SessionEvent {}

    /** Somebody asked for the stream. Nothing but the negotiation reaches it until it has joined. */
    record ViewerRequested(Instant at, ViewerId viewer) implements SessionEvent {}

    /**
     * A request came to nothing. Not one media packet went there.
     *
     * @param detail for a person, without addresses; mostly empty
     */
    record ViewerRefused(Instant at, ViewerId viewer, RefusalReason reason, String detail) implements SessionEvent {
        /** Without a detail. */
        public ViewerRefused(Instant at, ViewerId viewer, RefusalReason reason) {
            this(at, viewer, reason, "");
        }
    }

    /** The viewer is connected and admitted; media flows from now on. */
    record ViewerJoined(Instant at, ViewerId viewer) implements SessionEvent {}

    /** The path to the viewer is interrupted. It may come back by itself within 10 s. */
    record ViewerInterrupted(Instant at, ViewerId viewer) implements SessionEvent {}

    /** The same connection works again. */
    record ViewerResumed(Instant at, ViewerId viewer) implements SessionEvent {}

    /** The viewer is gone for good. */
    record ViewerLeft(Instant at, ViewerId viewer, LeaveReason reason) implements SessionEvent {}

    /** The bridge is up: the network connection to the handshake server does not exist any more and never will again. */
    record Sealed(Instant at, ViewerId viewer) implements SessionEvent {}

    /**
     * A viewer says how it uses the stream, such as a scene in OBS that has come on air.
     *
     * @param tally what has changed
     */
    record TallyChanged(Instant at, ViewerId viewer, Tally tally) implements SessionEvent {}

    /**
     * A camera or microphone delivers nothing any more: it was unplugged, or its driver hangs. The session goes on. Viewers see the last
     * picture or hear nothing, until it is back ({@link SourceRestored}) or the program does something else, such as {@link
     * Publisher#setVideoMuted} for a black picture. Told by cameras 3 s after their last picture.
     *
     * @param source its name, as the system has it
     */
    record SourceLost(Instant at, MediaKind kind, String source) implements SessionEvent {}

    /** The device delivers again. */
    record SourceRestored(Instant at, MediaKind kind, String source) implements SessionEvent {}

    // ---- viewer -----------------------------------------------------------------------------------------------------

    /** A stream was asked for. */
    record StreamRequested(Instant at, StreamId stream) implements SessionEvent {}

    /**
     * Nobody answered for a while: the stream is not live, or it is published with another password. Asked again later.
     *
     * @param retryIn zero for a stream that only its place in a room made us ask for: it is asked for when it is announced again
     */
    record StreamMissing(Instant at, StreamId stream, Duration retryIn) implements SessionEvent {}

    /** The stream's publisher is connected. */
    record StreamStarted(Instant at, StreamId stream) implements SessionEvent {}

    /** The first picture (or, without video, the first sound) was decoded. */
    record MediaStarted(Instant at, StreamId stream) implements SessionEvent {}

    /**
     * The publisher is connected and offers pictures, and none has come in time ({@code picturetimeout}, 5 s): it sends none, lets us wait
     * for its approval, or the network swallows them. Told once for a connection; {@link MediaStarted} follows if one comes after all.
     */
    record NoPicture(Instant at, StreamId stream) implements SessionEvent {}

    /**
     * The publisher offers pictures, and in none of the codecs that we take. The stream is given up; a session without another one ends
     * with {@link CloseReason#NO_COMMON_CODEC}. An offer that was not encrypted and never connected may have been made up, so then the
     * stream is asked for again after a pause, and this may be told again.
     *
     * @param detail the codecs of both sides, at most eight of each
     */
    record NoCommonCodec(Instant at, StreamId stream, String detail) implements SessionEvent {}

    /** The path to the publisher is interrupted. It may come back by itself within 10 s. */
    record StreamInterrupted(Instant at, StreamId stream) implements SessionEvent {}

    /** The same connection works again. */
    record StreamResumed(Instant at, StreamId stream) implements SessionEvent {}

    /** The stream ended; unless it was a secure one, it is asked for again. */
    record StreamEnded(Instant at, StreamId stream, LeaveReason reason) implements SessionEvent {}

    // ---- in a room --------------------------------------------------------------------------------------------------

    /** A viewer has entered the room; its members are told from here on. Once in a session. A publisher's is {@link Announced}. */
    record RoomEntered(Instant at) implements SessionEvent {}

    /** Somebody is in the room, since now or from before we came; perhaps with a stream, which {@link StreamAnnounced} tells. */
    record MemberJoined(Instant at, MemberId member) implements SessionEvent {}

    /**
     * A member is gone. No server tells who leaves, so it is told when it is known: a viewer knows it of a stream that said goodbye, or
     * was lost and not found again, a publisher of one who watched it and said goodbye or was lost; and both of whom a listing of
     * the room has no more. Of any other it may never be known.
     */
    record MemberLeft(Instant at, MemberId member) implements SessionEvent {}

    /** A member of the room publishes this stream. Told once for each member, whether the stream is watched or not. */
    record StreamAnnounced(Instant at, MemberId member, StreamId stream) implements SessionEvent {}

    /**
     * The room has more streams than are watched at a time ({@code maxpublishers}). Who is too many is watched when a place becomes
     * free. Told once, and again only after nobody had to wait.
     */
    record MaxPublishersReached(Instant at, int most) implements SessionEvent {}

    /**
     * A director of the room wants a stream to be seen in our scene, or not any more. Every publisher in a room can say that it is the
     * director, so look at {@code from} where that matters. The stream is received either way.
     *
     * @param from the publisher who said it
     * @param scene our own, as in the options
     * @param shown whether it is to be seen from now on
     */
    record SceneCommand(Instant at, StreamId from, String scene, StreamId stream, boolean shown)
            implements SessionEvent {
        @Override
        public String toString() {
            return "SceneCommand[at=" + at + ", from=" + from + ", stream=" + stream + ", shown=" + shown + "]";
        }
    }

    /** The publisher has muted its sound, or not any more. Not told of one that was not muted to begin with. */
    record AudioMuted(Instant at, StreamId stream, boolean muted) implements SessionEvent {}

    /** Likewise its picture. What comes meanwhile depends on its program: black pictures, none, or the last one. */
    record VideoMuted(Instant at, StreamId stream, boolean muted) implements SessionEvent {}

    /**
     * The publisher answers {@link Viewer#requestStats}. Delivered to those who listen now, within the bounds of {@link DataReceived};
     * not kept in the journal.
     *
     * @param json an object of at most 16 Ki characters. Names differ from client to client; those of a Drawbridge publisher are in {@code
     *     docs/protocol.md}
     */
    record RemoteStats(Instant at, StreamId stream, String json) implements SessionEvent {
        @Override
        public String toString() {
            return "RemoteStats[at=" + at + ", " + json.length() + " chars]";
        }
    }

    // ---- both -------------------------------------------------------------------------------------------------------

    /**
     * The connection to the handshake server broke; live viewers and streams are not touched by it.
     *
     * @param retryIn the pause before the next attempt: 0.5 s, doubling to 25 s until a connection has stood for 30 s, and up to a
     *     fifth more by chance
     */
    record SignalingLost(Instant at, String detail, Duration retryIn) implements SessionEvent {}

    /** The connection to the handshake server stands again and everything was announced or asked for again. */
    record SignalingRestored(Instant at) implements SessionEvent {}

    /** The handshake server said something for a person, such as "Room is full". At most 200 characters. */
    record ServerNotice(Instant at, String text) implements SessionEvent {}

    /**
     * The list of TURN servers did not come, or is none. Connections are made without it; it is asked for again when the handshake
     * server has to be connected to again.
     *
     * @param detail for a person, without the list's address or content
     */
    record TurnListFailed(Instant at, String detail) implements SessionEvent {}

    /**
     * The credential of a TURN server has expired, so new connections do without it. Told once, with the first of them.
     *
     * @param server its address, such as {@code turn:relay.example.org}
     */
    record TurnExpired(Instant at, String server) implements SessionEvent {}

    /**
     * The other side sent data. Delivered to those who listen now; not kept in the journal. A listener that falls behind by 4,096
     * events or 8 Mi characters of data misses what comes until it has caught up, which {@code TOO_MUCH} tells once.
     *
     * <p>It is a text if {@link #text} is there, bytes if {@link #bytes} is, and otherwise another JSON value. The JSON is there in
     * every case: of a text it is the JSON string, of bytes the envelope in which they travel ({@code docs/protocol.md}).
     *
     * @param from {@code viewer-1} at a publisher ({@link ViewerId#toString}), the stream id at a viewer
     * @param json the JSON text of what was sent, at most 1 MiB
     */
    record DataReceived(Instant at, String from, String json) implements SessionEvent {
        /** The text, if one was sent: what {@link Session#send(String)} sends, or a JSON string of any other client. */
        public Optional<String> text() {
            return DataReading.text(json);
        }

        /** The bytes, exactly, if {@link Session#send(byte[])} sent them; a new array in every call. */
        public Optional<byte[]> bytes() {
            return DataReading.bytes(json);
        }

        @Override
        public String toString() {
            return "DataReceived[at=" + at + ", " + json.length() + " chars]";
        }
    }

    /**
     * The other side said a line in the chat. Delivered to those who listen now, within the bounds of {@link DataReceived}; not
     * kept in the journal.
     *
     * @param from as in {@link DataReceived}
     * @param text one line of 1 to 500 characters; tags, line breaks and invisible characters are gone, and yet it is a stranger's text:
     *     a page has to escape it
     */
    record ChatReceived(Instant at, String from, String text) implements SessionEvent {
        @Override
        public String toString() {
            return "ChatReceived[at=" + at + ", " + text.length() + " chars]";
        }
    }

    /**
     * The other side has a file for us: {@link Session#fetch} gets it. Told once for each file, and only to a program that takes files
     * ({@link SessionBuilder#takeFiles}).
     */
    record FileOffered(Instant at, RemoteFile file) implements SessionEvent {}

    /**
     * Somebody has a file of ours as a whole, or, of other clients, it has left as a whole.
     *
     * @param to as {@code from} in {@link DataReceived}
     * @param id {@link OfferedFile#id}
     */
    record FileSent(Instant at, String to, String id) implements SessionEvent {
        @Override
        public String toString() {
            return "FileSent[at=" + at + "]";
        }
    }

    /**
     * Somebody asked for a file of ours and did not get it, or not all of it. It is still offered.
     *
     * @param to as {@code from} in {@link DataReceived}
     * @param id {@link OfferedFile#id}
     */
    record FileNotSent(Instant at, String to, String id, FileException.Reason reason) implements SessionEvent {
        @Override
        public String toString() {
            return "FileNotSent[at=" + at + ", reason=" + reason + "]";
        }
    }

    /**
     * The other side says what it calls itself, at first or anew.
     *
     * @param from as in {@link DataReceived}
     * @param label at most 100 characters without markup, line breaks and invisible characters, and yet a stranger's text that proves
     *     nothing; empty if it does not want to be called anything any more
     */
    record LabelChanged(Instant at, String from, String label) implements SessionEvent {
        @Override
        public String toString() {
            return "LabelChanged[at=" + at + "]";
        }
    }

    /**
     * A frame or message broke a rule and was dropped.
     *
     * @param detail for a person, without the content of what was dropped
     */
    record ProtocolViolation(Instant at, Violation violation, String detail) implements SessionEvent {}

    /** The session has ended; everything of it is gone. The last event. */
    record Closed(Instant at, CloseReason reason, String detail) implements SessionEvent {}

    /** Room for kinds of events added in minor releases: treat what you do not know as information. */
    non-sealed interface Later extends SessionEvent {}

    /** Why a request came to nothing. */
    enum RefusalReason {
        /** Another viewer was admitted and the bridge went up. */
        BRIDGE_RAISED,
        /** As many viewers as allowed are watching, or as many as possible are negotiating. */
        FULL,
        /** Too many have asked lately; nothing was made for it. */
        TOO_MANY_REQUESTS,
        /** It never answered the offer, or made room for a newer one by being silent. */
        NO_ANSWER,
        /** It answered but no connection came about, or it made room for a newer one before there was one. */
        NO_CONNECTION,
        /** What {@code icefilter} and {@code lanonly} leave of the candidates leads nowhere, or the path was one that they forbid. */
        NO_PATH,
        /** Only relays count, there was one before, and for this viewer there was none. */
        NO_RELAY,
        /** The program said no, or nothing in time. */
        NOT_APPROVED,
        /** It went away by itself. */
        WITHDRAWN,
        /** The handshake server was lost before the offer could be sent. */
        SIGNALING_LOST,
        /** What it sent cannot be used. */
        BAD_PEER,
        /** The session ended first. */
        SESSION_CLOSED,
        /** It takes none of the video codecs that we offer. */
        NO_COMMON_CODEC
    }

    /** Pictures or sound. */
    enum MediaKind {
        /** Pictures. */
        VIDEO,
        /** Sound. */
        AUDIO
    }

    /** Why a viewer or a stream is gone. */
    enum LeaveReason {
        /** It said goodbye. */
        BYE,
        /** Its end of the connection was closed. */
        CHANNEL_CLOSED,
        /** Nothing was heard from it for longer than the grace time. */
        LOST,
        /** The program disconnected it. */
        DISCONNECTED,
        /** It asked again while its old connection was broken. */
        REPLACED,
        /** It broke a security rule. */
        SECURITY_VIOLATION,
        /** The connection moved to a path that {@code privacy}, {@code icefilter} or {@code lanonly} forbids. */
        FORBIDDEN_PATH,
        /** The session was closed. */
        SESSION_CLOSED,
        /** The publisher offered pictures in none of the codecs that we take. */
        NO_COMMON_CODEC
    }

    /** The rule that was broken. */
    enum Violation {
        /** Not a frame of the protocol, or above a limit. */
        MALFORMED,
        /** A message of the protocol that other clients or the server would drop, so it was not sent. */
        TOO_BIG,
        /** Encrypted with another key, or no valid content. One kind for all causes. */
        UNREADABLE,
        /** Not encrypted, though the password demands it. */
        NOT_ENCRYPTED,
        /** Another DTLS certificate within one connection. */
        FINGERPRINT_CHANGED,
        /** A description that the media library refuses. */
        BAD_DESCRIPTION,
        /** A candidate that the media library refuses. */
        BAD_CANDIDATE,
        /** More events than the program's listeners take; what strangers can repeat at will is dropped until they have caught up. */
        TOO_MUCH
    }
}
