package dev.drawbridge.internal.wire;

import static dev.drawbridge.internal.wire.Codecs.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drawbridge.Dialect;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.crypto.Envelope;
import dev.drawbridge.internal.crypto.Keys;
import dev.drawbridge.internal.wire.Message.Candidates.Side;
import dev.drawbridge.internal.wire.Message.ViewerRequest.Role;
import dev.drawbridge.spi.IceCandidate;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class WireCodecTest {
    private final WireCodec publisher = Codecs.publisher(Dialect.HOSTED);
    private final WireCodec viewer = Codecs.viewer(Dialect.HOSTED);
    private final WireCodec open =
            Codecs.codec(Dialect.HOSTED, "", Optional.of(Codecs.STREAM), Optional.empty(), Codecs.NO_KEYS);
    private final Envelope envelope =
            new Envelope(Codecs.KEYS, () -> HexFormat.of().parseHex(Codecs.IV));

    private Message signal(String fields) {
        return publisher.readSignal("{\"UUID\":\"p\"," + fields + "}").message();
    }

    private String sealed(String field, String json) {
        Envelope.Sealed sealed = envelope.seal(json);
        return "\"" + field + "\":\"" + sealed.payload() + "\",\"vector\":\"" + sealed.vector() + "\"";
    }

    // ---- hosted frames

    @Test
    void alerts_of_the_hosted_server_have_their_own_meaning() {
        assertThat(hostedAlert("Stream ID is already in use.")).isEqualTo(new Message.StreamIdTaken());
        assertThat(hostedAlert("Stream ID cannot change on an existing connection."))
                .isEqualTo(new Message.IdentityRejected());
        assertThat(hostedAlert("Room is full")).isEqualTo(new Message.Notice("Room is full"));
        assertThat(hostedAlert("x".repeat(1_000))).isEqualTo(new Message.Notice("x".repeat(200)));
        assertThat(publisher.readSignal("{\"request\":\"error\",\"message\":\"no\",\"code\":\"7\"}"))
                .isEqualTo(new Received(Optional.empty(), new Message.Notice("no")));
        assertThat(publisher.readSignal("{\"request\":\"warn\"}").message())
                .isEqualTo(new Message.Notice("no reason given"));
    }

    @Test
    void the_names_of_streams_and_room_are_not_repeated_from_the_words_of_a_server() {
        String stream = Codecs.KEYS.wireStream(Codecs.STREAM);
        String other = Codecs.KEYS.wireStream(StreamId.of("another_one"));
        assertThat(hostedAlert("no " + stream + " and " + other + " here"))
                .isEqualTo(new Message.Notice("no … and … here"));

        Optional<String> room = Optional.of("lobby");
        WireCodec inRoom = Codecs.codec(Dialect.CUSTOM, "", Optional.of(Codecs.STREAM), room, Codecs.NO_KEYS);
        assertThat(inRoom.readSignal("{\"error\":\"lobby is full, abc1234\"}").message())
                .isEqualTo(new Message.Notice("… is full, …"));
    }

    private Message hostedAlert(String text) {
        return publisher
                .readSignal("{\"request\":\"alert\",\"message\":\"" + text + "\"}")
                .message();
    }

    @Test
    void a_relayed_frame_cannot_speak_for_the_server() {
        assertThat(signal("\"error\":\"sid already in use\"")).isEqualTo(new Message.Ignored());
    }

    @Test
    void requests_that_lack_the_sender_are_malformed() {
        assertThat(publisher.readSignal("{\"request\":\"offerSDP\"}").message()).isInstanceOf(Message.Malformed.class);
        assertThat(viewer.readSignal("{\"request\":\"videoaddedtoroom\",\"streamID\":\"abc1234808d64\"}")
                        .message())
                .isInstanceOf(Message.Malformed.class);
    }

    @Test
    void play_is_understood_in_the_hosted_dialect_too() {
        assertThat(signal("\"request\":\"play\",\"streamID\":\"abc1234808d64\""))
                .isEqualTo(new Message.OfferWanted());
        assertThat(signal("\"request\":\"play\",\"streamID\":\"xyz808d64\"")).isEqualTo(new Message.Ignored());
    }

    @Test
    void nobody_asks_a_viewer_for_an_offer() {
        assertThat(viewer.readSignal("{\"request\":\"offerSDP\",\"UUID\":\"p\"}")
                        .message())
                .isEqualTo(new Message.Ignored());
    }

    @Test
    void unknown_requests_and_fields_are_ignored() {
        assertThat(signal("\"request\":\"transferred\",\"list\":[]")).isEqualTo(new Message.Ignored());
        assertThat(signal("\"request\":\"tomorrow\"")).isEqualTo(new Message.Ignored());
        assertThat(signal("\"new\":{\"a\":[1,{\"b\":null}]},\"bye\":true")).isEqualTo(new Message.Bye());
        assertThat(signal("\"pipe\":1,\"__fallback\":true")).isEqualTo(new Message.Ignored());
    }

    @Test
    void presence_of_bye_counts() {
        assertThat(signal("\"bye\":false")).isEqualTo(new Message.Bye());
        assertThat(signal("\"iceRestartRequest\":true")).isEqualTo(new Message.IceRestartRequest());
        assertThat(viewer.readChannel("{\"bye\":null}")).isEqualTo(new Message.Bye());
    }

    // ---- descriptions and candidates

    @Test
    void candidates_come_in_four_forms() {
        String one = "{\"candidate\":\"candidate:1\",\"sdpMid\":\"0\",\"sdpMLineIndex\":0,\"usernameFragment\":\"x\"}";
        Message.Candidates plain = new Message.Candidates(
                Side.VIEWER, Optional.of("s"), List.of(new IceCandidate("candidate:1", "0", 0)), false);
        Message.Candidates secret = new Message.Candidates(Side.VIEWER, Optional.of("s"), plain.list(), true);
        String rest = ",\"type\":\"remote\",\"session\":\"s\"";

        assertThat(signal("\"candidates\":[" + one + "]" + rest)).isEqualTo(plain);
        assertThat(signal("\"candidate\":" + one + rest)).isEqualTo(plain);
        assertThat(signal(sealed("candidates", "[" + one + "]") + rest)).isEqualTo(secret);
        assertThat(signal(sealed("candidate", one) + rest)).isEqualTo(secret);
        assertThat(publisher.readChannel("{\"candidates\":[" + one + "]" + rest + "}"))
                .isEqualTo(plain);
    }

    @Test
    void a_candidate_may_lack_its_media_section_or_give_it_otherwise() {
        assertThat(signal("\"type\":\"local\",\"session\":null,\"candidates\":["
                        + "{\"candidate\":\"a\",\"sdpMLineIndex\":1},"
                        + "{\"candidate\":\"b\",\"mid\":\"video\",\"sdpMLineIndex\":null},"
                        + "{\"candidate\":\"c\",\"sdpMid\":null,\"sdpMLineIndex\":\"2\"}]"))
                .isEqualTo(new Message.Candidates(
                        Side.PUBLISHER,
                        Optional.empty(),
                        List.of(
                                new IceCandidate("a", "", 1),
                                new IceCandidate("b", "video", 0),
                                new IceCandidate("c", "", 2)),
                        false));
    }

    @Test
    void empty_candidates_are_skipped() {
        assertThat(signal("\"type\":\"local\",\"candidates\":[null,{\"candidate\":\"\"},{\"candidate\":null},{}]"))
                .isEqualTo(new Message.Ignored());
        assertThat(signal("\"type\":\"local\",\"candidate\":null")).isEqualTo(new Message.Ignored());
        assertThat(signal(sealed("candidate", "null") + ",\"type\":\"local\"")).isEqualTo(new Message.Ignored());
        assertThat(signal("\"type\":\"local\",\"candidates\":[null,{\"candidate\":\"a\"}]"))
                .isInstanceOf(Message.Candidates.class);
    }

    @Test
    void candidates_without_a_side_are_dropped() {
        assertThat(signal("\"candidates\":[{\"candidate\":\"a\"}]")).isEqualTo(new Message.Ignored());
        assertThat(signal("\"candidates\":[{\"candidate\":\"a\"}],\"type\":\"both\""))
                .isEqualTo(new Message.Ignored());
    }

    @Test
    void a_session_is_a_text_a_number_or_absent() {
        String answer = "\"description\":{\"type\":\"answer\",\"sdp\":\"v=0\"}";
        assertThat(signal(answer)).isEqualTo(new Message.Answer(Optional.empty(), "v=0", false));
        assertThat(signal(answer + ",\"session\":null")).isEqualTo(new Message.Answer(Optional.empty(), "v=0", false));
        assertThat(signal(answer + ",\"session\":1700000000000"))
                .isEqualTo(new Message.Answer(Optional.of("1700000000000"), "v=0", false));
    }

    @Test
    void an_answer_on_the_data_channel_needs_neither_session_nor_peer() {
        assertThat(publisher.readChannel("{" + sealed("description", "{\"type\":\"answer\",\"sdp\":\"v=0\"}") + "}"))
                .isEqualTo(new Message.Answer(Optional.empty(), "v=0", true));
    }

    @Test
    void whatever_is_wrong_with_an_encrypted_payload_looks_the_same() {
        WireCodec stranger = Codecs.codec(
                Dialect.HOSTED, "", Optional.empty(), Optional.empty(), Keys.of(Optional.of("x"), "vdo.ninja"));
        String good = "{\"UUID\":\"p\"," + sealed("description", "{\"type\":\"offer\",\"sdp\":\"v=0\"}") + "}";
        assertThat(publisher.readSignal(good).message()).isInstanceOf(Message.Offer.class);
        assertThat(stranger.readSignal(good).message()).isEqualTo(new Message.Undecipherable());
        assertThat(open.readSignal(good).message()).isEqualTo(new Message.Undecipherable());
        for (String wrong : List.of(
                "",
                "no JSON",
                "[]",
                "{\"type\":\"offer\"}",
                "{\"type\":\"pranswer\",\"sdp\":\"v=0\"}",
                "{\"type\":1,\"sdp\":\"v=0\"}",
                "{\"type\":\"offer\",\"sdp\":\"v=0\"}{}",
                "{\"type\":\"offer\",\"sdp\":\"" + "x".repeat(Limits.SDP + 1) + "\"}",
                "[".repeat(50_000))) {
            assertThat(signal(sealed("description", wrong))).isEqualTo(new Message.Undecipherable());
            assertThat(signal(sealed("candidates", wrong) + ",\"type\":\"local\""))
                    .isIn(new Message.Undecipherable(), new Message.Ignored());
        }
        assertThat(signal("\"description\":\"00\",\"vector\":\"00\"")).isEqualTo(new Message.Undecipherable());
    }

    @Test
    void a_vector_cannot_make_plain_text_look_encrypted() {
        assertThat(signal("\"description\":{\"type\":\"answer\",\"sdp\":\"v=0\"},\"vector\":\"" + Codecs.IV + "\""))
                .isInstanceOf(Message.Malformed.class);
        assertThat(signal("\"candidates\":[{\"candidate\":\"a\"}],\"type\":\"local\",\"vector\":\"" + Codecs.IV + "\""))
                .isInstanceOf(Message.Malformed.class);
        assertThat(signal("\"description\":\"abcd\"")).isInstanceOf(Message.Malformed.class);
    }

    @Test
    void encrypted_payloads_are_ascii() throws Exception {
        String sdp = "v=0\r\ns=café € 😀\r\n";
        Message.Answer answer = new Message.Answer(Optional.empty(), sdp, true);
        String text = publisher.writeChannel(answer);
        String payload = text.replaceAll(".*\"description\":\"([0-9a-f]+)\".*", "$1");
        assertThat(envelope.open(payload, Codecs.IV).orElseThrow()).isASCII().contains("caf\\u00e9 \\u20ac");
        assertThat(viewer.readChannel(text)).isEqualTo(answer);
    }

    @Test
    void a_stream_id_is_salted_on_the_server_and_raw_on_the_channel() throws Exception {
        Message.Offer offer = new Message.Offer(Optional.of(Codecs.STREAM), Optional.of("s"), "v=0", true);
        assertThat(publisher.writeSignal(peer("p"), offer)).contains("\"streamID\":\"abc1234808d64\"");
        assertThat(publisher.writeChannel(offer)).contains("\"streamID\":\"abc1234\"");
        assertThat(viewer.readChannel(publisher.writeChannel(offer))).isEqualTo(offer);
    }

    @Test
    void without_a_password_everything_is_plain() throws Exception {
        Message.Offer offer =
                new Message.Offer(Optional.of(StreamId.of("abc1234")), Optional.of("s"), "v=0\r\n", false);
        assertThat(open.writeSignal(peer("p"), offer))
                .isEqualTo("{\"UUID\":\"p\",\"streamID\":\"abc1234\",\"description\":"
                        + "{\"type\":\"offer\",\"sdp\":\"v=0\\r\\n\"},\"session\":\"s\"}");
        assertThatThrownBy(() -> open.writeSignal(peer("p"), new Message.Answer(Optional.empty(), "v=0", true)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // ---- sizes

    @Test
    void frames_that_others_would_drop_are_refused() throws Exception {
        Message.Offer fits = new Message.Offer(Optional.empty(), Optional.empty(), "x".repeat(17_000), true);
        assertThat(publisher.writeSignal(peer("p"), fits)).hasSizeLessThan(35_000);
        Message.Offer tooBig = new Message.Offer(Optional.empty(), Optional.empty(), "x".repeat(17_500), true);
        assertThatThrownBy(() -> publisher.writeSignal(peer("p"), tooBig))
                .isInstanceOf(MessageTooBigException.class)
                .hasMessageContaining("34999");
        Message.Offer plain = new Message.Offer(Optional.empty(), Optional.empty(), "x".repeat(25_000), false);
        assertThatThrownBy(() -> open.writeSignal(peer("p"), plain)).isInstanceOf(MessageTooBigException.class);
        assertThat(publisher.writeChannel(tooBig)).isNotEmpty();
        assertThatThrownBy(() -> publisher.writeChannel(new Message.Chat("é".repeat(140_000))))
                .isInstanceOf(MessageTooBigException.class);
    }

    @Test
    void what_is_sealed_may_be_as_big_as_an_offer_and_all_else_stays_small() throws Exception {
        String sdp = "x".repeat(15_000);
        IceCandidate candidate = new IceCandidate("x".repeat(1_000), "0", 0);
        assertThat(publisher.writeSignal(peer("p"), new Message.Answer(Optional.empty(), sdp, true)))
                .hasSizeGreaterThan(Limits.SENT_SMALL);
        assertThat(publisher.writeSignal(
                        peer("p"),
                        new Message.Candidates(
                                Message.Candidates.Side.PUBLISHER,
                                Optional.empty(),
                                Collections.nCopies(10, candidate),
                                true)))
                .hasSizeGreaterThan(Limits.SENT_SMALL);
    }

    @Test
    void a_message_may_fill_the_channel_and_a_ping_its_place() throws Exception {
        int room = Limits.CHANNEL_BYTES
                - publisher.writeChannel(new Message.Chat("")).length();
        assertThat(publisher.writeChannel(new Message.Chat("x".repeat(room)))).hasSize(Limits.CHANNEL_BYTES);
        assertThatThrownBy(() -> publisher.writeChannel(new Message.Chat("x".repeat(room + 1))))
                .isInstanceOf(MessageTooBigException.class);

        String number = "1".repeat(Limits.PING);
        assertThat(viewer.readChannel("{\"ping\":" + number + "}")).isEqualTo(new Message.Ping(number));
        assertThat(viewer.readChannel("{\"ping\":" + number + "1}")).isInstanceOf(Message.Malformed.class);
    }

    @Test
    void limits_hold_at_their_edges() {
        List<String> candidate = Collections.nCopies(Limits.CANDIDATES, "{\"candidate\":\"a\"}");
        assertThat(signal("\"type\":\"local\",\"candidates\":[" + String.join(",", candidate) + "]"))
                .isInstanceOf(Message.Candidates.class);
        assertThat(signal("\"type\":\"local\",\"candidates\":[{}," + String.join(",", candidate) + "]"))
                .isInstanceOf(Message.Malformed.class);
        assertThat(signal("\"type\":\"local\",\"candidate\":{\"candidate\":\"" + "x".repeat(1_024) + "\"}"))
                .isInstanceOf(Message.Candidates.class);
        assertThat(signal("\"type\":\"local\",\"candidate\":{\"candidate\":\"" + "x".repeat(1_025) + "\"}"))
                .isInstanceOf(Message.Malformed.class);
        assertThat(signal("\"session\":\"" + "x".repeat(128) + "\",\"bye\":1")).isEqualTo(new Message.Bye());
        assertThat(signal("\"session\":\"" + "x".repeat(129) + "\",\"bye\":1")).isInstanceOf(Message.Malformed.class);
        assertThat(signal("\"a\":" + "[".repeat(31) + "]".repeat(31) + ",\"bye\":1"))
                .isEqualTo(new Message.Bye());
        assertThat(signal("\"a\":" + "[".repeat(32) + "]".repeat(32) + ",\"bye\":1"))
                .isEqualTo(new Message.Malformed("JSON is nested too deep"));
    }

    @Test
    void a_frame_and_an_sdp_are_bounded_on_both_ways() {
        for (String letter : List.of("x", "é", "😀")) {
            int size = letter.getBytes(StandardCharsets.UTF_8).length;
            String frame = "{\"UUID\":\"p\",\"bye\":1,\"x\":\"";
            int room = Limits.FRAME_BYTES - frame.length() - 2;
            String fits = frame + letter.repeat(room / size) + " ".repeat(room % size) + "\"}";
            assertThat(viewer.readSignal(fits).message()).isEqualTo(new Message.Bye());
            assertThat(viewer.readChannel(fits)).isEqualTo(new Message.Bye());
            Message tooBig = new Message.Malformed("a frame above 1048576 bytes");
            assertThat(viewer.readSignal(fits + " ").message()).isEqualTo(tooBig);
            assertThat(viewer.readChannel(fits + " ")).isEqualTo(tooBig);
        }
        String offer = "\"description\":{\"type\":\"offer\",\"sdp\":\"" + "x".repeat(Limits.SDP);
        assertThat(signal(offer + "\"}")).isInstanceOf(Message.Offer.class);
        assertThat(signal(offer + "x\"}")).isEqualTo(new Message.Malformed("field sdp is too long"));
        assertThat(viewer.readChannel("{" + offer + "\"}}")).isInstanceOf(Message.Offer.class);
        assertThat(viewer.readChannel("{" + offer + "x\"}}")).isEqualTo(new Message.Malformed("field sdp is too long"));
    }

    @Test
    void what_is_encrypted_has_the_same_limits() {
        String deep = "{\"type\":\"offer\",\"sdp\":\"v=0\",\"x\":" + "[".repeat(31) + "%s" + "]".repeat(31) + "}";
        assertThat(signal(sealed("description", String.format(deep, "")))).isInstanceOf(Message.Offer.class);
        assertThat(signal(sealed("description", String.format(deep, "[]")))).isEqualTo(new Message.Undecipherable());
        String sdp = "{\"type\":\"offer\",\"sdp\":\"" + "x".repeat(Limits.SDP);
        assertThat(signal(sealed("description", sdp + "\"}"))).isInstanceOf(Message.Offer.class);
        assertThat(signal(sealed("description", sdp + "x\"}"))).isEqualTo(new Message.Undecipherable());
        String list = String.join(",", Collections.nCopies(Limits.CANDIDATES, "{\"candidate\":\"a\"}"));
        assertThat(signal(sealed("candidates", "[" + list + "]") + ",\"type\":\"local\""))
                .isInstanceOf(Message.Candidates.class);
        assertThat(signal(sealed("candidates", "[null," + list + "]") + ",\"type\":\"local\""))
                .isEqualTo(new Message.Undecipherable());
    }

    @Test
    void no_tag_is_left_around_another_one_that_went() {
        for (String label : List.of("<a<b>c>Cam", "<<b>b>Cam", "Cam<<><>>", "<b<b<b>>>Cam")) {
            assertThat(viewer.readChannel("{\"info\":{\"label\":\"" + label + "\"}}"))
                    .as(label)
                    .isEqualTo(new Message.PublisherInfo("Cam", false));
        }
        assertThat(viewer.readChannel("{\"info\":{\"label\":\"1 > 0 <3\"}}"))
                .isEqualTo(new Message.PublisherInfo("1 > 0 <3", false));
    }

    // ---- data channel

    @Test
    void what_we_write_on_the_channel_we_read_back() throws Exception {
        for (Message message : List.of(
                new Message.Bye(),
                new Message.IceRestartRequest(),
                new Message.Ping("17"),
                new Message.Ping("\"17\""),
                new Message.Pong("1.5"),
                new Message.ViewerRequest(true, false, "Me", Role.GUEST),
                new Message.ViewerRequest(false, true, "", Role.SCENE),
                new Message.ViewerRequest(false, true, "", Role.SCENE, "stage"),
                new Message.ViewerRequest(false, false, "", Role.VIEWER),
                new Message.PublisherInfo("Cam <3", true),
                new Message.BitrateRequest(-1),
                new Message.AudioBitrateRequest(64),
                new Message.KeyFrameRequest(),
                new Message.Rejected("hangup"),
                new Message.Pipe("{\"a\":[1,\"ü\",null]}"),
                new Message.Pipe("\"x\""),
                new Message.Chat("hello"),
                new Message.ViewerRequest(true, true, "", Role.VIEWER, "", true),
                new Message.FileList(List.of(
                        new Message.FileList.Entry("a1", "one.txt", 0),
                        new Message.FileList.Entry("b2", "Grüße 2.pdf", (1L << 53) - 1))),
                new Message.FileRequest("a1", OptionalInt.empty()),
                new Message.FileRequest("a1", OptionalInt.of(1 << 20)),
                new Message.FileGone("a1"))) {
            assertThat(viewer.readChannel(publisher.writeChannel(message))).isEqualTo(message);
        }
    }

    @Test
    void a_rehearsal_works_with_and_without_a_password_and_changes_nothing() throws Exception {
        for (WireCodec codec : List.of(publisher, open)) {
            String before = codec.writeSignal(Optional.empty(), new Message.Seed());
            codec.rehearse("v=0\r\n");
            assertThat(codec.writeSignal(Optional.empty(), new Message.Seed())).isEqualTo(before);
        }
    }

    @Test
    void our_request_refuses_everything_that_we_cannot_use() throws Exception {
        assertThat(viewer.writeChannel(new Message.ViewerRequest(true, true, "Me", Role.VIEWER)))
                .isEqualTo("{\"audio\":true,\"video\":true,\"allowmeshcast\":false,\"allowwhipout\":false,"
                        + "\"allowchunked\":false,\"allowwebp\":false,\"iframe\":false,"
                        + "\"widget\":false,\"allowmidi\":false,\"allowdrawing\":false,\"broadcast\":false,"
                        + "\"allowscreenaudio\":false,\"allowscreenvideo\":false,\"limitaudio\":false,"
                        + "\"forceios\":false,\"downloads\":false,\"guest\":false,\"scene\":false,\"director\":false,"
                        + "\"info\":{\"label\":\"Me\",\"version\":\"0.1\"}}");
    }

    @Test
    void a_program_that_takes_files_says_so_and_no_other() throws Exception {
        assertThat(viewer.writeChannel(new Message.ViewerRequest(true, true, "", Role.VIEWER, "", true)))
                .contains("\"downloads\":true");
        assertThat(publisher.readChannel("{\"audio\":true,\"downloads\":true}"))
                .isEqualTo(new Message.ViewerRequest(false, true, "", Role.VIEWER, "", true));
    }

    @Test
    void a_list_of_files_is_cleaned_and_what_nobody_can_be_asked_for_is_left_out() {
        assertThat(
                        viewer.readChannel(
                                "{\"fileList\":[{\"id\":\"x\",\"name\":\"../../etc/passwd\",\"size\":3,"
                                        + "\"state\":{\"a\":[1]}},{\"name\":\"no id\",\"size\":1},{\"id\":\"y\",\"name\":\"half\",\"size\":1.5},"
                                        + "{\"id\":\"z\",\"size\":-1},{\"id\":\"x\",\"name\":\"again\",\"size\":9},{\"id\":7,\"size\":0}]}"))
                .isEqualTo(new Message.FileList(List.of(
                        new Message.FileList.Entry("x", "passwd", 3), new Message.FileList.Entry("7", "file", 0))));
        assertThat(viewer.readChannel("{\"fileList\":[]}")).isEqualTo(new Message.Ignored());
        assertThat(viewer.readChannel("{\"fileList\":{}}")).isInstanceOf(Message.Malformed.class);
        assertThat(viewer.readChannel("{\"fileList\":[" + "{},".repeat(256) + "{}]}"))
                .isInstanceOf(Message.Malformed.class);
        assertThat(viewer.readChannel("{\"requestFile\":\"" + "x".repeat(129) + "\"}"))
                .isInstanceOf(Message.Malformed.class);
        assertThat(viewer.readChannel("{\"requestFile\":\"x\",\"window\":\"much\"}"))
                .isEqualTo(new Message.FileRequest("x", OptionalInt.empty()));
    }

    @Test
    void a_publisher_says_what_it_is() throws Exception {
        assertThat(publisher.writeChannel(new Message.PublisherInfo("", true)))
                .isEqualTo("{\"info\":{\"label\":false,\"version\":\"0.1\",\"muted\":false,\"video_muted_init\":false,"
                        + "\"room_init\":false,\"Browser\":\"Drawbridge\",\"secure\":true}}");
    }

    @Test
    void the_presence_of_audio_or_video_makes_a_request() {
        assertThat(publisher.readChannel("{\"video\":false}"))
                .isEqualTo(new Message.ViewerRequest(false, false, "", Role.VIEWER));
        assertThat(publisher.readChannel("{\"audio\":\"true\",\"video\":\"false\",\"scene\":\"0\"}"))
                .isEqualTo(new Message.ViewerRequest(false, true, "", Role.SCENE));
        assertThat(publisher.readChannel("{\"audio\":1,\"guest\":true,\"director\":true}"))
                .isEqualTo(new Message.ViewerRequest(false, true, "", Role.DIRECTOR));
    }

    @Test
    void a_label_is_one_clean_line() {
        assertThat(viewer.readChannel("{\"info\":{\"label\":\" <b>Cam\\u202e</b>\\nERROR \"}}"))
                .isEqualTo(new Message.PublisherInfo("Cam  ERROR", false));
        assertThat(viewer.readChannel("{\"info\":{\"label\":\"" + "x".repeat(200) + "\"}}"))
                .isEqualTo(new Message.PublisherInfo("x".repeat(100), false));
        assertThat(viewer.readChannel("{\"info\":7}")).isEqualTo(new Message.PublisherInfo("", false));
    }

    @Test
    void privileged_requests_are_named() {
        assertThat(publisher.readChannel("{\"hangup\":true,\"remote\":[\"00\",\"00\"]}"))
                .isEqualTo(new Message.Privileged("hangup"));
        assertThat(publisher.readChannel("{\"zoom\":0.5}")).isEqualTo(new Message.Privileged("zoom"));
        assertThat(publisher.readChannel("{\"directVideoMuted\":true,\"target\":\"x\"}"))
                .isEqualTo(new Message.Privileged("directVideoMuted"));
    }

    private static Message shown(String scene, String stream, boolean shown) {
        return new Message.SceneDisplay(List.of(new Message.SceneDisplay.Shown(scene, StreamId.of(stream), shown)));
    }

    @Test
    void a_director_says_what_is_seen_in_a_scene_one_by_one_or_all_it_has_said_before() {
        String one = "\"scene\":\"1\",\"action\":\"display\",\"target\":\"anna1\",\"value\":";
        for (String yes : List.of("1", "\"1\"", "true")) {
            assertThat(viewer.readChannel("{" + one + yes + "}")).isEqualTo(shown("1", "anna1", true));
        }
        for (String no : List.of("0", "\"0\"", "false", "\"\"", "null")) {
            assertThat(viewer.readChannel("{" + one + no + "}")).isEqualTo(shown("1", "anna1", false));
        }
        assertThat(viewer.readChannel("{\"directorSettings\":{\"soloVideo\":false,\"scene\":{\"anna1\":{" + one
                        + "1}},\"mute\":{\"anna1\":{\"action\":\"mute\",\"scene\":true}}},\"other\":[1]}"))
                .isEqualTo(shown("1", "anna1", true));
    }

    @Test
    void what_a_director_says_in_another_shape_is_ignored() {
        for (String other : List.of(
                "\"action\":\"display\"",
                "\"action\":\"display\",\"scene\":\"1\",\"target\":\"anna1:s\",\"value\":1",
                "\"action\":\"display\",\"scene\":\"1\",\"target\":\"" + "x".repeat(45) + "\",\"value\":1",
                "\"action\":\"display\",\"scene\":false,\"target\":\"anna1\",\"value\":1",
                "\"action\":\"display\",\"scene\":\"1\",\"target\":[\"anna1\"],\"value\":{}",
                "\"action\":\"mute\",\"scene\":true,\"target\":\"anna1\",\"value\":1",
                "\"directorSettings\":7",
                "\"directorSettings\":{\"scene\":[1,2]}",
                "\"directorSettings\":{\"scene\":{\"anna1\":7}}",
                "\"directorSettings\":{\"scene\":{\"anna1\":{\"action\":[],\"scene\":{},\"target\":true}}}")) {
            assertThat(viewer.readChannel("{" + other + "}")).as(other).isEqualTo(new Message.Ignored());
        }
    }

    @Test
    void bitrates_may_be_anything() {
        assertThat(publisher.readChannel("{\"bitrate\":2500}")).isEqualTo(new Message.BitrateRequest(2500));
        assertThat(publisher.readChannel("{\"bitrate\":\"300.7\"}")).isEqualTo(new Message.BitrateRequest(300));
        assertThat(publisher.readChannel("{\"bitrate\":1e999}"))
                .isEqualTo(new Message.BitrateRequest(Integer.MAX_VALUE));
        assertThat(publisher.readChannel("{\"bitrate\":false}")).isEqualTo(new Message.Ignored());
        assertThat(publisher.readChannel("{\"bitrate\":\"fast\"}")).isEqualTo(new Message.Ignored());
    }

    @Test
    void application_data_keeps_its_text() {
        assertThat(viewer.readChannel("{\"pipe\":{\"n\":12345678901234567890, \"x\":1.10}}"))
                .isEqualTo(new Message.Pipe("{\"n\":12345678901234567890, \"x\":1.10}"));
        assertThatThrownBy(() -> publisher.writeChannel(new Message.Pipe("1},\"bye\":{")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void messages_in_the_wrong_place_are_the_callers_mistake() {
        assertThatThrownBy(() -> publisher.writeChannel(new Message.Seed()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Seed is none for the data channel");
        assertThatThrownBy(() -> publisher.writeSignal(peer("p"), new Message.Pipe("1")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> publisher.writeSignal(Optional.empty(), new Message.Bye()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> viewer.writeSignal(Optional.empty(), new Message.Seed()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> publisher.writeSignal(Optional.empty(), new Message.JoinRoom()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
