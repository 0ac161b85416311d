package dev.drawbridge;

import dev.drawbridge.internal.runtime.SessionSetup;
import dev.drawbridge.signaling.OkHttpSignaling;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaReceiver;
import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.spi.MediaTransportProvider;
import dev.drawbridge.spi.Scheduler;
import dev.drawbridge.spi.SignalingTransport;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a session that are not options: transports, clock, first listener. Not thread-safe; makes one session.
 *
 * @param <B> the builder itself
 */
public abstract sealed class SessionBuilder<B extends SessionBuilder<B>> permits Publisher.Builder, Viewer.Builder {
    final SessionOptions options;
    private @Nullable MediaTransport media;
    private @Nullable SignalingTransport signaling;
    private @Nullable Scheduler scheduler;
    private @Nullable RandomGenerator chance;
    private @Nullable Consumer<SessionEvent> listener;

    SessionBuilder(SessionOptions options) {
        this.options = options;
    }

    abstract B self();

    /** Takes this media transport instead of the one on the class path. The session closes it. */
    public B media(MediaTransport transport) {
        media = transport;
        return self();
    }

    /** Takes this signaling transport instead of the built-in WebSocket. It may serve many sessions and is not closed. */
    public B signaling(SignalingTransport transport) {
        signaling = transport;
        return self();
    }

    /** Takes this clock instead of the real one, for tests: {@code start} and {@code close} then never wait. */
    public B scheduler(Scheduler clock) {
        scheduler = clock;
        return self();
    }

    /** Takes chance from a seed, for simulations: whoever knows it can guess every id. */
    B chance(RandomGenerator seeded) {
        chance = seeded;
        return self();
    }

    /** Hears every event from the first on; like {@link Session#subscribe}, but before {@code start} returns. */
    public B listener(Consumer<SessionEvent> first) {
        listener = first;
        return self();
    }

    final SessionSetup setup(
            LinkSettings.Role role, Optional<ViewerApproval> approval, Function<StreamId, MediaReceiver> receivers)
            throws SessionException {
        SessionSetup setup = new SessionSetup(
                options,
                role,
                signaling == null ? OkHttpSignaling.create() : signaling,
                media == null ? onClassPath() : media,
                approval,
                Optional.ofNullable(scheduler),
                Optional.ofNullable(chance),
                receivers);
        if (listener != null) {
            setup.events().subscribe(listener);
        }
        return setup;
    }

    private static MediaTransport onClassPath() throws SessionException {
        return ServiceLoader.load(MediaTransportProvider.class)
                .findFirst()
                .orElseThrow(() -> new SessionException(
                        CloseReason.NO_MEDIA,
                        "no media transport on the class path; add the dependency dev.drawbridge:drawbridge-webrtc"))
                .create();
    }
}
