package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.testing.LeakGuard;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The short form of {@code bin/soak}. */
class SoakTest {
    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(30));

    @Test
    void ten_sessions_one_after_the_other_all_end_well_and_leave_no_thread_and_no_file_behind() throws Exception {
        Soak soak = new Soak();

        soak.churn(10);

        assertThat(soak.faults()).isEmpty();
    }
}
