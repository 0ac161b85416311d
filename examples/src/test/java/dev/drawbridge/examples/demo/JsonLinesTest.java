package dev.drawbridge.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.LinkStats;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.SignalingLost;
import dev.drawbridge.SessionEvent.StreamMissing;
import dev.drawbridge.SessionEvent.TallyChanged;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionState;
import dev.drawbridge.SessionStats;
import dev.drawbridge.SessionStats.Mark;
import dev.drawbridge.StreamId;
import dev.drawbridge.ViewerId;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The form that programs read. */
class JsonLinesTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final JsonLines json = new JsonLines(new PrintStream(bytes, false, StandardCharsets.UTF_8));

    static List<SessionEvent> every_kind() {
        return Events.oneOfEachKind();
    }

    @ParameterizedTest
    @MethodSource("every_kind")
    void every_kind_of_event_is_one_line_with_its_time_its_name_and_all_its_facts(SessionEvent event) {
        json.event("", event);

        Map<String, Object> line = JsonText.only(bytes);
        assertThat(line).containsEntry("at", (double) event.at().toEpochMilli());
        assertThat(line).containsEntry("event", event.getClass().getSimpleName());
        int facts = event.getClass().getRecordComponents().length - 1;
        boolean peer =
                line.containsKey("viewer") || line.containsKey("member"); // is written as two: its name and its peer id
        boolean file = line.containsKey("size"); // is written as four
        boolean lights = event instanceof TallyChanged; // is written as the five that are known
        assertThat(line).hasSize(2 + facts + (peer ? 1 : 0) + (file ? 3 : 0) + (lights ? 4 : 0));
        assertThat(line).doesNotContainValue("");
    }

    @Test
    void facts_are_written_as_people_and_scripts_expect_them() {
        json.event("", new ViewerLeft(Events.AT, new ViewerId(3, "abc"), SessionEvent.LeaveReason.CHANNEL_CLOSED));
        json.event("", new StreamMissing(Events.AT, StreamId.of("door"), Duration.ofSeconds(15)));
        json.event("viewer-1", new SignalingLost(Events.AT, "cut\n\u2028\"", Duration.ofMillis(500)));
        json.event("", new DataReceived(Events.AT, "door", "{\"a\":1}"));

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "{\"at\":1700000000123,\"event\":\"ViewerLeft\",\"viewer\":\"viewer-3\",\"peer\":\"abc\",\"reason\":\"CHANNEL_CLOSED\"}",
                        "{\"at\":1700000000123,\"event\":\"StreamMissing\",\"stream\":\"door\",\"retryInMs\":15000}",
                        "{\"at\":1700000000123,\"event\":\"SignalingLost\",\"who\":\"viewer-1\",\"detail\":\"cut\\n\\u2028\\\"\",\"retryInMs\":500}",
                        "{\"at\":1700000000123,\"event\":\"DataReceived\",\"from\":\"door\",\"json\":\"{\\\"a\\\":1}\"}");
    }

    @Test
    void statistics_of_a_publisher_tell_what_it_sends() {
        json.stats("", new SessionSnapshot(SessionState.SEALED, stats(), false, OptionalInt.empty()));

        assertThat(JsonText.only(bytes))
                .containsEntry("event", "Stats")
                .containsEntry("state", "SEALED")
                .containsEntry("framesSent", 11.0)
                .containsEntry("bitrateKbps", 800.0)
                .containsEntry("path", "host/udp")
                .containsEntry("roundTripMs", 1.234)
                .containsEntry("marks", Map.of("connected", 1700000000123.0))
                .doesNotContainKeys("framesReceived", "meanRgb");
    }

    @Test
    void statistics_of_a_viewer_tell_what_it_got() {
        json.stats("", new SessionSnapshot(SessionState.WATCHING, stats(), true, OptionalInt.of(0x102030)));

        assertThat(JsonText.only(bytes))
                .containsEntry("framesReceived", 22.0)
                .containsEntry("width", 1280.0)
                .containsEntry("height", 720.0)
                .containsEntry("meanRgb", List.of(16.0, 32.0, 48.0))
                .doesNotContainKeys("framesSent");
    }

    @Test
    void words_for_a_person_are_left_out() {
        json.say("hello");

        assertThat(bytes.size()).isZero();
    }

    private static SessionStats stats() {
        return new SessionStats(
                Events.AT,
                11,
                33,
                22,
                0,
                0,
                800,
                1280,
                720,
                Optional.of(Duration.ofNanos(1_234_000)),
                "host/udp",
                Map.of("viewer-1", LinkStats.NONE),
                List.of(new Mark("connected", Events.AT)));
    }
}
