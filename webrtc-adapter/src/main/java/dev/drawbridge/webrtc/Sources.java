package dev.drawbridge.webrtc;

import dev.drawbridge.CloseReason;
import dev.drawbridge.SessionException;
import dev.drawbridge.media.AudioSource;
import dev.drawbridge.media.VideoSource;
import dev.drawbridge.spi.MediaTransport.MediaNeeds;
import org.jspecify.annotations.Nullable;

/** Decides what a publisher sends. */
record Sources(@Nullable VideoSource video, @Nullable AudioSource audio) {

    static Sources choose(@Nullable VideoSource video, @Nullable AudioSource audio, MediaNeeds needs)
            throws SessionException {
        if (video != null || audio != null || (!needs.video() && !needs.audio())) {
            return new Sources(needs.video() ? video : null, needs.audio() ? audio : null);
        }
        throw new SessionException(CloseReason.NO_MEDIA, CloseReason.NO_MEDIA.text());
    }
}
