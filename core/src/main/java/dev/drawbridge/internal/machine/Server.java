package dev.drawbridge.internal.machine;

/** How we stand with the handshake server. A generation numbers one socket. */
public sealed interface Server {

    /** Connecting; {@code attempt} counts from 0 since the last connection, {@code restoring} after there has been one. */
    record Dialing(int generation, int attempt, boolean restoring) implements Server {}

    /** The room was joined and its listing is awaited. */
    record Joining(int generation, boolean restoring) implements Server {}

    /** Announced or asking. {@code refusals} counts how often in a row the stream id was taken. */
    record Live(int generation, int refusals) implements Server {}

    /** Waiting for the next attempt; {@code last} is the generation of the socket that was lost. */
    record Away(int attempt, int last) implements Server {}

    /** The socket's generation, or 0 when there is none. */
    default int generation() {
        if (this instanceof Dialing d) {
            return d.generation;
        }
        if (this instanceof Joining j) {
            return j.generation;
        }
        return this instanceof Live l ? l.generation : 0;
    }
}
