package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.SessionDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPriorityTest {
    /** RFC 8445: 2^24 times the preference for the type, 2^8 times that for the network, and 256 less the component. */
    private static long priority(int type) {
        return ((long) type << 24) + (32_542L << 8) + 255;
    }

    @Test
    void an_address_of_ours_ranks_below_a_discovered_one_and_above_a_servers_view() {
        IceCandidate candidate = new IceCandidate(
                "candidate:1 1 udp " + priority(126) + " 192.0.2.1 5000 typ host generation 0 network-cost 999",
                "0",
                3);

        IceCandidate lowered = HostPriority.lowered(candidate);

        assertThat(lowered)
                .isEqualTo(new IceCandidate(
                        "candidate:1 1 udp " + priority(109) + " 192.0.2.1 5000 typ host generation 0 network-cost 999",
                        "0",
                        3));
        assertThat(priority(109)).isLessThan(priority(110)).isGreaterThan(priority(100));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "candidate:1 1 udp 1686052607 203.0.113.1 5000 typ srflx raddr 192.0.2.1 rport 5000",
                "candidate:1 1 udp 41885695 203.0.113.9 6000 typ relay raddr 0.0.0.0 rport 0",
                "candidate:1 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active",
                "candidate:1 1 udp 1853824767 192.0.2.1 5000 typ host",
                "candidate:1 1 udp 99999999999 192.0.2.1 5000 typ host",
                "nonsense"
            })
    void anything_else_stays_as_it_is(String line) {
        assertThat(HostPriority.lowered(new IceCandidate(line, "0", 0)).candidate())
                .isEqualTo(line);
    }

    @Test
    void candidates_inside_a_description_are_treated_alike() {
        String sdp = "v=0\r\na=candidate:1 1 UDP " + priority(126) + " 192.0.2.1 5000 typ host\r\na=candidate:2 1 udp "
                + priority(126) + " 2001:db8::1 5001 typ host\r\na=end-of-candidates\r\n";

        assertThat(HostPriority.lowered(new SessionDescription(SessionDescription.Type.ANSWER, sdp)))
                .isEqualTo(new SessionDescription(
                        SessionDescription.Type.ANSWER, sdp.replace("" + priority(126), "" + priority(109))));
    }
}
