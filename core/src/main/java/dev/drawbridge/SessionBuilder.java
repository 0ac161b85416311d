package dev.drawbridge;

import dev.drawbridge.internal.runtime.SessionSetup;
import dev.drawbridge.signaling.OkHttpSignaling;
import dev.drawbridge.spi.IceServer;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaReceiver;
import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.spi.MediaTransportProvider;
import dev.drawbridge.spi.Scheduler;
import dev.drawbridge.spi.SignalingTransport;
import java.net.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
    private @Nullable Proxy proxy;
    private @Nullable Scheduler scheduler;
    private @Nullable RandomGenerator chance;
    private @Nullable Consumer<SessionEvent> listener;
    private OptionalLong mostFileBytes = OptionalLong.empty();

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

    /**
     * Reaches the handshake server and the list of TURN servers through a proxy: SOCKS, or HTTP with CONNECT. It also looks their names
     * up; nothing goes around it. Media does not go through it: {@code privacy} hides the address there. A SOCKS proxy that wants
     * a name and a password asks {@link java.net.Authenticator}. {@link Proxy#NO_PROXY} means none, whatever the system says.
     */
    public B proxy(Proxy way) {
        proxy = way;
        return self();
    }

    /** Takes this clock instead of the real one, for tests: {@code start} and {@code close} then never wait. */
    public B scheduler(Scheduler clock) {
        scheduler = clock;
        return self();
    }

    /**
     * Takes files that others offer, up to 1 GiB each: {@link SessionEvent.FileOffered} tells of them, {@link Session#fetch} gets them.
     * Without this nobody is asked for files, and what is offered is not listened to.
     */
    public B takeFiles() {
        return takeFiles(1L << 30);
    }

    /**
     * Like {@link #takeFiles()} up to another size.
     *
     * @param mostBytes a larger file is told of and not fetched: {@code TOO_BIG}
     * @throws IllegalArgumentException if it is negative
     */
    public B takeFiles(long mostBytes) {
        if (mostBytes < 0) {
            throw new IllegalArgumentException("no file is as small as " + mostBytes + " bytes");
        }
        mostFileBytes = OptionalLong.of(mostBytes);
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
            LinkSettings.Role role,
            Optional<ViewerApproval> approval,
            Optional<RemoteControl> control,
            Function<StreamId, MediaReceiver> receivers)
            throws SessionException {
        checkRelays(scheduler == null ? Instant.now() : scheduler.now());
        SessionSetup setup = new SessionSetup(
                options,
                role,
                transport(),
                media == null ? onClassPath() : media,
                approval,
                control,
                Optional.ofNullable(scheduler),
                Optional.ofNullable(chance),
                receivers);
        mostFileBytes.ifPresent(setup::takeFiles);
        if (listener != null) {
            setup.events().subscribe(listener);
        }
        return setup;
    }

    /** Later some may expire; none to begin with is somebody's mistake. */
    private void checkRelays(Instant now) throws SessionException {
        List<IceServer> relays =
                options.network().iceServers().stream().filter(IceServer::relay).toList();
        if (!relays.isEmpty()
                && options.network().turnList().isEmpty()
                && relays.stream().allMatch(server -> server.expired(now))) {
            throw new SessionException(
                    CloseReason.NO_RELAY, "the credentials of all TURN servers have expired; get new ones");
        }
    }

    private SignalingTransport transport() {
        if (signaling == null) {
            OkHttpSignaling.Builder own = OkHttpSignaling.builder();
            return proxy == null ? own.build() : own.proxy(proxy).build();
        }
        if (proxy != null) {
            throw new IllegalStateException("a signaling transport that was handed in has its own proxy or none");
        }
        return signaling;
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
