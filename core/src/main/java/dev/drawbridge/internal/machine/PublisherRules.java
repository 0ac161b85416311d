package dev.drawbridge.internal.machine;

import dev.drawbridge.Dialect;
import dev.drawbridge.StreamId;

/**
 * What a publisher's machine has to know of its options.
 *
 * @param secure one viewer ever, then seal
 * @param maxViewers at most this many at once; {@code Integer.MAX_VALUE} for no limit
 * @param ask the program decides on each viewer before any media leaves
 * @param encrypts we have a password
 * @param requireEncryption unencrypted answers and candidates are dropped
 * @param room whether a room is joined before the announcement
 * @param label our name; empty for none
 * @param sessionPrefix unguessable beginning of every session id
 */
public record PublisherRules(
        StreamId stream,
        Dialect dialect,
        boolean secure,
        int maxViewers,
        boolean ask,
        boolean encrypts,
        boolean requireEncryption,
        boolean room,
        String label,
        String sessionPrefix) {

    /** Candidates negotiating at the same time: with {@link Times#TENURE} for each, 25 requests a second are served to the end. */
    static final int MAX_CANDIDATES = 64;

    /** The session id on the wire of one link: unique and not guessable. */
    String session(int link) {
        return sessionPrefix + Integer.toString(link, 36);
    }
}
