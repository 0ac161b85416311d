package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SendException;
import dev.drawbridge.SendException.Reason;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.ViewerInterrupted;
import dev.drawbridge.SessionState;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.Shape;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Much data over the real library and a path that is slower than the program, after the seal. The long form is {@code bin/soak data}:
 * {@code -Ddrawbridge.data.mib} mebibytes over a path that carries {@code -Ddrawbridge.data.rate} bytes a second.
 */
class DataFlowTest {
    private static final int PIECE = 64 * 1024;
    private static final int MIB = Integer.getInteger("drawbridge.data.mib", 16);
    private static final int PIECES = MIB * (1024 * 1024 / PIECE);
    private static final long NARROW = Long.getLong("drawbridge.data.rate", 6 << 20);
    private static final int WINDOW = 32;

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(20 + (2L << 20) * MIB / NARROW));

    private static byte[] piece(int number) {
        byte[] piece = new byte[PIECE];
        new Random(number).nextBytes(piece);
        return piece;
    }

    /** A publisher and its viewer at the end of a narrow path. */
    private static final class Line implements AutoCloseable {
        final Stage stage = new Stage(Shape.ROUTER);
        final EventRecorder story = new EventRecorder();
        final NarrowMedia media = new NarrowMedia(NARROW);
        final Publisher publisher;
        final Viewer viewer;

        Line() throws Exception {
            publisher = stage.keep(Publisher.builder(stage.options("push=camera1&secure&datamode"))
                    .media(WebRtcMedia.create())
                    .listener(story)
                    .start());
            viewer = stage.keep(Viewer.builder(stage.options("view=camera1&datamode"))
                    .media(media)
                    .start());
            story.await(Sealed.class);
        }

        @Override
        public void close() {
            stage.close();
        }
    }

    @Test
    void tens_of_mebibytes_arrive_exactly_and_in_order_at_the_pace_of_a_slow_path() throws Exception {
        try (Line line = new Line()) {
            AtomicInteger arrived = new AtomicInteger();
            AtomicInteger wrong = new AtomicInteger();
            CompletableFuture<Void> all = new CompletableFuture<>();
            line.viewer.on(DataReceived.class, data -> {
                int number = arrived.getAndIncrement();
                if (!Arrays.equals(data.bytes().orElseThrow(), piece(number))) {
                    wrong.incrementAndGet();
                }
                if (number == PIECES - 1) {
                    all.complete(null);
                }
            });
            long begin = System.nanoTime();
            Deque<CompletableFuture<Integer>> unsent = new ArrayDeque<>();
            for (int i = 0; i < PIECES; i++) {
                unsent.add(line.publisher.send(piece(i)).toCompletableFuture());
                if (unsent.size() == WINDOW) {
                    assertThat(unsent.remove().get(20, TimeUnit.SECONDS)).isEqualTo(1);
                }
            }
            for (CompletableFuture<Integer> last : unsent) {
                assertThat(last.get(20, TimeUnit.SECONDS)).isEqualTo(1);
            }
            Duration sending = Duration.ofNanos(System.nanoTime() - begin);
            all.get(20, TimeUnit.SECONDS);
            assertThat(wrong).hasValue(0);
            System.out.printf(
                    "%d MiB in %.1f s, %.2f MB/s%n",
                    MIB, sending.toMillis() / 1e3, MIB * 1048.576 / sending.toMillis());
            // What a stage tells is no wish: without the path's pace it would be a fraction of this.
            long carried = (long) PIECES * PIECE * 4 / 3;
            assertThat(sending).isGreaterThan(Duration.ofMillis(1_000 * (carried - (4 << 20)) / NARROW));
            assertThat(line.story.events(ViewerInterrupted.class)).isEmpty();
        }
    }

    @Test
    void who_does_not_wait_is_refused_above_the_bounds_and_the_rest_arrives_exactly() throws Exception {
        try (Line line = new Line()) {
            List<byte[]> received = new ArrayList<>();
            CompletableFuture<Void> last = new CompletableFuture<>();
            line.viewer.on(DataReceived.class, data -> {
                if (data.text().isPresent()) {
                    last.complete(null);
                } else {
                    received.add(data.bytes().orElseThrow());
                }
            });
            List<CompletableFuture<Integer>> sent = new ArrayList<>();
            for (int i = 0; i < PIECES; i++) {
                sent.add(line.publisher.send(piece(i)).toCompletableFuture());
            }
            CompletableFuture<Integer> tooBig =
                    line.publisher.send(new byte[200_000]).toCompletableFuture();
            List<Integer> taken = new ArrayList<>();
            for (int i = 0; i < PIECES; i++) {
                try {
                    sent.get(i).get(20, TimeUnit.SECONDS);
                    taken.add(i);
                } catch (ExecutionException refused) {
                    assertThat(((SendException) refused.getCause()).reason()).isEqualTo(Reason.TOO_MUCH_WAITING);
                }
            }
            assertThat(tooBig)
                    .failsWithin(Duration.ofSeconds(1))
                    .withThrowableThat()
                    .withMessageContaining("longer");
            // Two times 8 Mi characters, a mebibyte with the library, and what the path took meanwhile.
            assertThat((long) taken.size() * PIECE * 4 / 3).isBetween(8L << 20, 24L << 20);

            line.publisher.send("the channel lives on");
            last.get(20, TimeUnit.SECONDS);
            assertThat(received).hasSameSizeAs(taken);
            for (int i = 0; i < received.size(); i++) {
                assertThat(received.get(i)).isEqualTo(piece(taken.get(i)));
            }
            assertThat(line.publisher.state()).isEqualTo(SessionState.SEALED);
        }
    }

    @Test
    void nothing_is_told_to_have_left_that_is_held_up() throws Exception {
        try (Line line = new Line()) {
            AtomicLong arrived = new AtomicLong();
            CompletableFuture<Void> all = new CompletableFuture<>();
            line.viewer.on(DataReceived.class, data -> {
                if (arrived.incrementAndGet() == 48) {
                    all.complete(null);
                }
            });
            line.media.path().holdUp(true);
            List<CompletableFuture<Integer>> sent = new ArrayList<>();
            for (int i = 0; i < 48; i++) {
                sent.add(line.publisher.send(piece(i)).toCompletableFuture());
            }
            // Time to leave for 48 messages, if they could.
            assertThat(sent.get(47)).isNotDone();
            try {
                sent.get(47).get(1, TimeUnit.SECONDS);
            } catch (TimeoutException expected) {
                // nothing leaves
            }
            assertThat(sent.subList(8, 48)).noneMatch(CompletableFuture::isDone);
            line.media.path().holdUp(false);
            for (CompletableFuture<Integer> each : sent) {
                assertThat(each.get(20, TimeUnit.SECONDS)).isEqualTo(1);
            }
            all.get(20, TimeUnit.SECONDS);
        }
    }
}
