package dev.drawbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drawbridge.IceFilter.Kind;
import dev.drawbridge.spi.IceServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IceFilterTest {

    @ParameterizedTest
    @CsvSource({
        "host, TYPE",
        "HOST, TYPE",
        "srflx, TYPE",
        "prflx, TYPE",
        "Relay, TYPE",
        "udp, TRANSPORT",
        "TCP, TRANSPORT",
        "192.168.1.7, ADDRESSES",
        "10., ADDRESSES",
        "192.168., ADDRESSES",
        "192.168, ADDRESSES",
        "10.0.0.0/8, ADDRESSES",
        "fe80:, ADDRESSES",
        "fe80::, ADDRESSES",
        "2001:DB8::/32, ADDRESSES",
        "::1, ADDRESSES",
        "10, TEXT",
        "300., TEXT",
        "1.2.3.4., TEXT",
        "typ host, TEXT",
        "fe80::1%eth0, TEXT",
        "hosts, TEXT",
        ".local, TEXT",
        "a/b, TEXT"
    })
    void a_text_is_understood_as_what_it_looks_like(String text, Kind kind) {
        assertThat(IceFilter.of(text).kind()).isEqualTo(kind);
        assertThat(IceFilter.of(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/-1", "10.0.0.0/08888", "fe80::/129", ""})
    void what_looks_like_a_network_and_is_none_is_refused_with_what_to_write_instead(String text) {
        assertThatThrownBy(() -> IceFilter.of(text))
                .isInstanceOf(OptionsException.class)
                .hasMessageContaining("icefilter")
                .hasMessageContaining("allowed");
        if (!text.isEmpty()) {
            assertThatThrownBy(() -> SessionOptions.parse("push=a&secure&maxviewers=x&icefilter=" + text))
                    .hasMessageContaining("icefilter")
                    .as("all problems at once")
                    .hasMessageContaining("maxviewers");
        }
    }

    @Test
    void only_the_type_relay_leaves_relays_alone() {
        assertThat(IceFilter.of("RELAY").relayOnly()).isTrue();
        assertThat(IceFilter.of("typ relay").relayOnly()).isFalse();
        assertThat(IceFilter.of("host").relayOnly()).isFalse();
    }

    @Test
    void filters_are_equal_by_their_text() {
        assertThat(IceFilter.of("udp")).isEqualTo(IceFilter.of("udp")).hasSameHashCodeAs(IceFilter.of("udp"));
        assertThat(IceFilter.of("udp")).isNotEqualTo(IceFilter.of("UDP")).hasToString("udp");
    }

    // ---- what the options make of it

    @Test
    void a_filter_for_relays_needs_one() {
        assertThatThrownBy(() -> SessionOptions.parse("push=a&wss=ws://127.0.0.1:1&icefilter=relay"))
                .hasMessageContaining("icefilter: has no TURN server");
        assertThat(SessionOptions.parse("push=a&wss=ws://127.0.0.1:1&icefilter=relay&turn=u;p;turn:192.0.2.1")
                        .network()
                        .iceServers())
                .as("a STUN server would see the address that is hidden")
                .allMatch(IceServer::relay)
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"privacy&icefilter=host, privacy", "privacy&lanonly, privacy", "icefilter=relay&lanonly, icefilter"})
    void what_leaves_no_path_at_all_is_refused(String options, String named) {
        assertThatThrownBy(() -> SessionOptions.parse("push=a&turn=u;p;turn:192.0.2.1&" + options))
                .hasMessageContaining(named + ": contradicts");
    }

    @Test
    void who_takes_host_candidates_alone_asks_no_server() {
        assertThat(SessionOptions.parse("push=a&wss=ws://127.0.0.1:1&icefilter=host&turn=u;p;turn:192.0.2.1")
                        .network()
                        .iceServers())
                .isEmpty();
        assertThat(SessionOptions.parse("push=a&wss=ws://127.0.0.1:1&icefilter=udp")
                        .network()
                        .iceServers())
                .hasSize(2);
    }
}
