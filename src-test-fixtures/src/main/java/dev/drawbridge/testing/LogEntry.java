package dev.drawbridge.testing;

import java.time.Instant;
import java.util.Optional;

/**
 * One thing that happened on one connection of a {@link HandshakeServer}: it opened, a frame passed, or it is gone.
 *
 * <p>{@link #toString()} names no id and shows no text, so that a failed test does not print secrets; {@link #text()}
 * has them.
 */
public final class LogEntry {
    /** Which way a frame went, as the server sees it. */
    public enum Direction {
        /** From the client to the server. */
        IN,
        /** From the server to the client. */
        OUT
    }

    /** What happened. */
    public enum Kind {
        /** The WebSocket is open; the direction is {@code IN}. */
        OPEN,
        /** A whole text message. */
        TEXT,
        /** A whole binary message. */
        BINARY,
        /** A ping frame. */
        PING,
        /** A pong frame. */
        PONG,
        /** A Close frame. The TCP connection may live on for any time. */
        CLOSE,
        /**
         * The TCP connection is over: the client has ended or reset it, or the server has closed it. Exactly one for each
         * {@link #OPEN}, and the last entry of its connection.
         */
        GONE
    }

    private final Instant at;
    private final int connection;
    private final Optional<String> peer;
    private final Direction direction;
    private final Kind kind;
    private final String text;
    private final int closeCode;
    private final int size;

    LogEntry(
            Instant at,
            int connection,
            Optional<String> peer,
            Direction direction,
            Kind kind,
            String text,
            int closeCode,
            int size) {
        this.at = at;
        this.connection = connection;
        this.peer = peer;
        this.direction = direction;
        this.kind = kind;
        this.text = text;
        this.closeCode = closeCode;
        this.size = size;
    }

    /** When, on a clock that never goes back while the server lives. */
    public Instant at() {
        return at;
    }

    /** The number of the connection: the first one that the server accepted is 1, and numbers are not used again. */
    public int connection() {
        return connection;
    }

    /** The id under which the server knows this client: its {@code from}, or the server's own UUID in hosted shape. */
    public Optional<String> peer() {
        return peer;
    }

    /** Which way. */
    public Direction direction() {
        return direction;
    }

    /** What happened. */
    public Kind kind() {
        return kind;
    }

    /** The text of a message, the reason of a Close, why a connection is gone, otherwise empty. */
    public String text() {
        return text;
    }

    /** The status code of a Close, 1005 if it carried none; 0 for everything that is not a Close. */
    public int closeCode() {
        return closeCode;
    }

    /** Bytes of payload. */
    public int size() {
        return size;
    }

    /** Whether this is {@code kind} from the client. */
    public boolean isIn(Kind wanted) {
        return direction == Direction.IN && kind == wanted;
    }

    /** Whether this is {@code kind} from the server. */
    public boolean isOut(Kind wanted) {
        return direction == Direction.OUT && kind == wanted;
    }

    @Override
    public String toString() {
        String detail = kind == Kind.CLOSE ? " " + closeCode : "";
        return "#" + connection + " " + at + " " + direction + " " + kind + detail + ", " + size + " bytes";
    }
}
