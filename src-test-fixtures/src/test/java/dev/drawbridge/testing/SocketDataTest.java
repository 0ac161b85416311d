package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Exchange;
import dev.drawbridge.Exchange.ChannelMessage;
import dev.drawbridge.FileTransfer;
import dev.drawbridge.Publisher;
import dev.drawbridge.RequestException;
import dev.drawbridge.SendException;
import dev.drawbridge.SessionBuilder;
import dev.drawbridge.SessionEvent.ChatReceived;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.FileOffered;
import dev.drawbridge.SessionEvent.FileSent;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionState;
import dev.drawbridge.StreamId;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.SocketStage.Party;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Data, chat, the layers above it, and files, with the embedded server in each of its shapes. */
class SocketDataTest {
    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(60));

    private static final StreamId STREAM = StreamId.of("camera1");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path ours;

    @TempDir
    Path theirs;

    /** A publisher that sealed itself, which leaves the data channel alone. */
    private static Party<Publisher> sealed(SocketStage stage, Party<Publisher> publisher) {
        stage.until("sealed", () -> publisher.session().state() == SessionState.SEALED);
        stage.until("its connection ended", () -> stage.server.connections() == 1);
        return publisher;
    }

    private static Throwable failure(SocketStage stage, CompletionStage<?> awaited) {
        Throwable thrown = stage.answer(awaited.handle((some, why) -> why));
        return thrown.getCause() == null ? thrown : thrown.getCause();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void data_and_chat_arrive_exactly_in_order_and_as_fast_as_the_path_is(Shape shape) throws Exception {
        try (SocketStage stage = new SocketStage(shape)) {
            Party<Publisher> publisher = stage.publisher("push=camera1&secure");
            Party<Viewer> viewer = stage.watching("view=camera1", "camera1");
            sealed(stage, publisher);
            byte[] bytes = {0, 1, -1, 127, -128};
            Publisher sends = publisher.session();
            assertThat(stage.answer(sends.send("Grüße 😀"))).isEqualTo(1);
            stage.answer(sends.sendJson("{\"a\":[1,null]}"));
            stage.answer(sends.send(bytes));
            stage.answer(sends.chat("hello"));
            stage.answer(sends.send(publisher.event(ViewerJoined.class).viewer(), "to one"));
            stage.until(
                    "all of it", () -> viewer.heard().events(DataReceived.class).size() == 4);
            List<DataReceived> data = viewer.heard().events(DataReceived.class);
            assertThat(data.get(0).text()).contains("Grüße 😀");
            assertThat(data.get(1).json()).isEqualTo("{\"a\":[1,null]}");
            assertThat(data.get(2).bytes().orElseThrow()).isEqualTo(bytes);
            assertThat(data.get(3).text()).contains("to one");
            assertThat(viewer.heard().events(ChatReceived.class))
                    .extracting(ChatReceived::text)
                    .containsExactly("hello");
            viewer.session().send("up");
            stage.answer(viewer.session().chat(STREAM, "and up"));
            stage.until(
                    "both", () -> !publisher.heard().events(ChatReceived.class).isEmpty());
            assertThat(publisher.heard().events(DataReceived.class).get(0).from())
                    .isEqualTo("viewer-1");

            assertThat(failure(stage, sends.send("x".repeat(300_000))))
                    .isInstanceOfSatisfying(
                            SendException.class, e -> assertThat(e.reason()).isEqualTo(SendException.Reason.TOO_BIG));
            publisher.media().link().uplink(1 << 20);
            List<CompletableFuture<Integer>> waiting = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                waiting.add(sends.send("y".repeat(100_000)).toCompletableFuture());
            }
            stage.until("the first ones have left", () -> waiting.get(1).isDone());
            assertThat(waiting.get(29)).as("three times the high water").isNotDone();
            assertThat(publisher.said("{'pipe':'yyy")).hasSizeLessThan(16);
            stage.time.advance(Duration.ofSeconds(4));
            stage.answer(waiting.get(29));
            stage.until(
                    "they arrived",
                    () -> viewer.heard().events(DataReceived.class).size() == 34);
            assertThat(stage.answer(sends.send("after"))).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void channels_and_requests_go_both_ways(Shape shape) throws Exception {
        try (SocketStage stage = new SocketStage(shape)) {
            Party<Publisher> publisher = stage.publisher("push=camera1&secure");
            Party<Viewer> viewer = stage.watching("view=camera1", "camera1");
            sealed(stage, publisher);
            List<ChannelMessage> heard = new CopyOnWriteArrayList<>();
            try (Exchange down = Exchange.over(publisher.session());
                    Exchange up = Exchange.over(viewer.session())) {
                up.subscribe("lights", heard::add);
                down.subscribe("buttons", heard::add);
                stage.answer(down.publish("doors", "0"));
                stage.answer(down.publish("lights", "1"));
                stage.answer(up.publish("buttons", "2"));
                stage.until("two of three", () -> heard.size() == 2);
                assertThat(heard)
                        .containsExactlyInAnyOrder(
                                new ChannelMessage("camera1", "lights", "1"),
                                new ChannelMessage("viewer-1", "buttons", "2"));
                up.respond("twice", request -> CompletableFuture.completedStage("[1," + request.json() + "]"));
                down.respond(
                        "never", request -> CompletableFuture.failedStage(new IllegalStateException("on purpose")));
                assertThat(stage.answer(down.request("viewer-1", "twice", "2", PATIENCE)))
                        .isEqualTo("[1,2]");
                assertThat(failure(stage, up.request("camera1", "never", "2", PATIENCE)))
                        .isInstanceOfSatisfying(RequestException.class, e -> assertThat(e.reason())
                                .isEqualTo(RequestException.Reason.FAILED));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void files_go_both_ways_after_the_seal(Shape shape) throws Exception {
        try (SocketStage stage = new SocketStage(shape)) {
            Party<Publisher> publisher = stage.publisher("push=camera1&secure", SessionBuilder::takeFiles);
            Party<Viewer> viewer = stage.viewer("view=camera1", SessionBuilder::takeFiles);
            sealed(stage, publisher);
            int log = stage.server.log().size();
            byte[] content = new byte[200_000];
            new Random(1).nextBytes(content);
            for (boolean down : new boolean[] {true, false}) {
                Party<?> holder = down ? publisher : viewer;
                Party<?> asker = down ? viewer : publisher;
                Path file = Files.write(ours.resolve(down ? "down.bin" : "up.bin"), content);
                holder.session().offerFile(file);
                stage.until("an offer", () -> !asker.events(FileOffered.class).isEmpty());
                FileTransfer transfer =
                        asker.session().fetch(asker.event(FileOffered.class).file(), theirs);
                assertThat(stage.answer(transfer.done())).hasSameBinaryContentAs(file);
                assertThat(transfer.bytes()).isEqualTo(content.length);
                stage.until("sent", () -> !holder.events(FileSent.class).isEmpty());
            }
            assertThat(stage.server.log()).hasSize(log);
        }
    }
}
