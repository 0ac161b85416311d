package dev.drawbridge.webrtc;

import dev.drawbridge.spi.IceCandidate;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCPeerConnectionState;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the library tells of one connection. Forgets its link at the end, because the library may keep the observer for longer. */
final class ConnectionEvents implements PeerConnectionObserver {
    private volatile @Nullable Link link;

    ConnectionEvents(Link link) {
        this.link = link;
    }

    void forget() {
        link = null;
    }

    private void post(Consumer<Link> event) {
        NativeThread.post(() -> {
            Link to = link;
            if (to != null) {
                event.accept(to);
            }
        });
    }

    @Override
    public void onConnectionChange(RTCPeerConnectionState state) {
        NativeThread.callback(() -> post(to -> to.connectionState(state)));
    }

    @Override
    public void onIceCandidate(RTCIceCandidate candidate) {
        NativeThread.callback(() -> {
            String mid = candidate.sdpMid == null ? "" : candidate.sdpMid;
            IceCandidate ours = new IceCandidate(candidate.sdp, mid, candidate.sdpMLineIndex);
            post(to -> to.gathered(ours));
        });
    }

    @Override
    public void onDataChannel(RTCDataChannel channel) {
        NativeThread.callback(() -> post(to -> to.channelOffered(channel)));
    }
}
