package dev.drawbridge.webrtc;

import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import java.util.function.Consumer;

/** Brings the outcome of applying a description back to the native thread, unless the link was closed meanwhile. */
final class Applied implements SetSessionDescriptionObserver {
    private final Link link;
    private final Runnable success;
    private final Consumer<String> failure;

    Applied(Link link, Runnable success, Consumer<String> failure) {
        this.link = link;
        this.success = success;
        this.failure = failure;
    }

    @Override
    public void onSuccess() {
        NativeThread.callback(() -> NativeThread.post(() -> {
            if (link.connection != null) {
                success.run();
            }
        }));
    }

    @Override
    public void onFailure(String error) {
        NativeThread.callback(() -> NativeThread.post(() -> {
            if (link.connection != null) {
                failure.accept(Details.of(String.valueOf(error)));
            }
        }));
    }
}
