package dev.drawbridge.testing;

/** Which of the three known kinds of handshake server a {@link HandshakeServer} behaves like. */
public enum Shape {
    /**
     * Clients invent their ids and send them as {@code from}; the server forwards frames unchanged, to the addressee,
     * to the holder of the stream that is asked for, or to the members of the sender's room.
     */
    ROUTER,

    /** Every frame goes to everybody else, whatever is in it. */
    FANOUT,

    /**
     * The server owns the ids. It knows streams, rooms and waiting viewers, and {@code UUID} means the addressee on the
     * way in and the sender on the way out. The public service has this shape.
     */
    HOSTED
}
