package dev.drawbridge.internal.wire;

/** Every bound on what is read from and written to the wire, in one place. Lengths are in characters unless named otherwise. */
public final class Limits {
    /** One frame of the handshake server or one text message of the data channel. Above it a socket is cut, a message dropped. */
    public static final int FRAME_BYTES = 1 << 20;

    /**
     * What a server or a peer may have sent that we have not looked at yet, each message counted 256 longer than it is. Above it the
     * connection is given up. The same bound is on data that the program sends; above it data is not sent.
     */
    public static final int UNREAD = 8 << 20;

    /** How deep JSON may be nested, in frames, inside encrypted payloads and in application data. */
    public static final int JSON_DEPTH = 32;

    /** An SDP. A browser's with video is about 6,000. */
    public static final int SDP = 64 * 1024;

    /** Candidates in one message. */
    public static final int CANDIDATES = 256;

    /** A candidate line. */
    public static final int CANDIDATE = 1024;

    /** Peer ids, session ids, stream and room ids as they stand on the wire, and other short words. */
    public static final int ID = 128;

    /** A label. */
    public static final int LABEL = 100;

    /** Text of a server's alert or error; longer ones are cut. */
    public static final int NOTICE = 200;

    /** A line of chat; longer ones are cut, as all clients do. */
    public static final int CHAT = 500;

    /** The width or height of a picture that somebody asks for; what is above counts as this. */
    public static final int PICTURE = 16_384;

    /** Figures of a peer, as JSON. */
    public static final int FIGURES = 16 * 1024;

    /** Members in a room's listing. */
    public static final int MEMBERS = 1_000;

    /** The value of a ping, as JSON. */
    public static final int PING = 128;

    /** The number of an {@code m=} line. */
    public static final int MEDIA_SECTIONS = 256;

    /** A handshake frame of ours with an encrypted description or candidates; the web client sends no longer ones (protocol 1.4). */
    public static final int SENT_SEALED = 34_999;

    /** Any other handshake frame of ours when there is a password. */
    public static final int SENT_SMALL = 10_000;

    /** A handshake frame of ours when there is no password. */
    public static final int SENT_PLAIN = 25_000;

    /** A data channel message of ours: what every peer can take in one piece. */
    public static final int CHANNEL_BYTES = 256 * 1024;

    /** Bytes of a program in one message: in base64 and their envelope they are as long as a message may be. */
    public static final int DATA_BYTES = (CHANNEL_BYTES - 31) / 4 * 3;

    /** Channels in one subscription of a peer. */
    static final int CHANNELS = 256;

    /** Files in one list, and files of one peer that are remembered. */
    public static final int FILES = 256;

    /** A file's name as it comes. */
    public static final int FILE_NAME = 255;

    /** A file's name as it is kept, in bytes of UTF-8: what every file system takes, with room for " (99)" and ".part". */
    public static final int FILE_NAME_BYTES = 200;

    /** A file's size: the largest number that a browser can tell exactly. */
    public static final long FILE_BYTES = (1L << 53) - 1;

    /** A name, a credential or an address in a list of TURN servers. */
    static final int TURN_WORD = 512;

    private Limits() {}
}
