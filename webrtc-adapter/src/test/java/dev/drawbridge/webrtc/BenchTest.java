package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.testing.LeakGuard;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** That {@code bin/bench} runs, and can read its own clock; the figures are not looked at. */
@ExtendWith(LeakGuard.class)
class BenchTest {

    @Test
    void every_kind_of_picture_of_the_program_is_measured_on_both_ways() throws Exception {
        List<String> table = FrameCost.table(3, 1);

        assertThat(table).hasSize(4 + 5);
        assertThat(table.subList(4, 9))
                .allSatisfy(row -> assertThat(row).startsWith("| ").doesNotContain("NaN"));
    }

    @Test
    void a_picture_tells_how_old_it_is() {
        BenchPictures pictures = new BenchPictures(true, frame -> {});
        long drawn = System.nanoTime();
        VideoFrame picture = pictures.saying(drawn);

        assertThat(BenchPictures.age(picture, drawn + 123_456_789).orElseThrow())
                .isCloseTo(123_456_789L, within(10_000L));
    }

    @Test
    void medians_percentiles_and_deviations_are_what_they_are_called() {
        double[] values = {1, 2, 3, 4};

        assertThat(Bench.quantile(values, 0.5)).isEqualTo(2.5);
        assertThat(Bench.quantile(values, 1)).isEqualTo(4);
        assertThat(Bench.quantile(new double[0], 0.5)).isNaN();
        assertThat(Bench.deviation(new double[] {2, 4, 4, 4, 5, 5, 7, 9})).isEqualTo(2);
    }
}
