package dev.drawbridge.spi;

/**
 * Why a connection to a handshake server is gone.
 *
 * @param detail one line for a person; never contains a frame's content or a secret
 */
public record SignalingEnd(Kind kind, String detail) {

    /** The ways in which a connection can end. */
    public enum Kind {
        /** We asked for it. */
        CLOSED_BY_US,
        /** The server said goodbye. */
        CLOSED_BY_SERVER,
        /** No connection could be made: name not found, refused, no route, time limit. */
        UNREACHABLE,
        /** The TLS handshake failed: untrusted certificate, wrong host name, no common protocol. */
        TLS_FAILED,
        /** The server answered the upgrade with an HTTP status other than 101; 503 usually means too many connections. */
        REFUSED,
        /** A frame above the size limit, or bytes that are not WebSocket. */
        PROTOCOL_ERROR,
        /** An established connection broke. */
        LOST
    }
}
