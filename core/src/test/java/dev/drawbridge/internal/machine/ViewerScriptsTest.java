package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Samples.STREAM;
import static dev.drawbridge.internal.machine.Samples.encrypted;
import static dev.drawbridge.internal.machine.Samples.once;
import static dev.drawbridge.internal.machine.Samples.room;
import static dev.drawbridge.internal.machine.Samples.viewer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Dialect;
import dev.drawbridge.StreamId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a viewer promises holds in random worlds, too; the promises themselves are in {@link ViewerLife}. */
class ViewerScriptsTest {

    @Test
    void every_stream_starts_before_it_ends_and_the_end_is_the_end() {
        ViewerRules two = viewer(STREAM, StreamId.of("camera2"));
        List<ViewerRules> rules = List.of(
                viewer(STREAM), two, once(two), room(encrypted(two), Dialect.HOSTED), room(two, Dialect.CUSTOM));
        List<ViewerLife> lives =
                Scripts.play(chance -> new ViewerLife(rules.get(chance.nextInt(rules.size())), chance));

        assertThat(Scripts.percent(lives, life -> life.started() > 0))
                .as("percent that played")
                .isGreaterThan(70);
        assertThat(Scripts.percent(lives, life -> life.started() > 1))
                .as("percent that played again")
                .isGreaterThan(30);
    }
}
