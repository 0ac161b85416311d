package dev.drawbridge.internal.machine;

/**
 * A timer's name. One with the same name replaces the other.
 *
 * @param subject a link's or a feed's number; 0 where there is only one
 */
public record Timer(Kind kind, int subject) {

    /** What is being waited for. */
    public enum Kind {
        /** The connection to the server. */
        DIAL,
        /** The next attempt to reach the server. */
        RECONNECT,
        /** The listing of the room that we joined. */
        LISTING,
        /** The next announcement of an id that was taken. */
        RESEED,
        /** The next repetition of an announcement that nobody has answered. */
        REPEAT,
        /** A candidate's answer. */
        ANSWER,
        /** A relay candidate of ours. */
        RELAY,
        /** A connection. */
        CONNECT,
        /** The program's word on a viewer. */
        APPROVAL,
        /** The return of an interrupted peer. */
        GRACE,
        /** The next look whether a viewer lives. */
        PING,
        /** The next figures for a viewer who wants them again and again. */
        STATS,
        /** A feed's first picture. */
        PICTURE,
        /** An offer for a feed. */
        OFFER,
        /** The next repetition of a request for a feed. */
        ASK,
        /** The next request for a feed. */
        RETRY,
        /** The end of the socket at the seal. */
        SEAL,
        /** The end of everything at close. */
        CLOSE
    }

    static Timer of(Kind kind) {
        return new Timer(kind, 0);
    }

    static Timer of(Kind kind, int subject) {
        return new Timer(kind, subject);
    }
}
