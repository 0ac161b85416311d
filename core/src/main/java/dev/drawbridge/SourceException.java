package dev.drawbridge;

import org.jspecify.annotations.Nullable;

/**
 * Why another source did not take the place of the one before, which goes on; what {@link Publisher#switchVideo} and {@link
 * Publisher#switchAudio} fail with. Whoever hangs something on their stages sees it as the cause of a {@link
 * java.util.concurrent.CompletionException}.
 */
public final class SourceException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What stood in the way. */
    public enum Reason {
        /** It could not be opened, did not begin in time, or is already in use; the message says what to do. */
        NOT_STARTED,
        /** The session publishes nothing of this kind: name a source of it when it is started. */
        NOT_PUBLISHED,
        /** An exchange of the same kind is still under way: wait for its stage. */
        BUSY,
        /** The media transport cannot do it. */
        UNSUPPORTED,
        /** The session has ended. */
        SESSION_CLOSED
    }

    /**
     * One failure.
     *
     * @param message for a person
     */
    public SourceException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What stood in the way. */
    public Reason reason() {
        return reason;
    }
}
