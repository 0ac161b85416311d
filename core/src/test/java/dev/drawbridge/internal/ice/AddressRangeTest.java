package dev.drawbridge.internal.ice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {

    @ParameterizedTest
    @CsvSource({
        "192.168.1.7, 192.168.1.7",
        "192.168., 192.168.200.1",
        "192.168, 192.168.200.1",
        "10., 10.255.0.1",
        "10.0.0.0/8, 10.255.0.1",
        "10.1.0.0/15, 10.0.255.255",
        "0.0.0.0/0, 203.0.113.1",
        "192.0.2.129/25, 192.0.2.200",
        "192.0.2.7/32, 192.0.2.7",
        "10., ::ffff:10.0.0.1",
        "fe80:, fe80::1%eth0",
        "fe80::, fe80::1",
        "2001:db8, 2001:DB8::1",
        "2001:db8:, 2001:db8::1",
        "2001:db8::/32, 2001:db8:ffff::1",
        "2001:db8::/33, 2001:db8:7fff::1",
        "fc00::/7, fdff::1",
        "::/0, ::1",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8"
    })
    void inside(String range, String address) {
        assertThat(AddressRange.of(range).orElseThrow().contains(address)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "192.168.1.7, 192.168.1.70",
        "192.168.1, 192.168.10.1",
        "192.168.1., 192.168.10.1",
        "10., 110.0.0.1",
        "10., 203.0.110.5",
        "10.1.0.0/16, 10.2.0.1",
        "10.1.0.0/15, 10.2.0.1",
        "192.0.2.129/25, 192.0.2.1",
        "192.0.2.7/32, 192.0.2.6",
        "10., fe80::10.0.0.1",
        "0.0.0.0/0, 2001:db8::1",
        "::/0, 10.0.0.1",
        "fe80:, fe8::1",
        "2001:db8, 2001:db80::1",
        "2001:db8::/33, 2001:db8:8000::1",
        "10., x.local",
        "10., 10.evil.example",
        "10., ''"
    })
    void outside(String range, String address) {
        assertThat(AddressRange.of(range).orElseThrow().contains(address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10",
                "",
                ".",
                ":",
                "..",
                "256.",
                "1.2.3.4.",
                "1.2.3.4.5",
                "10.0.0.0/33",
                "10.0.0.0/",
                "/8",
                "x/8",
                "::/129",
                "g:",
                "fe80:::",
                "1:2:3:4:5:6:7:8:",
                "fe80:%eth0",
                "host"
            })
    void no_range(String text) {
        assertThat(AddressRange.of(text)).isEmpty();
    }

    @Test
    void only_an_address_before_a_slash_looks_like_a_network() {
        assertThat(AddressRange.looksLikeNetwork("10.0.0.0/99")).isTrue();
        assertThat(AddressRange.looksLikeNetwork("::/x")).isTrue();
        assertThat(AddressRange.looksLikeNetwork("10.0.0.0")).isFalse();
        assertThat(AddressRange.looksLikeNetwork("candidate:a/b")).isFalse();
    }

    @Test
    void it_tells_its_parts() {
        assertThat(AddressRange.of("10.1.0.0/16").orElseThrow()).hasToString("AddressRange([10, 1, 0, 0]/16)");
    }
}
