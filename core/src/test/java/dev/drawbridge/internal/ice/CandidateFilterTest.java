package dev.drawbridge.internal.ice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.spi.IceCandidate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CandidateFilterTest {
    private static final String HOST = "candidate:1 1 udp 1 192.168.1.2 5000 typ host generation 0";
    private static final String CAPITALS = "candidate:1 1 UDP 1 192.168.1.2 5000 typ host";
    private static final String SRFLX = "candidate:2 1 udp 1 198.51.100.7 5000 typ srflx raddr 192.168.1.2 rport 5000";
    private static final String TCP = "candidate:3 1 tcp 1 192.168.1.2 9 typ host tcptype active";
    private static final String RELAY = "candidate:4 1 udp 1 203.0.110.5 5000 typ relay raddr 0.0.0.0 rport 0";

    private static final CandidateFilter LAN = Filters.of("", true);

    private static boolean keeps(CandidateFilter filter, String line) {
        return filter.keep(new IceCandidate(line, "0", 0), new SeenCandidates()).isPresent();
    }

    private static CandidateFilter filter(String text) {
        return Filters.of(text, false);
    }

    @Test
    void without_options_everything_stays() {
        for (CandidateFilter all : new CandidateFilter[] {Filters.of("", false), filter("")}) {
            assertThat(keeps(all, HOST)).isTrue();
            assertThat(keeps(all, RELAY)).isTrue();
            assertThat(all.filter("v=0\r\nc=IN IP4 1.2.3.4\r\n", new SeenCandidates()))
                    .isEqualTo("v=0\r\nc=IN IP4 1.2.3.4\r\n");
        }
    }

    @Test
    void a_type_is_compared_as_a_type() {
        assertThat(keeps(filter("host"), HOST)).isTrue();
        assertThat(keeps(filter("HOST"), HOST)).isTrue();
        assertThat(keeps(filter("host"), SRFLX)).isFalse();
        assertThat(keeps(filter("relay"), RELAY)).isTrue();
        assertThat(keeps(filter("relay"), HOST + " ufrag relay")).isFalse();
    }

    @Test
    void a_transport_is_compared_in_any_case() {
        assertThat(keeps(filter("udp"), CAPITALS)).isTrue();
        assertThat(keeps(filter("tcp"), TCP)).isTrue();
        assertThat(keeps(filter("tcp"), HOST)).isFalse();
    }

    @Test
    void any_other_text_has_to_occur_in_the_line() {
        assertThat(keeps(filter("192.168.1."), HOST)).isTrue();
        assertThat(keeps(filter("192.168.1."), RELAY)).isFalse();
        assertThat(keeps(filter("Generation"), HOST)).isFalse();
    }

    @Test
    void lan_only_wants_a_host_candidate_of_the_local_network() {
        assertThat(keeps(LAN, HOST)).isTrue();
        assertThat(keeps(LAN, TCP)).isTrue();
        assertThat(keeps(LAN, SRFLX)).isFalse();
        assertThat(keeps(LAN, RELAY)).isFalse();
        assertThat(keeps(LAN, "candidate:1 1 udp 1 10.0.0.1 9 typ srflx")).isFalse();
        assertThat(keeps(LAN, "garbage")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.1",
                "169.254.1.1",
                "127.0.0.1",
                "::1",
                "fe80::1",
                "fe80::1%eth0",
                "febf::1",
                "fe80:0:0:0:0:0:0:1",
                "fc00:2:3::4:5:6:7",
                "fc00::1",
                "fdff:1:2:3:4:5:6:7",
                "::ffff:10.0.0.1",
                "::ffff:172.16.0.1",
                "0b5f2bb2-8d5c-4d8a.local",
                "X.LOCAL"
            })
    void local_addresses(String address) {
        assertThat(keeps(LAN, "candidate:1 1 udp 1 " + address + " 9 typ host")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "203.0.110.5",
                "172.32.0.1",
                "172.15.0.1",
                "192.169.0.1",
                "11.0.0.1",
                "100.64.0.1",
                "8.8.8.8",
                "0.0.0.0",
                "010.0.0.1",
                "10.0.0",
                "10.0.0.256",
                "10.0.0.1.5",
                "10.x.0.1",
                "fc00:2:3:4::5:6:7:8",
                "fc00:10.0.0.1::",
                "%eth0",
                "::ffff:172.48.0.1",
                "2001:db8::10.0.0.1",
                "2001:db8::1",
                "fec0::1",
                "::",
                "::ffff:8.8.8.8",
                "fe80:::1",
                "fe80::1::2",
                "1:2:3:4:5:6:7:8:9",
                "fd00:1",
                "local",
                "x.local.example.com",
                "localhost",
                "10.evil.example"
            })
    void addresses_that_are_not_local(String address) {
        assertThat(keeps(LAN, "candidate:1 1 udp 1 " + address + " 9 typ host")).isFalse();
    }

    @Test
    void both_options_hold_together() {
        CandidateFilter both = Filters.of("udp", true);
        assertThat(keeps(both, HOST)).isTrue();
        assertThat(keeps(both, TCP)).isFalse();
        assertThat(keeps(both, SRFLX)).isFalse();
    }

    @Test
    void a_candidate_cannot_bring_further_lines_along() {
        assertThat(keeps(Filters.of("", false), HOST + "\r\na=candidate:9")).isFalse();
    }

    @Test
    void a_line_feed_at_the_start_hides_no_candidate() {
        assertThat(LAN.filter("\n\na=" + SRFLX, new SeenCandidates())).isEqualTo("\n\n");
        assertThat(LAN.filter("\na=" + SRFLX + "\na=" + HOST, new SeenCandidates()))
                .isEqualTo("\na=" + HOST);
    }

    @Test
    void it_tells_no_more_of_itself_than_whether_it_filters() {
        assertThat(LAN).hasToString("CandidateFilter(active)");
        assertThat(filter("192.168.1.")).hasToString("CandidateFilter(active)");
        assertThat(filter("")).hasToString("CandidateFilter(all)");
    }

    @ParameterizedTest
    @CsvSource({"'\r\n'", "'\n'"})
    void an_sdp_loses_what_is_not_allowed_and_nothing_else(String end) {
        String sdp = String.join(
                end,
                "v=0",
                "o=- 1 2 IN IP4 127.0.0.1",
                "m=video 40000 UDP/TLS/RTP/SAVPF 96",
                "c=IN IP4 203.0.110.5",
                "a=rtcp:40001 IN IP4 203.0.110.5",
                "a=" + HOST,
                "a=" + SRFLX,
                "a=" + RELAY,
                "a=ice-ufrag:x",
                "");
        assertThat(LAN.filter(sdp, new SeenCandidates()))
                .isEqualTo(String.join(
                        end,
                        "v=0",
                        "o=- 1 2 IN IP4 127.0.0.1",
                        "m=video 40000 UDP/TLS/RTP/SAVPF 96",
                        "c=IN IP4 0.0.0.0",
                        "a=rtcp:9 IN IP4 0.0.0.0",
                        "a=" + HOST,
                        "a=ice-ufrag:x",
                        ""));
        assertThat(filter("relay").filter("a=" + HOST, new SeenCandidates())).isEmpty();
    }
}
