package dev.drawbridge.spi;

import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.VideoFrame;

/**
 * Where a viewer's {@link PeerLink} delivers. The {@code wants…} methods are cheap and are asked before a frame is copied out of
 * the native library, so a slow or absent consumer costs nothing; the link counts what it skips.
 *
 * <p><b>Thread:</b> called on native threads. Implementations return at once, never throw and never call back into the link.
 */
public interface MediaReceiver {

    /** Whether a picture offered now would be taken. */
    boolean wantsVideo();

    /** Takes a picture; it belongs to the receiver from now on and is plain Java memory. */
    void video(VideoFrame frame);

    /** Whether sound offered now would be taken. */
    boolean wantsAudio();

    /** Takes a block of sound; it belongs to the receiver from now on. */
    void audio(AudioFrame frame);

    /** A receiver that wants nothing. */
    MediaReceiver NONE = new MediaReceiver() {
        @Override
        public boolean wantsVideo() {
            return false;
        }

        @Override
        public void video(VideoFrame frame) {}

        @Override
        public boolean wantsAudio() {
            return false;
        }

        @Override
        public void audio(AudioFrame frame) {}
    };
}
