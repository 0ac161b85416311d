package dev.drawbridge.webrtc;

import dev.drawbridge.spi.PeerLinkListener.Operation;
import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.RTCSessionDescription;
import java.util.function.Consumer;

/** Brings a description that the library made to the native thread, unless the link was closed meanwhile. */
final class Created implements CreateSessionDescriptionObserver {
    private final Link link;
    private final Operation operation;
    private final Consumer<RTCSessionDescription> success;

    Created(Link link, Operation operation, Consumer<RTCSessionDescription> success) {
        this.link = link;
        this.operation = operation;
        this.success = success;
    }

    @Override
    public void onSuccess(RTCSessionDescription description) {
        NativeThread.callback(() -> NativeThread.post(() -> {
            if (link.connection == null) {
                return;
            }
            try {
                success.accept(description);
            } catch (Throwable e) {
                link.negotiationFailed(operation, e);
            }
        }));
    }

    @Override
    public void onFailure(String error) {
        NativeThread.callback(() -> NativeThread.post(() -> {
            if (link.connection != null) {
                link.negotiationFailed(operation, Details.of(String.valueOf(error)));
            }
        }));
    }
}
