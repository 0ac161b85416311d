package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.testing.NetworkNamespaces.Host;
import dev.drawbridge.testing.PacketCapture.Packet;
import dev.drawbridge.testing.PacketCapture.Protocol;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NetworkNamespacesTest {
    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(30));

    @Test
    void a_capture_shows_every_packet_of_a_host_and_nothing_else() throws Exception {
        try (NetworkNamespaces network = NetworkNamespaces.create()) {
            Host one = network.host("one");
            Host two = network.host("two");
            try (PacketCapture sent = one.capture();
                    PacketCapture received = two.capture()) {
                for (int i = 0; i < 20; i++) {
                    run(
                            one,
                            "printf 'number " + i + "' >/dev/udp/"
                                    + two.address().getHostAddress() + "/7");
                    run(
                            one,
                            "printf 'number " + i + "' >/dev/udp/"
                                    + two.address6().getHostAddress() + "/7");
                }
                run(one, "printf away >/dev/udp/192.0.2.1/7");
                List<Packet> all = sent.stop();
                assertThat(all).extracting(Packet::protocol).contains(Protocol.HOUSEKEEPING);
                assertThat(texts(all)).hasSize(41).endsWith("number 19", "number 19", "away");
                assertThat(all).filteredOn(Packet::outgoing).last().hasToString("UDP 198.51.100.2 to 192.0.2.1:7");
                // Nobody listens there, which is told.
                assertThat(all)
                        .filteredOn(packet -> packet.protocol() == Protocol.OTHER)
                        .isNotEmpty()
                        .noneMatch(Packet::outgoing);
                assertThat(texts(received.stop())).hasSize(40).doesNotContain("away");
            }
        }
    }

    @Test
    void a_closed_network_leaves_no_process_and_no_namespace() throws Exception {
        NetworkNamespaces network = NetworkNamespaces.create();
        Host host = network.host("one");
        List<String> command = new ArrayList<>(host.inside());
        command.addAll(List.of("cat")); // for ever
        Process running = new ProcessBuilder(command).start();
        assertThat(namespaces()).hasSize(2);
        network.close();
        network.close();
        assertThat(running.isAlive()).isFalse();
        assertThat(namespaces()).isEmpty();
    }

    @Test
    void what_a_dead_process_left_is_removed_by_the_next_one() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        String stale = "drawbridge-" + gone.pid() + "-1-stale";
        String unused = SystemProgram.run(List.of("ip", "netns", "add", stale));
        NetworkNamespaces.create().close();
        assertThat(SystemProgram.run(List.of("ip", "netns", "list"))).doesNotContain(stale);
    }

    private static void run(Host host, String script) throws Exception {
        List<String> command = new ArrayList<>(host.inside());
        command.addAll(List.of("bash", "-c", script));
        String unused = SystemProgram.run(command);
    }

    private static List<String> texts(List<Packet> packets) {
        return packets.stream()
                .filter(packet -> packet.protocol() == Protocol.UDP)
                .map(packet -> new String(packet.payload(), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> namespaces() throws Exception {
        return SystemProgram.run(List.of("ip", "netns", "list"))
                .lines()
                .filter(name ->
                        name.startsWith("drawbridge-" + ProcessHandle.current().pid() + "-"))
                .toList();
    }
}
