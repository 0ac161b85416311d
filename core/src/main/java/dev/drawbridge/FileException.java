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
        GONE("ask whoever offered it to offer it again"),
        /** The program or the other side called it off; of other clients also that they could not read it. */
        CANCELLED("fetch it again if it is still wanted"),
        /** It is larger than the program takes ({@link SessionBuilder#takeFiles(long)}). */
        TOO_BIG("allow more with takeFiles(bytes)"),
        /** The file store has no room for it. */
        NO_SPACE("make room, or choose another directory"),
        /** The file cannot be read, or the directory is none that can be written to. */
        IO("check that it exists and what this user may do there"),
        /** The directory holds a hundred files of this name. */
        NAME("choose another directory, or tidy this one up"),
        /** It has another size than was told, or became another one. */
        SIZE_MISMATCH("offer it again as it is now"),
        /** What arrived is not what was sent, or not what the protocol allows. */
        DAMAGED("fetch it again"),
        /** It came faster than it could be written, from somebody who does not wait. */
        TOO_FAST("choose a faster disk, or have it sent by another Drawbridge, which waits"),
        /** Too many files are offered, or fetched at the same time. */
        TOO_MANY("wait until one of them is done"),
        /** The connection to the other side is gone. */
        PEER_GONE("fetch it again when the other side is back"),
        /** For a long time nothing came, or nothing was taken. */
        TIMEOUT("fetch it again; check the network and the disks"),
        /** The session has ended. */
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

    /**
     * One failure.
     *
     * @param message for a person; without names, paths and ids
     */
    public FileException(Reason reason, String message) {
        super(message + "; " + reason.advice(), null, false, false);
        this.reason = reason;
    }

    /** What stood in the way. */
    public Reason reason() {
        return reason;
    }
}
