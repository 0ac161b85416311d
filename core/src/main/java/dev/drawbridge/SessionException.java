package dev.drawbridge;

import org.jspecify.annotations.Nullable;

/** A session that could not start. The {@link #code} is stable; the message is for a person and says what to do next. */
public final class SessionException extends Exception {
    private static final long serialVersionUID = 1L;

    private final CloseReason code;

    /** Without a cause. */
    public SessionException(CloseReason code, String message) {
        super(message);
        this.code = code;
    }

    /** With what led to it. */
    public SessionException(CloseReason code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** Why the session could not start. */
    public CloseReason code() {
        return code;
    }
}
