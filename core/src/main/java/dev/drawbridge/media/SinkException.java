package dev.drawbridge.media;

import org.jspecify.annotations.Nullable;

/** A sink that could not begin, or could not go on. The {@link #reason} is stable; the message is for a person and says what to do next. */
public final class SinkException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What stood in the way. */
    public enum Reason {
        /** The machine has no loudspeakers, or they cannot be opened. */
        NO_DEVICE,
        /** The file's name has none of the endings that are known. */
        FORMAT,
        /** There is a file of this name, and overwriting was not asked for. */
        FILE_EXISTS,
        /** There is no {@code ffmpeg} on this machine. */
        FFMPEG_MISSING,
        /** {@code ffmpeg} ended with an error, such as a codec that it was built without. */
        FFMPEG_FAILED,
        /** The file cannot be written. */
        IO,
        /** The disk takes pictures that are not compressed more slowly than they come. */
        TOO_SLOW,
        /** It ended before anything came that could be kept. */
        NOTHING_CAME
    }

    /** Without a cause. */
    public SinkException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** With what led to it. */
    public SinkException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What stood in the way. */
    public Reason reason() {
        return reason;
    }
}
