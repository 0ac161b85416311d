package dev.drawbridge.internal.ice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AddressesTest {

    @Test
    void every_number_of_an_address_is_read() {
        assertThat(Addresses.v4("203.0.113.255").orElseThrow()).containsExactly(203, 0, 113, 255);
        assertThat(Addresses.v6("2001:db8::a:ffff").orElseThrow())
                .containsExactly(0x2001, 0xdb8, 0, 0, 0, 0, 0xa, 0xffff);
        assertThat(Addresses.v6("64:ff9b::203.0.113.7").orElseThrow())
                .containsExactly(0x64, 0xff9b, 0, 0, 0, 0, 203 << 8, 113 << 8 | 7);
        assertThat(Addresses.v6("1:2:3:4:5:6:203.0.113.7").orElseThrow())
                .containsExactly(1, 2, 3, 4, 5, 6, 203 << 8, 113 << 8 | 7);
    }

    @Test
    void a_zone_does_not_count() {
        assertThat(Addresses.v6("fe80::1%eth0%1").orElseThrow()).containsExactly(0xfe80, 0, 0, 0, 0, 0, 0, 1);
    }
}
