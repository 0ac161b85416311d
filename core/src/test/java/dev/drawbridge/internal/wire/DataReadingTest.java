package dev.drawbridge.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a program sends, as JSON, and back. */
class DataReadingTest {

    @Test
    void any_text_is_read_back_as_it_was() {
        Random chance = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = chance.nextInt(20); length > 0; length--) {
                text.append((char) (chance.nextBoolean() ? chance.nextInt(128) : chance.nextInt(0x10000)));
            }
            String json = Message.Pipe.ofText(text.toString()).json();
            assertThat(Json.strict(json)).as(json).isTrue();
            assertThat(DataReading.text(json)).contains(text.toString());
            assertThat(DataReading.bytes(json)).isEmpty();
        }
    }

    @Test
    void any_bytes_are_read_back_as_they_were() {
        Random chance = new Random(7);
        for (int length = 0; length < 300; length++) {
            byte[] bytes = new byte[length];
            chance.nextBytes(bytes);
            String json = Message.Pipe.ofBytes(bytes).json();
            assertThat(Json.strict(json)).isTrue();
            assertThat(DataReading.bytes(json))
                    .hasValueSatisfying(read -> assertThat(read).isEqualTo(bytes));
            assertThat(DataReading.text(json)).isEmpty();
        }
    }

    @Test
    void only_the_whole_envelope_is_bytes() {
        for (String json : List.of(
                "{}",
                "\"drawbridgeBytes\"",
                "{\"drawbridgeBytes\":1}",
                "{\"drawbridgeBytes\":null}",
                "{\"drawbridgeBytes\":\"A\"}",
                "{\"drawbridgeBytes\":\"ä\"}",
                "{\"drawbridgeBytes\":\"AAAA\",\"more\":1}",
                "{\"more\":1,\"drawbridgeBytes\":\"AAAA\"}",
                "[{\"drawbridgeBytes\":\"AAAA\"}]",
                "{\"drawbridgeBytes\":\"AAAA\"",
                "nope")) {
            assertThat(DataReading.bytes(json)).as(json).isEmpty();
        }
        assertThat(DataReading.bytes(" { \"drawbridgeBytes\" : \"AAAA\" } ")).isPresent();
    }

    @Test
    void what_browsers_do_not_parse_is_no_json() {
        for (String json : List.of("", " ", "{", "1 2", "nope", "'a'", "\"a\nb\"", "\"\\'\"", "01", "\"a", "\"\\")) {
            assertThatThrownBy(() -> Message.Pipe.ofJson(json)).as(json).isInstanceOf(IllegalArgumentException.class);
        }
        for (String json : List.of("null", " 1\n", "\"\\u00e4\\n\"", "[1,{\"a\":[]}]", "1e5", "\"\"")) {
            assertThat(Message.Pipe.ofJson(json).json()).isEqualTo(json);
        }
        assertThat(Message.Pipe.ofJson("\"\ud83d\"").json()).isEqualTo("\"\\ud83d\"");
    }

    @Test
    void the_most_bytes_fill_a_message_to_its_last_characters() throws Exception {
        int envelope = "{\"pipe\":}".length()
                + Message.Pipe.ofBytes(new byte[0]).json().length();
        assertThat(Limits.DATA_BYTES).isEqualTo(196_584);
        assertThat(envelope + Limits.DATA_BYTES / 3 * 4).isBetween(Limits.CHANNEL_BYTES - 3, Limits.CHANNEL_BYTES);
    }

    @Test
    void a_line_of_chat_is_clean_and_cut() {
        assertThat(Clean.chat(" a\u0000b\r\nc <script>d</script> <b ")).isEqualTo("a b c d <b");
        assertThat(Clean.chat("x".repeat(700))).hasSize(500);
        assertThat(Clean.chat("<b>".repeat(1_000))).isEmpty();
    }
}
