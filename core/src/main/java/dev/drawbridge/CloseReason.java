package dev.drawbridge;

/** Why a session ended. Every session ends exactly once, with one of these. */
public enum CloseReason {
    /** The program called {@code close()}. */
    CLOSED_BY_APPLICATION("closed by the program"),
    /** Secure mode: the one viewer left; nobody comes in again. */
    VIEWER_LEFT("the one viewer of a secure session left"),
    /** Viewer: the stream ended and will not be asked for again. */
    STREAM_ENDED("the stream ended"),
    /** Another live connection publishes the same stream id. */
    STREAM_ID_IN_USE("somebody else publishes this stream id; choose another or stop the other one"),
    /** The handshake server could not be reached at the start. */
    SERVER_UNREACHABLE("the handshake server cannot be reached; check its address and the network"),
    /** The TLS handshake with the server failed. */
    TLS_FAILED("the TLS handshake failed; check the server's certificate or the trust settings"),
    /** The server refused the WebSocket, for instance with 503. */
    SERVER_REFUSED("the handshake server refused the connection; wait before trying again"),
    /** What is at the address does not speak the protocol. */
    SERVER_PROTOCOL("the handshake server broke the protocol"),
    /** The server did not let us in: room full, banned, and the like. Not given yet: told as a {@code ServerNotice} so far. */
    REFUSED_BY_SERVER("the handshake server refused the request"),
    /** No camera, microphone or source. */
    NO_MEDIA("no media source; choose videodevice=testpattern, own frames, or datamode"),
    /** The native WebRTC library could not be loaded. */
    NATIVE_LIBRARY("the native WebRTC library could not be loaded"),
    /** Only relays count, and none was to be had within 10 s. */
    NO_RELAY("no TURN server gave a relay in time; check its address, user and password in turn="),
    /** The filters leave no path between the peers. */
    NO_PATH("what icefilter and lanonly leave of the candidates leads nowhere; allow more"),
    /** A peer broke a security rule, for instance by changing its DTLS fingerprint. */
    SECURITY_VIOLATION("a peer broke a security rule"),
    /** A defect of this library. */
    INTERNAL_ERROR("an internal error; please report it with the DEBUG log");

    private final String text;

    CloseReason(String text) {
        this.text = text;
    }

    /** One sentence for a person, without a full stop. */
    public String text() {
        return text;
    }
}
