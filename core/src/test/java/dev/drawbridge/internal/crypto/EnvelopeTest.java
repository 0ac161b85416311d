package dev.drawbridge.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    private static final String IV = "000102030405060708090a0b0c0d0e0f";

    private final Envelope envelope = envelope("one");

    @Test
    void what_was_sealed_opens_again() {
        Envelope.Sealed sealed = envelope.seal("{\"a\":1}");
        assertThat(envelope.open(sealed.payload(), sealed.vector())).contains("{\"a\":1}");
        assertThat(envelope.open(sealed.payload().toUpperCase(java.util.Locale.ROOT), sealed.vector()))
                .contains("{\"a\":1}");
    }

    @Test
    void each_text_gets_its_own_vector() {
        assertThat(envelope.seal("a").vector()).isNotEqualTo(envelope.seal("a").vector());
    }

    @Test
    void every_failure_looks_the_same() {
        String payload = envelope.seal("text").payload();
        assertThat(envelope.open(payload, "")).isEmpty();
        assertThat(envelope.open(payload, "zz" + IV.substring(2))).isEmpty();
        assertThat(envelope.open(payload, IV + "00")).isEmpty();
        assertThat(envelope.open("", IV)).isEmpty();
        assertThat(envelope.open("abc", IV)).isEmpty();
        assertThat(envelope.open("not hex at all!!", IV)).isEmpty();
        assertThat(envelope.open(payload.substring(2), IV)).isEmpty();
        assertThat(new Envelope(Keys.of(Optional.empty(), "vdo.ninja"), () -> new byte[16]).open(payload, IV))
                .isEmpty();
    }

    @Test
    void a_wrong_key_opens_nothing_or_garbage_and_never_throws() {
        Random random = new Random(7);
        Supplier<byte[]> ivs = () -> {
            byte[] iv = new byte[16];
            random.nextBytes(iv);
            return iv;
        };
        Envelope ours = new Envelope(Keys.of(Optional.of("one"), "s"), ivs);
        Envelope theirs = envelope("two");
        for (int i = 0; i < 2_000; i++) {
            Envelope.Sealed sealed = ours.seal("{\"type\":\"offer\",\"sdp\":\"v=0\"}");
            assertThat(theirs.open(sealed.payload(), sealed.vector()).orElse(""))
                    .doesNotContain("offer");
        }
    }

    @Test
    void without_a_password_nothing_can_be_sealed() {
        Envelope open = new Envelope(Keys.of(Optional.empty(), "vdo.ninja"), Envelope.randomIvs());
        assertThatThrownBy(() -> open.seal("x")).isInstanceOf(IllegalStateException.class);
    }

    private static Envelope envelope(String password) {
        return new Envelope(Keys.of(Optional.of(password), "s"), Envelope.randomIvs());
    }
}
