package dev.drawbridge.internal.machine;

import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.PeerId;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.PeerLinkListener;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.spi.SignalingEnd;
import java.util.List;
import java.util.Optional;

/**
 * An observation. Those of a socket carry its generation and those of a peer connection its link number, both counted up from 1
 * and never used twice: what comes late from something that is gone finds nobody.
 */
public sealed interface Input {

    /** An input that speaks of one link. */
    sealed interface OfLink extends Input {
        int link();
    }

    // ---- the program

    record Start() implements Input {}

    record CloseAsked() implements Input {}

    /** The program wants a viewer out. */
    record DisconnectAsked(int link) implements OfLink {}

    /** The program's word on a viewer. */
    record Decided(int link, boolean approved) implements OfLink {}

    /** The program's word on what a viewer asked for by this name. */
    record ControlDecided(int link, String name, boolean allowed) implements OfLink {}

    /** The program has something of the protocol said to whoever of these is connected: a request, or how things stand. */
    record TellAsked(Recipient to, Message message) implements Input {}

    /** The program says that this machine's network is another one now. */
    record NetworkChanged() implements Input {}

    /**
     * The program sends data. Answered by {@code SendData} or {@code RefuseData} with the same number.
     *
     * @param number tells it from all other data of the session
     */
    record DataAsked(long number, Recipient to, Message.Data data) implements Input {}

    /** Data that was sent on this link does not wait there any more, because it has left or never will. */
    record DataSettled(int link, int characters) implements OfLink {}

    // ---- the handshake server

    record SocketOpened(int generation) implements Input {}

    record SignalReceived(int generation, Optional<PeerId> from, Message message) implements Input {}

    record SocketGone(int generation, SignalingEnd end) implements Input {}

    // ---- a peer connection

    record LinkDescribed(int link, SessionDescription description) implements OfLink {}

    record LinkGathered(int link, List<IceCandidate> candidates) implements OfLink {}

    record LinkChanged(int link, LinkState state) implements OfLink {}

    /**
     * The filters took candidates out.
     *
     * @param allOurs whether none of ours is left so far
     * @param allTheirs likewise
     * @param summary what is missing, for a person and without addresses
     */
    record CandidatesDropped(int link, boolean allOurs, boolean allTheirs, String summary) implements OfLink {}

    /**
     * The connection runs over a path that the options forbid; {@code LinkChanged} to connected was held back.
     *
     * @param path by type, such as {@code host/udp}
     */
    record PathForbidden(int link, String path) implements OfLink {}

    record ChannelOpened(int link) implements OfLink {}

    record ChannelReceived(int link, Message message) implements OfLink {}

    record ChannelClosed(int link) implements OfLink {}

    record MediaBegan(int link) implements OfLink {}

    record LinkFailed(int link, PeerLinkListener.Operation operation, String detail) implements OfLink {}

    /** Every link and source is closed. */
    record MediaGone() implements Input {}

    // ---- ourselves

    record TimerFired(Timer timer) implements Input {}

    /** An effect threw: a defect. */
    record EffectFailed(String effect, String detail) implements Input {}
}
