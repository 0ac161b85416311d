package dev.drawbridge.internal.wire;

import static dev.drawbridge.internal.wire.Codecs.PUBLISHER;
import static dev.drawbridge.internal.wire.Codecs.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Dialect;
import dev.drawbridge.StreamId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The receiving filter of protocol section 1.3: a fan-out server delivers everybody's traffic. */
class CustomFilterTest {
    private static final String ROOM = "6b71779a041e0a55";
    private static final String ANSWER = "\"description\":{\"type\":\"answer\",\"sdp\":\"v=0\"}";
    private static final String OFFER = "\"description\":{\"type\":\"offer\",\"sdp\":\"v=0\"}";

    private final WireCodec publisher = Codecs.publisher(Dialect.CUSTOM);
    private final WireCodec viewer = Codecs.viewer(Dialect.CUSTOM);
    private final WireCodec guest =
            Codecs.codec(Dialect.CUSTOM, PUBLISHER, Optional.of(Codecs.STREAM), Optional.of("roomA"), Codecs.KEYS);

    private static Message read(WireCodec codec, String fields) {
        return codec.readSignal("{" + fields + "}").message();
    }

    private static Message fromViewer(WireCodec codec, String fields) {
        return read(codec, fields + ",\"from\":\"" + VIEWER + "\"");
    }

    private static Message fromPublisher(WireCodec codec, String fields) {
        return read(codec, fields + ",\"from\":\"" + PUBLISHER + "\"");
    }

    @Test
    void our_own_frames_are_dropped() {
        assertThat(read(publisher, ANSWER + ",\"from\":\"" + PUBLISHER + "\"")).isEqualTo(new Message.Ignored());
    }

    @Test
    void frames_for_others_are_dropped() {
        assertThat(fromViewer(publisher, ANSWER + ",\"UUID\":\"somebody\"")).isEqualTo(new Message.Ignored());
        assertThat(fromViewer(publisher, ANSWER + ",\"UUID\":null")).isEqualTo(new Message.Ignored());
        assertThat(fromViewer(publisher, ANSWER + ",\"UUID\":\"\"")).isEqualTo(new Message.Ignored());
        assertThat(fromViewer(publisher, ANSWER + ",\"UUID\":\"" + PUBLISHER + "\""))
                .isEqualTo(new Message.Answer(Optional.empty(), "v=0", false));
    }

    @Test
    void frames_without_a_receiver_are_for_all() {
        assertThat(fromViewer(publisher, ANSWER)).isEqualTo(new Message.Answer(Optional.empty(), "v=0", false));
    }

    @Test
    void frames_of_other_rooms_are_dropped() {
        assertThat(fromViewer(publisher, ANSWER + ",\"roomid\":\"" + ROOM + "\""))
                .isEqualTo(new Message.Ignored());
        assertThat(fromViewer(guest, ANSWER + ",\"roomid\":\"other\"")).isEqualTo(new Message.Ignored());
        assertThat(fromViewer(guest, ANSWER + ",\"roomid\":\"" + ROOM + "\"")).isInstanceOf(Message.Answer.class);
        assertThat(fromViewer(guest, ANSWER)).isInstanceOf(Message.Answer.class);
    }

    @Test
    void nobody_moves_us_to_another_room() {
        assertThat(fromViewer(
                        guest, "\"request\":\"migrate\",\"target\":\"" + PUBLISHER + "\",\"roomid\":\"" + ROOM + "\""))
                .isEqualTo(new Message.Ignored());
    }

    @Test
    void a_director_mark_changes_nothing() {
        assertThat(fromViewer(publisher, ANSWER + ",\"director\":true")).isInstanceOf(Message.Answer.class);
    }

    @Test
    void the_sender_is_who_says_from() {
        Received received = publisher.readSignal("{" + ANSWER + ",\"UUID\":\"" + PUBLISHER + "\",\"from\":12345}");
        assertThat(received.from()).contains(new PeerId("12345"));
    }

    @Test
    void without_a_sender_only_the_server_can_have_spoken() {
        assertThat(read(publisher, ANSWER)).isEqualTo(new Message.Ignored());
        assertThat(read(publisher, "\"request\":\"play\",\"streamID\":\"abc1234808d64\""))
                .isEqualTo(new Message.Ignored());
        assertThat(read(publisher, "\"error\":\"uuid already in use\"")).isEqualTo(new Message.IdentityRejected());
        assertThat(read(publisher, "\"error\":\"can't change sid\"")).isEqualTo(new Message.IdentityRejected());
        assertThat(read(publisher, "\"error\":\"out of \\n paper\"")).isEqualTo(new Message.Notice("out of   paper"));
    }

    @Test
    void a_peer_cannot_speak_for_the_server() {
        assertThat(fromViewer(publisher, "\"error\":\"sid already in use\"")).isEqualTo(new Message.Ignored());
        assertThat(fromViewer(publisher, "\"request\":\"alert\",\"message\":\"Stream ID is already in use.\""))
                .isEqualTo(new Message.Ignored());
        assertThat(fromViewer(publisher, "\"request\":\"offerSDP\"")).isEqualTo(new Message.Ignored());
        assertThat(fromPublisher(viewer, "\"request\":\"listing\",\"list\":[]")).isEqualTo(new Message.Ignored());
    }

    @Test
    void play_of_my_stream_wants_an_offer() {
        assertThat(fromViewer(publisher, "\"request\":\"play\",\"streamID\":\"abc1234808d64\""))
                .isEqualTo(new Message.OfferWanted());
    }

    @Test
    void play_of_another_stream_or_another_password_is_dropped() {
        assertThat(fromViewer(publisher, "\"request\":\"play\",\"streamID\":\"abc1235808d64\""))
                .isEqualTo(new Message.Ignored());
        assertThat(fromViewer(publisher, "\"request\":\"play\",\"streamID\":\"abc12341c2bdc\""))
                .isEqualTo(new Message.Ignored());
        assertThat(fromViewer(publisher, "\"request\":\"play\",\"streamID\":\"abc1234\""))
                .isEqualTo(new Message.Ignored());
        assertThat(fromViewer(publisher, "\"request\":\"play\"")).isEqualTo(new Message.Ignored());
        assertThat(fromPublisher(viewer, "\"request\":\"play\",\"streamID\":\"abc1234808d64\""))
                .isEqualTo(new Message.Ignored());
    }

    @Test
    void seed_announces_a_stream() {
        assertThat(fromPublisher(viewer, "\"request\":\"seed\",\"streamID\":\"other808d64\""))
                .isEqualTo(new Message.StreamAnnounced(StreamId.of("other")));
        assertThat(fromPublisher(viewer, "\"request\":\"seed\",\"streamID\":\"other1c2bdc\""))
                .isEqualTo(new Message.Ignored());
        assertThat(fromPublisher(viewer, "\"request\":\"seed\",\"streamID\":\"not one808d64\""))
                .isEqualTo(new Message.Ignored());
    }

    @Test
    void joinroom_wants_an_offer_from_every_publisher_in_the_room() {
        String joins = "\"request\":\"joinroom\",\"roomid\":\"" + ROOM + "\"";
        assertThat(fromViewer(guest, joins)).isEqualTo(new Message.OfferWanted(true, Optional.empty()));
        assertThat(fromViewer(guest, joins + ",\"streamID\":\"other808d64\""))
                .isEqualTo(new Message.OfferWanted(true, Optional.of(StreamId.of("other"))));
        assertThat(fromViewer(guest, "\"request\":\"joinroom\"")).isEqualTo(new Message.Ignored());
        assertThat(fromViewer(publisher, "\"request\":\"joinroom\"")).isEqualTo(new Message.Ignored());
    }

    @Test
    void to_a_viewer_in_the_room_a_joinroom_tells_who_comes_and_with_which_stream() {
        WireCodec inRoom = Codecs.codec(Dialect.CUSTOM, VIEWER, Optional.empty(), Optional.of("roomA"), Codecs.KEYS);
        String joins = "\"request\":\"joinroom\",\"roomid\":\"" + ROOM + "\"";
        assertThat(fromPublisher(inRoom, joins)).isEqualTo(new Message.Entered());
        assertThat(fromPublisher(inRoom, joins + ",\"streamID\":\"other808d64\""))
                .isEqualTo(new Message.StreamAnnounced(StreamId.of("other")));
        assertThat(fromPublisher(inRoom, joins + ",\"streamID\":\"other1c2bdc\""))
                .isEqualTo(new Message.Entered());
        assertThat(fromPublisher(inRoom, joins.replace(ROOM, "elsewhere"))).isEqualTo(new Message.Ignored());
        assertThat(fromPublisher(viewer, joins)).isEqualTo(new Message.Ignored());
    }

    @Test
    void in_a_room_nothing_is_announced_from_outside() {
        WireCodec inRoom = Codecs.codec(Dialect.CUSTOM, VIEWER, Optional.empty(), Optional.of("roomA"), Codecs.KEYS);
        String seeds = "\"request\":\"seed\",\"streamID\":\"other808d64\"";
        assertThat(fromPublisher(inRoom, seeds)).isEqualTo(new Message.Ignored());
        assertThat(fromPublisher(inRoom, seeds + ",\"roomid\":\"" + ROOM + "\""))
                .isEqualTo(new Message.StreamAnnounced(StreamId.of("other")));
    }

    @Test
    void offers_of_scenes_are_dropped() {
        assertThat(fromPublisher(viewer, OFFER + ",\"isScene\":\"0\"")).isEqualTo(new Message.Ignored());
        assertThat(fromPublisher(viewer, OFFER + ",\"isScene\":true")).isEqualTo(new Message.Ignored());
        assertThat(fromPublisher(viewer, OFFER + ",\"isScene\":false")).isInstanceOf(Message.Offer.class);
        assertThat(fromPublisher(viewer, OFFER + ",\"isScene\":null")).isInstanceOf(Message.Offer.class);
        assertThat(fromPublisher(viewer, OFFER)).isInstanceOf(Message.Offer.class);
    }

    @Test
    void offers_with_a_foreign_stream_are_dropped() {
        assertThat(fromPublisher(viewer, OFFER + ",\"streamID\":\"abc12341c2bdc\""))
                .isEqualTo(new Message.Ignored());
        assertThat(fromPublisher(viewer, OFFER + ",\"streamID\":\"abc1234808d64\""))
                .isEqualTo(new Message.Offer(Optional.of(Codecs.STREAM), Optional.empty(), "v=0", false));
    }
}
