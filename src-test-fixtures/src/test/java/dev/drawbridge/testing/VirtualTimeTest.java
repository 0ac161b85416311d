package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drawbridge.spi.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
    private final VirtualTime time = new VirtualTime();
    private final List<String> done = new ArrayList<>();

    private Runnable task(String name) {
        return () -> done.add(name + "@" + time.elapsed().toMillis());
    }

    @Test
    void nothing_happens_until_the_clock_is_moved() {
        time.execute(task("a"));
        time.schedule(Duration.ofMillis(5), task("b"));
        assertThat(done).isEmpty();
        time.run();
        assertThat(done).containsExactly("a@0");
        time.advance(Duration.ofMillis(4));
        assertThat(done).containsExactly("a@0");
        time.advance(Duration.ofMillis(1));
        assertThat(done).containsExactly("a@0", "b@5");
    }

    @Test
    void tasks_run_by_moment_and_within_a_moment_as_they_were_handed_in() {
        Scheduler another = time.another();
        time.schedule(Duration.ofMillis(20), task("late"));
        another.schedule(Duration.ofMillis(10), task("one"));
        time.schedule(Duration.ofMillis(10), task("two"));
        another.schedule(Duration.ofMillis(-1), task("negative"));
        time.execute(task("now"));
        time.advance(Duration.ofSeconds(1));
        assertThat(done).containsExactly("negative@0", "now@0", "one@10", "two@10", "late@20");
        assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void a_task_sees_its_own_moment_and_what_it_hands_in_comes_behind_what_waits() {
        time.schedule(Duration.ofMillis(10), () -> {
            task("first").run();
            time.execute(task("third"));
            time.schedule(Duration.ofMillis(5), task("fourth"));
        });
        time.schedule(Duration.ofMillis(10), task("second"));
        time.advance(Duration.ofMillis(12));
        assertThat(done).containsExactly("first@10", "second@10", "third@10");
        time.advance(Duration.ofMillis(3));
        assertThat(done).endsWith("fourth@15");
    }

    @Test
    void what_is_called_off_does_not_run() {
        Scheduler.Cancellable task = time.schedule(Duration.ofMillis(1), task("a"));
        task.cancel();
        task.cancel();
        time.advance(Duration.ofMillis(1));
        assertThat(done).isEmpty();
        Scheduler.Cancellable ran = time.schedule(Duration.ofMillis(1), task("b"));
        time.advance(Duration.ofMillis(1));
        ran.cancel();
        assertThat(done).containsExactly("b@2");
    }

    @Test
    void closing_one_scheduler_leaves_the_others() {
        Scheduler one = time.another();
        Scheduler other = time.another();
        one.execute(task("dropped"));
        other.execute(() -> {
            other.close();
            task("running").run();
        });
        other.execute(task("behind the close"));
        one.close();
        one.close();
        one.execute(task("too late"));
        time.execute(task("lives"));
        time.run();
        assertThat(done).containsExactly("running@0", "lives@0");
        time.execute(task("never"));
        time.close();
        time.run();
        assertThat(done).hasSize(2);
    }

    @Test
    void a_task_that_throws_ends_the_call_and_the_rest_can_go_on() {
        time.execute(() -> {
            throw new IllegalStateException("on purpose");
        });
        time.execute(task("next"));
        assertThatThrownBy(time::run).hasMessage("on purpose");
        time.run();
        assertThat(done).containsExactly("next@0");
    }

    @Test
    void a_task_cannot_move_the_clock() {
        time.execute(time::run);
        assertThatThrownBy(time::run).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void tasks_without_end_are_told() {
        time.execute(new Runnable() {
            @Override
            public void run() {
                time.execute(this);
            }
        });
        assertThatThrownBy(time::run).isInstanceOf(AssertionError.class);
    }

    @Test
    void what_another_thread_hands_in_can_be_waited_for() throws Exception {
        Thread other = new Thread(() -> time.execute(task("from outside")));
        other.start();
        time.await("the task", () -> !done.isEmpty());
        assertThat(done).containsExactly("from outside@0");
        other.join();
    }
}
