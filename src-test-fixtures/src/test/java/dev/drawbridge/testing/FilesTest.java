package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drawbridge.FileException;
import dev.drawbridge.FileException.Reason;
import dev.drawbridge.FileTransfer;
import dev.drawbridge.OfferedFile;
import dev.drawbridge.Publisher;
import dev.drawbridge.RemoteFile;
import dev.drawbridge.Session;
import dev.drawbridge.SessionEvent.FileNotSent;
import dev.drawbridge.SessionEvent.FileOffered;
import dev.drawbridge.SessionEvent.FileSent;
import dev.drawbridge.SessionEvent.ProtocolViolation;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.Viewer;
import dev.drawbridge.spi.SideChannel;
import dev.drawbridge.testing.Stage.Party;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are offered and fetched, and what can go wrong with them; in virtual time. */
@ExtendWith(LeakGuard.class)
class FilesTest {
    private static final String PUBLISH = "push=camera1&password=correct-horse";
    private static final String WATCH = "view=camera1&password=correct-horse";
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    Path ours;

    @TempDir
    Path theirs;

    private Stage stage;
    private Object changes;

    @BeforeEach
    void begin() {
        stage = new Stage();
        changes = new Object();
    }

    @AfterEach
    void everybody_ends() {
        stage.close();
    }

    // ---- who is there

    private Party<Publisher> publisher(String more) throws Exception {
        Party<Publisher> party = stage.publisher(PUBLISH + more, stage.network.media(), Publisher.Builder::takeFiles);
        stage.pass(Stage.MOMENT);
        return party;
    }

    private Party<Viewer> viewer() throws Exception {
        return viewer(Viewer.Builder::takeFiles);
    }

    private Party<Viewer> viewer(UnaryOperator<Viewer.Builder> more) throws Exception {
        Party<Viewer> party = stage.viewer(WATCH, stage.network.media(), more);
        stage.pass(Stage.MOMENT);
        return party;
    }

    private Path file(String name, int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return Files.write(ours.resolve(name), bytes);
    }

    private RemoteFile offered(Session session) {
        List<RemoteFile> files = session.files();
        assertThat(files).isNotEmpty();
        return files.get(files.size() - 1);
    }

    private static Path done(FileTransfer transfer) {
        CompletableFuture<Path> done = transfer.done().toCompletableFuture();
        assertThat(done).isCompleted();
        return done.join();
    }

    private static Reason failure(FileTransfer transfer) {
        CompletableFuture<Path> done = transfer.done().toCompletableFuture();
        assertThat(done).isCompletedExceptionally();
        Throwable why = done.handle((some, thrown) -> thrown).join();
        return ((FileException) (why instanceof CompletionException ? why.getCause() : why)).reason();
    }

    private List<String> arrived() throws IOException {
        try (Stream<Path> files = Files.list(theirs)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    // ---- both ways

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_384, 16_385, 3 << 20})
    void a_file_of_any_size_goes_down_and_up_exactly(int size) throws Exception {
        Party<Publisher> publisher = publisher("");
        Party<Viewer> viewer = viewer();
        for (boolean down : new boolean[] {true, false}) {
            Party<?> holder = down ? publisher : viewer;
            Party<?> asker = down ? viewer : publisher;
            Path file = file(down ? "down.bin" : "up.bin", size);
            OfferedFile offer = holder.session().offerFile(file);
            stage.pass(Stage.MOMENT);
            RemoteFile remote = asker.event(FileOffered.class).file();
            assertThat(remote)
                    .isEqualTo(new RemoteFile(
                            down ? "camera1" : "viewer-1",
                            offer.id(),
                            file.getFileName().toString(),
                            size));
            FileTransfer transfer = asker.session().fetch(remote, theirs);
            stage.pass(SECOND);

            assertThat(done(transfer)).isEqualTo(theirs.resolve(file.getFileName()));
            assertThat(done(transfer)).hasSameBinaryContentAs(file);
            assertThat(transfer.bytes()).isEqualTo(size);
            assertThat(holder.event(FileSent.class).id()).isEqualTo(offer.id());
            assertThat(holder.media().link().channels()).isEmpty();
            assertThat(asker.media().link().channels()).isEmpty();
        }
        assertThat(arrived()).containsExactly("down.bin", "up.bin");
    }

    @Test
    void who_comes_later_is_told_and_who_takes_no_files_is_not() throws Exception {
        Party<Publisher> publisher = publisher("");
        publisher.session().offerFile(file("one", 1));
        publisher.session().offerFile(file("two", 2));
        Party<Viewer> takes = viewer();
        Party<Viewer> takesNone = viewer(builder -> builder);
        assertThat(takes.session().files()).extracting(RemoteFile::name).containsExactly("one", "two");
        assertThat(takesNone.session().files()).isEmpty();
        assertThat(publisher.media().link().texts()).noneMatch(text -> text.contains("fileList"));
        assertThat(takesNone.events(FileOffered.class)).isEmpty();
    }

    @Test
    void it_works_after_the_seal_without_a_server() throws Exception {
        Party<Publisher> publisher = publisher("&secure");
        Party<Viewer> viewer = viewer();
        publisher.event(Sealed.class);
        int frames = stage.server.log().size();
        publisher.session().offerFile(file("sealed", 100_000));
        stage.pass(Stage.MOMENT);
        FileTransfer transfer = viewer.session().fetch(offered(viewer.session()), theirs);
        stage.pass(SECOND);
        assertThat(done(transfer)).exists();
        assertThat(stage.server.log()).hasSize(frames);
    }

    @Test
    void nobody_is_told_of_files_or_heard_about_them_before_the_admission() throws Exception {
        CompletableFuture<Boolean> approval = new CompletableFuture<>();
        Party<Publisher> publisher =
                stage.publisher(PUBLISH + "&prompt", stage.network.media(), builder -> builder.takeFiles()
                        .approval(request -> approval));
        OfferedFile offer = publisher.session().offerFile(file("secret", 10));
        Party<Viewer> viewer = viewer();
        ChannelRecorder hears = new ChannelRecorder(changes);
        viewer.media().link().say("{\"requestFile\":\"" + offer.id() + "\"}");
        viewer.media().link().say("{\"fileList\":[{\"id\":\"x\",\"name\":\"x\",\"size\":1}]}");
        viewer.media().link().openChannel("x", hears);
        stage.pass(SECOND);
        assertThat(hears.endings()).isEqualTo(1);
        assertThat(publisher.media().link().texts()).noneMatch(text -> text.contains("file"));
        assertThat(publisher.media().link().channels()).isEmpty();
        assertThat(publisher.session().files()).isEmpty();
        assertThat(viewer.session().files()).isEmpty();

        approval.complete(true);
        stage.pass(SECOND);
        publisher.event(ViewerJoined.class);
        assertThat(viewer.session().files()).extracting(RemoteFile::name).containsExactly("secret");
    }

    @Test
    void what_is_there_is_not_touched_and_the_new_one_gets_a_number() throws Exception {
        Party<Publisher> publisher = publisher("");
        Party<Viewer> viewer = viewer();
        Files.writeString(theirs.resolve("a.txt"), "mine");
        Files.writeString(theirs.resolve("a (1).txt"), "mine too");
        Files.writeString(theirs.resolve("a.txt.part"), "and this");
        publisher.session().offerFile(file("a.txt", 1000));
        stage.pass(Stage.MOMENT);
        FileTransfer transfer = viewer.session().fetch(offered(viewer.session()), theirs);
        stage.pass(SECOND);
        assertThat(done(transfer)).hasFileName("a (2).txt");
        assertThat(arrived()).containsExactly("a (1).txt", "a (2).txt", "a.txt", "a.txt.part");
        assertThat(theirs.resolve("a.txt")).hasContent("mine");
    }

    @Test
    void several_go_at_once_and_the_others_wait_for_their_turn() throws Exception {
        Party<Publisher> publisher = publisher("");
        Party<Viewer> viewer = viewer();
        for (int i = 0; i < 10; i++) {
            publisher.session().offerFile(file("f" + i, 500_000 + i));
        }
        stage.pass(Stage.MOMENT);
        publisher.media().link().uplink(5_000_000);
        List<FileTransfer> all = new ArrayList<>();
        viewer.session().files().forEach(file -> all.add(viewer.session().fetch(file, theirs)));
        stage.pass(Stage.MOMENT);
        assertThat(publisher.media().link().channels()).hasSize(4);
        stage.pass(Duration.ofSeconds(3));
        for (int i = 0; i < 10; i++) {
            assertThat(done(all.get(i))).hasSameBinaryContentAs(ours.resolve("f" + i));
        }
        assertThat(publisher.events(FileSent.class)).hasSize(10);
    }

    @Test
    void progress_is_told_at_most_ten_times_a_second() throws Exception {
        Party<Publisher> publisher = publisher("");
        Party<Viewer> viewer = viewer();
        publisher.session().offerFile(file("long", 2_000_000));
        stage.pass(Stage.MOMENT);
        publisher.media().link().uplink(1_000_000);
        List<Long> told = new ArrayList<>();
        FileTransfer transfer = viewer.session().fetch(offered(viewer.session()), theirs);
        CompletableFuture<Void> first = new CompletableFuture<>();
        transfer.onProgress(now -> {
            synchronized (told) {
                told.add(now.bytes());
            }
            first.complete(null);
        });
        for (int i = 0; i < 300; i++) {
            stage.pass(Duration.ofMillis(10));
        }
        first.get(10, TimeUnit.SECONDS);
        assertThat(done(transfer)).exists();
        synchronized (told) {
            assertThat(told).isSorted().hasSizeBetween(1, 22);
        }
    }

    // ---- what goes wrong

    @Test
    void what_is_withdrawn_cannot_be_had_and_ends_under_way() throws Exception {
        Party<Publisher> publisher = publisher("");
        Party<Viewer> viewer = viewer();
        OfferedFile offer = publisher.session().offerFile(file("long", 2_000_000));
        stage.pass(Stage.MOMENT);
        RemoteFile file = offered(viewer.session());
        publisher.media().link().uplink(1_000_000);
        FileTransfer transfer = viewer.session().fetch(file, theirs);
        stage.pass(SECOND);
        assertThat(transfer.bytes()).isPositive();
        offer.withdraw();
        offer.withdraw();
        stage.pass(Duration.ofSeconds(3)); // what has been read by now leaves first
        assertThat(failure(transfer)).isEqualTo(Reason.GONE);
        assertThat(publisher.event(FileNotSent.class).reason()).isEqualTo(Reason.CANCELLED);
        assertThat(viewer.session().files()).isEmpty();
        FileTransfer late = viewer.session().fetch(file, theirs);
        stage.pass(Stage.MOMENT);
        assertThat(failure(late)).isEqualTo(Reason.GONE);
        assertThat(arrived()).isEmpty();
        assertThat(viewer.media().link().channels()).isEmpty();
    }

    @Test
    void what_is_asked_for_in_the_moment_of_its_withdrawal_is_gone() throws Exception {
        Party<Publisher> publisher = publisher("");
        Party<Viewer> viewer = viewer();
        OfferedFile offer = publisher.session().offerFile(file("short", 2_000));
        stage.pass(Stage.MOMENT);
        FileTransfer transfer = viewer.session().fetch(offered(viewer.session()), theirs);
        offer.withdraw();
        stage.pass(SECOND);
        assertThat(failure(transfer)).isIn(Reason.GONE, Reason.CANCELLED);
        assertThat(arrived()).isEmpty();
    }

    @Test
    void who_fetches_can_call_it_off_and_fetch_it_again() throws Exception {
        Party<Publisher> publisher = publisher("");
        Party<Viewer> viewer = viewer();
        publisher.session().offerFile(file("long", 1_000_000));
        stage.pass(Stage.MOMENT);
        publisher.media().link().uplink(500_000);
        FileTransfer transfer = viewer.session().fetch(offered(viewer.session()), theirs);
        stage.pass(SECOND);
        assertThat(arrived()).containsExactly("long.part");
        transfer.cancel();
        transfer.cancel();
        stage.pass(SECOND);
        assertThat(failure(transfer)).isEqualTo(Reason.CANCELLED);
        assertThat(publisher.event(FileNotSent.class).reason()).isEqualTo(Reason.CANCELLED);
        assertThat(arrived()).isEmpty();
        FileTransfer again = viewer.session().fetch(offered(viewer.session()), theirs);
        stage.pass(Duration.ofSeconds(4));
        assertThat(done(again)).hasSameBinaryContentAs(ours.resolve("long"));
    }

    @Test
    void a_file_that_has_changed_is_not_sent_and_the_session_goes_on() throws Exception {
        Party<Publisher> publisher = publisher("");
        Party<Viewer> viewer = viewer();
        for (String name : List.of("shorter", "longer", "gone", "growing")) {
            publisher.session().offerFile(file(name, 3_000_000));
        }
        stage.pass(Stage.MOMENT);
        file("shorter", 10);
        file("longer", 3_000_001);
        Files.delete(ours.resolve("gone"));
        publisher.media().link().uplink(1_000_000);
        List<FileTransfer> all = new ArrayList<>();
        viewer.session().files().forEach(file -> all.add(viewer.session().fetch(file, theirs)));
        stage.pass(Stage.MOMENT);
        file("growing", 3_200_000);
        stage.pass(Duration.ofSeconds(40));
        assertThat(publisher.events(FileNotSent.class))
                .extracting(FileNotSent::reason)
                .containsExactlyInAnyOrder(Reason.SIZE_MISMATCH, Reason.SIZE_MISMATCH, Reason.IO, Reason.SIZE_MISMATCH);
        assertThat(all).extracting(FilesTest::failure).allMatch(why -> why == Reason.CANCELLED || why == Reason.GONE);
        assertThat(arrived()).isEmpty();
        publisher.session().offerFile(file("good", 10));
        stage.pass(Stage.MOMENT);
        FileTransfer good = viewer.session().fetch(offered(viewer.session()), theirs);
        stage.pass(SECOND);
        assertThat(done(good)).exists();
    }

    @Test
    void when_the_holder_goes_away_nothing_is_left_behind() throws Exception {
        Party<Publisher> publisher = publisher("");
        Party<Viewer> viewer = viewer();
        publisher.session().offerFile(file("long", 3_000_000));
        stage.pass(Stage.MOMENT);
        publisher.media().link().uplink(1_000_000);
        FileTransfer transfer = viewer.session().fetch(offered(viewer.session()), theirs);
        stage.pass(SECOND);
        publisher.session().close();
        stage.pass(SECOND);
        assertThat(failure(transfer)).isEqualTo(Reason.PEER_GONE);
        assertThat(viewer.session().files()).isEmpty();
        assertThat(arrived()).isEmpty();
    }

    @Test
    void when_the_path_breaks_for_good_both_sides_end_it() throws Exception {
        Party<Publisher> publisher = publisher("");
        Party<Viewer> viewer = viewer();
        publisher.session().offerFile(file("long", 3_000_000));
        stage.pass(Stage.MOMENT);
        publisher.media().link().uplink(1_000_000);
        FileTransfer transfer = viewer.session().fetch(offered(viewer.session()), theirs);
        stage.pass(SECOND);
        publisher.media().link().fail();
        stage.pass(SECOND);
        assertThat(failure(transfer)).isEqualTo(Reason.PEER_GONE);
        assertThat(publisher.event(FileNotSent.class).reason()).isEqualTo(Reason.PEER_GONE);
        assertThat(arrived()).isEmpty();
    }

    @Test
    void an_interruption_is_sat_out() throws Exception {
        Party<Publisher> publisher = publisher("");
        Party<Viewer> viewer = viewer();
        publisher.session().offerFile(file("long", 3_000_000));
        stage.pass(Stage.MOMENT);
        publisher.media().link().uplink(1_000_000);
        FileTransfer transfer = viewer.session().fetch(offered(viewer.session()), theirs);
        stage.pass(SECOND);
        publisher.media().link().interrupt();
        stage.pass(Duration.ofSeconds(8));
        publisher.media().link().resume();
        stage.pass(Duration.ofSeconds(5));
        assertThat(done(transfer)).hasSameBinaryContentAs(ours.resolve("long"));
    }

    @Test
    void the_end_of_the_session_ends_what_is_fetched_and_what_is_asked_for_later() throws Exception {
        Party<Publisher> publisher = publisher("");
        Party<Viewer> viewer = viewer();
        publisher.session().offerFile(file("long", 3_000_000));
        stage.pass(Stage.MOMENT);
        RemoteFile file = offered(viewer.session());
        publisher.media().link().uplink(1_000_000);
        FileTransfer transfer = viewer.session().fetch(file, theirs);
        stage.pass(SECOND);
        viewer.session().close();
        stage.pass(SECOND);
        assertThat(failure(transfer)).isEqualTo(Reason.SESSION_CLOSED);
        assertThat(failure(viewer.session().fetch(file, theirs))).isEqualTo(Reason.SESSION_CLOSED);
        assertThatThrownBy(() -> viewer.session().offerFile(file("late", 1)))
                .isInstanceOfSatisfying(
                        FileException.class, e -> assertThat(e.reason()).isEqualTo(Reason.SESSION_CLOSED));
        assertThat(arrived()).isEmpty();
    }

    @Test
    void what_cannot_be_offered_or_put_anywhere_is_told_at_once() throws Exception {
        Party<Publisher> publisher = publisher("");
        Party<Viewer> viewer = viewer(builder -> builder.takeFiles(100));
        for (Path none : List.of(ours.resolve("missing"), ours)) {
            assertThatThrownBy(() -> publisher.session().offerFile(none))
                    .isInstanceOfSatisfying(
                            FileException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IO));
        }
        publisher.session().offerFile(file("big", 101));
        publisher.session().offerFile(file("small", 100));
        stage.pass(Stage.MOMENT);
        FileTransfer big = viewer.session().fetch(viewer.session().files().get(0), theirs);
        FileTransfer nowhere = viewer.session().fetch(offered(viewer.session()), theirs.resolve("missing"));
        stage.pass(Stage.MOMENT);
        assertThat(failure(big)).isEqualTo(Reason.TOO_BIG);
        assertThat(failure(nowhere)).isEqualTo(Reason.IO);
        for (int i = 0; i < 254; i++) {
            publisher.session().offerFile(ours.resolve("small"));
        }
        assertThatThrownBy(() -> publisher.session().offerFile(ours.resolve("small")))
                .isInstanceOfSatisfying(
                        FileException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY));
        stage.pass(SECOND);
        assertThat(viewer.session().files()).hasSize(256);
    }

    // ---- a holder that does not keep to the protocol, or is another client

    /** The viewer's session fetches a file of 10 bytes that only the test's words offer. */
    private final class Holder {
        final Party<Publisher> publisher = publisher("");
        final Party<Viewer> viewer = viewer();
        final ChannelRecorder hears = new ChannelRecorder(changes);
        final FileTransfer transfer;
        final SideChannel channel;

        Holder() throws Exception {
            publisher.media().link().deafen(); // it would say that it knows of no such file
            publisher.media().link().say("{\"fileList\":[{\"id\":\"theirs\",\"name\":\"f.txt\",\"size\":10}]}");
            stage.pass(Stage.MOMENT);
            transfer = viewer.session().fetch(offered(viewer.session()), theirs);
            stage.pass(Stage.MOMENT);
            assertThat(viewer.media().link().texts()).contains("{\"requestFile\":\"theirs\",\"window\":1048576}");
            channel = opened(publisher, hears);
        }
    }

    private SideChannel opened(Party<?> by, ChannelRecorder hears) {
        CompletableFuture<SideChannel> channel =
                by.media().link().openChannel("theirs", hears).toCompletableFuture();
        stage.pass(Stage.MOMENT);
        return channel.join();
    }

    private static String head(String id, long size) {
        return "{\"type\":\"filetransfer\",\"size\":" + size + ",\"filename\":\"../../x\",\"id\":\"" + id + "\"}";
    }

    @Test
    void a_browser_that_acknowledges_nothing_is_understood() throws Exception {
        Holder holder = new Holder();
        holder.channel.send(head("theirs", 10));
        holder.channel.send(new byte[7]);
        holder.channel.send(new byte[3]);
        holder.channel.send(new byte[0]);
        holder.channel.send("EOF1");
        stage.pass(SECOND);
        assertThat(done(holder.transfer)).isEqualTo(theirs.resolve("f.txt")).hasSize(10);
        assertThat(holder.hears.heard()).isEmpty();
        assertThat(holder.hears.endings()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no head        | bytes 10                                  | DAMAGED",
                "no JSON        | hello                                     | DAMAGED",
                "not an object  | [1,2]                                     | DAMAGED",
                "another type   | {\"type\":\"x\",\"id\":\"theirs\",\"size\":10} | DAMAGED",
                "another id     | head other 10                             | DAMAGED",
                "another size   | head theirs 11                            | SIZE_MISMATCH",
                "a huge size    | head theirs 9007199254740993              | SIZE_MISMATCH",
                "too little     | head theirs 10;bytes 9;EOF1               | SIZE_MISMATCH",
                "too much       | head theirs 10;bytes 11                   | SIZE_MISMATCH",
                "more after it  | head theirs 10;bytes 9;EOF1;bytes 1       | DAMAGED      ",
                "called off     | head theirs 10;bytes 9;EOF2               | CANCELLED",
                "closed         | head theirs 10;bytes 9;close              | CANCELLED",
                "no digest      | paced 10;bytes 10;EOF1                    | DAMAGED",
                "a wrong digest | paced 10;bytes 10;{\"sha256\":\"00\"};EOF1 | DAMAGED",
            })
    void what_is_not_the_file_is_not_taken(String what, String words, Reason reason) throws Exception {
        Holder holder = new Holder();
        for (String word : words.split(";", -1)) {
            String[] parts = word.trim().split(" ", -1);
            switch (parts[0]) {
                case "bytes" -> holder.channel.send(new byte[Integer.parseInt(parts[1])]);
                case "head" -> holder.channel.send(head(parts[1], Long.parseLong(parts[2])));
                case "paced" -> holder.channel.send(head("theirs", 10).replace("}", ",\"paced\":true}"));
                case "close" -> {
                    stage.pass(Stage.MOMENT);
                    holder.channel.close();
                }
                default -> holder.channel.send(word.trim());
            }
        }
        stage.pass(SECOND);
        assertThat(failure(holder.transfer)).as(what).isEqualTo(reason);
        assertThat(arrived()).isEmpty();
        assertThat(holder.hears.endings()).isEqualTo(1);
        assertThat(holder.viewer.session().events()).noneMatch(ProtocolViolation.class::isInstance);
    }

    @Test
    void a_holder_that_says_nothing_is_given_up_after_half_a_minute_and_one_that_falls_silent_after_a_minute()
            throws Exception {
        Holder silent = new Holder();
        stage.pass(Duration.ofSeconds(31));
        assertThat(failure(silent.transfer)).isEqualTo(Reason.TIMEOUT);
        FileTransfer again = silent.viewer.session().fetch(silent.transfer.file(), theirs);
        stage.pass(Stage.MOMENT);
        SideChannel channel = opened(silent.publisher, silent.hears);
        channel.send(head("theirs", 10));
        channel.send(new byte[5]);
        stage.pass(Duration.ofSeconds(59));
        assertThat(again.done().toCompletableFuture()).isNotDone();
        stage.pass(Duration.ofSeconds(2));
        assertThat(failure(again)).isEqualTo(Reason.TIMEOUT);
        assertThat(arrived()).isEmpty();
    }

    @Test
    void a_channel_that_was_gone_before_a_word_came_through_it_is_asked_for_again() throws Exception {
        Holder holder = new Holder();
        stage.pass(Stage.MOMENT);
        holder.channel.close();
        stage.pass(Stage.MOMENT);
        assertThat(holder.viewer.media().link().texts().stream().filter(text -> text.startsWith("{\"requestFile\"")))
                .hasSize(2);
        SideChannel channel = opened(holder.publisher, holder.hears);
        channel.send(head("theirs", 10));
        channel.send(new byte[10]);
        channel.send("EOF1");
        stage.pass(SECOND);
        assertThat(done(holder.transfer)).hasSize(10);
    }

    @Test
    void a_channel_that_nobody_asked_for_is_closed_and_told_once() throws Exception {
        Party<Publisher> publisher = publisher("");
        Party<Viewer> viewer = viewer();
        ChannelRecorder hears = new ChannelRecorder(changes);
        for (int i = 0; i < 5; i++) {
            viewer.media().link().openChannel("n" + i, hears);
            publisher.media().link().openChannel("n" + i, hears);
        }
        stage.pass(SECOND);
        assertThat(publisher.event(ProtocolViolation.class).detail()).contains("nobody asked for");
        assertThat(viewer.event(ProtocolViolation.class).detail()).contains("nobody asked for");
        assertThat(viewer.media().link().channels()).isEmpty();
        assertThat(publisher.media().link().channels()).isEmpty();
    }

    @Test
    void an_asker_without_a_window_gets_what_a_browser_understands() throws Exception {
        Party<Publisher> publisher = publisher("");
        Party<Viewer> viewer = viewer();
        OfferedFile offer = publisher.session().offerFile(file("f.bin", 40_000));
        stage.pass(Stage.MOMENT);
        ChannelRecorder page = new ChannelRecorder(changes);
        viewer.media().link().hearChannels(page);
        viewer.media().link().say("{\"requestFile\":\"" + offer.id() + "\",\"UUID\":\"x\"}");
        stage.pass(SECOND);
        assertThat(page.heard())
                .hasSize(5)
                .startsWith("{\"type\":\"filetransfer\",\"size\":40000,\"filename\":\"f.bin\",\"id\":\"" + offer.id()
                        + "\"}")
                .endsWith("EOF1");
        assertThat(page.heard().subList(1, 4))
                .extracting(message -> message.length() - "binary ".length())
                .containsExactly(16_384, 16_384, 7_232);
        assertThat(page.endings()).isEqualTo(1);
        publisher.event(FileSent.class);
    }

    @Test
    void requests_for_what_is_not_there_are_answered_to_us_and_not_to_others() throws Exception {
        Party<Publisher> publisher = publisher("");
        Party<Viewer> viewer = viewer();
        viewer.media().link().say("{\"requestFile\":\"guess1\"}");
        viewer.media().link().say("{\"requestFile\":\"guess2\",\"window\":1}");
        stage.pass(Stage.MOMENT);
        assertThat(publisher.media().link().texts())
                .filteredOn(text -> text.contains("guess"))
                .containsExactly("{\"fileGone\":\"guess2\"}");
    }

    @Test
    void a_peer_can_offer_256_files_at_a_time() throws Exception {
        Party<Publisher> publisher = publisher("");
        Party<Viewer> viewer = viewer();
        for (int list = 0; list < 3; list++) {
            StringBuilder text = new StringBuilder("{\"fileList\":[");
            for (int i = 0; i < 200; i++) {
                text.append(i == 0 ? "" : ",")
                        .append("{\"id\":\"")
                        .append(list)
                        .append('-')
                        .append(i)
                        .append("\",\"size\":1}");
            }
            publisher.media().link().say(text + "]}");
        }
        stage.pass(Stage.MOMENT);
        assertThat(viewer.session().files()).hasSize(256);
        assertThat(viewer.events(FileOffered.class)).hasSize(256);
        assertThat(viewer.events(ProtocolViolation.class)).hasSize(1);
    }
}
