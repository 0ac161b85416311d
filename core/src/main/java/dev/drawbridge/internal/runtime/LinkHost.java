package dev.drawbridge.internal.runtime;

import dev.drawbridge.internal.ice.CandidateFilter;
import dev.drawbridge.internal.machine.Input;
import dev.drawbridge.internal.wire.Limits;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.PeerLinkListener;
import dev.drawbridge.spi.Scheduler;
import dev.drawbridge.spi.SessionDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One peer connection between the machine and the media transport. Only posts: what the transport says becomes an input on the
 * session's thread. Applies the candidate filter to everything that goes out and comes in, SDP included, and gathers our
 * candidates for a moment so that they travel in few frames.
 */
final class LinkHost implements PeerLinkListener {
    /** Long enough for the candidates of all interfaces of a machine, short beside a network's round trip. */
    private static final Duration BUNDLE = Duration.ofMillis(4);

    private final int link;
    private final String name;
    private final Scheduler scheduler;
    private final CandidateFilter filter;
    private final Function<String, Message> channelReader;
    private final Consumer<Input> inbox;
    private final List<IceCandidate> gathered = new ArrayList<>();
    private final Backlog unread = new Backlog(this::giveUp);
    private @Nullable PeerLink peer;

    LinkHost(
            int link,
            String name,
            Scheduler scheduler,
            CandidateFilter filter,
            Function<String, Message> channelReader,
            Consumer<Input> inbox) {
        this.link = link;
        this.name = name;
        this.scheduler = scheduler;
        this.filter = filter;
        this.channelReader = channelReader;
        this.inbox = inbox;
    }

    /** Who is at the other end: {@code viewer-1}, or a stream id. */
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
        peer().accept(filtered(description));
    }

    void add(List<IceCandidate> candidates) {
        for (IceCandidate candidate : candidates) {
            filter.keep(candidate).ifPresent(peer()::add);
        }
    }

    private SessionDescription filtered(SessionDescription description) {
        return new SessionDescription(description.type(), filter.filter(description.sdp()));
    }

    private void post(Input input) {
        scheduler.execute(() -> inbox.accept(input));
    }

    // ---- from the transport, on its threads

    @Override
    public void localDescription(SessionDescription description) {
        scheduler.execute(() -> inbox.accept(new Input.LinkDescribed(link, filtered(description))));
    }

    @Override
    public void localCandidates(List<IceCandidate> candidates) {
        scheduler.execute(() -> {
            boolean first = gathered.isEmpty();
            for (IceCandidate candidate : candidates) {
                if (gathered.size() < Limits.CANDIDATES) {
                    filter.keep(candidate).ifPresent(gathered::add);
                }
            }
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
        post(new Input.LinkChanged(link, state));
    }

    @Override
    public void channelOpened() {
        post(new Input.ChannelOpened(link));
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
                unread.read(chars);
                inbox.accept(new Input.ChannelReceived(link, message.get()));
            });
        }
    }

    /** The channel promises order without gaps, so what cannot be read ends it. */
    private void giveUp() {
        post(new Input.ChannelReceived(
                link, new Message.Malformed("more than can be read, so the connection is given up")));
        post(new Input.ChannelClosed(link));
    }

    @Override
    public void mediaStarted() {
        post(new Input.MediaBegan(link));
    }

    @Override
    public void failed(Operation operation, String detail) {
        post(new Input.LinkFailed(link, operation, detail));
    }

    @Override
    public void closed() {}
}
