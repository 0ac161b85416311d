package dev.drawbridge.spi;

import dev.drawbridge.SessionException;
import dev.drawbridge.SourceException;
import dev.drawbridge.media.AudioSource;
import dev.drawbridge.media.VideoSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Makes peer connections. One belongs to one session; expensive things behind it (native factories) are shared by the process.
 *
 * <p>Life: {@link #prepare} once, any number of {@link #open}, {@link #close}.
 */
public interface MediaTransport extends AutoCloseable {

    /**
     * Loads what is needed and opens the sources of a publisher. <b>Blocking:</b> yes, bounded by 10 s; called on the thread
     * that starts the session, while the connection to the handshake server is already under way.
     *
     * @throws SessionException {@code NO_MEDIA} when a source is missing, {@code NATIVE_LIBRARY} when the library cannot be loaded;
     *     the message says what to do
     */
    void prepare(LinkSettings.Role role, MediaNeeds needs) throws SessionException;

    /** Makes a peer connection. Never blocks, never throws because of the settings' content: failures go to the listener. */
    PeerLink open(LinkSettings settings, PeerLinkListener listener);

    /**
     * Whether silence is sent instead of the own sound, over all links, from now on; not unless this is called. Sound that was captured
     * before and has not been encoded is silenced, too. The source goes on and is counted. Any thread, at any time, also before {@link
     * #prepare}; returns at once. Nothing for a viewer.
     */
    void muteAudio(boolean muted);

    /**
     * Whether black pictures are sent instead of the own ones; otherwise like {@link #muteAudio}. Black and not nothing, since a receiver
     * goes on showing the last picture that it got.
     */
    void muteVideo(boolean muted);

    /**
     * Takes a publisher's pictures from another source from now on, over all links, without any negotiation. Any thread; returns at once.
     * A transport that cannot do it says so in the stage.
     *
     * @return completes when the new source has started, on a thread where it may take its time; then the one before delivers nothing more
     *     and is being stopped. Fails with a {@link SourceException}, and the one before goes on
     */
    default CompletionStage<Void> switchVideo(VideoSource source) {
        return unsupported();
    }

    /** Likewise the sound. */
    default CompletionStage<Void> switchAudio(AudioSource source) {
        return unsupported();
    }

    private static CompletionStage<Void> unsupported() {
        return CompletableFuture.failedStage(new SourceException(
                SourceException.Reason.UNSUPPORTED, "this media transport keeps the sources that it began with", null));
    }

    /** Pictures and blocks of sound of the own sources so far; zero for a viewer. */
    SourceCounters sourceCounters();

    /** Closes every link and source. Bounded by 2 s. Idempotent, any thread. */
    @Override
    void close();

    /**
     * What the options say about the media.
     *
     * @param video whether video is sent (publisher) or wanted (viewer)
     * @param audio likewise
     * @param videoDevice a publisher's {@code videodevice} option: a device's name or part of it, {@code testpattern}, or empty for the
     *     first one
     */
    record MediaNeeds(boolean video, boolean audio, String videoDevice) {}

    /**
     * What the sources delivered since the start, and what was dropped because a queue was full.
     *
     * @param videoFrames pictures
     * @param audioFrames blocks of sound, of whatever length the source delivers
     */
    record SourceCounters(long videoFrames, long videoDropped, long audioFrames, long audioDropped) {}
}
