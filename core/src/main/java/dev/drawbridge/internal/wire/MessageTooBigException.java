package dev.drawbridge.internal.wire;

/** A message of ours that other clients or the server would drop. Nothing was sent; the connection is unharmed. */
public final class MessageTooBigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int size;
    private final int limit;

    MessageTooBigException(int size, int limit) {
        super("a message of " + size + " is above the limit of " + limit);
        this.size = size;
        this.limit = limit;
    }

    /** What it would have been: characters on the handshake server, bytes on the data channel. */
    public int size() {
        return size;
    }

    /** The limit in the same unit. */
    public int limit() {
        return limit;
    }
}
