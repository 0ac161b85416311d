package dev.drawbridge.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.CloseReason;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Announced;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.ProtocolViolation;
import dev.drawbridge.SessionEvent.ServerNotice;
import dev.drawbridge.SessionEvent.ViewerRequested;
import dev.drawbridge.SessionEvent.Violation;
import dev.drawbridge.ViewerId;
import dev.drawbridge.internal.runtime.LogVolume.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogVolumeTest {
    private final LogVolume volume = new LogVolume();
    private Instant now = Instant.EPOCH;

    @Test
    void a_flood_is_loud_for_a_few_lines_says_so_and_takes_nothing_from_the_story() {
        assertThat(volume.of(new Announced(now))).isEqualTo(Level.INFO);
        List<Level> requests = new ArrayList<>();
        List<Level> notices = new ArrayList<>();
        for (int i = 1; i <= 100_000; i++) {
            now = now.plusMillis(10);
            requests.add(volume.of(request(i)));
            notices.add(volume.of(new ServerNotice(now, "again")));
        }
        for (List<Level> kind : List.of(requests, notices)) {
            assertThat(kind.subList(0, 6))
                    .containsExactly(Level.INFO, Level.INFO, Level.INFO, Level.INFO, Level.LAST_INFO, Level.DEBUG);
            assertThat(kind.subList(5, kind.size())).containsOnly(Level.DEBUG);
        }
        assertThat(volume.of(new Closed(now, CloseReason.CLOSED_BY_APPLICATION, "")))
                .isEqualTo(Level.INFO);
    }

    @Test
    void what_comes_now_and_then_is_loud_for_ever() {
        for (int i = 1; i <= 1_000; i++) {
            now = now.plus(Duration.ofMinutes(16));
            assertThat(volume.of(request(i))).isEqualTo(Level.INFO);
        }
    }

    @Test
    void violations_are_never_loud() {
        assertThat(volume.of(new ProtocolViolation(now, Violation.MALFORMED, "")))
                .isEqualTo(Level.DEBUG);
    }

    private SessionEvent request(int number) {
        return new ViewerRequested(now, new ViewerId(number, "peer"));
    }
}
