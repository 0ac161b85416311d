package dev.drawbridge.internal.runtime;

import dev.drawbridge.LinkStats;
import dev.drawbridge.internal.ice.CandidateFilter;
import dev.drawbridge.internal.ice.PathPolicy;
import dev.drawbridge.internal.ice.SeenCandidates;
import dev.drawbridge.internal.machine.Input;
import dev.drawbridge.internal.wire.Limits;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.PeerLinkListener;
import dev.drawbridge.spi.Scheduler;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.spi.SideChannel;
import dev.drawbridge.spi.SideChannelListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One peer connection between the machine and the media transport. Only posts: what the transport says becomes an input on the
 * session's thread. Applies the candidate filters to everything that goes out and comes in, SDP included, looks at the path that
 * the connection takes, and gathers our candidates for a moment so that they travel in few frames.
 */
final class LinkHost implements PeerLinkListener {
    /** Long enough for the candidates of all interfaces of a machine, short beside a network's round trip. */
    private static final Duration BUNDLE = Duration.ofMillis(4);

    private final int link;
    private final String name;
    private final Scheduler scheduler;
    private final CandidateFilter outbound;
    private final CandidateFilter inbound;
    private final SeenCandidates ours = new SeenCandidates();
    private final SeenCandidates theirs = new SeenCandidates();
    private final PathWatch path;
    private final Function<String, Message> channelReader;
    private final Consumer<Input> inbox;
    private final List<IceCandidate> gathered = new ArrayList<>();
    private final Backlog unread = new Backlog(this::giveUp);
    private final Outbox outbox;
    /** Who hears a channel that the peer opens, by its label; nobody one that is not wanted any more. */
    private final Map<String, Function<SideChannel, Optional<SideChannelListener>>> expected =
            new ConcurrentHashMap<>();

    private final AtomicBoolean unasked = new AtomicBoolean();
    private final Ceiling video = new Ceiling(kbps -> peer().limitVideo(kbps));
    private final Ceiling audio = new Ceiling(kbps -> peer().limitAudio(kbps));
    private final StatsSum figures = new StatsSum();
    private boolean figuring;
    private boolean forgotten;
    private @Nullable PeerLink peer;
    private @Nullable Input dropped;

    LinkHost(
            int link,
            String name,
            Scheduler scheduler,
            PathPolicy paths,
            Function<String, Message> channelReader,
            Consumer<Input> inbox) {
        this.link = link;
        this.name = name;
        this.scheduler = scheduler;
        outbound = new CandidateFilter(paths, true);
        inbound = new CandidateFilter(paths, false);
        path = new PathWatch(link, paths, scheduler, () -> peer().path(), ours, theirs, inbox);
        this.channelReader = channelReader;
        this.inbox = inbox;
        outbox = new Outbox(this::peer, scheduler::execute);
    }

    /** Who is at the other end: {@code viewer-1}, or a stream id; empty for nobody. */
    String name() {
        return name;
    }

    void attach(PeerLink made) {
        peer = made;
    }

    PeerLink peer() {
        if (peer == null) {
            throw new IllegalStateException("link " + link + " is not open");
        }
        return peer;
    }

    void accept(SessionDescription description) {
        peer().accept(filtered(description, inbound, theirs));
        tellDropped();
        path.named();
    }

    void add(List<IceCandidate> candidates) {
        for (IceCandidate candidate : candidates) {
            inbound.keep(candidate, theirs).ifPresent(peer()::add);
        }
        tellDropped();
        path.named();
    }

    /** Queues data of the program. */
    void send(String text, int bytes, int characters, Outbox.Told told) {
        outbox.add(text, bytes, missed -> {
            told.told(missed);
            inbox.accept(new Input.DataSettled(link, characters));
        });
    }

    /** From now on one channel of this label may be opened by the peer. */
    void expect(String label, Function<SideChannel, SideChannelListener> hears) {
        expected.put(label, channel -> Optional.of(hears.apply(channel)));
    }

    /** It is not wanted any more; if it comes all the same, the peer could not know. */
    void forgive(String label) {
        if (expected.size() < Limits.FILES) {
            expected.put(label, channel -> Optional.empty());
        } else {
            expected.remove(label);
        }
    }

    /** The peer's newest wish; 0 pauses, negative is the default. */
    Ceiling video() {
        return video;
    }

    /** Likewise; that of sound has no pause. */
    Ceiling audio() {
        return audio;
    }

    /** How the connection does, with the bitrate since the last time; who asks while it is being found out has asked once. */
    void figures(Consumer<LinkStats> told) {
        if (figuring) {
            return;
        }
        figuring = true;
        var unused = peer().stats()
                .whenComplete((stats, gone) -> scheduler.execute(() -> {
                    figuring = false;
                    if (gone == null && !forgotten) {
                        told.accept(rated(stats));
                    }
                }));
    }

    private LinkStats rated(LinkStats stats) {
        return Objects.requireNonNull(figures.of(Map.of(name, stats), List.of(), scheduler.now())
                .links()
                .get(name));
    }

    void close() {
        forget();
        peer().close();
    }

    /** The transport closes all its links by itself. */
    void forget() {
        expected.clear();
        forgotten = true;
        path.stop();
        outbox.close();
    }

    private static SessionDescription filtered(
            SessionDescription description, CandidateFilter filter, SeenCandidates seen) {
        return new SessionDescription(description.type(), filter.filter(description.sdp(), seen));
    }

    /** Whenever it is another: that none is left so far may be untrue with the next candidate. */
    private void tellDropped() {
        if (ours.dropped() + theirs.dropped() == 0) {
            return;
        }
        String summary = (ours.dropped() > 0 ? "ours " + ours.summary() : "")
                + (ours.dropped() > 0 && theirs.dropped() > 0 ? "; " : "")
                + (theirs.dropped() > 0 ? "theirs " + theirs.summary() : "");
        Input now = new Input.CandidatesDropped(link, ours.allDropped(), theirs.allDropped(), summary);
        if (!now.equals(dropped)) {
            dropped = now;
            post(now);
        }
    }

    private void post(Input input) {
        scheduler.execute(() -> inbox.accept(input));
    }

    // ---- from the transport, on its threads

    @Override
    public void localDescription(SessionDescription description) {
        scheduler.execute(() -> {
            inbox.accept(new Input.LinkDescribed(link, filtered(description, outbound, ours)));
            tellDropped();
        });
    }

    @Override
    public void localCandidates(List<IceCandidate> candidates) {
        scheduler.execute(() -> {
            boolean first = gathered.isEmpty();
            for (IceCandidate candidate : candidates) {
                if (gathered.size() < Limits.CANDIDATES) {
                    outbound.keep(candidate, ours).ifPresent(gathered::add);
                }
            }
            tellDropped();
            if (first && !gathered.isEmpty()) {
                scheduler.schedule(BUNDLE, this::sendBundle);
            }
        });
    }

    private void sendBundle() {
        List<IceCandidate> bundle = List.copyOf(gathered);
        gathered.clear();
        inbox.accept(new Input.LinkGathered(link, bundle));
    }

    @Override
    public void state(LinkState state) {
        scheduler.execute(() -> path.state(state));
    }

    @Override
    public void channelOpened() {
        through(new Input.ChannelOpened(link));
    }

    private void through(Input input) {
        scheduler.execute(() -> path.through(() -> inbox.accept(input)));
    }

    @Override
    public void channelClosed() {
        post(new Input.ChannelClosed(link));
    }

    @Override
    public void received(String text) {
        hear(text.length(), () -> channelReader.apply(text));
    }

    @Override
    public void received(byte[] bytes) {
        // Nothing of the protocol is binary on this channel.
        hear(0, () -> new Message.Malformed("a binary message on the data channel"));
    }

    private void hear(int chars, Supplier<Message> message) {
        if (unread.admits(chars)) {
            scheduler.execute(() -> {
                Message heard = message.get();
                Runnable delivery = () -> {
                    unread.read(chars);
                    inbox.accept(new Input.ChannelReceived(link, heard));
                };
                if (heard instanceof Message.Candidates) {
                    delivery.run(); // one of them may be what the look at the path waits for
                } else {
                    path.through(delivery);
                }
            });
        }
    }

    /** The channel promises order without gaps, so what cannot be read ends it. */
    private void giveUp() {
        through(new Input.ChannelReceived(
                link, new Message.Malformed("more than can be read, so the connection is given up")));
        post(new Input.ChannelClosed(link));
    }

    /** Looks here, on the transport's thread, so that a channel that nobody expects is not open for a moment. */
    @Override
    public Optional<SideChannelListener> channelOffered(SideChannel channel) {
        Function<SideChannel, Optional<SideChannelListener>> hears = expected.remove(channel.label());
        if (hears != null) {
            return hears.apply(channel);
        }
        if (!unasked.getAndSet(true)) {
            through(new Input.ChannelReceived(link, new Message.Malformed("a data channel that nobody asked for")));
        }
        return Optional.empty();
    }

    @Override
    public void mediaStarted() {
        through(new Input.MediaBegan(link));
    }

    @Override
    public void failed(Operation operation, String detail) {
        post(new Input.LinkFailed(link, operation, detail));
    }

    @Override
    public void closed() {}
}
