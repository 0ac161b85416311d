package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Publishers.announced;
import static dev.drawbridge.internal.machine.Samples.answer;
import static dev.drawbridge.internal.machine.Samples.certificate;
import static dev.drawbridge.internal.machine.Samples.changed;
import static dev.drawbridge.internal.machine.Samples.connected;
import static dev.drawbridge.internal.machine.Samples.described;
import static dev.drawbridge.internal.machine.Samples.encrypted;
import static dev.drawbridge.internal.machine.Samples.gone;
import static dev.drawbridge.internal.machine.Samples.heard;
import static dev.drawbridge.internal.machine.Samples.listing;
import static dev.drawbridge.internal.machine.Samples.member;
import static dev.drawbridge.internal.machine.Samples.offer;
import static dev.drawbridge.internal.machine.Samples.open;
import static dev.drawbridge.internal.machine.Samples.opened;
import static dev.drawbridge.internal.machine.Samples.room;
import static dev.drawbridge.internal.machine.Samples.says;
import static dev.drawbridge.internal.machine.Samples.secure;
import static dev.drawbridge.internal.machine.Samples.server;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Dialect;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.SessionDescription;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who else is in the room of a publisher. It is only told: nobody is let in or kept out by it. */
class PublisherRoomTest {
    private static final StreamId ANNA = StreamId.of("anna1");

    private static Driver<PublisherState> hosted() {
        return announced(room(open(9), Dialect.HOSTED));
    }

    private static Driver<PublisherState> custom() {
        return announced(room(open(9), Dialect.CUSTOM));
    }

    /** In our room, as the codec found. */
    private static Input asks(int generation, String peer) {
        return says(generation, peer, new Message.OfferWanted(true, Optional.empty()));
    }

    private static void watches(Driver<PublisherState> publisher, int link, String peer) {
        publisher
                .take(asks(1, peer), described(link, SessionDescription.Type.OFFER))
                .take(says(1, peer, answer(link, peer)), connected(link));
    }

    @Test
    void whom_the_listing_has_is_told_behind_the_announcement_and_who_comes_is_told_then() {
        Driver<PublisherState> publisher = hosted().take(server(1, listing(member("anna", ANNA), member("bert"))));
        assertThat(publisher.eventWords())
                .containsExactly(
                        "Announced",
                        "MemberJoined member-1",
                        "StreamAnnounced member-1 anna1",
                        "MemberJoined member-2");

        publisher.take(says(1, "carl", new Message.Entered()));
        assertThat(publisher.lastWords()).containsExactly("MemberJoined member-3");
        publisher.take(says(1, "carl", new Message.StreamAnnounced(StreamId.of("carl1"))));
        assertThat(publisher.lastWords()).containsExactly("StreamAnnounced member-3 carl1");
        assertThat(publisher.take(says(1, "carl", new Message.Entered())).last())
                .isEmpty();
    }

    @Test
    void in_a_custom_room_who_asks_or_offers_is_in_it() {
        Driver<PublisherState> publisher = custom().take(asks(1, "bert"));
        assertThat(publisher.lastEventWords()).containsExactly("MemberJoined member-1", "ViewerRequested viewer-1");

        publisher.take(says(1, "anna", offer(ANNA, "s1", certificate("anna"))));
        assertThat(publisher.lastWords()).containsExactly("MemberJoined member-2", "StreamAnnounced member-2 anna1");
        publisher.take(says(1, "carl", new Message.OfferWanted(true, Optional.of(StreamId.of("carl1")))));
        assertThat(publisher.lastEventWords())
                .containsExactly("MemberJoined member-3", "StreamAnnounced member-3 carl1", "ViewerRequested viewer-2");
        publisher.take(says(1, "dora", new Message.OfferWanted()));
        assertThat(publisher.lastEventWords()).as("of some other place").containsExactly("ViewerRequested viewer-3");
    }

    @Test
    void an_offer_that_the_password_forbids_shows_nobody() {
        Message plain = new Message.Offer(Optional.of(ANNA), Optional.of("s1"), "v=0", false);
        Driver<PublisherState> publisher = announced(room(encrypted(open(9)), Dialect.CUSTOM));
        assertThat(publisher.take(says(1, "anna", plain)).last()).isEmpty();
    }

    @Test
    void outside_of_rooms_nobody_is_a_member() {
        Driver<PublisherState> publisher = announced(open(9));
        publisher.take(
                says(1, "anna", new Message.Entered()),
                says(1, "anna", new Message.StreamAnnounced(ANNA)),
                asks(1, "anna"));
        assertThat(publisher.eventWords()).containsExactly("Announced", "ViewerRequested viewer-1");
    }

    @Test
    void our_own_id_is_a_dead_connection_of_ours_and_nobody_else() {
        Driver<PublisherState> publisher = hosted().take(server(1, listing(member("us", Samples.STREAM))));
        publisher.take(says(1, "us", new Message.StreamAnnounced(Samples.STREAM)));
        assertThat(publisher.eventWords()).containsExactly("Announced");
    }

    @Test
    void who_watched_and_said_goodbye_or_was_lost_has_left_and_whom_we_sent_away_has_not() {
        Driver<PublisherState> publisher = hosted().take(server(1, listing()));
        watches(publisher, 1, "anna");
        assertThat(publisher.take(heard(1, new Message.Bye())).lastEventWords())
                .containsExactly("ViewerLeft viewer-1 BYE", "MemberLeft member-1");
        watches(publisher, 2, "bert");
        assertThat(publisher.take(changed(2, LinkState.FAILED)).lastEventWords())
                .containsExactly("ViewerLeft viewer-2 LOST", "MemberLeft member-2");
        watches(publisher, 3, "carl");
        assertThat(publisher.take(new Input.DisconnectAsked(3)).lastEventWords())
                .containsExactly("ViewerLeft viewer-3 DISCONNECTED");
        assertThat(publisher.take(asks(1, "carl")).lastEventWords()).containsExactly("ViewerRequested viewer-4");
    }

    @Test
    void after_a_reconnect_the_listing_says_who_is_still_there() {
        Driver<PublisherState> publisher = hosted().take(server(1, listing(member("anna", ANNA), member("bert"))));
        publisher.take(gone(1)).pass(Duration.ofSeconds(1)).take(opened(2));
        publisher.take(server(2, listing(member("anna-again", ANNA))));
        assertThat(publisher.lastEventWords()).containsExactly("SignalingRestored", "MemberLeft member-2");
    }

    @Test
    void from_the_admission_on_a_secure_publisher_hears_of_nobody() {
        Driver<PublisherState> publisher =
                announced(room(secure(), Dialect.HOSTED)).take(server(1, listing(member("anna"))));
        watches(publisher, 1, "bert");
        assertThat(publisher.phase()).isEqualTo("SEALING");
        assertThat(publisher.take(says(1, "carl", new Message.Entered())).last())
                .isEmpty();
        publisher.take(gone(1));
        assertThat(publisher.eventWords())
                .endsWith(
                        "MemberJoined member-2",
                        "ViewerRequested viewer-1",
                        "ViewerJoined viewer-1",
                        "Sealed viewer-1");
        publisher.take(heard(1, new Message.Bye()));
        assertThat(publisher.lastEventWords()).containsExactly("ViewerLeft viewer-1 BYE");
    }

    @Test
    void strangers_that_are_made_up_take_no_more_memory_than_others() {
        Driver<PublisherState> publisher = hosted().take(server(1, listing()));
        for (int i = 0; i < 3 * Room.MAX; i++) {
            publisher.take(says(1, "peer" + i, new Message.Entered()));
        }
        assertThat(((PublisherState.Open) publisher.state()).room().members()).hasSize(Room.MAX);
    }
}
