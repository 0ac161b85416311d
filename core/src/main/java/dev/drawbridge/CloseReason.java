package dev.drawbridge;

/** Why a session ended. Every session ends exactly once, with one of these. */
public enum CloseReason {
    /** The program called {@code close()}. */
    CLOSED_BY_APPLICATION("closed by the program", "start another session to go on"),
    /** Secure mode: the one viewer left; nobody comes in again. */
    VIEWER_LEFT("the one viewer of a secure session left", "start another session for another viewer"),
    /** Viewer: the stream ended and will not be asked for again. */
    STREAM_ENDED("the stream ended", "view it again when it is back"),
    /** Another live connection publishes the same stream id. */
    STREAM_ID_IN_USE("somebody else publishes this stream id; choose another or stop the other one"),
    /** The handshake server could not be reached at the start. */
    SERVER_UNREACHABLE(
            "the handshake server cannot be reached; check its address and the network, with bin/doctor step by step"),
    /** The TLS handshake with the server failed. */
    TLS_FAILED("the TLS handshake failed; check the server's certificate or the trust settings"),
    /** The server refused the WebSocket, for instance with 503. */
    SERVER_REFUSED("the handshake server refused the connection; wait before trying again"),
    /** What is at the address does not speak the protocol. */
    SERVER_PROTOCOL(
            "the handshake server broke the protocol; check its address: wss= is for a router, wss2= for the public service's kind"),
    /** The server did not let us in: room full, banned, and the like. Not given yet: told as a {@code ServerNotice} so far. */
    REFUSED_BY_SERVER("the handshake server refused the request; ask whoever runs it, or take another server"),
    /** No camera, microphone or source. */
    NO_MEDIA(
            "no media source; choose videodevice=testpattern, own frames, or datamode; bin/doctor lists what is there"),
    /** The native WebRTC library could not be loaded. */
    NATIVE_LIBRARY("the native WebRTC library could not be loaded; run bin/doctor, which names what is missing"),
    /** Only relays count, and none was to be had within 10 s. */
    NO_RELAY("no TURN server gave a relay in time; check its address, user and password in turn=, with bin/doctor"),
    /** The filters leave no path between the peers. */
    NO_PATH(
            "what icefilter and lanonly leave of the candidates leads nowhere; allow more, and see with bin/doctor what there is"),
    /** A peer broke a security rule, for instance by changing its DTLS fingerprint. */
    SECURITY_VIOLATION("a peer broke a security rule; start anew with another stream id and password"),
    /** A defect of this library. */
    INTERNAL_ERROR("an internal error; please report it with the DEBUG log"),
    /** The two sides have no video codec in common, or ours are restricted to such as the media library does not have. */
    NO_COMMON_CODEC(
            "no common video codec; allow more in codec= or leave onlycodecs out, or use novideo for the sound alone");

    private final String text;
    private final String advice;

    /** An end that is a failure: its text says what to do next as well. */
    CloseReason(String text) {
        this(text, text.substring(text.indexOf("; ") + 2));
    }

    CloseReason(String text, String advice) {
        this.text = text;
        this.advice = advice;
    }

    /** One sentence for a person, without a full stop. Of a failure it ends with a semicolon and the {@link #advice}. */
    public String text() {
        return text;
    }

    /** What to do next. */
    public String advice() {
        return advice;
    }
}
