package dev.drawbridge.internal.wire;

import dev.drawbridge.Encoding.Degrade;
import dev.drawbridge.LinkStats;
import dev.drawbridge.StreamId;
import dev.drawbridge.Tally;
import dev.drawbridge.spi.IceCandidate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is said on the wire, with dialect, salt and encryption already taken off or not yet put on. Who said it and to whom is
 * outside of the message: a handshake frame names a peer, a data channel is one.
 */
public sealed interface Message {

    // ---- to the handshake server ------------------------------------------------------------------------------------

    /** Announces our stream. */
    record Seed() implements Message {}

    /** Asks the publisher of a stream for an offer. */
    record Play(StreamId stream) implements Message {}

    /** Enters our room; in the custom dialect this is also the publisher's announcement. */
    record JoinRoom() implements Message {}

    // ---- from the handshake server ----------------------------------------------------------------------------------

    /**
     * The sender wants an offer from us: {@code offerSDP}, or in the custom dialect a {@code play} of ours or a {@code joinroom}.
     *
     * @param member this shows that it is in our room
     * @param stream what it publishes there, where it says so
     */
    record OfferWanted(boolean member, Optional<StreamId> stream) implements Message {
        /** Of somebody who may be anywhere. */
        public OfferWanted() {
            this(false, Optional.empty());
        }
    }

    /** The sender publishes this stream: {@code seed}, {@code videoaddedtoroom}, {@code someonejoined} with a stream. */
    record StreamAnnounced(StreamId stream) implements Message {}

    /** The sender entered our room and has no stream so far: {@code someonejoined}, {@code joinroom}. */
    record Entered() implements Message {}

    /** The members of the room that we joined. */
    record Listing(List<Member> members) implements Message {
        /** One member; without a stream when it publishes none. */
        public record Member(PeerId peer, Optional<StreamId> stream) {}
    }

    /** The stream id is taken by another live connection ({@code alert} of the hosted shape, {@code error} of the router). */
    record StreamIdTaken() implements Message {}

    /** The router wants another identity or a new connection: {@code uuid already in use}, {@code can't change sid}. */
    record IdentityRejected() implements Message {}

    /** Any other {@code alert}, {@code warn} or {@code error}; cut to 200 characters. */
    record Notice(String text) implements Message {}

    // ---- between peers, over the server or the data channel ---------------------------------------------------------

    /**
     * An offer.
     *
     * @param stream absent when the publisher did not tell it
     * @param session absent when the publisher sent none or null
     * @param encrypted how it came or is to be sent
     */
    record Offer(Optional<StreamId> stream, Optional<String> session, String sdp, boolean encrypted)
            implements Message {
        @Override
        public String toString() {
            return "Offer";
        }
    }

    /** An answer; see {@link Offer}. */
    record Answer(Optional<String> session, String sdp, boolean encrypted) implements Message {
        @Override
        public String toString() {
            return "Answer";
        }
    }

    /** Candidates. Those of a publisher are {@code local} on the wire, those of a viewer {@code remote}. */
    record Candidates(Side producedBy, Optional<String> session, List<IceCandidate> list, boolean encrypted)
            implements Message {
        /** The side of the connection that gathered the candidates. */
        public enum Side {
            PUBLISHER,
            VIEWER
        }
    }

    /** The peer ends this connection. */
    record Bye() implements Message {}

    /** The viewer wants an ICE restart. */
    record IceRestartRequest() implements Message {}

    // ---- data channel only ------------------------------------------------------------------------------------------

    /** To be answered by {@link Pong} with the same value. */
    record Ping(String json) implements Message {}

    /** The value is the JSON text of what was in the ping: a number or a quoted string. */
    record Pong(String json) implements Message {}

    /**
     * What the viewer wants, said once when the channel opens. {@code scene} is empty without one; {@code downloads} means that it wants
     * to be told of files; some say a size with it, or what is to suffer first.
     */
    record ViewerRequest(
            boolean video,
            boolean audio,
            String label,
            Role role,
            String scene,
            boolean downloads,
            Optional<SizeRequest> size,
            Optional<Degrade> degrade)
            implements Message {
        /** Without a preference. */
        public ViewerRequest(
                boolean video,
                boolean audio,
                String label,
                Role role,
                String scene,
                boolean downloads,
                Optional<SizeRequest> size) {
            this(video, audio, label, role, scene, downloads, size, Optional.empty());
        }

        /** Of no particular size. */
        public ViewerRequest(boolean video, boolean audio, String label, Role role, String scene, boolean downloads) {
            this(video, audio, label, role, scene, downloads, Optional.empty());
        }

        /** Of a viewer that takes no files. */
        public ViewerRequest(boolean video, boolean audio, String label, Role role, String scene) {
            this(video, audio, label, role, scene, false);
        }

        /** Not of a scene with a name. */
        public ViewerRequest(boolean video, boolean audio, String label, Role role) {
            this(video, audio, label, role, role == Role.SCENE ? "0" : "");
        }

        /** What the viewer says it is. */
        public enum Role {
            VIEWER,
            GUEST,
            SCENE,
            DIRECTOR
        }
    }

    /** What the publisher says of itself when the channel opens; {@code secure} is ours, others do not send it. */
    record PublisherInfo(String label, boolean secure, boolean audioMuted, boolean videoMuted) implements Message {
        /** Not muted. */
        public PublisherInfo(String label, boolean secure) {
            this(label, secure, false, false);
        }

        /** The same with sound and pictures as they are now. */
        public PublisherInfo muted(boolean audio, boolean video) {
            return new PublisherInfo(label, secure, audio, video);
        }
    }

    /** Publisher: its microphone is muted from now on, or not any more. */
    record AudioMuted(boolean muted) implements Message {}

    /** Publisher: likewise its picture. */
    record VideoMuted(boolean muted) implements Message {}

    /** It is called this from now on; empty for nothing. */
    record LabelChange(String label) implements Message {
        @Override
        public String toString() {
            return "LabelChange";
        }
    }

    /** Viewer: wanted video bitrate in kbps; 0 pauses, negative means the publisher's default. */
    record BitrateRequest(int kbps) implements Message {}

    /** Viewer: wanted audio bitrate in kbps; 0 or negative means the publisher's default. */
    record AudioBitrateRequest(int kbps) implements Message {}

    /** Viewer: the most video that it wants, whatever it asks for later; negative: no such ceiling. */
    record BitrateCeiling(int kbps) implements Message {}

    /** Viewer: likewise of sound; 0 or negative: no such ceiling. */
    record AudioBitrateCeiling(int kbps) implements Message {}

    /** Viewer: how large it wants the pictures; the newest counts. */
    sealed interface SizeRequest extends Message {}

    /** In percent of their width and height, 1 to 100. */
    record ScaleRequest(int percent) implements SizeRequest {}

    /**
     * No larger than where they are shown, 1 to {@link Limits#PICTURE} in each direction.
     *
     * @param cover the area is to be filled, so in one direction they may be larger
     */
    record ResolutionRequest(int width, int height, boolean cover) implements SizeRequest {}

    /** Viewer: how the pictures are used there. */
    record TallyReport(Tally tally) implements Message {}

    /** Viewer: wants our figures. */
    record StatsRequest(Often often) implements Message {
        /** How often. */
        public enum Often {
            ONCE,
            AGAIN_AND_AGAIN,
            NO_MORE
        }
    }

    /** Publisher: its figures, as the JSON text of an object whose names differ from client to client. */
    record RemoteStats(String json) implements Message {
        /** Of one connection, without what tells addresses. */
        public static RemoteStats of(LinkStats figures) {
            return new RemoteStats(Figures.write(figures));
        }

        @Override
        public String toString() {
            return "RemoteStats(" + json.length() + " chars)";
        }
    }

    /** Viewer: wants a key frame. */
    record KeyFrameRequest() implements Message {}

    /** A request for what only the program may allow. */
    record Privileged(String name) implements Message {}

    /** Answer to a {@link Privileged}. */
    record Rejected(String name) implements Message {}

    /** What a director wants to be seen in a scene: one command, or all that it gave before we came. */
    record SceneDisplay(List<Shown> list) implements Message {
        /** One stream of one scene. */
        public record Shown(String scene, StreamId stream, boolean shown) {}
    }

    /** The other answer to a {@link Privileged}. */
    record Approved(String name) implements Message {}

    /** What a program says to a program. */
    sealed interface Data extends Message {
        /** How much it is, about. */
        int characters();
    }

    /** Application data: the JSON text inside {@code pipe}. */
    record Pipe(String json) implements Data {
        /** A text, which travels as a JSON string. */
        public static Pipe ofText(String text) {
            return new Pipe(Json.quoteExactly(text));
        }

        /**
         * One JSON value as it is.
         *
         * @throws IllegalArgumentException if other clients could not read it
         */
        public static Pipe ofJson(String json) {
            if (!Json.strict(json)) {
                throw new IllegalArgumentException(
                        "not one JSON value, or one that is nested deeper than " + Limits.JSON_DEPTH);
            }
            return new Pipe(Json.wellFormed(json));
        }

        /** Bytes, in an envelope that is JSON for everybody else. */
        public static Pipe ofBytes(byte[] bytes) {
            return new Pipe(ByteEnvelope.write(bytes));
        }

        @Override
        public int characters() {
            return json.length();
        }

        @Override
        public String toString() {
            return "Pipe(" + json.length() + " chars)";
        }
    }

    /** A line of chat. */
    record Chat(String text) implements Data {
        @Override
        public int characters() {
            return text.length();
        }

        @Override
        public String toString() {
            return "Chat";
        }
    }

    // ---- files: what is said of them on the data channel; they have channels of their own
    // ----------------------------

    /** What two peers say about files. */
    sealed interface OfFiles extends Message {}

    /** Files that can be had from the sender. Names are clean ({@link FileNames}), ids are unlike each other. */
    record FileList(List<Entry> files) implements OfFiles {
        /** One file. */
        public record Entry(String id, String name, long size) {
            @Override
            public String toString() {
                return "Entry(" + size + " bytes)";
            }
        }

        @Override
        public String toString() {
            return "FileList(" + files.size() + " files)";
        }
    }

    /**
     * The sender wants a file.
     *
     * @param window how many bytes may be on their way that it has not acknowledged; empty for those who acknowledge nothing
     */
    record FileRequest(String id, OptionalInt window) implements OfFiles {
        @Override
        public String toString() {
            return "FileRequest";
        }
    }

    /** A file cannot be had from the sender, or not any more; ours, others do not send it. */
    record FileGone(String id) implements OfFiles {
        @Override
        public String toString() {
            return "FileGone";
        }
    }

    // ---- neither ----------------------------------------------------------------------------------------------------

    /** Well formed, but not for us or of no interest. */
    record Ignored() implements Message {}

    /**
     * Encrypted and not readable with our key, or not what the protocol allows inside. One value for every cause, so that nothing
     * outside can tell a wrong key from bad padding or bad JSON.
     */
    record Undecipherable() implements Message {}

    /** Not a frame of this protocol: not JSON, not an object, wrong types, above a limit. The detail never quotes the frame. */
    record Malformed(String detail) implements Message {}
}
