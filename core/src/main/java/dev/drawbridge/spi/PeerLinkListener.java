package dev.drawbridge.spi;

import java.util.List;
import java.util.Optional;

/**
 * Hears one {@link PeerLink}. <b>Thread:</b> called on a thread of the transport, one call at a time, in the order in which
 * things happened; implementations only post.
 */
public interface PeerLinkListener {

    /** The answer to {@code offer} or to an accepted offer; already applied locally. */
    void localDescription(SessionDescription description);

    /** Candidates of ours, gathered just now. */
    void localCandidates(List<IceCandidate> candidates);

    /** The connection's state changed. */
    void state(LinkState state);

    /** {@code sendChannel} is open. */
    void channelOpened();

    /** {@code sendChannel} closed though nobody called {@link PeerLink#close}: the peer has left. */
    void channelClosed();

    /** A text message on {@code sendChannel}. */
    void received(String text);

    /** A binary message on {@code sendChannel}; the array belongs to the listener. */
    void received(byte[] bytes);

    /**
     * The peer opened a channel beside {@code sendChannel}; at most 16 are there at a time, and what is above is closed without a word.
     *
     * @return who hears it, at once or never; empty for a channel that nobody expects, which is then closed
     */
    default Optional<SideChannelListener> channelOffered(SideChannel channel) {
        return Optional.empty();
    }

    /** Viewer only: the first picture or, without video, the first sound was decoded. At most once. */
    void mediaStarted();

    /**
     * Something that was asked for could not be done, for instance a description that libwebrtc refuses. The link lives on
     * until it is closed.
     *
     * @param detail one line without SDP, addresses or secrets
     */
    void failed(Operation operation, String detail);

    /** The last call, exactly once, after {@link PeerLink#close}. */
    void closed();

    /** What failed. */
    enum Operation {
        /** Making the connection. */
        CREATE,
        /** Making an offer. */
        OFFER,
        /** Applying the peer's description, or answering it. */
        ACCEPT,
        /** Adding one of the peer's candidates. */
        ADD_CANDIDATE,
        /** Letting pictures and sound flow, or bounding them. */
        MEDIA,
        /**
         * Finding a video codec that both sides have: the peer's description rejects our video or has none of our codecs, told by a viewer
         * after its answer, and by a publisher instead of applying the peer's. The detail names the codecs.
         */
        CODEC
    }
}
