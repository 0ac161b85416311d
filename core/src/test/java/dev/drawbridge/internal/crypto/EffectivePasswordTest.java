package dev.drawbridge.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.squareup.moshi.JsonReader;
import dev.drawbridge.Password;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.options.Identifiers;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import okio.Okio;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class EffectivePasswordTest {

    @TestFactory
    Stream<DynamicTest> a_password_in_a_link_gives_the_string_of_the_vectors() throws IOException {
        return rows("urlPasswords")
                .map(row -> DynamicTest.dynamicTest((String) row.get("query"), () -> {
                    Password password = SessionOptions.parse("wss=localhost&" + row.get("query"))
                            .password();
                    Object expected = row.get("effectivePassword");
                    if (expected.equals(false)) {
                        assertThat(password.disabled()).isTrue();
                        assertThat(EffectivePassword.of(password)).isEmpty();
                    } else {
                        assertThat(EffectivePassword.of(password)).hasValue((String) expected);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> typed_passwords_and_names_are_as_in_the_vectors() throws IOException {
        return rows("ids")
                .map(row -> DynamicTest.dynamicTest(row.get("effectivePassword") + " " + row.get("streamId"), () -> {
                    if (row.get("password") instanceof String typed) {
                        assertThat(EffectivePassword.of(typed)).isEqualTo(row.get("effectivePassword"));
                    }
                    String streamId = (String) row.get("streamId");
                    if (streamId.length() <= StreamId.MAX_LENGTH) {
                        assertThat(StreamId.of((String) row.get("streamIdIn")).value())
                                .isEqualTo(streamId);
                    }
                    assertThat(Identifiers.room((String) row.get("roomIn"))).isEqualTo(row.get("room"));
                }));
    }

    @Test
    void trimming_takes_every_white_space_of_JavaScript_and_nothing_else() {
        String white = "\t\n\u000B\f\r \u00A0\u1680\u2000\u2007\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF";
        assertThat(WebText.trim(white + "x y" + white)).isEqualTo("x y");
        assertThat(WebText.trim("\u200Bx\u0085")).isEqualTo("\u200Bx\u0085");
        assertThat(WebText.trim(white)).isEmpty();
        for (String neighbour : new String[] {"\b", "\u000E", "\u1FFF", "\u200B"}) {
            assertThat(WebText.trim(neighbour)).isEqualTo(neighbour);
        }
    }

    @Test
    void all_but_letters_digits_and_nine_signs_is_escaped() {
        assertThat(WebText.encodeComponent("@AZ[`az{/09:-_.!~*'()é"))
                .isEqualTo("%40AZ%5B%60az%7B%2F09%3A-_.!~*'()%C3%A9");
    }

    @Test
    void half_a_surrogate_pair_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> EffectivePassword.of("a\uD83D"));
        assertThatIllegalArgumentException().isThrownBy(() -> Password.of("a\uDE00\uD83D"));
        assertThat(WebText.scalar("a\uD83D\uDE00\uD83Db")).isEqualTo("a😀\uFFFDb");
        assertThat(WebText.scalar("\uDE00\uD83D")).isEqualTo("\uFFFD\uFFFD");
        assertThat(WebText.wellFormed("😀😀")).isTrue();
    }

    @Test
    void broken_escapes_stay_in_a_query_and_fail_in_a_component() {
        assertThat(WebText.decodeQueryPart("100%+%zz%4")).isEqualTo("100% %zz%4");
        assertThat(WebText.decodeQueryPart("%41%z4%4z%2")).isEqualTo("A%z4%4z%2");
        assertThat(WebText.decodeComponent("100%")).isEmpty();
        assertThat(WebText.decodeComponent("%ff")).isEmpty();
        assertThat(WebText.decodeComponent("a+b%2B")).hasValue("a+b+");
    }

    @SuppressWarnings("unchecked")
    private static Stream<Map<String, Object>> rows(String name) throws IOException {
        try (InputStream vectors = EffectivePasswordTest.class.getResourceAsStream("/vectors.json");
                JsonReader reader = JsonReader.of(Okio.buffer(Okio.source(vectors)))) {
            Map<String, Object> all = (Map<String, Object>) reader.readJsonValue();
            return ((List<Map<String, Object>>) all.get(name)).stream();
        }
    }
}
