package dev.drawbridge;

/**
 * Why a file was not offered, or did not come; what {@link FileTransfer#done} fails with. Whoever hangs something on that stage sees it
 * as the cause of a {@link java.util.concurrent.CompletionException}. Without a stack trace, since it tells of the world and not of code.
 */
public final class FileException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What stood in the way. */
    public enum Reason {
        /** It cannot be had, or not any more: ask whoever offered it to offer it again. */
        GONE,
        /** The program or the other side called it off; of other clients also that they could not read it. */
        CANCELLED,
        /** It is larger than the program takes ({@link SessionBuilder#takeFiles(long)}). */
        TOO_BIG,
        /** The file store has no room for it. */
        NO_SPACE,
        /** The file cannot be read, or the directory is none that can be written to. */
        IO,
        /** The directory holds a hundred files of this name. */
        NAME,
        /** It has another size than was told, or became another one. */
        SIZE_MISMATCH,
        /** What arrived is not what was sent, or not what the protocol allows. */
        DAMAGED,
        /** It came faster than it could be written, from somebody who does not wait. */
        TOO_FAST,
        /** Too many files are offered, or fetched at the same time. */
        TOO_MANY,
        /** The connection to the other side is gone. */
        PEER_GONE,
        /** For a long time nothing came, or nothing was taken. */
        TIMEOUT,
        /** The session has ended. */
        SESSION_CLOSED
    }

    /**
     * One failure.
     *
     * @param message for a person; without names, paths and ids
     */
    public FileException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** What stood in the way. */
    public Reason reason() {
        return reason;
    }
}
