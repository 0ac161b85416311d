package dev.drawbridge.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.testing.LeakGuard;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The self-test passes, with real media. */
class SelfTestTest {
    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(40));

    @Test
    void a_whole_secure_session_with_two_viewers_is_right() throws Exception {
        JsonLines report = new JsonLines(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));

        Round round = new SelfTest(report, Duration.ofSeconds(30)).run();

        assertThat(Verdict.of(round).checks()).allSatisfy(check -> assertThat(check.passed())
                .as(check.name() + " " + check.detail())
                .isTrue());
        assertThat(Steps.of(round)).hasSize(9);
    }
}
