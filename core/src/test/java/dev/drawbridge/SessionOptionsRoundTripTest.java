package dev.drawbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.drawbridge.SecurityPolicy.Approval;
import dev.drawbridge.SecurityPolicy.Encryption;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SessionOptionsRoundTripTest {
    private static final int CASES = 2000;
    private static final String[] SNIPPETS = {
        "a", "Z", "9", "_", " ", "+", "%", "%25", "%41", "%e4", "&", "=", "?", "#", ";", ":", "/", ",", "<", ">", "\"",
        "'", "é", "日本", "😀", "\u00A0", "\uFEFF", "\u2028", "~", "!", "*", "(", ")", "\\", "@", "$", "|", "[", "]", "{",
        "}", "^", "`", "\u200B", "off"
    };

    @Test
    void what_is_written_is_read_back_equal() {
        for (int seed = 0; seed < CASES; seed++) {
            SessionOptions options = random(new Random(seed));
            String query = options.toQuery();
            SessionOptions read = SessionOptions.parse(query);
            assertThat(read).as("seed %d: %s", seed, query).isEqualTo(options).hasSameHashCodeAs(options);
            assertThat(SessionOptions.parse("https://vdo.ninja/?" + query)).isEqualTo(options);
            assertThat(read.toQuery()).isEqualTo(query);
            assertThat(options.toBuilder().build()).isEqualTo(options);
        }
    }

    @Test
    void any_text_gives_options_or_problems_and_never_anything_else() {
        String[] words = {
            "push",
            "view",
            "room",
            "include",
            "ex",
            "mp",
            "password",
            "pw",
            "hash",
            "secure",
            "mv",
            "turn",
            "stun",
            "addstun",
            "wss",
            "wss2",
            "privacy",
            "tcp",
            "label",
            "retry",
            "vb",
            "codec",
            "vd",
            "ad",
            "d",
            "ss",
            "q",
            "fps",
            "s",
            "onlycodecs",
            "degrade",
            "nv",
            "na",
            "salt",
            "https://vdo.ninja/?",
            "http://",
            "wss://localhost",
            "&",
            "=",
            "?",
            "turn:h",
            "turnlist",
            "tz",
            "u;p;",
            "-1",
            "99999999999"
        };
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(24); i > 0; i--) {
                text.append(random.nextBoolean() ? pick(random, words) : pick(random, SNIPPETS));
                text.append(random.nextInt(3) == 0 ? "&" : random.nextInt(3) == 0 ? "=" : "");
                if (random.nextInt(40) == 0) {
                    text.append((char) random.nextInt(65_536));
                }
            }
            assertThatCode(() -> {
                        try {
                            SessionOptions options = SessionOptions.parse(text.toString());
                            assertThat(SessionOptions.parse(options.toQuery())).isEqualTo(options);
                        } catch (OptionsException expected) {
                            assertThat(expected.problems()).isNotEmpty();
                        }
                    })
                    .as("seed %d: %s", seed, text)
                    .doesNotThrowAnyException();
        }
    }

    private static SessionOptions random(Random random) {
        SessionOptions.Builder builder = SessionOptions.builder().endpoint(endpoint(random));
        if (random.nextBoolean()) {
            builder.push(id(random));
        }
        if (random.nextBoolean()) {
            builder.view(ids(random));
        }
        if (random.nextInt(3) == 0) {
            builder.room("r" + text(random, 40)).scene(text(random, 4));
        }
        if (random.nextInt(3) == 0) {
            builder.include(ids(random)).exclude(StreamId.of("not_" + random.nextInt(9)));
            builder.maxPublishers(10 + random.nextInt(9_991));
        }
        switch (random.nextInt(4)) {
            case 0 -> builder.password(Password.none());
            case 1 -> builder.password(Password.defaultKey());
            default -> builder.password(tryAgain(() -> Password.of(text(random, 12))));
        }
        if (random.nextInt(3) == 0) {
            builder.salt("s" + text(random, 6));
        }
        builder.security(security(random)).network(network(random));
        if (random.nextInt(3) == 0) {
            builder.label(text(random, 120));
        }
        if (random.nextBoolean()) {
            builder.retry(Duration.ofSeconds(10 + random.nextInt(86_391)));
            builder.retryTimeout(Duration.ofMillis(5000 + random.nextInt(3_595_001)));
        }
        if (random.nextBoolean()) {
            builder.videoBitrate(1 + random.nextInt(200_000)).audioBitrate(6 + random.nextInt(505));
        }
        if (random.nextBoolean()) {
            builder.maxVideoBitrate(1 + random.nextInt(200_000))
                    .codecs(List.of("av1", pick(random, "vp8", "VP9", "H264", "h265")));
        }
        if (random.nextBoolean()) {
            builder.videoDevice(pick(
                    random,
                    "0",
                    "off",
                    "",
                    "testpattern",
                    "USB, Cam #1 + 2 (50%)",
                    "é" + text(random, 5).replace('\u2028', 'x')));
        }
        if (random.nextInt(4) == 0) {
            builder.camera(random.nextBoolean()).microphone(random.nextBoolean());
        }
        if (random.nextInt(4) == 0) {
            builder.video(random.nextBoolean()).audioOnlyFrom(ids(random));
        }
        if (random.nextInt(4) == 0) {
            builder.audio(random.nextBoolean())
                    .videoOnlyFrom(List.of(StreamId.of(pick(random, "off", "0", "yes", "a"))));
        }
        builder.dataOnly(random.nextInt(9) == 0).cleanOutput(random.nextInt(5) == 0);
        builder.audioMuted(random.nextInt(4) == 0).videoMuted(random.nextInt(4) == 0);
        if (random.nextInt(3) == 0) {
            builder.scale(1 + random.nextInt(100)).viewWidth(1 + random.nextInt(16_384));
        }
        if (random.nextInt(3) == 0) {
            builder.audioDevice(pick(
                    random, "0", "1", "2", "USB, Mic #1", "é" + text(random, 5).replace('\u2028', 'x')));
        }
        if (random.nextInt(4) == 0) {
            builder.screen(pick(random, "", "1", "2", "a window & more"));
        }
        if (random.nextInt(3) == 0) {
            builder.pictureTimeout(Duration.ofMillis(pick(random, 0, 1000, 600_000)));
        }
        if (random.nextInt(2) == 0) {
            builder.encoding(encoding(random, builder));
        }
        if (random.nextInt(3) == 0) {
            builder.viewHeight(1 + random.nextInt(16_384));
        }
        if (random.nextInt(3) == 0) {
            Map<String, String> unknown = new LinkedHashMap<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                unknown.put(random.nextInt(9) == 0 ? "" : "zz" + text(random, 4), text(random, 6));
            }
            builder.unrecognized(unknown);
        }
        return builder.build();
    }

    private static Encoding encoding(Random random, SessionOptions.Builder builder) {
        Encoding.Builder encoding = Encoding.builder()
                .stereo(pick(random, Encoding.Stereo.values()))
                .frameRate(1 + random.nextInt(120));
        if (random.nextBoolean()) {
            encoding.width(16 + random.nextInt(7000)).audioKbps(6 + random.nextInt(505));
        }
        if (random.nextBoolean()) {
            encoding.height(16 + random.nextInt(4000)).videoKbps(1 + random.nextInt(200_000));
        }
        if (random.nextBoolean()) {
            encoding.audioCodec(pick(random, Encoding.AudioCodec.values()));
            encoding.contentHint(pick(random, Encoding.ContentHint.values()));
            encoding.degrade(pick(random, Encoding.Degrade.values()));
        }
        if (random.nextInt(4) == 0) {
            builder.codecs(List.of("VP8"));
            encoding.onlyCodecs(true);
        }
        return encoding.build();
    }

    private static HandshakeEndpoint endpoint(Random random) {
        String address = pick(
                random,
                "wss://wss.vdo.ninja:443",
                "wss://a.example/p/%20x?key=1&k=%25",
                "ws://127.0.0.1:8080",
                "ws://[::1]:1/",
                "WSS://Host.Example");
        return new HandshakeEndpoint(URI.create(address), random.nextBoolean() ? Dialect.CUSTOM : Dialect.HOSTED);
    }

    private static SecurityPolicy security(Random random) {
        SecurityPolicy policy =
                switch (random.nextInt(3)) {
                    case 0 -> SecurityPolicy.secure();
                    case 1 -> SecurityPolicy.open();
                    default -> SecurityPolicy.maxViewers(1 + random.nextInt(10_000));
                };
        policy = random.nextBoolean() ? policy.approval(pick(random, Approval.values())) : policy;
        return random.nextBoolean() ? policy.encryption(pick(random, Encryption.values())) : policy;
    }

    private static NetworkPolicy network(Random random) {
        NetworkPolicy.Builder builder = NetworkPolicy.builder();
        if (random.nextBoolean()) {
            builder.stun();
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            builder.addStun(
                    pick(random, "stun:a.example", "stuns:b.example:5349", "stun:[2001:db8::1]:1", "stun:192.0.2.7"));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            String user = "u" + text(random, 5).replace(";", "").replace("\u2028", "");
            Secret credential = Secret.of("=" + text(random, 5).replace(";", ""));
            builder.addTurn(user, credential, "turns:t.example", "turn:[::1]:3478?transport=tcp");
            builder.addTurn(user, credential, "turn:t.example:99?transport=udp");
            builder.relayOnly(random.nextBoolean()).tcpOnly(random.nextBoolean());
            if (random.nextInt(4) == 0) {
                builder.relayCode("c" + text(random, 4));
            }
        }
        if (random.nextInt(3) == 0) {
            builder.turnList(URI.create(pick(random, "https://a.example/?k=%25&b=c", "http://[::1]:8080/x;y")))
                    .timeZone(random.nextInt(2881) - 1440);
        }
        if (random.nextInt(3) == 0) {
            builder.relayOnly(false).iceFilter(pick(random, "host", "192.168.", "10.0.0.0/8", "typ relay", "é&=%"));
        }
        return builder.build();
    }

    private static StreamId id(Random random) {
        return random.nextBoolean() ? StreamId.random() : tryAgain(() -> StreamId.of("i" + text(random, 20)));
    }

    private static List<StreamId> ids(Random random) {
        List<StreamId> ids = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            ids.add(id(random));
        }
        return ids;
    }

    private static String text(Random random, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(pick(random, SNIPPETS));
        }
        return text.toString();
    }

    private static <T> T tryAgain(Supplier<T> maker) {
        while (true) {
            try {
                return maker.get();
            } catch (OptionsException unlucky) {
                // the generator hit a text that is refused on purpose, such as a blank password
            }
        }
    }

    @SafeVarargs
    private static <T> T pick(Random random, T... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
