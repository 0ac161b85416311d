package dev.drawbridge;

import java.util.List;

/**
 * Why data was not sent; what the stage of a {@code send} fails with. Whoever hangs something on such a stage sees it as the cause of a
 * {@link java.util.concurrent.CompletionException}. Without a stack trace, since nothing was thrown.
 */
public final class SendException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final List<String> peers;

    /** What stood in the way. */
    public enum Reason {
        /** It is longer than one message may be. Nothing was sent. */
        TOO_BIG("send it in pieces, or as a file"),
        /** More waits than may, so it was not taken. What was taken before is still sent. */
        TOO_MUCH_WAITING("send the next when the stage of an earlier one is complete"),
        /** Nobody of this name is connected. */
        NO_SUCH_PEER("name one that has joined and not left"),
        /** The peer was gone before it had left for sure. */
        PEER_GONE("send it again when the peer is back"),
        /** The session has ended, or ended before it had left for sure. */
        SESSION_CLOSED("start another session");

        private final String advice;

        Reason(String advice) {
            this.advice = advice;
        }

        /** What to do next; the message of the exception ends with it. */
        public String advice() {
            return advice;
        }
    }

    /** Without peers. */
    public SendException(Reason reason, String message) {
        this(reason, message, List.of());
    }

    /**
     * One failure.
     *
     * @param message for a person; without names, ids and content
     */
    public SendException(Reason reason, String message, List<String> peers) {
        super(message + "; " + reason.advice(), null, false, false);
        this.reason = reason;
        this.peers = List.copyOf(peers);
    }

    /** What stood in the way. */
    public Reason reason() {
        return reason;
    }

    /**
     * Whom it did not reach, as in {@link SessionEvent.DataReceived#from}. Empty if it was sent to nobody; where it was to go to
     * everybody, everybody else has it.
     */
    public List<String> peers() {
        return peers;
    }
}
