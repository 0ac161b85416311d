package dev.drawbridge.internal.machine;

import java.time.Instant;

/** How we stand with the handshake server. A generation numbers one socket. */
public sealed interface Server {

    /** Connecting; {@code attempt} counts from 0 since the last connection that stood, {@code restoring} after there has been one. */
    record Dialing(int generation, int attempt, boolean restoring) implements Server {}

    /** The room was joined, perhaps {@code again}, and its listing is awaited. */
    record Joining(int generation, boolean restoring, boolean again, Since since) implements Server {}

    /**
     * Announced or asking.
     *
     * @param refusals how often in a row the stream id was taken
     * @param repeats how often the announcement was repeated since
     * @param found somebody asked on this connection, so the announcement has arrived
     * @param entered the server has listed the room, so it knows that we are in it
     */
    record Live(int generation, int refusals, int repeats, boolean found, boolean entered, Since since)
            implements Server {

        Live refused(int times) {
            return new Live(generation, times, repeats, found, entered, since);
        }

        Live repeated(int times) {
            return new Live(generation, refusals, times, found, entered, since);
        }

        /** Somebody found us, so the id is ours: refusals are counted anew. */
        Live heard() {
            return new Live(generation, 0, repeats, true, entered, since);
        }

        Live listed() {
            return new Live(generation, refusals, repeats, found, true, since);
        }
    }

    /**
     * When a connection came about. A server may accept everybody and hang up at once, so being connected alone does not end the
     * growing of the pauses.
     *
     * @param attempt which one it took
     */
    record Since(int attempt, Instant at) {

        /** The attempts that count if the connection is lost now. */
        int attempts(Instant now) {
            return at.plus(Times.STANDS).isAfter(now) ? attempt : 0;
        }
    }

    /**
     * Waiting for the next attempt.
     *
     * @param last the generation of the socket that was lost or given up
     * @param gone whether that one is known not to exist any more
     * @param shortened whether another network has shortened the pause already
     */
    record Away(int attempt, int last, boolean gone, boolean shortened) implements Server {

        Away withoutSocket() {
            return new Away(attempt, last, true, shortened);
        }

        Away hurried() {
            return new Away(attempt, last, gone, true);
        }
    }

    /** The generation of the socket that exists for all we know, be it one that was told to go; 0 when there is none. */
    default int lingering() {
        return this instanceof Away away ? away.gone ? 0 : away.last : generation();
    }

    /** The generation of the socket that we talk to, or 0 when there is none. */
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
