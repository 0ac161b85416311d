package dev.drawbridge.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.SendException;
import dev.drawbridge.SendException.Reason;
import dev.drawbridge.internal.wire.Limits;
import dev.drawbridge.spi.PeerLink;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What of the program's data is with the media library, what waits, and what the program hears. */
class OutboxTest {
    private static final int BLOCK = 100_000;

    /** What was handed to the link, and the stages that it has not completed. */
    private final List<String> handed = new ArrayList<>();

    private final Deque<CompletableFuture<Void>> leaving = new ArrayDeque<>();
    private final Deque<Runnable> session = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private final PeerLink link = (PeerLink) Proxy.newProxyInstance(
            PeerLink.class.getClassLoader(), new Class<?>[] {PeerLink.class}, (proxy, method, arguments) -> {
                handed.add((String) arguments[0]);
                leaving.add(new CompletableFuture<>());
                return leaving.getLast();
            });
    private final Outbox outbox = new Outbox(() -> link, session::add);

    private void add(String name, int size) {
        String text = name + "x".repeat(size - name.length());
        outbox.add(
                text,
                size,
                missed -> told.add(name + missed.map(why -> " " + why).orElse("")));
    }

    private void settle() {
        while (!session.isEmpty()) {
            session.remove().run();
        }
    }

    private void leaves() {
        leaving.remove().complete(null);
        settle();
    }

    @Test
    void no_more_than_a_mebibyte_is_with_the_link_and_the_rest_follows_in_order_as_it_leaves() {
        for (int i = 0; i < 20; i++) {
            add("m" + i + " ", BLOCK);
        }
        assertThat(handed).hasSize(Outbox.HIGH_WATER / BLOCK);

        for (int i = 0; i < 20; i++) {
            leaves();
            assertThat(leaving.size() * BLOCK).isLessThanOrEqualTo(Outbox.HIGH_WATER);
        }
        assertThat(handed)
                .extracting(text -> text.substring(0, text.indexOf(' ')))
                .containsExactlyElementsOf(names(20));
        assertThat(told).extracting(String::trim).containsExactlyElementsOf(names(20));
    }

    private static List<String> names(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("m" + i);
        }
        return names;
    }

    @Test
    void of_small_messages_a_bounded_number_is_with_the_link() {
        for (int i = 0; i < 1_000; i++) {
            add("m", 10);
        }
        assertThat(handed).hasSize(Outbox.TOGETHER);
        for (int i = 0; i < 1_000; i++) {
            leaves();
        }
        assertThat(told).hasSize(1_000);
    }

    @Test
    void what_waits_is_bounded_and_what_is_too_much_is_told_and_harms_nothing() {
        for (int i = 0; i < 200; i++) {
            add("m", BLOCK);
        }
        settle();
        assertThat(told).isNotEmpty().containsOnly("m TOO_MUCH_WAITING");
        assertThat(outbox.waitingChars()).isBetween(Limits.UNREAD - 2L * BLOCK, (long) Limits.UNREAD);
        told.clear();
        leaves();
        add("fits again", BLOCK);
        while (!leaving.isEmpty()) {
            leaves();
        }
        assertThat(told).doesNotContain("m TOO_MUCH_WAITING").endsWith("fits again");
    }

    @Test
    void nobody_is_told_before_it_is_true_nor_within_the_call() {
        add("a", 10);
        assertThat(told).isEmpty();
        leaving.remove().complete(null);
        assertThat(told).isEmpty();
        settle();
        assertThat(told).containsExactly("a");
    }

    @Test
    void at_the_end_what_waits_is_gone_and_of_the_rest_the_link_tells() {
        for (int i = 0; i < 11; i++) {
            add("m" + i, BLOCK);
        }
        outbox.close();
        add("late", 10);
        settle();
        assertThat(told).containsExactly("m10 PEER_GONE", "late PEER_GONE");
        leaves();
        leaving.remove().completeExceptionally(new SendException(Reason.TOO_MUCH_WAITING, "x"));
        leaving.remove().completeExceptionally(new IllegalStateException("a link of somebody else's"));
        settle();
        assertThat(told).endsWith("m0", "m1 TOO_MUCH_WAITING", "m2 PEER_GONE");
    }
}
