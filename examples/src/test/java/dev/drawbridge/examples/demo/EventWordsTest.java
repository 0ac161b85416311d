package dev.drawbridge.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.CloseReason;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.RefusalReason;
import dev.drawbridge.SessionEvent.SceneCommand;
import dev.drawbridge.SessionEvent.StreamMissing;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.StreamId;
import dev.drawbridge.ViewerId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The form that people read. */
class EventWordsTest {
    /** The time of day before it takes 14 of the 80 columns. */
    private static final int ROOM = 66;

    static List<SessionEvent> every_kind() {
        return Events.oneOfEachKind();
    }

    @ParameterizedTest
    @MethodSource("every_kind")
    void every_kind_of_event_fits_a_line(SessionEvent event) {
        assertThat(EventWords.line(event))
                .startsWith(event.getClass().getSimpleName())
                .hasSizeLessThanOrEqualTo(ROOM)
                .doesNotContain("PT", "[", "_");
    }

    @Test
    void reasons_and_times_are_told_in_words() {
        assertThat(EventWords.line(new ViewerRefused(Events.AT, new ViewerId(2, "abc"), RefusalReason.BRIDGE_RAISED)))
                .isEqualTo("ViewerRefused     viewer-2, bridge raised");
        assertThat(EventWords.line(new StreamMissing(Events.AT, StreamId.of("door"), Duration.ofSeconds(15))))
                .isEqualTo("StreamMissing     do…, again in 15 s: not live, or wrong password");
        assertThat(EventWords.line(new StreamMissing(Events.AT, StreamId.of("door"), Duration.ZERO)))
                .isEqualTo("StreamMissing     do…, not again by itself: not live, or wrong password");
        assertThat(EventWords.line(
                        new SceneCommand(Events.AT, StreamId.of("director"), "2", StreamId.of("door"), false)))
                .isEqualTo("SceneCommand      di…, scene 2, do…, hidden");
        assertThat(EventWords.line(new Closed(Events.AT, CloseReason.VIEWER_LEFT, "")))
                .isEqualTo("Closed            the one viewer of a secure session left");
    }
}
