package dev.drawbridge.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PacingTest {
    private static final long MILLI = 1_000_000;

    @Test
    void a_steady_rate_never_drifts() {
        Rhythm rhythm = new Rhythm(30, 7);
        for (int number = 0; number < 30 * 3600; number++) {
            assertThat(rhythm.next(rhythm.due())).isZero();
        }
        assertThat(rhythm.due()).isEqualTo(7 + 3600 * 1000 * MILLI);
    }

    @Test
    void pictures_that_are_late_by_more_than_one_are_left_out_and_counted() {
        Rhythm rhythm = new Rhythm(10, 0);
        assertThat(rhythm.next(90 * MILLI)).isZero();
        assertThat(rhythm.due()).isEqualTo(100 * MILLI);
        assertThat(rhythm.next(560 * MILLI)).isEqualTo(3); // those of 200, 300 and 400
        assertThat(rhythm.due()).isEqualTo(500 * MILLI);
    }

    @Test
    void a_file_begins_when_its_first_piece_is_there() {
        AtomicLong now = new AtomicLong(5_000 * MILLI);
        PlayClock clock = new PlayClock(now::get);
        assertThat(clock.due(0, 0, true)).isEqualTo(5_000 * MILLI);
        now.addAndGet(10 * MILLI);
        assertThat(clock.due(0, 40 * MILLI, true)).isEqualTo(5_040 * MILLI);
    }

    @Test
    void what_is_read_too_slowly_puts_off_all_that_follows_in_both_tracks() {
        AtomicLong now = new AtomicLong();
        PlayClock clock = new PlayClock(now::get);
        clock.due(0, 0, true);
        now.set(100 * MILLI);
        assertThat(clock.due(0, 40 * MILLI, true)).isEqualTo(100 * MILLI);
        assertThat(clock.due(0, 80 * MILLI, false)).isEqualTo(140 * MILLI);
    }

    @Test
    void a_slow_consumer_puts_nothing_off() {
        AtomicLong now = new AtomicLong();
        PlayClock clock = new PlayClock(now::get);
        clock.due(0, 0, true);
        now.set(100 * MILLI);
        assertThat(clock.due(0, 40 * MILLI, false)).isEqualTo(40 * MILLI);
    }

    @Test
    void after_a_restart_the_first_piece_is_due_at_once_whoever_still_asks_for_one_of_before() {
        AtomicLong now = new AtomicLong();
        PlayClock clock = new PlayClock(now::get);
        clock.due(0, 0, true);
        now.set(900 * MILLI);
        clock.restart(1);
        assertThat(clock.due(0, 880 * MILLI, false)).isEqualTo(900 * MILLI);
        assertThat(clock.due(1, 0, false)).isEqualTo(900 * MILLI);
    }
}
