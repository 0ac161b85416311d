package dev.drawbridge.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The layers over data, as they are on the wire. */
class ExchangedTest {
    @Test
    void what_is_written_is_what_others_write() {
        assertThat(Exchanged.subscription(true, List.of("a", "b")))
                .isEqualTo("{\"type\":\"subscribe\",\"channels\":[\"a\",\"b\"]}");
        assertThat(Exchanged.subscription(false, List.of("a")))
                .isEqualTo("{\"type\":\"unsubscribe\",\"channels\":[\"a\"]}");
        assertThat(Exchanged.published("a", "{\"x\":[1]}", 7))
                .isEqualTo("{\"type\":\"channelMessage\",\"channel\":\"a\",\"data\":{\"x\":[1]},\"timestamp\":7}");
        assertThat(Exchanged.request("t", "i", "1"))
                .isEqualTo("{\"type\":\"request\",\"requestType\":\"t\",\"requestId\":\"i\",\"data\":1}");
        assertThat(Exchanged.response("i", "\"x\""))
                .isEqualTo("{\"type\":\"response\",\"requestId\":\"i\",\"data\":\"x\"}");
        assertThat(Exchanged.failure("i", "no \"x\""))
                .isEqualTo("{\"type\":\"response\",\"requestId\":\"i\",\"data\":{\"error\":\"no \\\"x\\\"\"}}");
    }

    @Test
    void what_is_written_is_read_again() {
        assertThat(Exchanged.read(Exchanged.subscription(true, List.of("a", "b"))))
                .contains(new Exchanged.Subscription(true, List.of("a", "b")));
        assertThat(Exchanged.read(Exchanged.subscription(false, List.of())))
                .contains(new Exchanged.Subscription(false, List.of()));
        assertThat(Exchanged.read(Exchanged.published("a", "[1]", 7))).contains(new Exchanged.Published("a", "[1]"));
        assertThat(Exchanged.read(Exchanged.request("t", "i", "1"))).contains(new Exchanged.Request("t", "i", "1"));
        assertThat(Exchanged.read(Exchanged.response("i", "2")))
                .contains(new Exchanged.Response("i", "2", Optional.empty()));
        assertThat(Exchanged.read(Exchanged.failure("i", "no")))
                .contains(new Exchanged.Response("i", "{\"error\":\"no\"}", Optional.of("no")));
    }

    @Test
    void others_leave_out_what_is_undefined_and_name_one_channel_without_a_list() {
        assertThat(Exchanged.read("{\"requestId\":\"i\",\"type\":\"response\"}"))
                .contains(new Exchanged.Response("i", "null", Optional.empty()));
        assertThat(Exchanged.read("{\"type\":\"subscribe\",\"channels\":\"a\"}"))
                .contains(new Exchanged.Subscription(true, List.of("a")));
        assertThat(Exchanged.read(
                        "{\"type\":\"response\",\"requestId\":\"i\",\"data\":{\"error\":\"\",\"x\":{\"y\":1}}}"))
                .get()
                .extracting(message -> ((Exchanged.Response) message).error())
                .isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "\"type\"",
                "[{\"type\":\"request\"}]",
                "{}",
                "{\"type\":\"greeting\"}",
                "{\"type\":7,\"channel\":\"a\"}",
                "{\"type\":\"channelMessage\"}",
                "{\"type\":\"channelMessage\",\"channel\":7}",
                "{\"type\":\"request\",\"requestType\":\"t\"}",
                "{\"type\":\"request\",\"requestId\":\"i\"}",
                "{\"type\":\"response\"}",
                "{\"type\":\"response\",\"requestId\":{\"a\":1}}",
                "{\"type\":\"subscribe\",\"channels\":[1]}",
                "{\"type\":\"request\",\"requestType\":\"t\",\"requestId\":\"i\"",
                "{\"type\""
            })
    void everything_else_is_other_data(String json) {
        assertThat(Exchanged.read(json)).isEmpty();
    }

    @Test
    void what_is_too_long_or_too_much_is_other_data() {
        String longest = "x".repeat(Limits.ID);
        assertThat(Exchanged.read(Exchanged.published(longest, "1", 7))).isPresent();
        assertThat(Exchanged.read(Exchanged.published(longest + "x", "1", 7))).isEmpty();
        List<String> many = Collections.nCopies(Limits.CHANNELS, "a");
        assertThat(Exchanged.read(Exchanged.subscription(true, many))).isPresent();
        List<String> more = Collections.nCopies(Limits.CHANNELS + 1, "a");
        assertThat(Exchanged.read(Exchanged.subscription(true, more))).isEmpty();
    }

    @Test
    void an_error_is_one_clean_line() {
        String error = "<b>no</b>\n" + "x".repeat(300);
        assertThat(Exchanged.read(Exchanged.failure("i", error)))
                .get()
                .extracting(message -> ((Exchanged.Response) message).error().orElseThrow())
                .asString()
                .doesNotContain("\n")
                .hasSizeLessThanOrEqualTo(Limits.NOTICE);
    }

    @Test
    void what_is_carried_may_be_nested_one_level_less_than_data_alone() {
        String deepest = "[".repeat(30) + "]".repeat(30);
        assertThat(Exchanged.carries(deepest)).isTrue();
        assertThat(Exchanged.carries("[" + deepest + "]")).isFalse();
        assertThat(Message.Pipe.ofJson(Exchanged.request("t", "i", deepest)).json())
                .isNotEmpty();
        assertThat(Exchanged.carries("1 2")).isFalse();
        assertThat(Exchanged.carries("")).isFalse();
    }
}
