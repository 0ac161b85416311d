package dev.drawbridge.webrtc;

import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.spi.MediaTransportProvider;

/** Offers {@link WebRtcMedia} to the {@link java.util.ServiceLoader}. */
public final class WebRtcMediaProvider implements MediaTransportProvider {

    /** For the service loader. */
    public WebRtcMediaProvider() {}

    @Override
    public MediaTransport create() {
        // The connection to the handshake server takes longer than this, so the library is there when it is needed.
        WebRtcMedia.warmUp();
        return WebRtcMedia.create();
    }
}
