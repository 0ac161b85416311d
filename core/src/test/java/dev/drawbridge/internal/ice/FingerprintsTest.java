package dev.drawbridge.internal.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class FingerprintsTest {

    @Test
    void session_and_media_level_count_and_spelling_does_not() {
        String sdp = String.join(
                "\r\n",
                "v=0",
                "a=fingerprint:SHA-256 ab:cd",
                "m=audio 9",
                "a=fingerprint:sha-256 AB:CD",
                "m=video 9",
                "a=fingerprint:sha-1  01:0f ");
        assertThat(Fingerprints.of(sdp)).containsExactly("sha-1 01:0F", "sha-256 AB:CD");
    }

    @Test
    void an_sdp_without_fingerprints_has_none() {
        assertThat(Fingerprints.of("v=0\r\ns=a=fingerprint:sha-256 AB\r\n")).isEmpty();
    }

    @Test
    void one_without_a_value_is_its_algorithm() {
        assertThat(Fingerprints.of("a=fingerprint:SHA-256\n")).containsExactly("sha-256");
    }

    @Test
    void only_one_that_stands_alone_and_is_hex_says_who_a_peer_is() {
        assertThat(Fingerprints.only(Set.of("sha-256 AB:CD"))).contains("sha-256 AB:CD");
        assertThat(Fingerprints.only(Set.of())).isEmpty();
        assertThat(Fingerprints.only(Set.of("sha-256 AB:CD", "sha-512 AB:CD"))).isEmpty();
        for (String text :
                new String[] {"sha-256", "sha-256 AB:", "sha-256 A", "x y", "sha-256 AB" + ":CD".repeat(64)}) {
            assertThat(Fingerprints.only(Set.of(text))).as(text).isEmpty();
        }
    }

    @Test
    void a_changed_certificate_is_seen() {
        String sdp = "v=0\na=fingerprint:sha-256 AB:CD\n";
        assertThat(Fingerprints.of(sdp)).isNotEqualTo(Fingerprints.of(sdp.replace("CD", "CE")));
        assertThat(Fingerprints.of(sdp)).isEqualTo(Fingerprints.of(sdp.replace("o=1", "o=2")));
    }
}
