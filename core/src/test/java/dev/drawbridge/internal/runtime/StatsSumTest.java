package dev.drawbridge.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.LinkStats;
import dev.drawbridge.SessionStats;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatsSumTest {
    private final StatsSum sum = new StatsSum();

    @Test
    void a_bitrate_is_that_since_the_question_before() {
        assertThat(at(0, Map.of("viewer-1", sent(50_000))).bitrateKbps()).isZero();
        SessionStats second = at(1, Map.of("viewer-1", sent(51_000), "viewer-2", sent(2_000)));
        assertThat(second.links().get("viewer-1").bitrateKbps()).isEqualTo(8);
        assertThat(second.links().get("viewer-2").bitrateKbps()).isEqualTo(16);
        assertThat(second.bitrateKbps()).isEqualTo(24);
    }

    @Test
    void a_question_that_nobody_answered_makes_no_burst_of_what_was_sent_long_before() {
        at(0, Map.of("viewer-1", sent(50_000)));
        assertThat(at(1, Map.of()).bitrateKbps()).isZero();
        assertThat(at(2, Map.of("viewer-1", sent(52_000))).bitrateKbps()).isEqualTo(8);
    }

    @Test
    void a_name_that_begins_anew_begins_at_nothing() {
        at(0, Map.of("cam", sent(50_000)));
        assertThat(at(1, Map.of("cam", sent(1_000))).bitrateKbps()).isEqualTo(8);
    }

    private SessionStats at(long second, Map<String, LinkStats> links) {
        return sum.of(links, List.of(), Instant.ofEpochSecond(second));
    }

    private static LinkStats sent(long bytes) {
        return new LinkStats(bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "", "", "", Optional.empty(), "");
    }
}
