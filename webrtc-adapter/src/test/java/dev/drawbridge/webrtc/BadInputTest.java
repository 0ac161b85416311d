package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.drawbridge.CloseReason;
import dev.drawbridge.OptionsException;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.AnnouncementRefused;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.ProtocolViolation;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.SignalingLost;
import dev.drawbridge.SessionEvent.SignalingRestored;
import dev.drawbridge.SessionEvent.StreamMissing;
import dev.drawbridge.SessionEvent.StreamRequested;
import dev.drawbridge.SessionEvent.ViewerRequested;
import dev.drawbridge.SessionEvent.Violation;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.Viewer;
import dev.drawbridge.signaling.OkHttpSignaling;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.LogEntry;
import dev.drawbridge.testing.Shape;
import dev.drawbridge.testing.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad input at every border: a typed error or event each, the process lives, and who comes next is served. */
class BadInputTest {
    private static final int FIRST = 1;

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(20));

    // ---- the program's own input

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "push=a                                              | wss",
                "push=a&wss=ws://example.org                         | wss",
                "push=a&wss=http://127.0.0.1:1                       | wss",
                "push=a&wss=ws://127.0.0.1:99999                     | wss",
                "push=a&wss=ws://[::1                                | wss",
                "push=a&wss=ws://127.0.0.1:1&maxviewers=many         | maxviewers",
                "push=a&wss=ws://127.0.0.1:1&secure&maxviewers=2     | maxviewers",
                "push=a&wss=ws://127.0.0.1:1&turn=nonsense           | turn",
                "push=a&wss=ws://127.0.0.1:1&privacy                 | privacy",
                "push=123456789012345678901234567890123456789012345&wss=ws://127.0.0.1:1 | push",
                "https://page.example/%zz?push=a                     | wss",
            })
    void optionsThatMakeNoSenseAreNamed(String text, String parameter) {
        OptionsException thrown = catchThrowableOfType(OptionsException.class, () -> SessionOptions.parse(text));
        assertThat(thrown).isNotNull();
        assertThat(thrown.problems())
                .anySatisfy(problem -> assertThat(problem.parameter()).isEqualTo(parameter));
    }

    @Test
    void anUnknownOptionIsKeptAndHarmsNothing() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            SessionOptions options = stage.options("push=camera1&secure&confetti=7&meshcast");
            assertThat(options.unrecognized()).containsEntry("confetti", "7").containsKey("meshcast");
            stage.keep(stage.publishing(options).listener(story).start());
            stage.watch("view=camera1&confetti").awaitPictures();
        }
    }

    // ---- the start

    /** What a session meets where it looks for its server. */
    enum Place {
        NOBODY_LISTENS(CloseReason.SERVER_UNREACHABLE),
        UNTRUSTED_CERTIFICATE(CloseReason.TLS_FAILED),
        NO_TLS_AT_ALL(CloseReason.TLS_FAILED),
        STATUS_503(CloseReason.SERVER_REFUSED),
        SILENCE(CloseReason.SERVER_UNREACHABLE),
        UNKNOWN_HOST(CloseReason.SERVER_UNREACHABLE);

        final CloseReason expected;

        Place(CloseReason expected) {
            this.expected = expected;
        }

        String prepare(HandshakeServer server) {
            switch (this) {
                case NOBODY_LISTENS -> server.faults().stopAccepting();
                case STATUS_503 -> server.faults().refuse(503);
                case SILENCE -> server.faults().stallUpgrades();
                case NO_TLS_AT_ALL -> {
                    return "wss://127.0.0.1:" + server.port();
                }
                case UNKNOWN_HOST -> {
                    return "wss://no-such-host.invalid";
                }
                case UNTRUSTED_CERTIFICATE -> {}
            }
            return server.uri().toString();
        }
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void aSessionThatCannotStartSaysWhy(Place place) throws Exception {
        boolean tls = place == Place.UNTRUSTED_CERTIFICATE;
        OkHttpSignaling signaling =
                OkHttpSignaling.builder().connectTimeout(Duration.ofMillis(300)).build();
        try (HandshakeServer server = HandshakeServer.builder().tls(tls).start()) {
            String address = place.prepare(server);
            EventRecorder story = new EventRecorder();
            assertThatThrownBy(() -> Publisher.builder(SessionOptions.parse("push=camera1&secure&wss=" + address))
                            .media(Stage.pattern())
                            .signaling(signaling)
                            .listener(story)
                            .start())
                    .isInstanceOfSatisfying(SessionException.class, thrown -> assertThat(thrown.code())
                            .isEqualTo(place.expected))
                    .hasMessageContaining(place.expected.text());
            story.await(Closed.class);
            assertThat(story.events()).hasSize(1);
            assertThatThrownBy(() -> Viewer.builder(SessionOptions.parse("view=camera1&wss=" + address))
                            .media(WebRtcMedia.create())
                            .signaling(signaling)
                            .start())
                    .isInstanceOfSatisfying(SessionException.class, thrown -> assertThat(thrown.code())
                            .isEqualTo(place.expected));
        }
    }

    @ParameterizedTest
    @CsvSource({"ROUTER, secure", "ROUTER, open", "HOSTED, secure", "HOSTED, open"})
    void aStreamIdInUseIsTriedThreeTimesMoreAndThenTheSessionEnds(Shape shape, String mode) throws Exception {
        VirtualTime time = new VirtualTime();
        try (Stage stage = new Stage(shape)) {
            String query = "push=camera1" + (mode.equals("secure") ? "&secure" : "");
            EventRecorder holder = new EventRecorder();
            stage.publish(query, holder);
            EventRecorder story = new EventRecorder();
            Publisher second = stage.keep(stage.publishing(stage.options(query))
                    .scheduler(time.another())
                    .listener(story)
                    .start());
            for (int i = 1; i <= 3; i++) {
                int attempt = i;
                time.await("refusal", () -> second.events().stream()
                        .anyMatch(e -> e instanceof AnnouncementRefused refused && refused.attempt() == attempt));
                time.advance(Duration.ofSeconds(5));
            }
            time.await("the end", () -> second.awaitClosed(Duration.ZERO).isPresent());

            assertThat(second.awaitClosed()).isEqualTo(CloseReason.STREAM_ID_IN_USE);
            assertThat(stage.log(2).stream().filter(entry -> entry.isIn(LogEntry.Kind.TEXT)))
                    .hasSize(4);
            stage.watch("view=camera1").awaitPictures();
            assertThat(holder.events(ViewerRequested.class)).hasSize(1);
        }
    }

    // ---- frames of the server

    /** What the server sends to a session, and what the session tells of it. */
    private enum Frame {
        OF_TWO_MEBIBYTES(SignalingLost.class),
        NO_FRAME_AT_ALL(SignalingLost.class),
        BINARY(ProtocolViolation.class),
        NO_JSON(ProtocolViolation.class),
        DEEP_JSON(ProtocolViolation.class),
        AN_ARRAY(ProtocolViolation.class),
        HALF_AN_OBJECT(ProtocolViolation.class),
        EMPTY(ProtocolViolation.class),
        WRONG_TYPES(ProtocolViolation.class),
        AN_ALERT(SessionEvent.ServerNotice.class);

        final Class<? extends SessionEvent> told;

        Frame(Class<? extends SessionEvent> told) {
            this.told = told;
        }

        void send(HandshakeServer server, int connection) {
            switch (this) {
                case OF_TWO_MEBIBYTES -> server.faults().send(connection, " ".repeat(2 << 20));
                case NO_FRAME_AT_ALL ->
                    server.faults().sendRaw(connection, "HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                case BINARY -> server.faults().sendBinary(connection, new byte[] {1, 2, 3, 0, -1});
                case NO_JSON -> server.faults().send(connection, "\u0000\ufeff rubbish {");
                case DEEP_JSON -> server.faults().send(connection, "[".repeat(100_000));
                case AN_ARRAY -> server.faults().send(connection, "[1,2,3]");
                case HALF_AN_OBJECT -> server.faults().send(connection, "{\"from\":\"x\",\"description\":{\"type\":");
                case EMPTY -> server.faults().send(connection, "");
                case WRONG_TYPES ->
                    server.faults().send(connection, "{\"from\":\"x\",\"description\":[{}],\"session\":{\"a\":[]}}");
                case AN_ALERT -> server.faults().send(connection, "{\"error\":\"the room is on fire\"}");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Frame.class)
    void aPublisherTellsOfABadFrameAndServesWhoComesNext(Frame frame) throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            stage.publish("push=camera1&secure", story);
            frame.send(stage.server, FIRST);
            story.await(frame.told);
            if (frame.told == SignalingLost.class) {
                story.await(SignalingRestored.class);
            }
            stage.watch("view=camera1").awaitPictures();
            story.await(Sealed.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Frame.class)
    void aViewerTellsOfABadFrameAndSeesTheStreamThatComesNext(Frame frame) throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            Watcher watcher = stage.watch("view=camera1");
            frame.send(stage.server, FIRST);
            watcher.story.await(frame.told);
            if (frame.told == SignalingLost.class) {
                watcher.story.await(SignalingRestored.class);
            }
            stage.publish("push=camera1&secure", new EventRecorder());
            watcher.awaitPictures();
        }
    }

    // ---- passwords

    @Test
    void aPublisherDoesNotAnswerWhoHasAnotherKey() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            stage.publish("push=camera1&secure&password=right", story);
            RawPeer stranger = stage.keep(new RawPeer(stage.server, "camera1", "right"));
            RawPeer.Offer offer = stranger.ask().awaitOffer();
            stranger.forgetKey();
            stranger.answer(offer, "v=0\r\n").candidates(offer, List.of(candidate("candidate:1")));
            story.await(ProtocolViolation.class, 2);

            Watcher watcher = stage.watch("view=camera1&password=right");
            watcher.awaitPictures();

            assertThat(story.events(ProtocolViolation.class))
                    .extracting(ProtocolViolation::violation)
                    .containsExactly(Violation.UNREADABLE, Violation.UNREADABLE);
            assertThat(stage.log(FIRST).stream().filter(entry -> entry.isIn(LogEntry.Kind.TEXT)))
                    .filteredOn(entry -> entry.text().contains(stranger.id()))
                    .allMatch(entry -> entry.text().contains("\"description\"")
                            || entry.text().contains("\"candidates\""))
                    .filteredOn(entry -> entry.text().contains("\"description\""))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void aViewerWithAnotherPasswordIsToldThatNobodyAnswers(Shape shape) throws Exception {
        VirtualTime time = new VirtualTime();
        try (Stage stage = new Stage(shape)) {
            EventRecorder story = new EventRecorder();
            stage.publish("push=camera1&secure&password=right", story);
            Viewer viewer = stage.keep(Viewer.builder(stage.options("view=camera1&password=wrong"))
                    .media(WebRtcMedia.create())
                    .scheduler(time.another())
                    .start());
            time.await("asked", () -> viewer.events().stream().anyMatch(StreamRequested.class::isInstance));
            time.advance(Duration.ofSeconds(15));
            assertThat(viewer.events()).anyMatch(StreamMissing.class::isInstance);
            assertThat(story.events(ViewerRequested.class)).isEmpty();
            viewer.close();
            time.await("closed", () -> viewer.awaitClosed(Duration.ZERO).isPresent());
        }
    }

    @Test
    void aViewerTellsOfAnOfferThatItCannotRead() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            RawPeer impostor = stage.peer("camera1").announce();
            Watcher watcher = stage.watch("view=camera1");
            String viewer = impostor.awaitRequest();
            impostor.forgetKey();
            impostor.offer(viewer, "v=0\r\n");
            assertThat(watcher.story.await(ProtocolViolation.class).violation()).isEqualTo(Violation.UNREADABLE);
        }
    }

    // ---- garbage in a well encrypted envelope

    static Stream<Arguments> answers() {
        List<Arguments> rows = new ArrayList<>();
        rows.add(Arguments.of("not SDP", sdp("answer", "rubbish"), Violation.BAD_DESCRIPTION));
        rows.add(Arguments.of("only a version", sdp("answer", "v=0\r\n"), Violation.BAD_DESCRIPTION));
        rows.add(Arguments.of("no lines", sdp("answer", "\u0000".repeat(50)), Violation.BAD_DESCRIPTION));
        rows.add(Arguments.of(
                "many lines", sdp("answer", "v=0\r\n" + "a=x\r\n".repeat(10_000)), Violation.BAD_DESCRIPTION));
        rows.add(Arguments.of("too long", sdp("answer", "v=0\r\n".repeat(20_000)), Violation.UNREADABLE));
        rows.add(Arguments.of("no SDP", Map.of("type", "answer"), Violation.UNREADABLE));
        rows.add(Arguments.of("another kind", sdp("pranswer", "v=0\r\n"), Violation.UNREADABLE));
        rows.add(Arguments.of("a text", "answer", Violation.UNREADABLE));
        rows.add(Arguments.of("a number", 42, Violation.UNREADABLE));
        rows.add(Arguments.of("a list", List.of(List.of(1)), Violation.UNREADABLE));
        rows.add(Arguments.of("wrong types", Map.of("type", List.of(), "sdp", Map.of()), Violation.UNREADABLE));
        return rows.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void aPublisherSurvivesABadAnswer(String name, Object description, Violation violation) throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            stage.publish("push=camera1&secure", story);
            RawPeer peer = stage.peer("camera1").ask();
            RawPeer.Offer offer = peer.awaitOffer();
            peer.describe(offer.publisher(), offer.session(), description);
            assertThat(story.await(ProtocolViolation.class).violation()).isEqualTo(violation);
            stage.watch("view=camera1").awaitPictures();
        }
    }

    static Stream<Arguments> offers() {
        return answers().map(row -> {
            Object[] cells = row.get().clone();
            if (cells[1] instanceof Map<?, ?> map
                    && "answer".equals(map.get("type"))
                    && map.get("sdp") instanceof String text) {
                cells[1] = sdp("offer", text);
            }
            return Arguments.of(cells);
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("offers")
    void aViewerSurvivesABadOffer(String name, Object description, Violation violation) throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            RawPeer impostor = stage.peer("camera1").announce();
            Watcher watcher = stage.watch("view=camera1");
            impostor.describe(impostor.awaitRequest(), "s1", description);
            assertThat(watcher.story.await(ProtocolViolation.class).violation()).isEqualTo(violation);
            impostor.close();
            stage.awaitGone(FIRST);
            stage.publish("push=camera1&secure", new EventRecorder());
            watcher.awaitPictures();
        }
    }

    static Stream<Arguments> candidates() {
        return Stream.of(
                Arguments.of("rubbish", List.of(candidate("rubbish"))),
                Arguments.of("no address", List.of(candidate("candidate:1 1 udp 1 300.1.2.3 99999 typ host"))),
                Arguments.of(
                        "no such line",
                        List.of(Map.of(
                                "candidate", "candidate:1 1 udp 1 192.0.2.1 9 typ host",
                                "sdpMid", "77",
                                "sdpMLineIndex", 77))),
                Arguments.of("very long", List.of(candidate("candidate:" + "1".repeat(900)))),
                Arguments.of("no list", Map.of("candidate", "x")),
                Arguments.of(
                        "too many", Collections.nCopies(300, candidate("candidate:1 1 udp 1 192.0.2.1 9 typ host"))),
                Arguments.of("wrong types", List.of(1, "2", List.of(), Map.of("candidate", 5, "sdpMLineIndex", -9))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("candidates")
    void aPublisherSurvivesBadCandidates(String name, Object candidates) throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER)) {
            EventRecorder story = new EventRecorder();
            stage.publish("push=camera1&secure", story);
            RawPeer peer = stage.peer("camera1").ask();
            RawPeer.Offer offer = peer.awaitOffer();
            peer.candidates(offer, candidates);
            // They are applied when there is a description, so one that can be used comes behind them.
            peer.answer(offer, RawPeer.mirrored(offer)).candidates(offer, candidates);
            Watcher watcher = stage.watch("view=camera1");
            watcher.awaitPictures();
            story.await(Sealed.class);
        }
    }

    private static Map<String, Object> sdp(String type, String text) {
        return Map.of("type", type, "sdp", text);
    }

    private static Map<String, Object> candidate(String line) {
        return Map.of("candidate", line, "sdpMid", "0", "sdpMLineIndex", 0);
    }
}
