package dev.drawbridge.testing;

import dev.drawbridge.CloseReason;
import dev.drawbridge.SessionEvent.MediaKind;
import dev.drawbridge.SessionException;
import dev.drawbridge.SourceException;
import dev.drawbridge.media.AudioSource;
import dev.drawbridge.media.VideoSource;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.PeerLinkListener;
import dev.drawbridge.spi.SelectedPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A media transport without any WebRTC library: its links connect to those of other fakes of the same {@link FakeNetwork}, in
 * virtual time. It keeps the contract of {@link MediaTransport} as {@link MediaTransportContract} states it, and can be told to
 * misbehave.
 *
 * <p>A publisher "captures" 25 grey pictures of 16 by 16 and as many blocks of a humming sound a second; each is one packet. Muted, they
 * are black and silent.
 *
 * <p><b>Thread:</b> any; the effects and all calls of listeners happen while the clock is moved.
 */
public final class FakeMedia implements MediaTransport {
    /** The time between two pictures. */
    static final Duration TICK = Duration.ofMillis(40);

    private final FakeNetwork network;
    // Guarded by this.
    private final List<FakeLink> links = new ArrayList<>();
    private final List<String> switched = new ArrayList<>();
    private @Nullable SessionException missing;
    private MediaNeeds prepared = new MediaNeeds(false, false, "");
    private @Nullable Instant captureBegan;
    private @Nullable Instant captureEnded;
    private boolean closed;

    private volatile Duration slowness = Duration.ofMillis(1);
    private volatile boolean mute;
    private volatile @Nullable SourceListener sources;
    private volatile boolean audioMuted;
    private volatile boolean videoMuted;
    private volatile boolean unreachable;
    private volatile boolean withoutRelay;
    private volatile String candidateType = "host";
    private volatile Optional<SelectedPath.End> path = Optional.empty();

    FakeMedia(FakeNetwork network) {
        this.network = network;
    }

    // ---- switches

    /** From now on {@link #prepare} fails like this. */
    public synchronized FakeMedia failToPrepare(CloseReason reason, String detail) {
        missing = new SessionException(reason, detail);
        return this;
    }

    /** From now on descriptions are never made: who asks for an offer or for an answer hears nothing. */
    public FakeMedia neverAnswer() {
        mute = true;
        return this;
    }

    /** From now on no link connects, whatever it is given. */
    public FakeMedia neverConnect() {
        unreachable = true;
        return this;
    }

    /** From now on no relay answers, although there is one in the settings. */
    public FakeMedia neverRelay() {
        withoutRelay = true;
        return this;
    }

    /** From now on candidates are of this type; {@code host} if never called. Those of a relay-only link are relayed ones. */
    public FakeMedia candidateType(String type) {
        candidateType = type;
        return this;
    }

    /** From now on connections run to this end of a peer, whatever it has named. */
    public FakeMedia path(SelectedPath.End remote) {
        path = Optional.of(remote);
        return this;
    }

    /** From now on it takes this long to make a description; 1 ms if never called. */
    public FakeMedia slow(Duration time) {
        slowness = time;
        return this;
    }

    /** A device is gone, or back. */
    public void tellOfSource(MediaKind kind, String source, boolean gone) {
        SourceListener told = sources;
        if (told != null && gone) {
            told.lost(kind, source);
        } else if (told != null) {
            told.restored(kind, source);
        }
    }

    // ---- to look at

    /** Every link that was ever opened, in that order. */
    public synchronized List<FakeLink> links() {
        return List.copyOf(links);
    }

    /** The newest link. */
    public synchronized FakeLink link() {
        if (links.isEmpty()) {
            throw new AssertionError("no link was opened");
        }
        return links.get(links.size() - 1);
    }

    /** Whether {@link #close} was called. */
    public synchronized boolean closed() {
        return closed;
    }

    /** What {@link #muteAudio} said last. */
    public boolean audioMuted() {
        return audioMuted;
    }

    /** What {@link #muteVideo} said last. */
    public boolean videoMuted() {
        return videoMuted;
    }

    /** The names of the sources that were switched to, in that order. */
    public synchronized List<String> switched() {
        return List.copyOf(switched);
    }

    boolean mute() {
        return mute;
    }

    boolean unreachable() {
        return unreachable;
    }

    boolean withoutRelay() {
        return withoutRelay;
    }

    String candidateType() {
        return candidateType;
    }

    Optional<SelectedPath.End> path() {
        return path;
    }

    Duration slowness() {
        return slowness;
    }

    synchronized MediaNeeds captured() {
        return prepared;
    }

    // ---- MediaTransport

    @Override
    public synchronized void prepare(LinkSettings.Role role, MediaNeeds needs) throws SessionException {
        if (missing != null) {
            throw missing;
        }
        if (role == LinkSettings.Role.PUBLISHER) {
            prepared = needs;
            captureBegan = network.scheduler().now();
        }
    }

    @Override
    public PeerLink open(LinkSettings settings, PeerLinkListener listener) {
        FakeLink link = new FakeLink(this, network, settings, listener);
        boolean tooLate;
        synchronized (this) {
            links.add(link);
            tooLate = closed;
        }
        if (tooLate) {
            link.reportFailure(PeerLinkListener.Operation.CREATE, "the media transport is closed");
        }
        return link;
    }

    @Override
    public void watchSources(SourceListener listener) {
        sources = listener;
    }

    @Override
    public void muteAudio(boolean muted) {
        audioMuted = muted;
    }

    @Override
    public void muteVideo(boolean muted) {
        videoMuted = muted;
    }

    /** {@inheritDoc} Nothing of it is ever started here; its name is kept. */
    @Override
    public synchronized CompletionStage<Void> switchVideo(VideoSource source) {
        return exchanged(prepared.video(), source.name());
    }

    @Override
    public synchronized CompletionStage<Void> switchAudio(AudioSource source) {
        return exchanged(prepared.audio(), source.name());
    }

    private CompletionStage<Void> exchanged(boolean published, String source) {
        if (closed) {
            return refused(SourceException.Reason.SESSION_CLOSED);
        }
        if (!published) {
            return refused(SourceException.Reason.NOT_PUBLISHED);
        }
        switched.add(source);
        return CompletableFuture.completedStage(null);
    }

    private static CompletionStage<Void> refused(SourceException.Reason reason) {
        return CompletableFuture.failedStage(new SourceException(reason, "the fake has nothing to exchange", null));
    }

    @Override
    public synchronized SourceCounters sourceCounters() {
        if (captureBegan == null) {
            return new SourceCounters(0, 0, 0, 0);
        }
        Instant end = Optional.ofNullable(captureEnded).orElseGet(network.scheduler()::now);
        long ticks = Duration.between(captureBegan, end).toMillis() / TICK.toMillis();
        return new SourceCounters(prepared.video() ? ticks : 0, 0, prepared.audio() ? ticks : 0, 0);
    }

    /** {@inheritDoc} The links tell that they are closed as soon as the clock is moved. */
    @Override
    public void close() {
        List<FakeLink> open;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            captureEnded = network.scheduler().now();
            open = List.copyOf(links);
        }
        open.forEach(FakeLink::close);
    }
}
