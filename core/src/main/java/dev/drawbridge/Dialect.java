package dev.drawbridge;

/** The two shapes of the handshake protocol. */
public enum Dialect {
    /** The client invents its id and sends it as {@code from}: the routing and the fan-out server ({@code wss=}). */
    CUSTOM,
    /** The server owns the ids and knows streams and rooms: the public service and its kind ({@code wss2=}). */
    HOSTED
}
