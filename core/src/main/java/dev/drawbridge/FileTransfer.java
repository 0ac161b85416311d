package dev.drawbridge;

import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A file on its way to us; see {@link Session#fetch}. <b>Thread:</b> any. */
public interface FileTransfer {

    /** What is fetched. */
    RemoteFile file();

    /** Bytes that have been written so far. */
    long bytes();

    /**
     * Where it is, once it is there as a whole.
     *
     * <p>Fails with a {@link FileException}; then nothing of it is left behind. Completes at the latest with the end of the session, on
     * the thread that writes files: do not block there, other transfers wait for it.
     */
    CompletionStage<Path> done();

    /**
     * Calls the listener when more has been written, at most ten times a second, on the thread of the session's listeners. A slow one
     * misses calls; what it throws is logged. The end is told by {@link #done}.
     */
    Subscription onProgress(Consumer<? super FileTransfer> listener);

    /** Calls it off: {@link #done} fails with {@code CANCELLED}. Returns at once; does nothing for one that is over. */
    void cancel();
}
