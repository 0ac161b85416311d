package dev.drawbridge.webrtc;

import dev.drawbridge.LinkStats;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.PeerLinkListener;
import dev.drawbridge.spi.PeerLinkListener.Operation;
import dev.drawbridge.spi.SelectedPath;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.spi.SideChannel;
import dev.drawbridge.spi.SideChannelListener;
import dev.drawbridge.webrtc.StatsReader.Figures;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCPeerConnectionState;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both ends have in common. Public methods only post; everything else runs on the native thread, so no field needs a lock and
 * no native object can be used after it was closed.
 *
 * <p>Descriptions are applied strictly one after the other: the library would run overlapping ones in an order of its own, partly
 * outside of the native thread's calls.
 */
abstract class Link implements PeerLink, ChannelLink.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    /** Of a peer, until it begins anew with other ICE credentials: the library tries each of them, whoever lives there. */
    static final int MAX_CANDIDATES = 256;

    static final int MAX_WAITING_DESCRIPTIONS = 32;
    /** Channels beside {@code sendChannel}, of either side's making. */
    static final int MAX_SIDE_CHANNELS = 16;

    private static final int MAX_LABEL = 128;
    private static final Pattern CREDENTIALS = Pattern.compile("a=ice-ufrag:[^\\r\\n]*");

    final LinkSettings settings;
    private final AtomicLong messagesReceived = new AtomicLong();
    final ChannelLink channel = new ChannelLink(this, messagesReceived);
    /** Those that are closed stay here until the library is through with them. */
    private final List<SideLink> sides = new ArrayList<>();

    private final PeerLinkListener listener;
    private final Consumer<Link> onClosed;
    private final ConnectionEvents events = new ConnectionEvents(this);
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Deque<Runnable> negotiations = new ArrayDeque<>();
    private final Deque<IceCandidate> remoteCandidates = new ArrayDeque<>();
    private final Deque<IceCandidate> localCandidates = new ArrayDeque<>();
    /** Counted where they are asked for, because what waits for the native thread takes memory too. */
    private final AtomicInteger descriptions = new AtomicInteger();

    private final AtomicInteger candidates = new AtomicInteger();
    private final AtomicReference<String> credentials = new AtomicReference<>("");
    private final Set<Operation> refusing = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable CompletableFuture<Figures>> figures = new AtomicReference<>();

    @Nullable
    RTCPeerConnection connection;

    private boolean negotiating;
    private boolean describing;
    private boolean shut;
    private boolean remoteApplied;
    private boolean mediaWaits;
    private @Nullable LinkState state;

    Link(LinkSettings settings, PeerLinkListener listener, Consumer<Link> onClosed) {
        this.settings = settings;
        this.listener = listener;
        this.onClosed = onClosed;
    }

    // ---- to be filled in by the two ends

    /** Adds what the role needs to a fresh connection. */
    abstract void created(RTCPeerConnection fresh) throws Exception;

    /** Applies a description of a kind this role takes; calls {@link #negotiated} when it is through. */
    abstract void applyRemote(RTCPeerConnection to, SessionDescription remote);

    /** The type of description this role takes. */
    abstract SessionDescription.Type takes();

    /** Makes a description, applies it nowhere, and closes the link; see {@link Rehearsal}. */
    abstract void rehearse();

    /** Lets go of tracks and sinks, before the connection is closed. */
    abstract void beforeClose(RTCPeerConnection open);

    /** Decoded pictures that the receiver did not want. */
    long skipped() {
        return 0;
    }

    /** In their order. */
    static List<String> audioCodecs(LinkSettings settings) {
        return settings.encoding()
                .audioCodec()
                .map(codec -> List.of(codec.name()))
                .orElse(List.of());
    }

    // ---- life

    void create() {
        NativeThread.post(() -> {
            if (closing.get()) {
                return;
            }
            try {
                RTCPeerConnection fresh = Factories.of(settings.role())
                        .createPeerConnection(IceServerList.configuration(settings), events);
                if (fresh == null) {
                    throw new IllegalStateException("the library made no connection");
                }
                connection = fresh;
                created(fresh);
            } catch (Throwable e) {
                logFailed(Operation.CREATE, e);
                failed(Operation.CREATE, Details.of(e));
            }
        });
    }

    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            NativeThread.post(this::shut);
        }
    }

    /** On the native thread; the first call counts. */
    void shut() {
        closing.set(true);
        if (shut) {
            return;
        }
        shut = true;
        RTCPeerConnection open = connection;
        connection = null;
        negotiations.clear();
        remoteCandidates.clear();
        localCandidates.clear();
        try {
            channel.detach();
            List.copyOf(sides).forEach(SideLink::detach);
            if (open != null) {
                beforeClose(open);
                open.close();
            }
            channel.dispose();
            List.copyOf(sides).forEach(SideLink::dispose);
            sides.clear();
        } catch (Throwable e) {
            LOG.warn("a connection was not closed cleanly", e);
        } finally {
            events.forget();
            CompletableFuture<Figures> asked = figures.get();
            if (asked != null) {
                asked.completeExceptionally(closedException());
            }
            onClosed.accept(this);
            tell(listener::closed);
        }
    }

    private static IllegalStateException closedException() {
        return new IllegalStateException("the connection is closed");
    }

    boolean closing() {
        return closing.get();
    }

    // ---- reports; silent from the moment of close() on, but for closed()

    static void tell(Runnable report) {
        try {
            report.run();
        } catch (Throwable e) {
            LOG.error("a link's listener failed", e);
        }
    }

    void report(Runnable report) {
        if (!closing.get()) {
            tell(report);
        }
    }

    void failed(Operation operation, String detail) {
        report(() -> listener.failed(operation, detail));
    }

    /** Tells of something that was not even tried, once for all that is refused until then. Any thread. */
    void refused(Operation operation, String detail) {
        if (refusing.add(operation)) {
            NativeThread.post(() -> {
                refusing.remove(operation);
                failed(operation, detail);
            });
        }
    }

    @Override
    public void channelOpened() {
        report(listener::channelOpened);
    }

    @Override
    public void channelClosed() {
        report(listener::channelClosed);
    }

    @Override
    public void received(String text) {
        report(() -> listener.received(text));
    }

    @Override
    public void received(byte[] bytes) {
        report(() -> listener.received(bytes));
    }

    /** The decoder may be quicker than the news of the connection; told in the order that makes sense. */
    void mediaStarted() {
        if (state == null || state == LinkState.CONNECTING) {
            mediaWaits = true;
        } else {
            report(listener::mediaStarted);
        }
    }

    void connectionState(RTCPeerConnectionState now) {
        LinkState next =
                switch (now) {
                    case CONNECTING -> LinkState.CONNECTING;
                    case CONNECTED -> LinkState.CONNECTED;
                    case DISCONNECTED -> LinkState.DISCONNECTED;
                    case FAILED -> LinkState.FAILED;
                    case NEW, CLOSED -> null;
                };
        if (next != null && next != state) {
            state = next;
            report(() -> listener.state(next));
            if (mediaWaits && next == LinkState.CONNECTED) {
                mediaWaits = false;
                report(listener::mediaStarted);
            }
        }
    }

    void gathered(IceCandidate found) {
        IceCandidate candidate = settings.roaming() ? HostPriority.lowered(found) : found;
        if (describing) {
            // Not before the description it belongs to.
            if (localCandidates.size() < MAX_CANDIDATES) {
                localCandidates.add(candidate);
            }
        } else {
            report(() -> listener.localCandidates(List.of(candidate)));
        }
    }

    /** A channel that the peer opened. */
    void channelOffered(RTCDataChannel offered) {
        boolean wanted = settings.role() == LinkSettings.Role.VIEWER
                && !closing.get()
                && !channel.attached()
                && ChannelLink.LABEL.equals(offered.getLabel());
        if (wanted) {
            channel.attach(offered);
        } else if (!heardAside(offered)) {
            turnAway(offered);
        }
    }

    /**
     * Left open it would gather messages that nobody reads. It does so until the peer has confirmed its end, up to 16 MiB in the
     * library, so a peer that lets many of them wait for that is left.
     */
    private void turnAway(RTCDataChannel offered) {
        SideLink away = new SideLink("", messagesReceived, sides::remove);
        sides.add(away);
        away.turnAway(offered);
        // Once: it may go on until the session has heard of it.
        if (state != LinkState.FAILED
                && sides.stream().filter(SideLink::isTurnedAway).count() > MAX_SIDE_CHANNELS) {
            LOG.warn("a peer opens channels that nobody hears faster than they end; it is given up");
            connectionState(RTCPeerConnectionState.FAILED);
        }
    }

    private boolean heardAside(RTCDataChannel offered) {
        String label = offered.getLabel();
        if (closing.get() || sidesFull() || ChannelLink.LABEL.equals(label) || label.length() > MAX_LABEL) {
            return false;
        }
        SideLink side = new SideLink(label, messagesReceived, sides::remove);
        Optional<SideChannelListener> hears = Optional.empty();
        try {
            hears = listener.channelOffered(side);
        } catch (Throwable e) {
            LOG.error("a link's listener failed", e);
        }
        hears.ifPresent(ears -> {
            sides.add(side);
            side.begin(offered, ears);
        });
        return hears.isPresent();
    }

    /**
     * Closed ones count too, but as many again: of each the library may hold a mebibyte for a peer that takes nothing, and yet on a
     * path that works the next one can be opened as soon as one is closed.
     */
    private boolean sidesFull() {
        return sides.stream().filter(side -> !side.isTurnedAway()).count() >= 2 * MAX_SIDE_CHANNELS
                || sides.stream().filter(SideLink::isHeard).count() >= MAX_SIDE_CHANNELS;
    }

    // ---- descriptions, one at a time

    void negotiate(Operation operation, Consumer<RTCPeerConnection> step) {
        if (descriptions.incrementAndGet() > MAX_WAITING_DESCRIPTIONS) {
            descriptions.decrementAndGet();
            refused(operation, "more than " + MAX_WAITING_DESCRIPTIONS + " descriptions waiting");
            return;
        }
        NativeThread.post(() -> {
            if (closing.get() || connection == null) {
                descriptions.decrementAndGet();
                return;
            }
            negotiations.add(() -> {
                descriptions.decrementAndGet();
                RTCPeerConnection at = connection;
                if (at == null) {
                    return;
                }
                try {
                    step.accept(at);
                } catch (Throwable e) {
                    negotiationFailed(operation, e);
                }
            });
            if (!negotiating) {
                negotiated();
            }
        });
    }

    /** The step under way is through: the next one begins. */
    void negotiated() {
        Runnable step = negotiations.poll();
        negotiating = step != null;
        if (step != null) {
            step.run();
        }
    }

    void negotiationFailed(Operation operation, Throwable e) {
        logFailed(operation, e);
        negotiationFailed(operation, Details.of(e));
    }

    /** Without the exception itself: the library's text quotes lines of the SDP. */
    private static void logFailed(Operation operation, Throwable e) {
        LOG.debug("{} failed: {}: {}", operation, e.getClass().getSimpleName(), Details.of(e));
    }

    void negotiationFailed(Operation operation, String detail) {
        describing = false;
        flushLocalCandidates();
        failed(operation, detail);
        negotiated();
    }

    /** Applies our description, tells it, then its candidates. */
    void applyLocal(RTCPeerConnection at, RTCSessionDescription description, Operation operation, Runnable then) {
        describing = true;
        at.setLocalDescription(
                description,
                new Applied(
                        this,
                        () -> {
                            describing = false;
                            SessionDescription.Type type = description.sdpType == RTCSdpType.OFFER
                                    ? SessionDescription.Type.OFFER
                                    : SessionDescription.Type.ANSWER;
                            SessionDescription made = new SessionDescription(type, description.sdp);
                            SessionDescription told = settings.roaming() ? HostPriority.lowered(made) : made;
                            report(() -> listener.localDescription(told));
                            flushLocalCandidates();
                            then.run();
                        },
                        detail -> negotiationFailed(operation, detail)));
    }

    private void flushLocalCandidates() {
        if (!localCandidates.isEmpty()) {
            List<IceCandidate> held = List.copyOf(localCandidates);
            localCandidates.clear();
            report(() -> listener.localCandidates(held));
        }
    }

    void remoteDescriptionApplied() {
        remoteApplied = true;
        for (IceCandidate candidate = remoteCandidates.poll(); candidate != null; candidate = remoteCandidates.poll()) {
            addNow(candidate);
        }
    }

    // ---- PeerLink

    @Override
    public void accept(SessionDescription remote) {
        beginAnew(remote.sdp());
        negotiate(Operation.ACCEPT, at -> {
            if (remote.type() != takes()) {
                negotiationFailed(Operation.ACCEPT, "a " + settings.role() + " does not take an " + remote.type());
            } else {
                applyRemote(at, remote);
            }
        });
    }

    /** With new credentials the library forgets the old candidates. Those that came before the first description count with it. */
    private void beginAnew(String sdp) {
        String now = CREDENTIALS.matcher(sdp).results().map(MatchResult::group).collect(Collectors.joining());
        String before = credentials.getAndSet(now);
        if (!before.isEmpty() && !before.equals(now)) {
            candidates.set(0);
        }
    }

    @Override
    public void add(IceCandidate candidate) {
        int number = candidates.updateAndGet(count -> Math.min(count, MAX_CANDIDATES + 1) + 1);
        if (number > MAX_CANDIDATES) {
            if (number == MAX_CANDIDATES + 1) {
                refused(Operation.ADD_CANDIDATE, "more than " + MAX_CANDIDATES + " candidates");
            }
            return;
        }
        NativeThread.post(() -> {
            if (closing.get() || connection == null) {
                return;
            }
            if (remoteApplied) {
                addNow(candidate);
            } else {
                // The library would take it and lose it.
                remoteCandidates.add(candidate);
            }
        });
    }

    private void addNow(IceCandidate candidate) {
        RTCPeerConnection at = connection;
        // A blank one is the browsers' mark for the end of the candidates.
        if (at == null || candidate.candidate().isBlank()) {
            return;
        }
        try {
            at.addIceCandidate(
                    new RTCIceCandidate(candidate.sdpMid(), candidate.sdpMLineIndex(), candidate.candidate()));
        } catch (Throwable e) {
            failed(Operation.ADD_CANDIDATE, Details.of(e));
        }
    }

    @Override
    public CompletionStage<Void> send(String text) {
        // Not `closing`: what was sent before close(), above all the goodbye, still goes out.
        return channel.send(text);
    }

    @Override
    public CompletionStage<SideChannel> openChannel(String label, SideChannelListener ears) {
        SideLink side = new SideLink(label, messagesReceived, sides::remove);
        if (label.length() > MAX_LABEL || ChannelLink.LABEL.equals(label)) {
            throw new IllegalArgumentException("a label that is too long, or that of another channel");
        }
        NativeThread.post(() -> {
            RTCPeerConnection at = connection;
            if (closing.get() || at == null || !channel.isOpen()) {
                side.refuse(ChannelLink.peerGone());
            } else if (sidesFull()) {
                side.refuse(ChannelLink.tooMuchWaiting());
            } else {
                sides.add(side);
                try {
                    side.begin(at.createDataChannel(label, new RTCDataChannelInit()), ears);
                } catch (Throwable e) {
                    LOG.debug("a channel could not be made: {}", e.getClass().getSimpleName());
                    sides.remove(side);
                    side.refuse(ChannelLink.peerGone());
                }
            }
        });
        return side.opening();
    }

    @Override
    public CompletionStage<LinkStats> stats() {
        return figures().thenApply(Figures::stats);
    }

    @Override
    public CompletionStage<Optional<SelectedPath>> path() {
        return figures().thenApply(Figures::path);
    }

    /** Everything that one report says. Any thread; completes on the native one. */
    CompletionStage<Figures> figures() {
        CompletableFuture<Figures> result = new CompletableFuture<>();
        CompletableFuture<Figures> asked = figures.compareAndExchange(null, result);
        if (asked != null) {
            return asked.minimalCompletionStage(); // under way; a second question would only wait behind the first
        }
        var unused = result.whenComplete((some, none) -> figures.set(null));
        NativeThread.post(() -> {
            RTCPeerConnection at = connection;
            if (at == null || closing.get()) {
                result.completeExceptionally(closedException());
                return;
            }
            at.getStats(report -> NativeThread.callback(() -> {
                Figures read = StatsReader.read(report, skipped());
                NativeThread.post(() -> result.complete(read));
            }));
        });
        return result.minimalCompletionStage();
    }

    @Override
    public String toString() {
        return settings.role() + " link";
    }
}
