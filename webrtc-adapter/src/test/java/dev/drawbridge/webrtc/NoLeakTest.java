package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.NetworkNamespaces;
import dev.drawbridge.testing.NetworkNamespaces.Host;
import dev.drawbridge.testing.PacketCapture;
import dev.drawbridge.testing.PacketCapture.Packet;
import dev.drawbridge.testing.PacketCapture.Protocol;
import dev.drawbridge.testing.TurnServer;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A whole secure session with an ICE restart, publisher, viewer, relay and handshake server each on a host of its own: every packet of
 * the publisher's host, and everything that it says, searched for its addresses. The same is looked for without privacy, where it
 * has to be found.
 */
class NoLeakTest {
    private static final String PUBLISH = "push=hidden1&secure&password=false";
    private static final String WATCH = "view=hidden1&stun=0&password=false";
    /** What is logged is searched as well. */
    private static final String LOGGED = "-Dslf4j.provider=ch.qos.logback.classic.spi.LogbackServiceProvider";

    /** The end of the TCP connection is confirmed by the kernel, after it was told. */
    private static final Duration CONFIRMED = Duration.ofMillis(500);

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(90));

    /** What one session left behind. */
    private record Session(
            Map<String, Integer> sent,
            List<Packet> packets,
            List<Packet> seenByViewer,
            Instant sealed,
            String path,
            String foundByPublisher,
            String foundByViewer,
            long allocations) {}

    /** The hosts of one test. */
    private static final class Hosts implements AutoCloseable {
        private final NetworkNamespaces network = NetworkNamespaces.create();
        final Host publisher = network.host("publisher");
        final Host viewer = network.host("viewer");
        final Host server = network.host("server");
        final Host relay = network.host("relay");

        Hosts() throws Exception {}

        static Programs.Running run(Host host, Class<?> program, String... arguments) throws Exception {
            ProcessBuilder builder = Programs.command(List.of(LOGGED), program, arguments);
            builder.command().addAll(0, host.inside());
            return new Programs.Running(builder.start());
        }

        @Override
        public void close() {
            network.close();
        }
    }

    private static Session session(Hosts hosts, TurnServer turn, String options) throws Exception {
        String[] addresses = {
            hosts.publisher.address().getHostAddress(),
            hosts.publisher.address6().getHostAddress()
        };
        try (PacketCapture capture = hosts.publisher.capture();
                PacketCapture atViewer = hosts.viewer.capture();
                Programs.Running serving = Hosts.run(
                        hosts.server,
                        NoLeakChild.Serving.class,
                        hosts.server.address().getHostAddress())) {
            String server = serving.line("serving ");
            try (Programs.Running publishing =
                            Hosts.run(hosts.publisher, NoLeakChild.Publishing.class, server, PUBLISH + options);
                    Programs.Running watching = Hosts.run(
                            hosts.viewer, NoLeakChild.Watching.class, server, WATCH, addresses[0], addresses[1])) {
                publishing.line("ready");
                Instant sealed = Instant.parse(publishing.line("sealed "));
                publishing.line("restarted");
                String path = watching.line("path ");
                String heard = watching.line("found ");
                System.out.println("publisher searched " + publishing.line("searched "));
                String said = publishing.line("found ");
                publishing.process.waitFor();
                watching.process.waitFor();
                List<Packet> packets = capture.stop();
                Map<String, Integer> sent = packets.stream()
                        .filter(packet -> packet.outgoing() && packet.protocol() != Protocol.HOUSEKEEPING)
                        .collect(Collectors.toMap(Packet::toString, packet -> 1, Integer::sum, TreeMap::new));
                System.out.println(options.replaceAll("=.*", "") + " sent " + sent);
                packets.stream()
                        .filter(packet -> packet.protocol() == Protocol.TCP && packet.outgoing())
                        .filter(packet -> server.endsWith(":" + packet.toPort()))
                        .reduce((before, last) -> last)
                        .ifPresent(last -> System.out.printf(
                                "the last packet to the server, of %d bytes, %d µs after the seal%n",
                                last.payload().length,
                                Duration.between(sealed, last.at()).toNanos() / 1000));
                long allocations = turn.log().stream()
                        .filter(line -> line.contains("ALLOCATE processed, success"))
                        .count();
                return new Session(sent, packets, atViewer.stop(), sealed, path, said, heard, allocations);
            }
        }
    }

    /** What goes to the relay is the same on every way; {@code -Ddrawbridge.leaks=true} looks at TLS too. */
    static List<Way> ways() {
        return Boolean.getBoolean("drawbridge.leaks") ? List.of(Way.UDP, Way.TURNS) : List.of(Way.UDP);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void under_privacy_packets_go_to_the_relay_and_the_server_alone_and_nothing_says_the_address(Way way)
            throws Exception {
        try (Hosts hosts = new Hosts();
                TurnServer turn = TurnServer.start(hosts.relay)) {
            Session session = session(hosts, turn, way.privacy(turn));
            assertThat(session.allocations).as("before and after the restart").isGreaterThan(1);
            assertThat(session.path).isEqualTo("relay/udp");

            String own = hosts.publisher.address().getHostAddress();
            String relay = hosts.relay.address().getHostAddress();
            String server = hosts.server.address().getHostAddress();
            assertThat(session.packets)
                    .filteredOn(packet -> packet.protocol() != Protocol.HOUSEKEEPING)
                    .isNotEmpty()
                    .allSatisfy(packet -> assertThat(List.of(packet.from(), packet.to()))
                            .as(packet.toString())
                            .containsAnyOf(relay, server)
                            .contains(own))
                    .filteredOn(packet -> packet.outgoing() && packet.to().equals(server))
                    .isNotEmpty()
                    .allMatch(packet -> packet.protocol() == Protocol.TCP)
                    .allMatch(packet -> packet.at().isBefore(session.sealed) || packet.payload().length == 0)
                    .allMatch(packet -> packet.at().isBefore(session.sealed.plus(CONFIRMED)));
            assertThat(session.foundByPublisher).isEqualTo("[]");
            assertThat(session.foundByViewer).isEqualTo("[]");
            assertThat(forms(hosts, session.seenByViewer)).isEmpty();
        }
    }

    @Test
    void with_lanonly_media_goes_from_private_address_to_private_address_and_no_server_is_asked() throws Exception {
        try (Hosts hosts = new Hosts();
                TurnServer turn = TurnServer.start(hosts.relay)) {
            InetAddress own = hosts.publisher.addLanAddress();
            InetAddress viewer = hosts.viewer.addLanAddress();
            Session session = session(hosts, turn, "&lanonly&stun=" + turn.stunUrl() + Way.UDP.beside(turn));
            assertThat(session.path).isEqualTo("host/udp");
            assertMediaOnlyBetween(session, own, viewer);
        }
    }

    @Test
    void with_a_network_as_icefilter_media_goes_between_addresses_of_that_network() throws Exception {
        try (Hosts hosts = new Hosts();
                TurnServer turn = TurnServer.start(hosts.relay)) {
            hosts.publisher.addLanAddress();
            hosts.viewer.addLanAddress();
            Session session = session(hosts, turn, "&stun=0&icefilter=2001:db8::/32");
            assertThat(session.path).isEqualTo("host/udp");
            assertMediaOnlyBetween(session, hosts.publisher.address6(), hosts.viewer.address6());
        }
    }

    /**
     * Nothing but the peer is talked to beside the handshake server, and only from allowed address to allowed address, except for
     * ICE's own checks: libwebrtc opens a port at every address and tries them all.
     */
    private static void assertMediaOnlyBetween(Session session, InetAddress own, InetAddress peer) {
        List<String> allowed = List.of(own.getHostAddress(), peer.getHostAddress());
        assertThat(session.packets)
                .filteredOn(packet -> packet.protocol() == Protocol.UDP)
                .isNotEmpty()
                .allMatch(packet -> allowed.contains(packet.from()) || allowed.contains(packet.to()))
                .filteredOn(packet -> !isStun(packet.payload()))
                .isNotEmpty()
                .allSatisfy(packet -> assertThat(List.of(packet.from(), packet.to()))
                        .as(packet.toString())
                        .containsExactlyInAnyOrderElementsOf(allowed));
    }

    /** By its first byte (RFC 7983). */
    private static boolean isStun(byte[] payload) {
        return payload.length > 0 && payload[0] >= 0 && payload[0] <= 3;
    }

    @Test
    void without_privacy_the_same_search_finds_the_address_wherever_it_is() throws Exception {
        try (Hosts hosts = new Hosts();
                TurnServer turn = TurnServer.start(hosts.relay)) {
            Session session = session(hosts, turn, "&stun=0");
            String own = hosts.publisher.address().getHostAddress();
            assertThat(session.path).isEqualTo("host/udp");
            assertThat(session.sent.keySet())
                    .anyMatch(packet ->
                            packet.contains(" to " + hosts.viewer.address().getHostAddress()));
            assertThat(session.foundByPublisher)
                    .contains("frames TO_SERVER: " + own, "channel out: " + own, "frames TO_SERVER: 2001:db8:77::");
            assertThat(session.foundByViewer).contains("channel in: " + own);
            assertThat(forms(hosts, session.seenByViewer)).contains(own).anyMatch(form -> form.contains("as bytes"));
        }
    }

    /** The publisher's addresses in the packets that came to the viewer, whichever layer has them. */
    private static List<String> forms(Hosts hosts, List<Packet> packets) {
        List<InetAddress> addresses = List.of(hosts.publisher.address(), hosts.publisher.address6());
        return packets.stream()
                .filter(packet -> packet.protocol() != Protocol.HOUSEKEEPING)
                .flatMap(packet -> Evidence.forms(addresses, packet.bytes()).stream())
                .distinct()
                .toList();
    }
}
