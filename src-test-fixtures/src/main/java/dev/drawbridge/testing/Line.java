package dev.drawbridge.testing;

/** One client, as the routing rules see it. Two lines are equal only if they are the same. */
interface Line {
    /** Sends {@code packet}, or quietly does not if the client is on its way out. */
    void send(Packet packet);

    /** Tells the log under which id the rules know this client. */
    void named(String peer);
}
