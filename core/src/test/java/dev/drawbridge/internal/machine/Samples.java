package dev.drawbridge.internal.machine;

import dev.drawbridge.Dialect;
import dev.drawbridge.StreamId;
import dev.drawbridge.Tally;
import dev.drawbridge.Tally.Light;
import dev.drawbridge.ViewerId;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.Message.Candidates.Side;
import dev.drawbridge.internal.wire.PeerId;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.spi.SignalingEnd;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Rules, peers and inputs as they occur in practice. */
final class Samples {
    static final StreamId STREAM = StreamId.of("camera1");
    static final String SESSION = "prefix";

    private static final Map<String, String> CERTIFICATES = new ConcurrentHashMap<>();

    private Samples() {}

    // ---- rules

    static PublisherRules publisher(boolean secure, int maxViewers) {
        return new PublisherRules(
                STREAM, Dialect.CUSTOM, secure, maxViewers, false, true, false, false, false, "cam", SESSION);
    }

    static PublisherRules secure() {
        return publisher(true, 1);
    }

    static PublisherRules open(int maxViewers) {
        return publisher(false, maxViewers);
    }

    static final Tally ON_AIR =
            new Tally(Light.ON, Light.UNKNOWN, Light.ON, Light.UNKNOWN, Light.OFF, Light.UNKNOWN, Light.UNKNOWN);

    static final Recipient NOBODY = new Recipient.OneViewer(new ViewerId(77, "nobody"));

    static Input.DataAsked data(Recipient to) {
        return data(to, "1");
    }

    static Input.DataAsked data(Recipient to, String json) {
        return new Input.DataAsked(7, to, new Message.Pipe(json));
    }

    static PublisherRules asking(PublisherRules r) {
        return new PublisherRules(
                r.stream(),
                r.dialect(),
                r.secure(),
                r.maxViewers(),
                true,
                true,
                r.requireEncryption(),
                r.room(),
                r.relay(),
                r.label(),
                r.sessionPrefix());
    }

    static PublisherRules encrypted(PublisherRules r) {
        return new PublisherRules(
                r.stream(),
                r.dialect(),
                r.secure(),
                r.maxViewers(),
                r.ask(),
                true,
                true,
                r.room(),
                r.relay(),
                r.label(),
                r.sessionPrefix());
    }

    static PublisherRules room(PublisherRules r, Dialect dialect) {
        return new PublisherRules(
                r.stream(),
                dialect,
                r.secure(),
                r.maxViewers(),
                r.ask(),
                r.encrypts(),
                r.requireEncryption(),
                true,
                r.relay(),
                r.label(),
                r.sessionPrefix());
    }

    static PublisherRules relayed(PublisherRules r) {
        return new PublisherRules(
                r.stream(),
                r.dialect(),
                r.secure(),
                r.maxViewers(),
                r.ask(),
                r.encrypts(),
                r.requireEncryption(),
                r.room(),
                true,
                r.label(),
                r.sessionPrefix());
    }

    static ViewerRules relayed(ViewerRules r) {
        return new ViewerRules(
                r.streams(),
                r.dialect(),
                r.once(),
                r.encrypts(),
                r.requireEncryption(),
                r.room(),
                true,
                r.video(),
                r.audio(),
                r.label(),
                r.scene(),
                r.videoKbps(),
                r.audioKbps(),
                r.size(),
                r.retry(),
                r.retryTimeout(),
                r.following(),
                r.files());
    }

    static ViewerRules viewer(StreamId... streams) {
        return new ViewerRules(
                List.of(streams),
                Dialect.CUSTOM,
                false,
                true,
                false,
                false,
                false,
                true,
                true,
                "me",
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Duration.ofSeconds(900),
                Duration.ofSeconds(5),
                Following.NOBODY,
                false);
    }

    static ViewerRules once(ViewerRules r) {
        return new ViewerRules(
                r.streams(),
                r.dialect(),
                true,
                r.encrypts(),
                r.requireEncryption(),
                r.room(),
                r.relay(),
                r.video(),
                r.audio(),
                r.label(),
                r.scene(),
                r.videoKbps(),
                r.audioKbps(),
                r.size(),
                r.retry(),
                r.retryTimeout(),
                r.following(),
                r.files());
    }

    static ViewerRules scene(ViewerRules r, String name) {
        return new ViewerRules(
                r.streams(),
                r.dialect(),
                r.once(),
                r.encrypts(),
                r.requireEncryption(),
                r.room(),
                r.relay(),
                r.video(),
                r.audio(),
                r.label(),
                Optional.of(name),
                r.videoKbps(),
                r.audioKbps(),
                r.size(),
                r.retry(),
                r.retryTimeout(),
                r.following(),
                r.files());
    }

    static ViewerRules encrypted(ViewerRules r) {
        return new ViewerRules(
                r.streams(),
                r.dialect(),
                r.once(),
                true,
                true,
                r.room(),
                r.relay(),
                r.video(),
                r.audio(),
                r.label(),
                r.scene(),
                r.videoKbps(),
                r.audioKbps(),
                r.size(),
                r.retry(),
                r.retryTimeout(),
                r.following(),
                r.files());
    }

    static ViewerRules room(ViewerRules r, Dialect dialect) {
        return new ViewerRules(
                r.streams(),
                dialect,
                r.once(),
                r.encrypts(),
                r.requireEncryption(),
                true,
                r.relay(),
                r.video(),
                r.audio(),
                r.label(),
                r.scene(),
                r.videoKbps(),
                r.audioKbps(),
                r.size(),
                r.retry(),
                r.retryTimeout(),
                r.following(),
                r.files());
    }

    static ViewerRules sized(ViewerRules r, Message.SizeRequest size) {
        return new ViewerRules(
                r.streams(),
                r.dialect(),
                r.once(),
                r.encrypts(),
                r.requireEncryption(),
                r.room(),
                r.relay(),
                r.video(),
                r.audio(),
                r.label(),
                r.scene(),
                r.videoKbps(),
                r.audioKbps(),
                Optional.of(size),
                r.retry(),
                r.retryTimeout(),
                r.following(),
                r.files());
    }

    /** Watches its whole room, beside what it names. */
    static ViewerRules whole(ViewerRules r, int most, StreamId... except) {
        return new ViewerRules(
                r.streams(),
                r.dialect(),
                r.once(),
                r.encrypts(),
                r.requireEncryption(),
                r.room(),
                r.relay(),
                r.video(),
                r.audio(),
                r.label(),
                r.scene(),
                r.videoKbps(),
                r.audioKbps(),
                r.size(),
                r.retry(),
                r.retryTimeout(),
                new Following(true, Set.of(except), most),
                r.files());
    }

    static ViewerRules wanting(ViewerRules r, int videoKbps, int audioKbps) {
        return new ViewerRules(
                r.streams(),
                r.dialect(),
                r.once(),
                r.encrypts(),
                r.requireEncryption(),
                r.room(),
                r.relay(),
                r.video(),
                r.audio(),
                r.label(),
                r.scene(),
                OptionalInt.of(videoKbps),
                OptionalInt.of(audioKbps),
                r.size(),
                r.retry(),
                r.retryTimeout(),
                r.following(),
                r.files());
    }

    // ---- the server

    static SignalingEnd end(SignalingEnd.Kind kind) {
        return new SignalingEnd(kind, "test");
    }

    static Input opened(int generation) {
        return new Input.SocketOpened(generation);
    }

    static Input gone(int generation) {
        return new Input.SocketGone(generation, end(SignalingEnd.Kind.LOST));
    }

    static Input server(int generation, Message message) {
        return new Input.SignalReceived(generation, Optional.empty(), message);
    }

    static Input says(int generation, String peer, Message message) {
        return new Input.SignalReceived(generation, Optional.of(new PeerId(peer)), message);
    }

    // ---- peers

    static Input asks(int generation, String peer) {
        return says(generation, peer, new Message.OfferWanted());
    }

    /** An SDP as far as the machines look into it. */
    static String sdp(String certificate) {
        return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
                + "a=fingerprint:sha-256 " + certificate + "\r\n";
    }

    /** The fingerprint of a peer's certificate, made of its name. */
    static String certificate(String peer) {
        return CERTIFICATES.computeIfAbsent(peer, name -> {
            String group = String.format(":%08X", name.hashCode()).replaceAll("(\\w\\w)(?=\\w)", "$1:");
            return group.repeat(8).substring(1);
        });
    }

    static Message answer(int link, String peer) {
        return answer(link, peer, true);
    }

    static Message answer(int link, String peer, boolean encrypted) {
        return new Message.Answer(Optional.of(SESSION + Integer.toString(link, 36)), sdp(certificate(peer)), encrypted);
    }

    static Message candidates(Side side, String session, boolean encrypted) {
        return new Message.Candidates(side, Optional.of(session), List.of(candidate()), encrypted);
    }

    static IceCandidate candidate() {
        return new IceCandidate("candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host", "0", 0);
    }

    static Message request(String label) {
        return new Message.ViewerRequest(true, true, label, Message.ViewerRequest.Role.VIEWER);
    }

    static Message offer(String session, String certificate) {
        return offer(STREAM, session, certificate);
    }

    static Message offer(StreamId stream, String session, String certificate) {
        return new Message.Offer(Optional.of(stream), Optional.of(session), sdp(certificate), true);
    }

    static Message listing(Message.Listing.Member... members) {
        return new Message.Listing(List.of(members));
    }

    static Message.Listing.Member member(String peer, StreamId stream) {
        return new Message.Listing.Member(new PeerId(peer), Optional.of(stream));
    }

    static Message.Listing.Member member(String peer) {
        return new Message.Listing.Member(new PeerId(peer), Optional.empty());
    }

    // ---- links

    static Input described(int link, SessionDescription.Type type) {
        return new Input.LinkDescribed(link, new SessionDescription(type, sdp(certificate("us"))));
    }

    static Input gathered(int link) {
        return new Input.LinkGathered(link, List.of(candidate()));
    }

    static Input changed(int link, LinkState state) {
        return new Input.LinkChanged(link, state);
    }

    static Input connected(int link) {
        return changed(link, LinkState.CONNECTED);
    }

    static Input heard(int link, Message message) {
        return new Input.ChannelReceived(link, message);
    }
}
