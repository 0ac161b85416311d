package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.Session;
import dev.drawbridge.SessionEvent.ProtocolViolation;
import dev.drawbridge.SessionEvent.Violation;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.Stage.Party;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Nobody learns by asking what is wrong with a cipher text. Two runs in virtual time, one without the message and one with it: what
 * goes out is the same at the same moments for a minute, so are all events but one, and that one does not tell the cause.
 */
@ExtendWith(LeakGuard.class)
class NoOracleTest {
    private static final String HINT = "a message cannot be read; perhaps the other side uses another password";
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final List<String> PUBLISHING = List.of("push=oracle1", "push=oracle1&secure");
    private static final List<Shape> DIALECTS = List.of(Shape.ROUTER, Shape.HOSTED);

    /** What a peer may send encrypted. */
    private enum Part {
        OFFER("description", "{\"type\":\"offer\",\"sdp\":\"v=0\"}"),
        ANSWER("description", "{\"type\":\"answer\",\"sdp\":\"v=0\"}"),
        CANDIDATES("candidates", "[{\"candidate\":\"candidate:1 1 udp 1 192.0.2.1 9 typ host\",\"sdpMid\":\"0\"}]");

        private final String field;
        private final String sound;

        Part(String field, String sound) {
            this.field = field;
            this.sound = sound;
        }
    }

    /** What can be wrong with it. */
    private enum Flaw {
        WRONG_KEY {
            @Override
            String payload(Part part) throws GeneralSecurityException {
                return sealed("anotherPassword", "PKCS5Padding", part.sound);
            }
        },
        BAD_PADDING {
            @Override
            String payload(Part part) throws GeneralSecurityException {
                return sealed(KEY, "NoPadding", part.sound + " ".repeat(16 - part.sound.length() % 16));
            }
        },
        /** Inside of a text such bytes would be Latin-1, which some clients write. */
        BAD_UTF_8 {
            @Override
            String payload(Part part) throws GeneralSecurityException {
                return sealed(KEY, "PKCS5Padding", "\u00ff\u00fe" + part.sound);
            }
        },
        BAD_JSON {
            @Override
            String payload(Part part) throws GeneralSecurityException {
                return sealed(KEY, "PKCS5Padding", part.sound.substring(0, part.sound.length() - 1));
            }
        },
        WRONG_SHAPE {
            @Override
            String payload(Part part) throws GeneralSecurityException {
                return sealed(KEY, "PKCS5Padding", part == Part.CANDIDATES ? "{\"a\":1}" : "[" + part.sound + "]");
            }
        },
        TOO_DEEP {
            @Override
            String payload(Part part) throws GeneralSecurityException {
                String deep = "{\"x\":" + "[".repeat(32) + "]".repeat(32) + ",";
                return sealed(KEY, "PKCS5Padding", part.sound.replace("{", deep));
            }
        },
        TOO_LONG {
            @Override
            String payload(Part part) throws GeneralSecurityException {
                return sealed(
                        KEY,
                        "PKCS5Padding",
                        part.sound.replace("v=0", "x".repeat(65_537)).replace("host", "h".repeat(1024)));
            }
        },
        NO_WHOLE_BLOCK {
            @Override
            String payload(Part part) throws GeneralSecurityException {
                return sealed(KEY, "PKCS5Padding", part.sound).substring(2);
            }
        },
        NO_HEX {
            @Override
            String payload(Part part) {
                return "xyz";
            }
        };

        private static final String KEY = "someEncryptionKey123";

        abstract String payload(Part part) throws GeneralSecurityException;

        private static String sealed(String password, String padding, String text) throws GeneralSecurityException {
            byte[] key = MessageDigest.getInstance("SHA-256")
                    .digest((password + "vdo.ninja").getBytes(StandardCharsets.UTF_8));
            Cipher cipher = Cipher.getInstance("AES/CBC/" + padding);
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
            return HexFormat.of().formatHex(cipher.doFinal(text.getBytes(StandardCharsets.ISO_8859_1)));
        }
    }

    /** Everything that can be seen of a run, each with its moment. */
    private record Trace(
            List<String> frames, List<String> texts, List<String> events, String state, List<ProtocolViolation> told) {}

    /** A run, with the message or without it. */
    private interface Run {
        Trace trace(Optional<String> message) throws Exception;
    }

    private static String frame(Part part, String payload) {
        return "{\"UUID\":\"ghost\",\"type\":\"remote\",\"" + part.field + "\":\"" + payload + "\",\"vector\":\""
                + "00".repeat(16) + "\"}";
    }

    /** In the custom dialect the sender writes who it is, in the other one the server does. */
    private static String from(Shape shape, String frame) {
        return shape == Shape.HOSTED ? frame : frame.replace("\"UUID\":\"ghost\"", "\"from\":\"ghost\"");
    }

    private static void tellsNothing(Flaw flaw, Run run) throws Exception {
        Trace without = run.trace(Optional.empty());
        assertThat(without.told()).isEmpty();
        for (Part part : Part.values()) {
            Trace with = run.trace(Optional.of(frame(part, flaw.payload(part))));
            String what = part + " with " + flaw;
            assertThat(with.frames()).as(what).isEqualTo(without.frames());
            assertThat(with.texts()).as(what).isEqualTo(without.texts());
            assertThat(with.events()).as(what).isEqualTo(without.events());
            assertThat(with.state()).as(what).isEqualTo(without.state());
            assertThat(with.told()).as(what).singleElement().satisfies(told -> {
                assertThat(told.violation()).isEqualTo(Violation.UNREADABLE);
                assertThat(told.detail()).isEqualTo(HINT);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_publisher_tells_nothing_to_who_asked_through_the_server(Flaw flaw) throws Exception {
        for (Shape shape : DIALECTS) {
            for (String options : PUBLISHING) {
                tellsNothing(flaw, message -> asked(shape, options, message));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_viewer_tells_nothing_to_who_writes_through_the_server(Flaw flaw) throws Exception {
        for (Shape shape : DIALECTS) {
            tellsNothing(flaw, message -> awaiting(shape, message));
        }
    }

    @ParameterizedTest
    @EnumSource
    void neither_tells_anything_on_the_data_channel(Flaw flaw) throws Exception {
        for (String options : PUBLISHING) {
            tellsNothing(flaw, message -> connected(options, true, message));
            tellsNothing(flaw, message -> connected(options, false, message));
        }
    }

    @Test
    void what_can_be_read_is_answered_or_told_otherwise() throws Exception {
        String answer = frame(Part.ANSWER, Flaw.sealed(Flaw.KEY, "PKCS5Padding", Part.ANSWER.sound));
        Trace without = asked(Shape.ROUTER, "push=oracle1", Optional.empty());
        Trace with = asked(Shape.ROUTER, "push=oracle1", Optional.of(answer));
        assertThat(with.told()).noneMatch(told -> told.violation() == Violation.UNREADABLE);
        assertThat(with.events()).isNotEqualTo(without.events());
    }

    /** A ghost gets an offer and sends the message; then the real viewer comes. */
    private static Trace asked(Shape shape, String options, Optional<String> message) throws Exception {
        try (Stage stage = new Stage(shape)) {
            Party<Publisher> publisher = stage.publisher(options);
            stage.server.send(
                    1,
                    shape == Shape.HOSTED
                            ? "{\"request\":\"offerSDP\",\"UUID\":\"ghost\"}"
                            : "{\"request\":\"play\",\"streamID\":\"oracle1808d64\",\"from\":\"ghost\"}");
            stage.pass(Stage.MOMENT);
            message.ifPresent(text -> stage.server.send(1, from(shape, text)));
            stage.pass(Stage.MOMENT);
            stage.viewer("view=oracle1");
            stage.pass(MINUTE);
            return trace(stage, publisher);
        }
    }

    /** A viewer waits, the message comes, then the real publisher does. */
    private static Trace awaiting(Shape shape, Optional<String> message) throws Exception {
        try (Stage stage = new Stage(shape)) {
            Party<Viewer> viewer = stage.viewer("view=oracle1");
            message.ifPresent(text -> stage.server.send(1, from(shape, text)));
            stage.pass(Stage.MOMENT);
            stage.publisher("push=oracle1");
            stage.pass(MINUTE);
            return trace(stage, viewer);
        }
    }

    /** The two are connected, and one of them hears the message from the other. */
    private static Trace connected(String options, boolean toPublisher, Optional<String> message) throws Exception {
        try (Stage stage = new Stage()) {
            Party<Publisher> publisher = stage.publisher(options);
            Party<Viewer> viewer = stage.viewer("view=oracle1");
            stage.pass(Stage.MOMENT);
            Party<? extends Session> party = toPublisher ? publisher : viewer;
            message.ifPresent(text -> party.media().link().hear(text));
            stage.pass(MINUTE);
            return trace(stage, party);
        }
    }

    private static Trace trace(Stage stage, Party<? extends Session> party) {
        return new Trace(
                // Ids and vectors are drawn anew in each run, so of a frame it is the moment and the length that can be
                // compared.
                stage.server.log().stream()
                        .filter(entry -> entry.direction() == LogEntry.Direction.IN)
                        .map(LogEntry::toString)
                        .toList(),
                party.media().links().stream()
                        .flatMap(link -> link.texts().stream())
                        .toList(),
                party.session().events().stream()
                        .filter(event -> !(event instanceof ProtocolViolation))
                        .map(event -> event.at() + " " + EventRecorder.story(List.of(event)))
                        .toList(),
                party.session().state().toString(),
                party.events(ProtocolViolation.class));
    }
}
