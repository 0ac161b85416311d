package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.FileTransfer;
import dev.drawbridge.OfferedFile;
import dev.drawbridge.Publisher;
import dev.drawbridge.RemoteFile;
import dev.drawbridge.Session;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.FileOffered;
import dev.drawbridge.SessionEvent.FileSent;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionState;
import dev.drawbridge.Viewer;
import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.spi.SideChannel;
import dev.drawbridge.spi.SideChannelListener;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files over the real library, after the seal. The long form is {@code -Ddrawbridge.files.mib=1024}, in mebibytes each way; it needs
 * three times as much room in the temporary directory.
 */
class FilesTest {
    private static final int MIB = Integer.getInteger("drawbridge.files.mib", 8);
    private static final long PATIENCE = 60L + MIB / 2;

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(4 * PATIENCE));

    @TempDir
    Path ours;

    @TempDir
    Path theirs;

    private Path file(String name, int mib) throws IOException {
        Path path = ours.resolve(name);
        byte[] block = new byte[1 << 20];
        Random random = new Random(mib);
        try (OutputStream out = Files.newOutputStream(path)) {
            for (int i = 0; i < mib; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
        return path;
    }

    /** A sealed publisher and its viewer, both of whom take files. */
    private static final class Line implements AutoCloseable {
        final Stage stage = new Stage(Shape.ROUTER);
        final EventRecorder atPublisher = new EventRecorder();
        final EventRecorder atViewer = new EventRecorder();
        final Publisher publisher;
        final Viewer viewer;

        Line(MediaTransport publishing, MediaTransport viewing) throws Exception {
            publisher = stage.keep(Publisher.builder(stage.options("push=camera1&secure&datamode"))
                    .media(publishing)
                    .takeFiles(8L << 30)
                    .listener(atPublisher)
                    .start());
            viewer = stage.keep(Viewer.builder(stage.options("view=camera1&datamode"))
                    .media(viewing)
                    .takeFiles(8L << 30)
                    .listener(atViewer)
                    .start());
            atPublisher.await(Sealed.class);
        }

        @Override
        public void close() {
            stage.close();
        }
    }

    private void passes(Session holder, EventRecorder atHolder, Session asker, EventRecorder atAsker, Path file)
            throws Exception {
        long begin = System.nanoTime();
        OfferedFile offer = holder.offerFile(file);
        RemoteFile remote = atAsker.await(FileOffered.class).file();
        FileTransfer transfer = asker.fetch(remote, theirs);
        Path there = transfer.done().toCompletableFuture().get(PATIENCE, TimeUnit.SECONDS);
        if (MIB > 8) {
            System.out.printf("%d MiB in %.1f s%n", Files.size(file) >> 20, (System.nanoTime() - begin) / 1e9);
        }
        assertThat(atHolder.await(FileSent.class).id()).isEqualTo(offer.id());
        assertThat(Files.mismatch(file, there)).isEqualTo(-1);
        assertThat(there).isEqualTo(theirs.resolve(file.getFileName()));
        Files.delete(there);
    }

    @Test
    void much_goes_down_and_up_exactly_while_words_are_exchanged() throws Exception {
        try (Line line = new Line(WebRtcMedia.create(), WebRtcMedia.create())) {
            CompletableFuture<Void> heard = new CompletableFuture<>();
            line.viewer.on(DataReceived.class, data -> heard.complete(null));
            Path file = file("much", MIB);
            passes(line.publisher, line.atPublisher, line.viewer, line.atViewer, file);
            line.publisher.send("meanwhile");
            passes(line.viewer, line.atViewer, line.publisher, line.atPublisher, file);
            heard.get(20, TimeUnit.SECONDS);
            assertThat(line.publisher.state()).isEqualTo(SessionState.SEALED);
        }
    }

    @Test
    void four_files_at_a_time_arrive_in_both_directions() throws Exception {
        try (Line line = new Line(WebRtcMedia.create(), WebRtcMedia.create())) {
            for (int i = 0; i < 6; i++) {
                line.publisher.offerFile(file("down" + i, 2));
                line.viewer.offerFile(file("up" + i, 2));
            }
            line.atViewer.await(FileOffered.class, 6);
            line.atPublisher.await(FileOffered.class, 6);
            List<FileTransfer> all = new ArrayList<>();
            line.viewer.files().forEach(file -> all.add(line.viewer.fetch(file, theirs)));
            line.publisher.files().forEach(file -> all.add(line.publisher.fetch(file, theirs)));
            assertThat(all).hasSize(12);
            for (FileTransfer transfer : all) {
                Path there = transfer.done().toCompletableFuture().get(PATIENCE, TimeUnit.SECONDS);
                assertThat(Files.mismatch(ours.resolve(transfer.file().name()), there))
                        .isEqualTo(-1);
            }
        }
    }

    @Test
    void of_a_file_for_a_slow_reader_no_more_is_held_than_the_window() throws Exception {
        SlowReader reader = new SlowReader(Duration.ofMillis(40));
        SlowReader.Holder holder = new SlowReader.Holder();
        try (Line line = new Line(holder.around(WebRtcMedia.create()), reader.around(WebRtcMedia.create()))) {
            Path file = file("slow", 24);
            passes(line.publisher, line.atPublisher, line.viewer, line.atViewer, file);
            assertThat(reader.most()).isBetween(256L << 10, 1L << 20);
            assertThat(holder.most()).isBetween(1L << 10, 1L << 20);
        }
    }

    @Test
    void of_what_is_sent_and_closed_at_once_as_browsers_do_a_beginning_arrives_mostly_all() throws Exception {
        try (Pair pair = new Pair(Stage.pattern()).connect()) {
            int whole = 0;
            for (int round = 0; round < 40; round++) {
                CompletableFuture<List<String>> heard = new CompletableFuture<>();
                pair.viewer.sideChannels = new Heard(heard);
                SideChannel channel = pair.publisher
                        .link
                        .openChannel("file" + round, new Heard(new CompletableFuture<>()))
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS);
                var unused = channel.send("head");
                var unused2 = channel.send(new byte[16 * 1024]);
                var unused3 = channel.send("EOF1");
                channel.close();
                List<String> all = heard.get(20, TimeUnit.SECONDS);
                assertThat(all).isEqualTo(List.of("head", "16384", "EOF1").subList(0, all.size()));
                whole += all.size() / 3;
            }
            // Of 40 about 37 here; what is gone is asked for again.
            assertThat(whole).isPositive();
        }
    }

    /** All that came, once it is closed. */
    private record Heard(CompletableFuture<List<String>> all, List<String> some) implements SideChannelListener {
        Heard(CompletableFuture<List<String>> all) {
            this(all, new ArrayList<>());
        }

        @Override
        public void received(String text) {
            some.add(text);
        }

        @Override
        public void received(byte[] bytes) {
            some.add(Integer.toString(bytes.length));
        }

        @Override
        public void closed() {
            all.complete(List.copyOf(some));
        }
    }
}
