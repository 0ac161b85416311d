package dev.drawbridge.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A wish and a ceiling, which come in any order. */
class CeilingTest {
    private final List<Integer> limits = new ArrayList<>();
    private final Ceiling ceiling = new Ceiling(limits::add);

    @Test
    void a_wish_counts_up_to_the_ceiling_and_whole_again_once_that_is_lifted() {
        ceiling.wants(800);
        ceiling.wantsAtMost(500);
        ceiling.wants(300);
        ceiling.wants(900);
        ceiling.wantsAtMost(-1);

        assertThat(limits).containsExactly(800, 500, 300, 500, 900);
    }

    @Test
    void the_default_is_bounded_by_the_ceiling_too_and_a_pause_stays_one() {
        ceiling.wantsAtMost(500);
        ceiling.wants(0);
        ceiling.wants(-7);
        ceiling.wantsAtMost(-7);

        assertThat(limits).containsExactly(500, 0, 500, -1);
    }
}
