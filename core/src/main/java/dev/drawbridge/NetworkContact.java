package dev.drawbridge;

/**
 * A host that a session has talked to or may talk to, and why. Holds no credential, and of an address no path or query.
 *
 * @param purpose why
 * @param host its name or address as it was configured or, of a relay, listed; empty for {@code PEERS}, whose addresses are not told
 * @param port its port; 0 for {@code PEERS}
 * @param contacted whether it was asked for so far. STUN and TURN servers are asked by the media library with the first connection
 *     to a peer
 * @param over whether nothing will be sent there any more, for the rest of the session
 * @param peers with how many peers a connection is being made or stands now; 0 for everything but {@code PEERS}
 */
public record NetworkContact(Purpose purpose, String host, int port, boolean contacted, boolean over, int peers) {

    /** Why a host is talked to. */
    public enum Purpose {
        /** The handshake server ({@code wss}, {@code wss2}). */
        HANDSHAKE,
        /** The list of TURN servers ({@code turnlist}). */
        TURN_LIST,
        /** The proxy through which the handshake server and the list of TURN servers are reached; they see its address. */
        PROXY,
        /** Tells us our address as the world sees it. */
        STUN,
        /** Passes on what goes to peers and comes from them. */
        TURN,
        /** The addresses that peers give for themselves. Not with {@code privacy}, where all goes to the relay. */
        PEERS
    }
}
