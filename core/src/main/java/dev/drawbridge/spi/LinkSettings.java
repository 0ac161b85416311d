package dev.drawbridge.spi;

import dev.drawbridge.Encoding;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a {@link PeerLink} has to know when it is made.
 *
 * @param role which side of the connection this is
 * @param iceServers STUN and TURN servers; may be empty
 * @param relayOnly only relayed candidates may be gathered or used
 * @param hostUdp whether candidates of our own UDP ports may be gathered
 * @param hostTcp likewise TCP
 * @param anyTurnCertificate whether a TURN server over TLS may show any certificate
 * @param roaming whether a connection is to survive that our addresses change, at the price that of several networks only the one
 *     with the default route is named
 * @param video whether video is to be sent (publisher) or wanted (viewer)
 * @param audio whether audio is to be sent (publisher) or wanted (viewer)
 * @param maxVideoKbps upper bound of the sent video bitrate
 * @param codecs preferred video codecs in order, as in {@code VP8}, {@code H264}; empty: the library's choice
 * @param encoding sizes, rates, channels; and whether {@code codecs} are the only ones
 * @param receiver where a viewer's pictures and sound go; a publisher's is never called
 */
public record LinkSettings(
        Role role,
        List<IceServer> iceServers,
        boolean relayOnly,
        boolean hostUdp,
        boolean hostTcp,
        boolean anyTurnCertificate,
        boolean roaming,
        boolean video,
        boolean audio,
        OptionalInt maxVideoKbps,
        List<String> codecs,
        Encoding encoding,
        MediaReceiver receiver) {

    /** Encoded as the library does it by itself. */
    public LinkSettings(
            Role role,
            List<IceServer> iceServers,
            boolean relayOnly,
            boolean hostUdp,
            boolean hostTcp,
            boolean anyTurnCertificate,
            boolean roaming,
            boolean video,
            boolean audio,
            OptionalInt maxVideoKbps,
            List<String> codecs,
            MediaReceiver receiver) {
        this(
                role,
                iceServers,
                relayOnly,
                hostUdp,
                hostTcp,
                anyTurnCertificate,
                roaming,
                video,
                audio,
                maxVideoKbps,
                codecs,
                Encoding.STANDARD,
                receiver);
    }

    /** Where every path is allowed, or every relayed one, addresses stay, and a relay has to show a certificate that the media library trusts. */
    public LinkSettings(
            Role role,
            List<IceServer> iceServers,
            boolean relayOnly,
            boolean video,
            boolean audio,
            OptionalInt maxVideoKbps,
            List<String> codecs,
            MediaReceiver receiver) {
        this(role, iceServers, relayOnly, true, true, false, false, video, audio, maxVideoKbps, codecs, receiver);
    }

    /** The two sides of a connection. The publisher makes every offer and opens the data channel {@code sendChannel}. */
    public enum Role {
        /** Sends media and offers. */
        PUBLISHER,
        /** Receives media and answers. */
        VIEWER
    }
}
