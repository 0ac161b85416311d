package dev.drawbridge.spi;

import dev.drawbridge.LinkStats;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * One peer connection with its data channel {@code sendChannel}.
 *
 * <p><b>Thread:</b> every method may be called from any thread, returns at once and takes effect in call order; results come
 * through {@link PeerLinkListener}. <b>After close:</b> every method does nothing, and {@link #send} fails. No method throws because of what a peer sent.
 */
public interface PeerLink {

    /**
     * Publisher only: makes an offer; answered by {@link PeerLinkListener#localDescription}. The first one negotiates the media
     * but sends none: not one media packet leaves before {@link #releaseMedia}.
     */
    void offer(boolean iceRestart);

    /** Applies the peer's description. An offer is answered by {@link PeerLinkListener#localDescription} with an answer. */
    void accept(SessionDescription remote);

    /**
     * Adds the peer's candidate; kept until a remote description is there. At most 256 until a description comes with new ICE
     * credentials; newer ones are dropped, which {@link PeerLinkListener#failed} tells once.
     */
    void add(IceCandidate candidate);

    /** Publisher only: lets the media flow. Needs no negotiation. Idempotent. */
    void releaseMedia();

    /**
     * Sends one text message on {@code sendChannel}, in order; kept until the channel is open and the network takes it (at most 256
     * messages and 32 MiB). What cannot be sent harms neither the channel nor what is sent after it. What was sent before {@link
     * #close}, above all a goodbye, still goes out if it can at once.
     *
     * @return completes when the media library has handed all of it to the network, so that nothing of it waits on this side any more;
     *     whether it arrives is another matter. Fails with a {@link dev.drawbridge.SendException}: {@code TOO_BIG} above 256 KiB of
     *     UTF-8, {@code TOO_MUCH_WAITING} when the queue is full, {@code PEER_GONE} when the channel or the link closed first. Done at
     *     the latest with {@link PeerLinkListener#closed}, on a thread of the transport, those that were sent in the order of the
     *     messages
     */
    CompletionStage<Void> send(String text);

    /**
     * Opens another channel, whichever side this is. Needs no negotiation once the connection stands.
     *
     * @param label at most 128 characters, not {@code sendChannel}
     * @param listener hears it from the completion of the stage on; if that fails, it may hear that it is closed
     * @return completes when it is open. Fails with a {@link dev.drawbridge.SendException}: {@code TOO_MUCH_WAITING} when the link has 16
     *     of them, or 32 with those that are closed and of whose end the peer does not know yet; {@code PEER_GONE} when the link is not
     *     connected, or it or the peer closed first
     */
    CompletionStage<SideChannel> openChannel(String label, SideChannelListener listener);

    /** Asks for a key frame from our encoder (publisher), which makes two a second at most; harmless elsewhere. */
    void requestKeyFrame();

    /**
     * Bounds the sent video bitrate from now on (publisher), never above {@link LinkSettings#maxVideoKbps}; negative: back to the
     * default; 0: as little as the encoder can. Harmless elsewhere.
     */
    void limitVideo(int kbps);

    /** Bounds the sent audio bitrate from now on (publisher); 0 or negative: back to the default. Harmless elsewhere. */
    void limitAudio(int kbps);

    /**
     * Makes the sent pictures smaller from now on (publisher): this percentage of the source's width and height, 1 to 100. Of this and
     * {@link #fitVideo} the newest counts, at most two a second. Never so small that the shorter side has less than 32 pixels. Harmless
     * elsewhere.
     */
    void scaleVideo(int percent);

    /**
     * Makes the sent pictures so small from now on (publisher) that they fit into an area, whatever the size of the source becomes; never
     * larger than the source. Otherwise like {@link #scaleVideo}.
     *
     * @param width in pixels, positive
     * @param height likewise
     * @param cover in one direction they may be larger than the area, so that they fill it
     */
    void fitVideo(int width, int height, boolean cover);

    /**
     * The program's own bounds on what is sent (publisher), within which {@link #limitVideo}, {@link #scaleVideo} and {@link #fitVideo}
     * are done from now on. Harmless elsewhere.
     *
     * @param kbps the most video; 0: no such bound
     * @param percent of the source's width and height, 1 to 100
     * @param framesPerSecond the most pictures a second; 0: as they come
     */
    default void boundVideo(int kbps, int percent, int framesPerSecond) {}

    /** The connection's figures now, or those that somebody else is waiting for; completes on a thread of the transport, exceptionally after close. */
    CompletionStage<LinkStats> stats();

    /**
     * The path that the connection runs over now; empty before there is one. May be 50 ms old; completes like {@link #stats}.
     */
    CompletionStage<Optional<SelectedPath>> path();

    /**
     * Ends the connection; {@link PeerLinkListener#closed} follows when it is gone, and before it nothing but the one call that may be on
     * its way already. Idempotent.
     */
    void close();
}
