package dev.drawbridge;

/**
 * Why a request of an {@link Exchange} has no response. Whoever hangs something on its stage sees it as the cause of a {@link
 * java.util.concurrent.CompletionException}. Without a stack trace, since nothing was thrown.
 */
public final class RequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What stood in the way. */
    public enum Reason {
        /** It was not sent; the cause is the {@link SendException}. */
        NOT_SENT("the cause says what to do"),
        /** 1,024 requests wait for their response. It was not sent. */
        TOO_MANY("wait for the responses of earlier ones"),
        /** No response came in time: the other side knows no such request, or is slow. */
        NO_RESPONSE("check that the other side answers such requests, or give it longer"),
        /** The other side says that it failed there; the message is its own, one line of at most 200 characters. */
        FAILED("mend what failed on the other side"),
        /** The peer went away first. */
        PEER_GONE("ask again when the peer is back"),
        /** The session, or the exchange, ended first. */
        CLOSED("start another session");

        private final String advice;

        Reason(String advice) {
            this.advice = advice;
        }

        /** What to do next; our own messages end with it. */
        public String advice() {
            return advice;
        }
    }

    RequestException(Reason reason, String message) {
        super(reason == Reason.FAILED ? message : message + "; " + reason.advice(), null, false, false);
        this.reason = reason;
    }

    RequestException(SendException cause) {
        super(cause.getMessage(), cause, false, false);
        this.reason = Reason.NOT_SENT;
    }

    /** What stood in the way. */
    public Reason reason() {
        return reason;
    }
}
