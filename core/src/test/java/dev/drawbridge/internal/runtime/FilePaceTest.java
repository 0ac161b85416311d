package dev.drawbridge.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.FileException;
import dev.drawbridge.FileException.Reason;
import dev.drawbridge.RemoteFile;
import dev.drawbridge.internal.wire.FileFields;
import dev.drawbridge.spi.Scheduler;
import dev.drawbridge.spi.SideChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of a file is in memory while one of the two disks, or the path between them, stands still. */
class FilePaceTest {
    private static final int CHUNK = FileOrigin.CHUNK;

    @TempDir
    Path directory;

    private final Deque<Runnable> disk = new ArrayDeque<>();
    private final Loop loop = new Loop();
    private final FileWork work = new FileWork(disk::add, loop);
    private final Channel channel = new Channel();

    /** Tasks in order, and no time. */
    private static final class Loop implements Scheduler {
        final Deque<Runnable> tasks = new ArrayDeque<>();

        void run() {
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public Cancellable schedule(Duration delay, Runnable task) {
            return () -> {};
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public void close() {}
    }

    /** Says what is sent, and lets it leave when the test says so. */
    private static final class Channel implements SideChannel {
        final List<Object> sent = new ArrayList<>();
        final Deque<CompletableFuture<Void>> leaving = new ArrayDeque<>();
        boolean closed;

        long bytes() {
            return sent.stream()
                    .mapToLong(message -> message instanceof byte[] some ? some.length : 0)
                    .sum();
        }

        private CompletionStage<Void> send(Object message) {
            CompletableFuture<Void> left = new CompletableFuture<>();
            sent.add(message);
            leaving.add(left);
            return left;
        }

        @Override
        public String label() {
            return "f1";
        }

        @Override
        public CompletionStage<Void> send(String text) {
            return send((Object) text);
        }

        @Override
        public CompletionStage<Void> send(byte[] bytes) {
            return send((Object) bytes);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private void diskAndLoop() {
        loop.run();
        while (!disk.isEmpty()) {
            disk.remove().run();
            loop.run();
        }
    }

    // ---- sending

    private final List<Optional<Reason>> ends = new ArrayList<>();

    private FileSending sending(int size, OptionalInt window) throws IOException {
        Path path = Files.write(directory.resolve("own"), new byte[size]);
        OwnFile file = new OwnFile("f1", path, "own", size, gone -> {});
        FileSending sending = new FileSending(file, window, work, (which, why) -> ends.add(why));
        sending.start(listener -> CompletableFuture.completedFuture(channel));
        diskAndLoop();
        return sending;
    }

    @Test
    void a_holder_reads_a_mebibyte_and_no_more_until_something_leaves() throws Exception {
        FileSending sending = sending(3 << 20, OptionalInt.empty());
        assertThat(channel.bytes()).isEqualTo(1 << 20);
        assertThat(channel.sent.subList(1, 65)).allMatch(chunk -> ((byte[]) chunk).length == CHUNK);
        while (ends.isEmpty()) {
            channel.leaving.remove().complete(null);
            diskAndLoop();
            assertThat(sending.held()).isLessThanOrEqualTo(1 << 20);
        }
        assertThat(channel.bytes()).isEqualTo(3 << 20);
        assertThat(channel.sent.get(channel.sent.size() - 1)).isEqualTo("EOF1");
        assertThat(ends).containsExactly(Optional.empty());
        assertThat(channel.closed).isTrue();
    }

    @Test
    void a_holder_sends_a_window_and_no_more_until_it_is_acknowledged() throws Exception {
        FileSending sending = sending(1 << 20, OptionalInt.of(100_000));
        long acknowledged = 0;
        while (channel.bytes() < 1 << 20) {
            assertThat(channel.bytes() - acknowledged).isBetween(1L, 100_000L);
            channel.leaving.forEach(left -> left.complete(null)); // that it left is not enough
            channel.leaving.clear();
            diskAndLoop();
            assertThat(channel.bytes() - acknowledged).isLessThanOrEqualTo(100_000);
            assertThat(sending.held()).isLessThanOrEqualTo(100_000);
            acknowledged = channel.bytes();
            sending.received(FileFields.acknowledgement(acknowledged));
            diskAndLoop();
        }
        assertThat(ends).isEmpty();
        assertThat(channel.sent.subList(channel.sent.size() - 2, channel.sent.size()))
                .satisfiesExactly(
                        digest -> assertThat((String) digest).startsWith("{\"sha256\":\""),
                        end -> assertThat(end).isEqualTo("EOF1"));
        sending.received(FileFields.acknowledgement(1 << 20));
        diskAndLoop();
        assertThat(ends).containsExactly(Optional.empty());
    }

    @Test
    void a_window_without_sense_is_taken_for_a_small_or_a_large_one() throws Exception {
        sending(3 << 20, OptionalInt.of(1));
        assertThat(channel.bytes()).isEqualTo(FileSending.LEAST_WINDOW);
        channel.sent.clear();
        sending(3 << 20, OptionalInt.of(Integer.MAX_VALUE));
        assertThat(channel.bytes()).isEqualTo(1 << 20);
    }

    @Test
    void what_was_not_sent_cannot_be_acknowledged() throws Exception {
        FileSending sending = sending(3 << 20, OptionalInt.of(1 << 20));
        for (String word : List.of(
                "{\"ack\":3145728}", "{\"ack\":-1}", "{\"ack\":\"x\"}", "{\"ack\":99999999999999999999}", "[]", "")) {
            sending.received(word);
        }
        diskAndLoop();
        assertThat(channel.bytes()).isEqualTo(1 << 20);
        assertThat(ends).isEmpty();
    }

    // ---- fetching

    private FileFetching fetching(long size) throws IOException {
        Files.createDirectories(directory.resolve("in"));
        FileFetching fetching = new FileFetching(
                new RemoteFile("camera1", "f1", "f.bin", size), directory.resolve("in"), work, new FileFetching.Desk() {
                    @Override
                    public void ask(FileFetching asked) {
                        asked.through(channel);
                    }

                    @Override
                    public void over(FileFetching over) {}

                    @Override
                    public boolean call(Runnable task) {
                        return false;
                    }
                });
        fetching.start();
        diskAndLoop();
        return fetching;
    }

    private static Reason reason(FileFetching fetching) {
        Throwable why = fetching.done()
                .toCompletableFuture()
                .handle((some, thrown) -> thrown)
                .join();
        return ((FileException) (why instanceof CompletionException ? why.getCause() : why)).reason();
    }

    @Test
    void a_disk_that_stands_still_is_acknowledged_nothing_and_holds_no_more_than_was_announced() throws Exception {
        FileFetching fetching = fetching(4 << 20);
        fetching.received(FileFields.head("f1", "x", 4 << 20, true));
        for (int i = 0; i < 64; i++) {
            fetching.received(new byte[CHUNK]);
        }
        loop.run();
        assertThat(channel.sent).isEmpty();
        assertThat(fetching.held()).isBetween(1L << 20, 2L << 20);
        diskAndLoop();
        assertThat(fetching.held()).isZero();
        assertThat(channel.sent).containsExactly("{\"ack\":1048576}");
        assertThat(fetching.bytes()).isEqualTo(1 << 20);
    }

    @Test
    void who_does_not_wait_though_it_said_so_is_given_up_above_two_windows() throws Exception {
        FileFetching fetching = fetching(64 << 20);
        fetching.received(FileFields.head("f1", "x", 64 << 20, true));
        loop.run();
        for (int i = 0; i < 1_000; i++) {
            fetching.received(new byte[CHUNK]);
            assertThat(fetching.held()).isLessThanOrEqualTo((2 << 20) + CHUNK + 256);
        }
        diskAndLoop();
        assertThat(reason(fetching)).isEqualTo(Reason.TOO_FAST);
        assertThat(channel.closed).isTrue();
        assertThat(directory.resolve("in")).isEmptyDirectory();
    }

    @Test
    void a_browser_is_given_up_when_sixteen_mebibytes_wait_for_the_disk() throws Exception {
        FileFetching fetching = fetching(64 << 20);
        fetching.received(FileFields.head("f1", "x", 64 << 20, false));
        loop.run();
        for (int i = 0; i < 1_000; i++) {
            fetching.received(new byte[CHUNK]);
            loop.run();
        }
        assertThat(fetching.held()).isGreaterThan(15 << 20);
        for (int i = 0; i < 1_000; i++) {
            fetching.received(new byte[CHUNK]);
            loop.run();
        }
        assertThat(fetching.held()).isLessThanOrEqualTo((16 << 20) + CHUNK + 256);
        diskAndLoop();
        assertThat(reason(fetching)).isEqualTo(Reason.TOO_FAST);
        assertThat(directory.resolve("in")).isEmptyDirectory();
    }

    @Test
    void what_is_called_off_while_it_is_moved_to_its_place_is_not_there() throws Exception {
        FileFetching fetching = fetching(10);
        fetching.received(FileFields.head("f1", "x", 10, false));
        fetching.received(new byte[10]);
        diskAndLoop();
        fetching.received("EOF1");
        loop.run();
        fetching.cancel();
        disk.remove().run(); // it is in its place, and the session does not know yet
        assertThat(directory.resolve("in/f.bin")).hasSize(10);
        diskAndLoop();
        assertThat(reason(fetching)).isEqualTo(Reason.CANCELLED);
        assertThat(directory.resolve("in")).isEmptyDirectory();
    }
}
