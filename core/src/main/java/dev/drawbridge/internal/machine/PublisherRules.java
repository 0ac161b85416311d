package dev.drawbridge.internal.machine;

import dev.drawbridge.Dialect;
import dev.drawbridge.StreamId;
import java.util.Optional;

/**
 * What a publisher's machine has to know of its options.
 *
 * @param secure one viewer ever, then seal
 * @param maxViewers at most this many at once; {@code Integer.MAX_VALUE} for no limit
 * @param ask the program decides on each viewer before any media leaves
 * @param encrypts we have a password
 * @param requireEncryption unencrypted answers and candidates are dropped
 * @param room whether a room is joined before the announcement
 * @param relay only relays lead anywhere
 * @param label our name; empty for none
 * @param sessionPrefix unguessable beginning of every session id, {@link #PREFIX} letters
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
        boolean relay,
        String label,
        String sessionPrefix) {

    /** Candidates negotiating at the same time: with {@link Times#TENURE} for each, 25 requests a second are served to the end. */
    static final int MAX_CANDIDATES = 64;

    /** How long {@code sessionPrefix} is. */
    public static final int PREFIX = 10;

    /** The session id on the wire of one link: unique and not guessable. */
    String session(int link) {
        return sessionPrefix + Integer.toString(link, 36);
    }

    /** Whether both are sessions of one publisher like us, and the first is of an earlier link; of others nothing is known. */
    static boolean older(Optional<String> session, Optional<String> than) {
        if (session.isEmpty() || than.isEmpty()) {
            return false;
        }
        String one = session.get();
        String other = than.get();
        return Math.min(one.length(), other.length()) > PREFIX
                && one.startsWith(other.substring(0, PREFIX))
                && (one.length() < other.length() || (one.length() == other.length() && one.compareTo(other) < 0));
    }
}
