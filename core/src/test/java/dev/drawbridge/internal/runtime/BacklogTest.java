package dev.drawbridge.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.internal.wire.Limits;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private final AtomicInteger complaints = new AtomicInteger();
    private final Backlog backlog = new Backlog(complaints::incrementAndGet);

    @Test
    void takes_so_many_characters_and_complains_once_of_what_comes_then() {
        for (int i = 0; i < 7; i++) {
            assertThat(backlog.admits(1 << 20)).isTrue();
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(backlog.admits(1 << 20)).isFalse();
        }
        assertThat(complaints).hasValue(1);
    }

    @Test
    void takes_so_many_messages_even_of_nothing() {
        int taken = 0;
        while (backlog.admits(0)) {
            taken++;
        }
        assertThat(taken).isEqualTo(Limits.UNREAD / Backlog.EACH).isLessThan(40_000);
    }

    @Test
    void takes_one_message_of_any_size_and_is_not_full_for_ever() {
        for (int round = 1; round <= 3; round++) {
            assertThat(backlog.admits(64 << 20)).isTrue();
            assertThat(backlog.admits(1)).isFalse();
            assertThat(backlog.admits(1)).isFalse();
            backlog.read(64 << 20);
            assertThat(complaints).hasValue(round);
        }
    }
}
