package dev.drawbridge.internal.wire;

import static dev.drawbridge.internal.wire.Codecs.PUBLISHER;
import static dev.drawbridge.internal.wire.Codecs.STREAM;
import static dev.drawbridge.internal.wire.Codecs.VIEWER;
import static dev.drawbridge.internal.wire.Codecs.peer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Dialect;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.wire.Message.Candidates.Side;
import dev.drawbridge.spi.IceCandidate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The recorded conversations of the protocol page, appendix B: what we write is what was said, and what was said we read. */
class TranscriptTest {
    private static final String SESSION = "ahFDTqf2CQ";
    private static final String SDP = "v=0\r\n";
    private static final String SEALED_OFFER =
            "e6e3b01add0693c318f82913da88759f4ce2aff7724171e27f88329a14ba43f34af6dff434f68f88b0681754a7a1f64b";
    private static final IceCandidate CANDIDATE =
            new IceCandidate("candidate:1 1 udp 2122194687 192.0.2.2 40347 typ host", "0", 0);

    private static Message read(WireCodec codec, String frame) {
        return codec.readSignal(frame).message();
    }

    @Test
    void hosted_without_a_room() throws Exception {
        WireCodec publisher = Codecs.publisher(Dialect.HOSTED);
        WireCodec viewer = Codecs.viewer(Dialect.HOSTED);

        assertThat(publisher.writeSignal(Optional.empty(), new Message.Seed()))
                .isEqualTo("{\"request\":\"seed\",\"streamID\":\"abc1234808d64\"}");
        assertThat(viewer.writeSignal(Optional.empty(), new Message.Play(STREAM)))
                .isEqualTo("{\"request\":\"play\",\"streamID\":\"abc1234808d64\"}");
        assertThat(publisher.readSignal("{\"request\":\"offerSDP\",\"UUID\":\"f0d672f3-857d-4aa6-8c05-b2d1c6b0cb37\"}"))
                .isEqualTo(new Received(peer("f0d672f3-857d-4aa6-8c05-b2d1c6b0cb37"), new Message.OfferWanted()));

        Message.Offer offer = new Message.Offer(Optional.of(STREAM), Optional.of(SESSION), SDP, true);
        String frame = publisher.writeSignal(peer("f0d6"), offer);
        assertThat(frame)
                .isEqualTo("{\"UUID\":\"f0d6\",\"streamID\":\"abc1234808d64\",\"description\":\"" + SEALED_OFFER
                        + "\",\"session\":\"ahFDTqf2CQ\",\"vector\":\"" + Codecs.IV + "\"}");
        assertThat(viewer.readSignal(frame)).isEqualTo(new Received(peer("f0d6"), offer));

        Message.Answer answer = new Message.Answer(Optional.of(SESSION), SDP, true);
        assertThat(publisher
                        .readSignal(viewer.writeSignal(peer("bd56"), answer))
                        .message())
                .isEqualTo(answer);

        Message.Candidates candidates =
                new Message.Candidates(Side.PUBLISHER, Optional.of(SESSION), List.of(CANDIDATE), true);
        frame = publisher.writeSignal(peer("f0d6"), candidates);
        assertThat(frame).startsWith("{\"UUID\":\"f0d6\",\"type\":\"local\",\"candidates\":\"");
        assertThat(read(viewer, frame)).isEqualTo(candidates);
    }

    @Test
    void hosted_with_a_room() throws Exception {
        WireCodec guest = Codecs.codec(
                Dialect.HOSTED, "", Optional.of(StreamId.of("gst0001")), Optional.of("roomA"), Codecs.KEYS);

        assertThat(guest.writeSignal(Optional.empty(), new Message.JoinRoom()))
                .isEqualTo("{\"request\":\"joinroom\",\"roomid\":\"6b71779a041e0a55\"}");
        assertThat(guest.readSignal("{\"request\":\"listing\",\"list\":[]}"))
                .isEqualTo(new Received(Optional.empty(), new Message.Listing(List.of())));
        assertThat(guest.writeSignal(Optional.empty(), new Message.Seed()))
                .isEqualTo("{\"request\":\"seed\",\"streamID\":\"gst0001808d64\"}");
        assertThat(
                        read(
                                guest,
                                "{\"request\":\"listing\",\"list\":[{\"UUID\":\"9c40\",\"streamID\":\"gst0001808d64\"},"
                                        + "{\"UUID\":\"9c41\"},{\"UUID\":\"9c42\",\"streamID\":\"gst0001ffffff\"}],\"claim\":true}"))
                .isEqualTo(new Message.Listing(List.of(
                        new Message.Listing.Member(new PeerId("9c40"), Optional.of(StreamId.of("gst0001"))),
                        new Message.Listing.Member(new PeerId("9c41"), Optional.empty()),
                        new Message.Listing.Member(new PeerId("9c42"), Optional.empty()))));
        assertThat(guest.readSignal("{\"request\":\"someonejoined\",\"UUID\":\"3ad1\",\"director\":true}"))
                .isEqualTo(new Received(peer("3ad1"), new Message.Entered()));
        assertThat(guest.readSignal(
                        "{\"request\":\"videoaddedtoroom\",\"UUID\":\"3ad1\",\"streamID\":\"3fFvTRv808d64\"}"))
                .isEqualTo(new Received(peer("3ad1"), new Message.StreamAnnounced(StreamId.of("3fFvTRv"))));
        assertThat(guest.readSignal("{\"request\":\"offerSDP\",\"UUID\":\"3ad1\"}"))
                .isEqualTo(new Received(peer("3ad1"), new Message.OfferWanted(true, Optional.empty())));
    }

    @Test
    void custom_with_the_viewer_first() throws Exception {
        StreamId stream = StreamId.of("cus0001");
        WireCodec publisher =
                Codecs.codec(Dialect.CUSTOM, PUBLISHER, Optional.of(stream), Optional.empty(), Codecs.KEYS);
        WireCodec viewer = Codecs.viewer(Dialect.CUSTOM);

        String play = viewer.writeSignal(Optional.empty(), new Message.Play(stream));
        assertThat(play).isEqualTo("{\"request\":\"play\",\"streamID\":\"cus0001808d64\",\"from\":\"" + VIEWER + "\"}");
        String seed = publisher.writeSignal(Optional.empty(), new Message.Seed());
        assertThat(seed)
                .isEqualTo("{\"request\":\"seed\",\"streamID\":\"cus0001808d64\",\"from\":\"" + PUBLISHER + "\"}");
        assertThat(viewer.readSignal(seed))
                .isEqualTo(new Received(peer(PUBLISHER), new Message.StreamAnnounced(stream)));
        assertThat(publisher.readSignal(play)).isEqualTo(new Received(peer(VIEWER), new Message.OfferWanted()));

        Message.Offer offer = new Message.Offer(Optional.of(stream), Optional.of("qxi4iGkxCG"), SDP, true);
        String frame = publisher.writeSignal(peer(VIEWER), offer);
        assertThat(frame)
                .isEqualTo("{\"UUID\":\"" + VIEWER + "\",\"streamID\":\"cus0001808d64\",\"description\":\""
                        + SEALED_OFFER + "\",\"session\":\"qxi4iGkxCG\",\"vector\":\"" + Codecs.IV
                        + "\",\"isScene\":false,\"from\":\"" + PUBLISHER + "\"}");
        assertThat(viewer.readSignal(frame)).isEqualTo(new Received(peer(PUBLISHER), offer));

        Message.Candidates candidates =
                new Message.Candidates(Side.VIEWER, Optional.of("qxi4iGkxCG"), List.of(CANDIDATE), true);
        frame = viewer.writeSignal(peer(PUBLISHER), candidates);
        assertThat(frame).contains("\"type\":\"remote\"").endsWith("\"from\":\"" + VIEWER + "\"}");
        assertThat(publisher.readSignal(frame)).isEqualTo(new Received(peer(VIEWER), candidates));
    }

    @Test
    void custom_with_a_room() throws Exception {
        WireCodec guest = Codecs.codec(
                Dialect.CUSTOM, PUBLISHER, Optional.of(StreamId.of("gst0001")), Optional.of("roomA"), Codecs.KEYS);
        WireCodec viewer = Codecs.codec(Dialect.CUSTOM, VIEWER, Optional.empty(), Optional.of("roomA"), Codecs.KEYS);

        String join = guest.writeSignal(Optional.empty(), new Message.JoinRoom());
        assertThat(join)
                .isEqualTo("{\"request\":\"joinroom\",\"streamID\":\"gst0001808d64\",\"roomid\":\"6b71779a041e0a55\","
                        + "\"from\":\"" + PUBLISHER + "\"}");
        assertThat(viewer.readSignal(join))
                .isEqualTo(new Received(peer(PUBLISHER), new Message.StreamAnnounced(StreamId.of("gst0001"))));
        assertThat(guest.readSignal(viewer.writeSignal(Optional.empty(), new Message.JoinRoom())))
                .isEqualTo(new Received(peer(VIEWER), new Message.OfferWanted(true, Optional.empty())));
        assertThat(guest.writeSignal(peer(VIEWER), new Message.Bye()))
                .isEqualTo("{\"UUID\":\"" + VIEWER + "\",\"bye\":true,\"roomid\":\"6b71779a041e0a55\",\"from\":\""
                        + PUBLISHER + "\"}");
    }

    @Test
    void the_router_says_that_the_stream_id_is_taken() {
        assertThat(Codecs.publisher(Dialect.CUSTOM).readSignal("{\"error\":\"sid already in use\"}"))
                .isEqualTo(new Received(Optional.empty(), new Message.StreamIdTaken()));
    }

    @Test
    void the_data_channel_of_a_browser_session() {
        WireCodec publisher = Codecs.publisher(Dialect.HOSTED);
        WireCodec viewer = Codecs.viewer(Dialect.HOSTED);

        assertThat(
                        publisher.readChannel(
                                "{\"downloads\":true,\"allowmidi\":false,\"allowdrawing\":false,\"iframe\":true,"
                                        + "\"widget\":false,\"audio\":true,\"video\":true,\"broadcast\":false,\"allowchunked\":1,"
                                        + "\"info\":{\"label\":false,\"order\":false,\"version\":\"26.1\",\"useragent\":\"x\",\"obs\":false},"
                                        + "\"guest\":false,\"scene\":false,\"director\":false,\"limitaudio\":false,\"forceios\":false}"))
                .isEqualTo(new Message.ViewerRequest(true, true, "", Message.ViewerRequest.Role.VIEWER, "", true));
        assertThat(viewer.readChannel(
                        "{\"info\":{\"label\":\"Cam\",\"version\":\"26.1\"},\"miniInfo\":{\"out\":{\"c\":1}}}"))
                .isEqualTo(new Message.PublisherInfo("Cam", false));
        assertThat(viewer.readChannel("{\"UUID\":\"f0d6\",\"streamID\":\"abc1234\",\"description\":\"" + SEALED_OFFER
                        + "\",\"session\":\"" + SESSION + "\",\"vector\":\"" + Codecs.IV + "\"}"))
                .isEqualTo(new Message.Offer(Optional.of(STREAM), Optional.of(SESSION), SDP, true));
        assertThat(publisher.readChannel(
                        "{\"UUID\":\"bd56\",\"requestResolution\":{\"w\":800,\"h\":600,\"s\":true,\"c\":false}}"))
                .isEqualTo(new Message.ResolutionRequest(800, 600, false));
    }
}
