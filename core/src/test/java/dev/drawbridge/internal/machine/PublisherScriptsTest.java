package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Samples.asking;
import static dev.drawbridge.internal.machine.Samples.encrypted;
import static dev.drawbridge.internal.machine.Samples.open;
import static dev.drawbridge.internal.machine.Samples.room;
import static dev.drawbridge.internal.machine.Samples.secure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Dialect;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is promised holds in random worlds, too; the promises themselves are in {@link PublisherLife}. */
class PublisherScriptsTest {
    private static final int SECURE = 20_000;

    @Test
    void secure_mode_keeps_its_promises_whatever_the_world_does() {
        List<PublisherRules> rules =
                List.of(secure(), secure(), asking(secure()), room(encrypted(secure()), Dialect.HOSTED));
        List<Boolean> sealed = Scripts.play(
                SECURE,
                chance -> new PublisherLife(rules.get(chance.nextInt(rules.size())), chance),
                PublisherLife::sealed);

        long percent = Scripts.percent(sealed, reached -> reached);
        System.out.printf("%,d secure scripts, %d %% of them reach the seal%n", sealed.size(), percent);
        assertThat(percent).as("percent sealed").isGreaterThanOrEqualTo(50);
    }

    @Test
    void without_secure_mode_there_are_never_more_viewers_than_allowed() {
        List<PublisherRules> rules =
                List.of(open(1), open(3), asking(open(2)), room(open(2), Dialect.CUSTOM), open(Integer.MAX_VALUE));
        List<PublisherLife> lives =
                Scripts.play(chance -> new PublisherLife(rules.get(chance.nextInt(rules.size())), chance));

        assertThat(Scripts.percent(lives, life -> life.joined() > 1))
                .as("percent with viewers")
                .isGreaterThan(40);
    }
}
