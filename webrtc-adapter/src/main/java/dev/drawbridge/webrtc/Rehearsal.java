package dev.drawbridge.webrtc;

import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.MediaReceiver;
import dev.drawbridge.spi.PeerLinkListener;
import dev.drawbridge.spi.SessionDescription;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One description made with nobody at the other end, once for each role in a process, while the session still waits for its server:
 * the first real one would otherwise pay for the library's first use, some 50 ms. It has no ICE servers, and what it made is never
 * applied locally, so nothing is gathered and not one packet is sent.
 */
final class Rehearsal implements PeerLinkListener {
    /** What a publisher would offer: picture, sound and the channel. */
    static final String OFFER = String.join(
            "\r\n",
            "v=0",
            "o=- 1 1 IN IP4 127.0.0.1",
            "s=-",
            "t=0 0",
            "a=group:BUNDLE 0 1 2",
            "m=video 9 UDP/TLS/RTP/SAVPF 96",
            section(0),
            "a=sendonly",
            "a=rtpmap:96 VP8/90000",
            "m=audio 9 UDP/TLS/RTP/SAVPF 111",
            section(1),
            "a=sendonly",
            "a=rtpmap:111 opus/48000/2",
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
            section(2),
            "a=sctp-port:5000",
            "");

    private static final Set<LinkSettings.Role> DONE =
            Collections.synchronizedSet(EnumSet.noneOf(LinkSettings.Role.class));

    private volatile @Nullable Link link;

    private Rehearsal() {}

    private static String section(int mid) {
        return String.join(
                "\r\n",
                "c=IN IP4 0.0.0.0",
                "a=mid:" + mid,
                "a=rtcp-mux",
                "a=ice-ufrag:nobody",
                "a=ice-pwd:nobodyIsAtTheOtherEnd00",
                "a=fingerprint:sha-256 " + String.join(":", Collections.nCopies(32, "00")),
                "a=setup:actpass");
    }

    /** Begins one unless this process had it; returns at once. */
    static void begin(LinkSettings.Role role, Function<Rehearsal, Link> open) {
        if (DONE.add(role)) {
            Rehearsal rehearsal = new Rehearsal();
            Link link = open.apply(rehearsal);
            rehearsal.link = link;
            link.rehearse();
        }
    }

    static LinkSettings settings(LinkSettings.Role role) {
        return new LinkSettings(role, List.of(), false, true, true, OptionalInt.empty(), List.of(), MediaReceiver.NONE);
    }

    @Override
    public void failed(Operation operation, String detail) {
        Link failed = link;
        if (failed != null) {
            failed.close();
        }
    }

    @Override
    public void localDescription(SessionDescription description) {}

    @Override
    public void localCandidates(List<IceCandidate> candidates) {}

    @Override
    public void state(LinkState state) {}

    @Override
    public void channelOpened() {}

    @Override
    public void channelClosed() {}

    @Override
    public void received(String text) {}

    @Override
    public void received(byte[] bytes) {}

    @Override
    public void mediaStarted() {}

    @Override
    public void closed() {}
}
