package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Samples.STREAM;
import static dev.drawbridge.internal.machine.Samples.encrypted;
import static dev.drawbridge.internal.machine.Samples.once;
import static dev.drawbridge.internal.machine.Samples.room;
import static dev.drawbridge.internal.machine.Samples.viewer;
import static dev.drawbridge.internal.machine.Samples.whole;
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

    @Test
    void members_come_and_go_and_never_more_of_them_are_watched_than_allowed() {
        ViewerRules hosted = room(viewer(), Dialect.HOSTED);
        ViewerRules custom = room(viewer(), Dialect.CUSTOM);
        StreamId never = StreamId.of("anna1");
        List<ViewerRules> rules = List.of(
                whole(hosted, 9),
                whole(custom, 9, never),
                whole(hosted, 2, never),
                whole(custom, 1),
                whole(once(encrypted(hosted)), 2),
                whole(room(viewer(STREAM), Dialect.CUSTOM), 2));
        List<ViewerLife> lives =
                Scripts.play(chance -> new ViewerLife(rules.get(chance.nextInt(rules.size())), chance));

        assertThat(Scripts.percent(lives, life -> life.started() > 0))
                .as("percent that played")
                .isGreaterThan(60);
        assertThat(Scripts.percent(lives, life -> life.started() > 2))
                .as("percent that played several")
                .isGreaterThan(15);
    }
}
