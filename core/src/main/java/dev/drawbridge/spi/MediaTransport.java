package dev.drawbridge.spi;

import dev.drawbridge.Encoding;
import dev.drawbridge.SessionEvent.MediaKind;
import dev.drawbridge.SessionException;
import dev.drawbridge.SourceException;
import dev.drawbridge.media.AudioSource;
import dev.drawbridge.media.VideoSource;
import java.util.List;
import java.util.Optional;
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
     * Who hears that a device has gone while it was used, and that it is back. Called before {@link #prepare}, once at most; a transport
     * without devices need not tell anything.
     */
    default void watchSources(SourceListener listener) {}

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
     * @param videoDevice a publisher's {@code videodevice} option: a device's name or part of it, its number from 1, {@code testpattern},
     *     or empty for the one that fits best
     * @param audioDevice likewise {@code audiodevice}; empty for the default
     * @param screen if it is there, the screen and not a camera: what a window's title contains, or empty for the whole of it
     * @param codecs as in {@link LinkSettings}
     * @param encoding how it is to be captured
     */
    record MediaNeeds(
            boolean video,
            boolean audio,
            String videoDevice,
            String audioDevice,
            Optional<String> screen,
            List<String> codecs,
            Encoding encoding) {
        /** Of a camera or a pattern and the default microphone. */
        public MediaNeeds(boolean video, boolean audio, String videoDevice) {
            this(video, audio, videoDevice, "", Optional.empty(), List.of(), Encoding.STANDARD);
        }
    }

    /** Hears of devices that go and come. <b>Thread:</b> one of the transport; implementations only post. */
    interface SourceListener {
        /** Nothing comes of it any more. The session goes on; viewers keep the last picture, or hear nothing. */
        void lost(MediaKind kind, String source);

        /** It delivers again. */
        void restored(MediaKind kind, String source);
    }

    /**
     * What the sources delivered since the start, and what was dropped because a queue was full.
     *
     * @param videoFrames pictures
     * @param audioFrames blocks of sound, of whatever length the source delivers
     */
    record SourceCounters(long videoFrames, long videoDropped, long audioFrames, long audioDropped) {}
}
