package dev.drawbridge.media;

import java.util.concurrent.CompletionStage;

/** A source that can come to its end by itself, such as a file, or a window that is closed. */
public interface Ending {

    /**
     * Completes when the last picture or block of sound has been delivered; after that viewers go on seeing the last picture, and hear
     * nothing. Fails with an {@link java.io.IOException} whose message says what broke, and with a {@link
     * java.util.concurrent.CancellationException} if the source was stopped first. It belongs to the run that goes on, or else to the next one.
     * Completes on a thread of the source or of whoever stops it: what takes long belongs elsewhere.
     */
    CompletionStage<Void> ended();
}
