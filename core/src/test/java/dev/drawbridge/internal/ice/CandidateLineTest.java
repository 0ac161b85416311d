package dev.drawbridge.internal.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CandidateLineTest {

    @Test
    void a_line_of_a_browser_is_taken_apart() {
        assertThat(CandidateLine.parse("candidate:1176558580 1 udp 2122194687 192.0.2.2 40347 typ srflx raddr 10.0.0.5"
                        + " rport 5000 generation 0 ufrag LxSD network-id 1"))
                .contains(new CandidateLine(
                        "1176558580",
                        1,
                        "udp",
                        2122194687L,
                        "192.0.2.2",
                        40347,
                        "srflx",
                        Optional.of("10.0.0.5"),
                        OptionalInt.of(5000)));
    }

    @Test
    void case_and_the_prefix_of_sdp_do_not_matter() {
        CandidateLine line =
                CandidateLine.parse("a=candidate:1 2 UDP 1 fe80::1 9 typ Host").orElseThrow();
        assertThat(line.transport()).isEqualTo("udp");
        assertThat(line.type()).isEqualTo("host");
        assertThat(line.relatedAddress()).isEmpty();
        assertThat(line).hasToString("host/udp");
    }

    @Test
    void a_last_word_without_its_value_is_let_be() {
        assertThat(CandidateLine.parse("candidate:1 1 udp 1 192.0.2.2 0 typ srflx raddr")
                        .orElseThrow()
                        .relatedAddress())
                .isEmpty();
        assertThat(CandidateLine.parse("candidate:1 1 udp 1 192.0.2.2 65535 typ srflx"))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "candidate:",
                "candidate:1 1 udp 1 192.0.2.2 9",
                "candidate:1 1 udp 1 192.0.2.2 9 type host",
                "candidate:1 x udp 1 192.0.2.2 9 typ host",
                "candidate:1 1 udp 99999999999999999999 192.0.2.2 9 typ host",
                "candidate:1 1 udp 1 192.0.2.2 65536 typ host",
                "candidate:1 1 udp 1 192.0.2.2 -1 typ host",
                "candidate:1 1 udp 1 192.0.2.2 9 typ srflx raddr 10.0.0.1 rport x",
                "1 1 udp 1 192.0.2.2 9 typ host"
            })
    void anything_else_is_no_candidate(String line) {
        assertThat(CandidateLine.parse(line)).isEmpty();
    }
}
