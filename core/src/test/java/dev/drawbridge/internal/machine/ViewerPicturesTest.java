package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Samples.STREAM;
import static dev.drawbridge.internal.machine.Samples.certificate;
import static dev.drawbridge.internal.machine.Samples.changed;
import static dev.drawbridge.internal.machine.Samples.connected;
import static dev.drawbridge.internal.machine.Samples.described;
import static dev.drawbridge.internal.machine.Samples.heard;
import static dev.drawbridge.internal.machine.Samples.opened;
import static dev.drawbridge.internal.machine.Samples.room;
import static dev.drawbridge.internal.machine.Samples.says;
import static dev.drawbridge.internal.machine.Samples.sdp;
import static dev.drawbridge.internal.machine.Samples.viewer;
import static dev.drawbridge.internal.machine.Samples.whole;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Dialect;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.OfferedVideo;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.PeerLinkListener.Operation;
import dev.drawbridge.spi.SessionDescription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A viewer that is connected and sees nothing: because none comes, or because nobody here could decode it. */
class ViewerPicturesTest {
    private static final StreamId OTHER = StreamId.of("camera2");
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final String VIDEO = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=sendonly\r\na=rtpmap:96 VP8/90000\r\n";

    private static Message offer(StreamId stream, String session, String lines) {
        String whole = sdp(certificate("pub")) + lines;
        return new Message.Offer(Optional.of(stream), Optional.of(session), whole, true);
    }

    private static Driver<ViewerState> offered(ViewerRules rules, String lines) {
        return new Driver<>(new ViewerMachine(rules))
                .take(
                        new Input.Start(),
                        opened(1),
                        says(1, "pub", offer(STREAM, "s1", lines)),
                        described(1, SessionDescription.Type.ANSWER));
    }

    private static Driver<ViewerState> watching(ViewerRules rules, String lines) {
        return offered(rules, lines).take(connected(1), new Input.ChannelOpened(1));
    }

    private static ViewerRules with(ViewerRules r, Pictures pictures) {
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
                r.following(),
                r.files(),
                pictures,
                Optional.empty());
    }

    // ---- none comes -------------------------------------------------------------------------------------------------

    @Test
    void that_no_picture_has_come_in_five_seconds_is_told_once() {
        Driver<ViewerState> viewer = watching(viewer(STREAM), VIDEO);
        viewer.pass(Duration.ofSeconds(5).minus(MOMENT));
        assertThat(viewer.eventWords()).doesNotContain("NoPicture camera1");
        viewer.pass(MOMENT);
        assertThat(viewer.lastEventWords()).containsExactly("NoPicture camera1");

        viewer.take(heard(1, offer(STREAM, "s1", VIDEO)), heard(1, new Message.PublisherInfo("cam", false)));
        viewer.pass(Duration.ofSeconds(9));
        assertThat(viewer.eventWords()).containsOnlyOnce("NoPicture camera1");
        assertThat(viewer.take(new Input.MediaBegan(1)).lastEventWords()).containsExactly("MediaStarted camera1");
    }

    @Test
    void who_sees_a_picture_in_time_hears_nothing_of_it() {
        Driver<ViewerState> viewer = watching(viewer(STREAM), VIDEO).take(new Input.MediaBegan(1));
        viewer.pass(Duration.ofSeconds(9));
        assertThat(viewer.eventWords()).contains("MediaStarted camera1").doesNotContain("NoPicture camera1");
    }

    @Test
    void it_is_counted_from_the_connection_and_anew_from_the_word_that_we_are_let_in() {
        Driver<ViewerState> viewer = offered(viewer(STREAM), VIDEO).pass(Duration.ofSeconds(9));
        viewer.take(connected(1), new Input.ChannelOpened(1)).pass(Duration.ofSeconds(4));
        viewer.take(heard(1, new Message.PublisherInfo("cam", false))).pass(Duration.ofSeconds(4));
        assertThat(viewer.eventWords()).doesNotContain("NoPicture camera1");
        viewer.pass(Duration.ofSeconds(1));
        assertThat(viewer.lastEventWords()).containsExactly("NoPicture camera1");
    }

    @Test
    void where_none_is_offered_none_is_missed() {
        String sound = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=sendonly\r\n";
        for (String lines : List.of("", sound, VIDEO.replace("sendonly", "inactive"), VIDEO.replace(" 9 ", " 0 "))) {
            Driver<ViewerState> viewer = watching(viewer(STREAM), lines).pass(Duration.ofSeconds(9));
            assertThat(viewer.eventWords()).as(lines).doesNotContain("NoPicture camera1");
        }
    }

    @Test
    void a_browser_offers_its_pictures_with_its_second_offer() {
        Driver<ViewerState> viewer = watching(viewer(STREAM), "").pass(Duration.ofSeconds(4));
        viewer.take(heard(1, offer(STREAM, "s1", VIDEO))).pass(Duration.ofSeconds(4));
        assertThat(viewer.eventWords()).doesNotContain("NoPicture camera1");
        viewer.pass(Duration.ofSeconds(1));
        assertThat(viewer.lastEventWords()).containsExactly("NoPicture camera1");
    }

    @Test
    void who_wants_no_pictures_or_no_word_of_it_is_left_alone() {
        for (Pictures pictures : List.of(
                new Pictures(Duration.ZERO, Optional.empty()),
                new Pictures(Duration.ofSeconds(5), Optional.of(List.of(OTHER))))) {
            Driver<ViewerState> viewer =
                    watching(with(viewer(STREAM), pictures), VIDEO).pass(Duration.ofSeconds(9));
            assertThat(viewer.eventWords()).doesNotContain("NoPicture camera1");
        }
    }

    @Test
    void an_interrupted_path_is_told_as_that_and_the_wait_goes_on() {
        Driver<ViewerState> viewer = watching(viewer(STREAM), VIDEO).pass(Duration.ofSeconds(3));
        viewer.take(changed(1, LinkState.DISCONNECTED)).pass(Duration.ofSeconds(3));
        assertThat(viewer.eventWords()).doesNotContain("NoPicture camera1");
        viewer.take(connected(1)).pass(Duration.ofSeconds(5));
        assertThat(viewer.eventWords()).contains("NoPicture camera1");
    }

    @Test
    void a_stream_that_ends_takes_its_timer_along() {
        Driver<ViewerState> viewer = watching(viewer(STREAM), VIDEO).take(heard(1, new Message.Bye()));
        assertThat(viewer.timers().keySet()).noneMatch(timer -> timer.kind() == Timer.Kind.PICTURE);
    }

    @Test
    void lines_of_a_bundle_have_no_port_of_their_own() {
        String bundled = VIDEO.replace(" 9 ", " 0 ") + "a=bundle-only\r\n";
        assertThat(OfferedVideo.in(sdp(certificate("pub")) + bundled)).isTrue();
        assertThat(OfferedVideo.in("")).isFalse();
        assertThat(OfferedVideo.in("m=video 9 x\nm=audio 9 y\na=inactive")).isTrue();
    }

    // ---- nobody could decode it -------------------------------------------------------------------------------------

    private static Input noCodec(int link) {
        return new Input.LinkFailed(link, Operation.CODEC, "offered were VP9");
    }

    @Test
    void without_a_common_codec_the_session_says_so_and_ends() {
        Driver<ViewerState> viewer = offered(viewer(STREAM), VIDEO).take(noCodec(1));
        assertThat(viewer.lastEventWords()).containsExactly("NoCommonCodec camera1");
        viewer.take(new Input.MediaGone(), Samples.gone(1));
        assertThat(viewer.lastEventWords()).containsExactly("Closed NO_COMMON_CODEC");
    }

    @Test
    void a_stream_that_was_connected_before_it_offered_pictures_ends_first() {
        Driver<ViewerState> viewer = watching(viewer(STREAM), "").take(noCodec(1));
        assertThat(viewer.lastEventWords())
                .containsExactly("NoCommonCodec camera1", "StreamEnded camera1 NO_COMMON_CODEC");
    }

    @Test
    void another_stream_goes_on_and_this_one_is_not_asked_for_again() {
        Driver<ViewerState> viewer = offered(viewer(STREAM, OTHER), VIDEO).take(noCodec(1));
        assertThat(viewer.phase()).isEqualTo("ASKING");
        viewer.pass(Duration.ofMinutes(1));
        viewer.take(says(1, "pub", new Message.StreamAnnounced(STREAM)));
        assertThat(viewer.last()).isEmpty();
        assertThat(viewer.eventWords()).containsOnlyOnce("StreamRequested camera1");
    }

    @Test
    void a_member_of_a_room_is_given_up_alone() {
        ViewerRules rules = whole(room(viewer(), Dialect.CUSTOM), 9);
        Driver<ViewerState> viewer = new Driver<>(new ViewerMachine(rules))
                .take(new Input.Start(), opened(1), says(1, "pub", offer(STREAM, "s1", VIDEO)), noCodec(1));
        assertThat(viewer.eventWords()).contains("NoCommonCodec camera1");
        assertThat(viewer.phase()).isEqualTo("ASKING");
        viewer.take(says(1, "pub", offer(STREAM, "s2", VIDEO)));
        assertThat(viewer.last()).as("once is enough").noneMatch(Effect.OpenLink.class::isInstance);
    }

    private static Message inClear(String session) {
        String whole = sdp(certificate("pub")) + VIDEO;
        return new Message.Offer(Optional.of(STREAM), Optional.of(session), whole, false);
    }

    @Test
    void an_offer_in_clear_may_be_made_up_so_the_stream_is_asked_for_again() {
        Driver<ViewerState> viewer = new Driver<>(new ViewerMachine(viewer(STREAM)))
                .take(new Input.Start(), opened(1), says(1, "pub", inClear("s1")), noCodec(1));
        assertThat(viewer.lastEventWords()).containsExactly("NoCommonCodec camera1");
        assertThat(viewer.phase()).isEqualTo("ASKING");
        viewer.pass(Duration.ofMinutes(1));
        assertThat(viewer.eventWords().stream().filter("StreamRequested camera1"::equals))
                .hasSizeGreaterThan(1);
        viewer.take(
                says(1, "pub", offer(STREAM, "s2", VIDEO)), described(2, SessionDescription.Type.ANSWER), connected(2));
        assertThat(viewer.eventWords()).contains("StreamStarted camera1");
    }

    @Test
    void who_is_connected_has_spoken_for_itself_even_in_clear() {
        Driver<ViewerState> viewer = new Driver<>(new ViewerMachine(viewer(STREAM)))
                .take(
                        new Input.Start(),
                        opened(1),
                        says(1, "pub", inClear("s1")),
                        described(1, SessionDescription.Type.ANSWER),
                        connected(1),
                        noCodec(1));
        assertThat(viewer.lastEventWords())
                .containsExactly("NoCommonCodec camera1", "StreamEnded camera1 NO_COMMON_CODEC");
        assertThat(viewer.phase()).isEqualTo("CLOSING");
    }

    @Test
    void a_member_whose_offer_may_be_made_up_keeps_its_place() {
        ViewerRules rules = whole(room(viewer(), Dialect.CUSTOM), 9);
        Driver<ViewerState> viewer = new Driver<>(new ViewerMachine(rules))
                .take(new Input.Start(), opened(1), says(1, "pub", inClear("s1")), noCodec(1));
        assertThat(viewer.eventWords()).contains("NoCommonCodec camera1");
        viewer.take(says(1, "pub", offer(STREAM, "s2", VIDEO)));
        assertThat(viewer.last()).anyMatch(Effect.OpenLink.class::isInstance);
    }

    // ---- the publisher ----------------------------------------------------------------------------------------------

    @Test
    void who_takes_none_of_our_codecs_is_refused_and_does_not_raise_the_bridge() {
        Driver<PublisherState> publisher = Publishers.announced(Samples.secure());
        int anna = Publishers.answered(publisher, "anna");
        publisher.take(noCodec(anna));
        assertThat(publisher.lastEventWords()).containsExactly("ViewerRefused viewer-1 NO_COMMON_CODEC");
        Publishers.joined(publisher, "bert");
        assertThat(publisher.eventWords()).contains("ViewerJoined viewer-2");
    }
}
