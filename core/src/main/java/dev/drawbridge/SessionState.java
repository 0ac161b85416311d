package dev.drawbridge;

/** How a session stands. {@code docs/} holds the generated tables of all transitions. */
public enum SessionState {
    /** Not started. */
    IDLE,
    /** On the way to the handshake server. */
    CONNECTING,
    /** Publisher: announced, and nobody has asked. */
    ANNOUNCED,
    /** Connections are being made, none stands. */
    NEGOTIATING,
    /** Publisher without secure mode: somebody is watching. */
    SERVING,
    /** Publisher in secure mode: the one viewer is in, the connection to the server is being cut. */
    SEALING,
    /** Publisher in secure mode: the server is gone for good. */
    SEALED,
    /** The path to the peer is interrupted. */
    INTERRUPTED,
    /** Viewer: asked, and nobody has answered. */
    ASKING,
    /** Viewer: a stream is connected. */
    WATCHING,
    /** On the way out. */
    CLOSING,
    /** The end. */
    CLOSED
}
