package dev.drawbridge.spi;

import dev.drawbridge.SessionException;

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
