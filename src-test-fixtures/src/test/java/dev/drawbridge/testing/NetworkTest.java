package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.drawbridge.CloseReason;
import dev.drawbridge.NetworkContact;
import dev.drawbridge.NetworkContact.Purpose;
import dev.drawbridge.NetworkPolicy;
import dev.drawbridge.Publisher;
import dev.drawbridge.Secret;
import dev.drawbridge.SessionEvent.TurnExpired;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.Stage.Party;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whom a session talks to and with what, by its options. */
@ExtendWith(LeakGuard.class)
class NetworkTest {
    private static final String RELAY =
            "&turn=u;p;turn:relay.invalid;turns:relay.invalid;turn:relay.invalid%3Ftransport=tcp";
    private static final Instant END = VirtualTime.START.plusSeconds(60);

    private final Stage stage = new Stage();

    @AfterEach
    void everybodyEnds() {
        stage.close();
    }

    private static List<String> contacts(Party<?> party) {
        return party.session().network().stream()
                .map(c -> c.purpose() + " " + c.host() + ":" + c.port() + (c.contacted() ? " contacted" : "")
                        + (c.over() ? " over" : "") + (c.peers() > 0 ? " " + c.peers() : ""))
                .toList();
    }

    private String handshake(String more) {
        URI server = stage.server.uri();
        int port = server.getPort() >= 0 ? server.getPort() : 80;
        return "HANDSHAKE " + server.getHost() + ":" + port + more;
    }

    @Test
    void a_plain_session_talks_to_the_server_the_default_stun_servers_and_peers() throws Exception {
        Party<Publisher> publisher = stage.publisher("push=net1");
        assertThat(contacts(publisher))
                .containsExactly(
                        handshake(" contacted"),
                        "STUN stun.l.google.com:19302",
                        "STUN stun.cloudflare.com:3478",
                        "PEERS :0");
        Party<Viewer> viewer = stage.viewer("view=net1");
        stage.viewer("view=net1");
        assertThat(contacts(publisher))
                .containsExactly(
                        handshake(" contacted"),
                        "STUN stun.l.google.com:19302 contacted",
                        "STUN stun.cloudflare.com:3478 contacted",
                        "PEERS :0 contacted 2");
        assertThat(contacts(viewer)).endsWith("PEERS :0 contacted 1");
        viewer.session().close();
        stage.pass(Duration.ofSeconds(2));
        assertThat(contacts(publisher)).endsWith("PEERS :0 contacted 1");
        assertThat(contacts(viewer)).isNotEmpty().allMatch(line -> line.endsWith(" contacted over"));
    }

    @Test
    void after_the_seal_nothing_of_the_handshake_is_left() throws Exception {
        Party<Publisher> publisher = stage.publisher("push=net1&secure&stun=stun:own.invalid" + RELAY);
        stage.viewer("view=net1");
        assertThat(contacts(publisher))
                .containsExactly(
                        handshake(" contacted over"),
                        "STUN own.invalid:3478 contacted",
                        "TURN relay.invalid:3478 contacted",
                        "TURN relay.invalid:5349 contacted",
                        "PEERS :0 contacted 1");
    }

    @Test
    void under_privacy_there_is_no_stun_server_and_nothing_goes_to_peers_themselves() throws Exception {
        assertThat(contacts(stage.publisher("push=net1&privacy" + RELAY)))
                .containsExactly(handshake(" contacted"), "TURN relay.invalid:3478", "TURN relay.invalid:5349");
    }

    @Test
    void on_the_local_network_there_is_no_server_but_that_of_the_handshake() throws Exception {
        assertThat(contacts(stage.publisher("push=net1&lanonly&turnlist=https://lists.invalid" + RELAY)))
                .containsExactly(handshake(" contacted"), "PEERS :0");
    }

    @Test
    void stun_servers_can_be_taken_out_and_only_relays_over_tcp_be_left() throws Exception {
        assertThat(contacts(stage.publisher("push=net1&stun=false")))
                .containsExactly(handshake(" contacted"), "PEERS :0");
        assertThat(contacts(stage.publisher("push=net2&turn=nostun")))
                .containsExactly(handshake(" contacted"), "PEERS :0");
        Party<Publisher> tcp = stage.publisher("push=net3&stun=0&tcp" + RELAY);
        assertThat(contacts(tcp))
                .containsExactly(
                        handshake(" contacted"), "TURN relay.invalid:5349", "TURN relay.invalid:3478", "PEERS :0");
        stage.viewer("view=net3");
        assertThat(tcp.media().link().settings().iceServers())
                .extracting(server -> server.url())
                .containsExactly("turns:relay.invalid", "turn:relay.invalid?transport=tcp");
    }

    @Test
    void a_list_is_told_by_its_host_and_so_is_that_it_was_never_had() throws Exception {
        Party<Publisher> publisher = stage.publisher("push=net1&stun=0&turnlist=https://lists.invalid/x%3Fkey=Canary9");
        assertThat(contacts(publisher))
                .containsExactly(handshake(" contacted"), "TURN_LIST lists.invalid:443 contacted", "PEERS :0");
        assertThat(publisher.story()).containsExactly("TurnListFailed", "Announced"); // the fake fetches nothing
        List<NetworkContact> contacts = publisher.session().network();
        assertThat(contacts.toString()).doesNotContain("Canary9");
        assertThat(contacts).isUnmodifiable();
        assertThat(contacts).extracting(NetworkContact::purpose).contains(Purpose.TURN_LIST);
    }

    @Test
    void an_expired_relay_is_not_used_for_new_links_and_told_once() throws Exception {
        NetworkPolicy network = NetworkPolicy.builder()
                .stun()
                .addTurn("u", Secret.of("p"), END, "turn:short.invalid")
                .addTurn("u", Secret.of("p"), "turn:long.invalid")
                .build();
        FakeMedia media = stage.network.media();
        Party<Publisher> publisher = new Party<>(start(network, media), media, stage.server.signaling());
        stage.viewer("view=net1");
        assertThat(media.link().settings().iceServers()).hasSize(2);
        stage.pass(Duration.ofMinutes(1));
        for (int viewer = 0; viewer < 2; viewer++) {
            stage.viewer("view=net1");
            assertThat(media.link().settings().iceServers())
                    .extracting(server -> server.url())
                    .containsExactly("turn:long.invalid");
        }
        assertThat(publisher.event(TurnExpired.class).server()).isEqualTo("turn:short.invalid");
        assertThat(media.links()).hasSize(3);
        publisher.session().close();
        stage.pass(Duration.ofSeconds(2));
    }

    @Test
    void who_begins_with_expired_relays_alone_is_told_at_once_unless_a_list_may_bring_others() throws Exception {
        NetworkPolicy.Builder network =
                NetworkPolicy.builder().relayOnly(true).addTurn("u", Secret.of("p"), END, "turn:short.invalid");
        stage.pass(Duration.ofMinutes(1));
        SessionException thrown =
                catchThrowableOfType(SessionException.class, () -> start(network.build(), stage.network.media()));
        assertThat(thrown.code()).isEqualTo(CloseReason.NO_RELAY);
        assertThat(thrown).hasMessageContaining("expired");
        Publisher publisher =
                start(network.turnList(URI.create("https://lists.invalid")).build(), stage.network.media());
        publisher.close();
        stage.pass(Duration.ofSeconds(2));
    }

    private Publisher start(NetworkPolicy network, FakeMedia media) throws SessionException {
        Publisher publisher = Publisher.builder(SessionOptions.builder()
                        .query("push=net1&" + stage.server.option())
                        .network(network)
                        .build())
                .media(media)
                .signaling(stage.server.signaling())
                .scheduler(stage.time.another())
                .start();
        stage.pass(Stage.MOMENT);
        return publisher;
    }

    @Test
    void a_relay_is_spared_more_than_4000_kbps_of_video_unless_somebody_says_otherwise() throws Exception {
        Party<Publisher> publisher = stage.publisher("push=net1&privacy" + RELAY);
        stage.viewer("view=net1&privacy" + RELAY);
        assertThat(publisher.media().link().settings().maxVideoKbps()).hasValue(4000);
        assertThat(publisher.media().link().videoKbps()).isEqualTo(4000);

        Party<Publisher> generous = stage.publisher("push=net2&privacy&maxvideobitrate=9000" + RELAY);
        stage.viewer("view=net2&privacy&videobitrate=6000" + RELAY);
        assertThat(generous.media().link().settings().maxVideoKbps()).hasValue(9000);
        assertThat(generous.media().link().videoKbps()).isEqualTo(6000);

        Party<Publisher> direct = stage.publisher("push=net3");
        stage.viewer("view=net3");
        assertThat(direct.media().link().settings().maxVideoKbps()).isEmpty();
        assertThat(direct.media().link().videoKbps()).isEqualTo(-1);
    }
}
