package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.testing.Simulation.Kind;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Thousands of whole sessions, each with its own bad luck. {@code -Ddrawbridge.sim.seeds=100000} plays more of them,
 * {@code -Ddrawbridge.sim.seed=4711} plays one and tells its story.
 */
@Tag("alone")
class SimulatorTest {
    @RegisterExtension
    static final LeakGuard GUARD = new LeakGuard(Duration.ofMinutes(Integer.getInteger("drawbridge.sim.minutes", 5)));

    /** Of all kinds together. */
    private static final int SEEDS = Integer.getInteger("drawbridge.sim.seeds", 10_000);

    private static final int TOLERATED = 1;
    private static final boolean ALL = Long.getLong("drawbridge.sim.seed") == null;

    @Test
    void without_faults_every_secure_publisher_is_sealed() {
        SimSeries series = SimSeries.run(Kind.CALM, SEEDS / 100 * 4);
        assertThat(series.count("ProtocolViolation")).isZero();
    }

    /** A delayed message may still arrive up to 5 s after the faults have stopped, and does harm then. */
    @Test
    void of_a_thousand_runs_whose_faults_stop_after_10_s_at_most_one_is_not_sealed_after_15_s() {
        SimSeries series = SimSeries.run(Kind.STORM, SEEDS / 100 * 87);
        List<Long> unsealed = series.unsealed();
        assertThat(unsealed)
                .as(() -> SimSeries.explain(Kind.STORM, unsealed.get(0), outcome -> !outcome.sealed()
                        .orElse(true)))
                .hasSizeLessThanOrEqualTo(series.seeds() * TOLERATED / 1000);
        for (String fault : List.of("drop", "duplicate", "reorder", "corrupt", "delay", "restarts")) {
            atLeast(series, "fault: " + fault, 0.3);
        }
    }

    @Test
    void whatever_happens_every_promise_is_kept() {
        SimSeries series = SimSeries.run(Kind.WILD, SEEDS / 100 * 9);
        for (String fault : List.of("corrupt", "restarts", "silent", "stranger", "path")) {
            atLeast(series, "fault: " + fault, 0.1);
        }
        for (String refusal :
                List.of("BRIDGE_RAISED", "NOT_APPROVED", "NO_ANSWER", "NO_CONNECTION", "SIGNALING_LOST")) {
            atLeast(series, "ViewerRefused " + refusal, 0.005);
        }
        for (String leave : List.of("BYE", "LOST", "SESSION_CLOSED")) {
            atLeast(series, "ViewerLeft " + leave, 0.005);
        }
        for (String end : List.of("SERVER_UNREACHABLE", "SERVER_REFUSED", "TLS_FAILED", "VIEWER_LEFT")) {
            atLeast(series, "Closed " + end, 0.005);
        }
        // Only of who was refused from the beginning: after a loss it may be ours, and is tried for on and on.
        atLeast(series, "Closed STREAM_ID_IN_USE", 0.001);
        atLeast(series, "AnnouncementRefused 4", 0.005);
        atLeast(series, "Sealed", 0.5);
        atLeast(series, "ViewerInterrupted", 0.02);
        atLeast(series, "ViewerResumed", 0.02);
    }

    private static void atLeast(SimSeries series, String what, double perRun) {
        if (ALL) {
            assertThat(series.count(what)).as("%s in %s", what, series).isGreaterThanOrEqualTo((long)
                    (perRun * series.seeds()));
        }
    }

    @Test
    void a_seed_is_always_the_same_run() {
        Simulation.play(Kind.CALM, 0);
        for (Kind kind : Kind.values()) {
            LongStream.range(0, 30).parallel().forEach(seed -> assertThat(Simulation.hash(kind, seed))
                    .as("%s %d", kind, seed)
                    .isEqualTo(Simulation.hash(kind, seed)));
        }
    }

    @Test
    void a_failing_seed_names_itself_and_only_the_faults_that_it_takes() {
        String why = SimSeries.explain(Kind.STORM, 4711, outcome -> true);
        assertThat(why)
                .contains("-Ddrawbridge.sim.seed=4711 ", "STORM on", "publisher of stream1")
                .doesNotContain("drop", "corrupt");
    }
}
