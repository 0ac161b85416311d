package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.CloseReason;
import dev.drawbridge.IceFilter;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.internal.ice.CandidateFilter;
import dev.drawbridge.internal.ice.PathPolicy;
import dev.drawbridge.internal.ice.SeenCandidates;
import dev.drawbridge.spi.SelectedPath;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.MachineAddress;
import dev.drawbridge.testing.Shape;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Filters on the real library: what they allow connects, on that path, and what they leave of a description can be read. */
class FilterTest {
    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(30));

    @ParameterizedTest
    @CsvSource({
        "icefilter=host, '', host/udp",
        "'', icefilter=host, host/udp",
        "icefilter=UDP, icefilter=udp, host/udp",
        "icefilter=tcp, '', host/tcp",
        "'', icefilter=tcp, host/tcp",
        "icefilter=tcp, icefilter=tcp, host/tcp",
        "icefilter=OWN, icefilter=OWN, host/udp",
        "icefilter=typ host, icefilter=typ host, host/udp"
    })
    void a_session_is_sealed_on_the_path_that_the_filters_leave(String publish, String watch, String path)
            throws Exception {
        String own = MachineAddress.own().getHostAddress();
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            Publisher publisher = stage.publish("push=filter1&secure&stun=0&" + publish.replace("OWN", own), story);
            Watcher watcher = stage.watch("view=filter1&stun=0&" + watch.replace("OWN", own));

            Watcher.assertColours(watcher.awaitPictures());
            story.await(Sealed.class);
            // Who opens a TCP connection is not where it said it would be.
            String found = path.replace("host/tcp", "prflx/tcp");
            assertThat(publisher.stats().path()).isIn(path, found);
            assertThat(watcher.link().path()).isIn(path, found);
            Map<String, SelectedPath> paths = publisher.paths();
            assertThat(paths).containsOnlyKeys("viewer-1");
            SelectedPath taken = paths.get("viewer-1");
            assertThat(taken.kind()).isIn(path, found);
            for (SelectedPath.End end : List.of(taken.local(), taken.remote())) {
                InetAddress address = InetAddress.getByName(end.address());
                // Who opens a TCP connection within a machine may do it from the loopback address.
                assertThat(MachineAddress.all().contains(address) || address.isLoopbackAddress())
                        .as("%s is an address of this machine", address)
                        .isTrue();
            }
            watcher.close();
            assertThat(publisher.awaitClosed(Duration.ofSeconds(5))).contains(CloseReason.VIEWER_LEFT);
        }
    }

    @Test
    void what_a_filter_leaves_of_a_description_is_a_description() throws Exception {
        List<String> candidates = List.of(
                "1 1 UDP 2122260223 192.168.1.2 5000 typ host generation 0 network-id 1",
                "2 1 tcp 1518280447 192.168.1.2 9 typ host tcptype active generation 0",
                "3 1 udp 2122262783 2001:db8::7 5001 typ host",
                "4 1 udp 2122262783 ::ffff:10.1.2.3 5001 typ host",
                "5 1 udp 2122262783 0b5f2bb2-8d5c-4d8a-9bcd-1234567890ab.local 5001 typ host",
                "6 1 udp 1686052607 203.0.110.5 5000 typ srflx raddr 192.168.1.2 rport 5000",
                "7 1 udp 41885439 203.0.113.9 5002 typ relay raddr 203.0.110.5 rport 5000");
        for (String filter : List.of("host", "srflx", "relay", "tcp", "192.168.", "2001:db8::/32", "typ host")) {
            PathPolicy policy = PathPolicy.of(Optional.of(IceFilter.of(filter)), false, false);
            try (Pair pair = new Pair(Stage.pattern())) {
                pair.publisher.carry = false;
                pair.publisher.link.offer(false);
                SessionDescription offer = pair.publisher.next(pair.publisher.descriptions, "offer");
                StringBuilder full = new StringBuilder(offer.sdp());
                candidates.forEach(
                        line -> full.append("a=candidate:").append(line).append("\r\n"));

                String left = new CandidateFilter(policy, false).filter(full.toString(), new SeenCandidates());

                assertThat(left).contains("a=candidate:").hasSizeLessThan(full.length());
                pair.viewer.link.accept(new SessionDescription(SessionDescription.Type.OFFER, left));
                pair.viewer.next(pair.viewer.descriptions, "answer to what " + filter + " leaves");
            }
        }
    }
}
