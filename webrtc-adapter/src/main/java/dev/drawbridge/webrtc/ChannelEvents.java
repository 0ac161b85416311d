package dev.drawbridge.webrtc;

import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelObserver;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the library tells of one channel. Forgets the channel at the end, because the library keeps every observer for ever. */
final class ChannelEvents implements RTCDataChannelObserver {
    private volatile @Nullable ChannelLink channel;

    ChannelEvents(ChannelLink channel) {
        this.channel = channel;
    }

    void forget() {
        channel = null;
    }

    private void tell(Consumer<ChannelLink> event) {
        NativeThread.callback(() -> {
            ChannelLink to = channel;
            if (to != null) {
                event.accept(to);
            }
        });
    }

    @Override
    public void onBufferedAmountChange(long previousAmount) {
        // Never called by webrtc-java 0.14.0, whose native part does not know of it.
    }

    @Override
    public void onStateChange() {
        tell(ChannelLink::changed);
    }

    @Override
    public void onMessage(RTCDataChannelBuffer buffer) {
        tell(to -> to.message(buffer));
    }
}
