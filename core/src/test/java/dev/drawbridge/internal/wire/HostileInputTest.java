package dev.drawbridge.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.drawbridge.Dialect;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text gives a message, soon. */
class HostileInputTest {
    private static final List<WireCodec> CODECS = List.of(
            Codecs.publisher(Dialect.CUSTOM),
            Codecs.viewer(Dialect.CUSTOM),
            Codecs.publisher(Dialect.HOSTED),
            Codecs.viewer(Dialect.HOSTED),
            Codecs.codec(Dialect.CUSTOM, "me", Optional.of(Codecs.STREAM), Optional.of("room"), Codecs.NO_KEYS));

    private static final List<String> SEEDS = List.of(
            "{\"request\":\"listing\",\"list\":[{\"UUID\":\"a\",\"streamID\":\"abc1234808d64\"},{\"UUID\":\"b\"}],\"claim\":true}",
            "{\"request\":\"play\",\"streamID\":\"abc1234808d64\",\"from\":\"x\"}",
            "{\"UUID\":\"R948gS5uZqqaTQJCHB8g\",\"streamID\":\"abc1234808d64\",\"description\":{\"type\":\"offer\","
                    + "\"sdp\":\"v=0\\r\\n\"},\"session\":\"s\",\"isScene\":false,\"from\":\"x\"}",
            "{\"UUID\":\"p\",\"description\":\"e6e3b01add0693c318f82913da88759f4ce2aff7724171e27f88329a14ba43f34af6dff434f68f88"
                    + "b0681754a7a1f64b\",\"session\":null,\"vector\":\"000102030405060708090a0b0c0d0e0f\",\"from\":\"x\"}",
            "{\"UUID\":\"p\",\"type\":\"local\",\"candidates\":[{\"candidate\":\"candidate:1 1 udp 1 192.0.2.2 9 typ host\","
                    + "\"sdpMid\":\"0\",\"sdpMLineIndex\":0},null],\"session\":\"s\"}",
            "{\"audio\":true,\"video\":\"x\",\"info\":{\"label\":\"a\",\"secure\":true},\"guest\":false,\"scene\":\"0\"}",
            "{\"ping\":1.5,\"pong\":\"x\",\"pipe\":{\"a\":[1,2,{\"b\":null}]},\"chat\":\"c\",\"bitrate\":-1,\"keyframe\":true}");

    private static void all(String text) {
        for (WireCodec codec : CODECS) {
            assertThat(codec.readSignal(text)).isNotNull();
            assertThat(codec.readChannel(text)).isNotNull();
        }
    }

    static Stream<String> monsters() {
        return Stream.of(
                "[".repeat(100_000),
                "{\"a\":".repeat(100_000),
                "{\"bye\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}",
                "{\"pipe\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}",
                "{\"description\":" + "{\"x\":".repeat(100_000),
                "{\"candidates\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}",
                "{\"bitrate\":" + "9".repeat(900_000) + "}",
                "{\"session\":" + "9".repeat(900_000) + "}",
                "{\"ping\":1" + "0".repeat(900_000) + "}",
                "{\"ping\":1e999999999}",
                "{\"pipe\":1e-999999999}",
                "{\"candidate\":{\"candidate\":\"a\",\"sdpMLineIndex\":1e999999999}}",
                "{\"info\":{\"label\":\"" + "<".repeat(900_000) + "\"}}",
                "{\"request\":\"alert\",\"message\":\"" + "\\n".repeat(400_000) + "\"}",
                "{\"x\":\"" + "\\u0000".repeat(150_000) + "\"}",
                "{" + "\"a\":1,".repeat(140_000) + "\"a\":1}",
                "{\"\\u0000\":1}",
                "\u0000".repeat(1_000),
                "{\"chat\":\"\ud83d\"}",
                "x".repeat(Limits.FRAME_BYTES + 1),
                "€".repeat(Limits.FRAME_BYTES));
    }

    @ParameterizedTest
    @MethodSource("monsters")
    void big_and_deep_input_is_judged_soon(String monster) {
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> all(monster));
    }

    @Test
    void what_is_no_frame_is_malformed_and_is_never_quoted() {
        for (String wrong : List.of(
                "",
                " ",
                "null",
                "1",
                "\"bye\"",
                "[]",
                "[{}]",
                "{",
                "{}{}",
                "{} x",
                "{\"bye\"}",
                "{'bye':1}",
                "{bye:1}",
                "{\"bye\":1,}",
                "{\"bye\":NaN}",
                "// x\n{}",
                "{\"request\":{}}",
                "{\"UUID\":[]}",
                "{\"from\":true}",
                "{\"session\":{}}",
                "{\"description\":1}",
                "{\"description\":[]}",
                "{\"description\":{\"type\":\"offer\"}}",
                "{\"description\":{\"type\":\"offer\",\"sdp\":7}}",
                "{\"candidates\":{}}",
                "{\"candidates\":[1]}",
                "{\"candidate\":[]}",
                "{\"candidate\":{\"candidate\":1}}",
                "{\"list\":{}}",
                "{\"list\":[1]}",
                "{\"list\":[{}]}",
                "{\"bye\":1,\"bye\":1}",
                "{\"UUID\":\"a\",\"UUID\":\"b\"}",
                "{\"UUID\":\"a\\nb\"}",
                "{\"candidate\":{\"candidate\":\"a\",\"sdpMLineIndex\":-1}}",
                "{\"candidates\":[],\"candidate\":{}}",
                "{\"pipe\":{a:1}}",
                "{\"pipe\":[1,]}",
                "hunter2")) {
            for (WireCodec codec : CODECS) {
                assertThat(codec.readSignal(wrong).message()).as(wrong).isInstanceOf(Message.Malformed.class);
                assertThat(codec.readChannel(wrong)).as(wrong).isInstanceOf(Message.Malformed.class);
                assertThat(codec.readChannel(wrong).toString()).doesNotContain("hunter2");
            }
        }
    }

    @Test
    void every_beginning_of_a_frame_is_harmless() {
        for (String seed : SEEDS) {
            for (int i = 0; i < seed.length(); i++) {
                all(seed.substring(0, i));
            }
        }
    }

    @Test
    void ten_thousand_mutations_are_harmless() {
        Random random = new Random(20_26);
        String pieces = "{}[]\",:\\0123456789eE+-.tfnul xX\u0000\ud83d€";
        for (int i = 0; i < 10_000; i++) {
            StringBuilder text = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
            for (int n = 1 + random.nextInt(6); n > 0 && text.length() > 0; n--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(4)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, pieces.charAt(random.nextInt(pieces.length())));
                    case 2 -> text.setCharAt(at, pieces.charAt(random.nextInt(pieces.length())));
                    default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(20))));
                }
            }
            all(text.toString());
        }
    }
}
