package dev.drawbridge.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.StreamId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeysTest {
    private final Keys keys = Keys.of(Optional.of("hunter2"), "vdo.ninja");
    private final Keys none = Keys.of(Optional.empty(), "vdo.ninja");

    @Test
    void without_a_password_names_stay_and_nothing_is_encrypted() {
        assertThat(none.encrypting()).isFalse();
        assertThat(none.wireStream(StreamId.of("abc"))).isEqualTo("abc");
        assertThat(none.plainStream("abc")).contains("abc");
        assertThat(none.wireRoom("Room")).isEqualTo("Room");
        assertThat(none.matches("1c2b")).isFalse();
        assertThat(none.streamSuffix() + none.check()).isEmpty();
    }

    @Test
    void only_our_own_suffix_is_taken_off() {
        assertThat(keys.plainStream("abc12341c2bdc")).contains("abc1234");
        assertThat(keys.plainStream("abc1234808d64")).isEmpty();
        assertThat(keys.plainStream("1c2bd")).isEmpty();
    }

    @Test
    void the_check_of_a_link_fits_by_prefix_or_by_the_former_salt() {
        assertThat(keys.matches("1c2b")).isTrue();
        assertThat(keys.matches("1c2bdc")).isTrue();
        assertThat(keys.matches("1")).isTrue();
        assertThat(keys.matches("1c2bdc9")).isFalse();
        assertThat(keys.matches("808d")).isFalse();
        assertThat(keys.matches("")).isFalse();
        String former =
                Keys.of(Optional.of("hunter2"), "obs.ninja").streamSuffix().substring(0, 4);
        assertThat(keys.matches(former)).isTrue();
    }

    @Test
    void nothing_secret_is_printed() {
        Envelope envelope = new Envelope(keys, () -> new byte[16]);
        assertThat(keys + " " + none + " " + envelope + " " + envelope.seal("x"))
                .isEqualTo("keys no keys Envelope Sealed");
    }
}
