package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drawbridge.Publisher;
import dev.drawbridge.SendException;
import dev.drawbridge.SendException.Reason;
import dev.drawbridge.Session;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.ChatReceived;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.StreamId;
import dev.drawbridge.Viewer;
import dev.drawbridge.ViewerId;
import dev.drawbridge.testing.Stage.Party;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a program sends, what it hears of it, and what arrives; in virtual time. */
@ExtendWith(LeakGuard.class)
class DataTest {
    private static final String PUBLISH = "push=camera1&password=correct-horse";
    private static final String WATCH = "view=camera1&password=correct-horse";

    private final Stage stage = new Stage();

    @AfterEach
    void everybody_ends() {
        stage.close();
    }

    /** What a session hears, in order. On the thread of its listeners, so it is waited for. */
    private static final class Heard {
        final EventRecorder recorder;

        Heard(Session session) {
            recorder = EventRecorder.of(session);
        }

        List<DataReceived> data(int count) throws InterruptedException {
            recorder.await(DataReceived.class, count);
            return recorder.events(DataReceived.class);
        }
    }

    private static <T> CompletableFuture<T> future(CompletionStage<T> stage) {
        return stage.toCompletableFuture();
    }

    private static SendException failure(CompletionStage<?> stage) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        assertThat(future).isCompletedExceptionally();
        Throwable why = future.handle((some, thrown) -> thrown).join();
        return (SendException) (why instanceof CompletionException ? why.getCause() : why);
    }

    private static Reason reason(CompletionStage<?> stage) {
        return failure(stage).reason();
    }

    private static ViewerId newest(Party<Publisher> publisher) {
        List<ViewerJoined> joined = publisher.events(ViewerJoined.class);
        return joined.get(joined.size() - 1).viewer();
    }

    private static byte[] everyByte() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    // ---- what arrives

    @Test
    void text_json_and_bytes_arrive_as_what_they_are_and_exactly() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        Heard heard = new Heard(viewer.session());
        List<String> texts = List.of("", "a \"b\" \\ \n\u0000\u2028", "Grüße 😀", "half a pair: \ud83d!");
        List<String> values = List.of("null", "false", "0", "[1, {\"a\": \"\\u0000\"}]", "{\"drawbridgeBytes\":1}");
        texts.forEach(text -> publisher.session().send(text));
        values.forEach(json -> publisher.session().sendJson(json));
        publisher.session().send(everyByte());
        publisher.session().send(new byte[0]);
        stage.pass(Stage.MOMENT);

        List<DataReceived> all = heard.data(11);
        assertThat(all.subList(0, 4))
                .extracting(data -> data.text().orElseThrow())
                .isEqualTo(texts);
        assertThat(all.subList(4, 9)).extracting(DataReceived::json).isEqualTo(values);
        assertThat(all.subList(4, 9))
                .allMatch(data -> data.text().isEmpty() && data.bytes().isEmpty());
        assertThat(all.get(9).bytes())
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(everyByte()));
        assertThat(all.get(9).json()).startsWith("{\"drawbridgeBytes\":\"AAEC");
        assertThat(all.get(10).bytes())
                .hasValueSatisfying(bytes -> assertThat(bytes).isEmpty());
        assertThat(all).allMatch(data -> data.from().equals("camera1"));
    }

    @Test
    void chat_arrives_as_one_clean_line_at_both_sides() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        Heard atPublisher = new Heard(publisher.session());
        Heard atViewer = new Heard(viewer.session());
        CompletionStage<Integer> sent = publisher.session().chat("hello\nyou <b>there</b>");
        viewer.media().link().say("{\"chat\":\"" + "<i>x</i>".repeat(300) + "\",\"overlay\":true}");
        viewer.media().link().say("{\"chat\":\"<p></p>\"}");
        viewer.session().chat(StreamId.of("camera1"), "bye");
        stage.pass(Stage.MOMENT);

        assertThat(future(sent)).isCompletedWithValue(1);
        assertThat(publisher.media().link().texts())
                .contains("{\"chat\":\"hello\\nyou <b>there</b>\",\"overlay\":false}");
        ChatReceived down = atViewer.recorder.await(ChatReceived.class);
        assertThat(down.text()).isEqualTo("hello you there");
        assertThat(down.from()).isEqualTo("camera1");
        atPublisher.recorder.await(ChatReceived.class, 2);
        assertThat(atPublisher.recorder.events(ChatReceived.class))
                .extracting(ChatReceived::text)
                .containsExactly("x".repeat(300), "bye");
        assertThat(viewer.session().events()).noneMatch(SessionEvent.ChatReceived.class::isInstance);
    }

    @Test
    void what_is_no_json_is_the_callers_mistake() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        for (String json :
                List.of("", "{", "1 2", "nope", "'a'", "\"a\nb\"", "\"\\'\"", "01", "[".repeat(32) + "]".repeat(32))) {
            assertThatThrownBy(() -> publisher.session().sendJson(json))
                    .as(json)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> publisher.session().chat(" \n")).isInstanceOf(IllegalArgumentException.class);
        assertThat(future(publisher.session().sendJson("[".repeat(31) + "]".repeat(31))))
                .isNotCompletedExceptionally();
    }

    // ---- when it has left

    @Test
    void a_stage_completes_when_the_data_has_left_and_not_before() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        Heard heard = new Heard(viewer.session());
        publisher.media().link().uplink(100_000);
        CompletableFuture<Integer> first = future(publisher.session().send("x".repeat(100_000)));
        CompletableFuture<Integer> second = future(publisher.session().send("y".repeat(100_000)));
        stage.pass(Duration.ofMillis(900));
        assertThat(first).isNotDone();
        stage.pass(Duration.ofMillis(200));
        assertThat(first).isCompletedWithValue(1);
        assertThat(second).isNotDone();
        stage.pass(Duration.ofSeconds(1));
        assertThat(second).isCompletedWithValue(1);
        assertThat(heard.data(2).get(1).text()).contains("y".repeat(100_000));
    }

    @Test
    void much_more_than_may_wait_goes_through_for_who_waits_for_its_stages() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        FakeLink link = publisher.media().link();
        link.uplink(4 << 20);
        List<byte[]> received = new ArrayList<>();
        CompletableFuture<Void> all = new CompletableFuture<>();
        viewer.session().on(DataReceived.class, data -> {
            received.add(data.bytes().orElseThrow());
            if (received.size() == 400) {
                all.complete(null);
            }
        });
        pump(publisher.session(), 0);
        stage.passUntil(() -> link.texts().stream()
                        .filter(text -> text.contains("drawbridgeBytes"))
                        .count()
                == 400);
        stage.pass(Duration.ofSeconds(1));
        all.join();
        for (int i = 0; i < received.size(); i++) {
            assertThat(received.get(i)).hasSize(100_000).startsWith((byte) i, (byte) (i >> 8));
        }
    }

    /** Forty megabytes, the next piece when the one before has left. */
    private static void pump(Session session, int number) {
        if (number < 400) {
            byte[] piece = new byte[100_000];
            piece[0] = (byte) number;
            piece[1] = (byte) (number >> 8);
            session.send(piece).thenRun(() -> pump(session, number + 1));
        }
    }

    @Test
    void what_the_protocol_has_to_say_does_not_wait_behind_the_programs_data() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        publisher.media().link().uplink(500_000);
        for (int i = 0; i < 60; i++) {
            publisher.session().send("x".repeat(100_000));
            stage.pass(Duration.ofMillis(1));
        }
        // 6 MB in front of it would take 12 s.
        viewer.media().link().say("{\"ping\":4711}");
        stage.pass(Duration.ofMillis(3_500));
        assertThat(publisher.media().link().texts()).contains("{\"pong\":4711}");
        stage.pass(Duration.ofSeconds(20));
        assertThat(publisher.story()).noneMatch(line -> line.startsWith("ViewerInterrupted"));
    }

    // ---- to whom

    @Test
    void everybody_is_who_is_there_and_nobody_is_no_failure() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        CompletionStage<Integer> none = publisher.session().send("is anybody there");
        stage.pass(Stage.MOMENT);
        assertThat(future(none)).isCompletedWithValue(0);

        stage.viewer(WATCH);
        stage.viewer(WATCH);
        CompletionStage<Integer> both = publisher.session().send("both of you");
        stage.pass(Stage.MOMENT);
        assertThat(future(both)).isCompletedWithValue(2);
    }

    @Test
    void data_for_one_goes_to_no_other() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> first = stage.viewer(WATCH);
        ViewerId anna = newest(publisher);
        Party<Viewer> second = stage.viewer(WATCH);
        ViewerId bert = newest(publisher);
        Heard atFirst = new Heard(first.session());
        Heard atSecond = new Heard(second.session());
        CompletionStage<Void> sent = publisher.session().send(anna, "anna");
        publisher.session().sendJson(bert, "[1]");
        publisher.session().send(bert, new byte[] {7});
        publisher.session().send("all");
        first.session().send(StreamId.of("camera1"), "to the camera");
        CompletionStage<Void> elsewhere = first.session().send(StreamId.of("camera2"), "to nobody");
        CompletionStage<Void> stranger = publisher.session().send(new ViewerId(1, "of another session"), "x");
        stage.pass(Stage.MOMENT);

        assertThat(future(sent)).isCompleted();
        assertThat(atFirst.data(2)).extracting(DataReceived::json).containsExactly("\"anna\"", "\"all\"");
        assertThat(atSecond.data(3))
                .extracting(DataReceived::json)
                .containsExactly("[1]", "{\"drawbridgeBytes\":\"Bw==\"}", "\"all\"");
        assertThat(reason(elsewhere)).isEqualTo(Reason.NO_SUCH_PEER);
        assertThat(reason(stranger)).isEqualTo(Reason.NO_SUCH_PEER);
    }

    // ---- what does not leave

    @Test
    void what_is_too_big_fails_and_the_channel_lives_on() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        Heard heard = new Heard(viewer.session());
        List<CompletionStage<Integer>> tooBig = List.of(
                publisher.session().send("x".repeat(10_000_000)),
                publisher.session().send("é".repeat(140_000)),
                publisher.session().sendJson("[" + "1,".repeat(140_000) + "1]"),
                publisher.session().send(new byte[196_585]),
                publisher.session().chat("x".repeat(501)));
        CompletionStage<Integer> largest = publisher.session().send(new byte[196_584]);
        stage.pass(Stage.MOMENT);
        assertThat(tooBig).allSatisfy(stage -> assertThat(reason(stage)).isEqualTo(Reason.TOO_BIG));
        assertThat(future(largest)).isCompletedWithValue(1);
        assertThat(heard.data(1).get(0).bytes())
                .hasValueSatisfying(bytes -> assertThat(bytes).hasSize(196_584));
        assertThat(publisher.story()).noneMatch(line -> line.startsWith("ProtocolViolation"));
    }

    @Test
    void one_who_takes_nothing_keeps_nothing_from_the_others_and_is_named() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        stage.viewer(WATCH);
        publisher.media().link().uplink(1);
        Party<Viewer> quick = stage.viewer(WATCH);
        Heard heard = new Heard(quick.session());
        List<CompletableFuture<Integer>> sent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sent.add(future(publisher.session().send("x".repeat(100_000))));
            stage.pass(Duration.ofMillis(1));
        }
        heard.data(100);
        List<CompletableFuture<Integer>> refused =
                sent.stream().filter(CompletableFuture::isDone).toList();
        assertThat(refused).isNotEmpty().allSatisfy(each -> {
            assertThat(reason(each)).isEqualTo(Reason.TOO_MUCH_WAITING);
            assertThat(failure(each).peers()).containsExactly("viewer-1");
        });
    }

    @Test
    void more_than_the_session_can_take_at_once_fails_at_once() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        stage.viewer(WATCH);
        List<CompletableFuture<Integer>> sent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sent.add(future(publisher.session().send("x".repeat(100_000))));
        }
        assertThat(sent.get(99)).isCompletedExceptionally();
        stage.pass(Stage.MOMENT);
        long taken =
                sent.stream().filter(each -> !each.isCompletedExceptionally()).count();
        assertThat(taken).isEqualTo((8 << 20) / 100_258);
        CompletionStage<Integer> next = publisher.session().send("the next");
        stage.pass(Stage.MOMENT);
        assertThat(future(next)).isCompletedWithValue(1);
    }

    @Test
    void who_goes_away_before_it_left_is_none_of_everybody_and_missed_if_it_was_meant_alone() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> leaving = stage.viewer(WATCH);
        ViewerId gone = newest(publisher);
        publisher.media().link().uplink(1_000);
        stage.viewer(WATCH);
        CompletableFuture<Integer> all = future(publisher.session().send("x".repeat(100_000)));
        CompletableFuture<Void> one = future(publisher.session().send(gone, "y"));
        stage.pass(Duration.ofSeconds(1));
        assertThat(all).isNotDone();
        leaving.session().close();
        stage.pass(Duration.ofSeconds(1));
        assertThat(all).isCompletedWithValue(1);
        assertThat(reason(one)).isEqualTo(Reason.PEER_GONE);
        CompletionStage<Void> late = publisher.session().send(gone, "z");
        stage.pass(Stage.MOMENT);
        assertThat(reason(late)).isEqualTo(Reason.NO_SUCH_PEER);
    }

    @Test
    void data_waits_for_a_path_that_is_interrupted() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Party<Viewer> viewer = stage.viewer(WATCH);
        Heard heard = new Heard(viewer.session());
        viewer.media().link().interrupt();
        stage.pass(Duration.ofSeconds(1));
        CompletableFuture<Integer> sent = future(publisher.session().send("later"));
        stage.pass(Duration.ofSeconds(1));
        assertThat(sent).isNotDone();
        viewer.media().link().resume();
        stage.pass(Duration.ofSeconds(1));
        assertThat(sent).isCompletedWithValue(1);
        assertThat(heard.data(1).get(0).text()).contains("later");
    }

    @Test
    void every_stage_is_completed_by_the_end_of_the_session() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&secure");
        stage.viewer(WATCH);
        publisher.media().link().uplink(1);
        List<CompletionStage<Integer>> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiting.add(publisher.session().send("x".repeat(100_000)));
        }
        stage.pass(Duration.ofSeconds(1));
        publisher.session().close();
        CompletionStage<Integer> during = publisher.session().send("during");
        stage.pass(Duration.ofSeconds(2));
        CompletionStage<Integer> after = publisher.session().send("after");
        waiting.addAll(Arrays.asList(during, after));
        stage.pass(Stage.MOMENT);
        assertThat(waiting).allSatisfy(each -> assertThat(reason(each)).isEqualTo(Reason.SESSION_CLOSED));
    }

    @Test
    void data_flows_after_the_seal_as_before() throws Exception {
        Party<Publisher> publisher = stage.publisher(PUBLISH + "&secure");
        Party<Viewer> viewer = stage.viewer(WATCH);
        Heard heard = new Heard(publisher.session());
        Heard back = new Heard(viewer.session());
        assertThat(publisher.story()).endsWith("Sealed viewer-1");
        CompletionStage<Integer> up = viewer.session().send(everyByte());
        CompletionStage<Integer> down = publisher.session().chat("sealed");
        stage.pass(Stage.MOMENT);
        assertThat(future(up)).isCompletedWithValue(1);
        assertThat(future(down)).isCompletedWithValue(1);
        assertThat(heard.data(1).get(0).bytes())
                .hasValueSatisfying(b -> assertThat(b).isEqualTo(everyByte()));
        assertThat(back.recorder.await(ChatReceived.class).text()).isEqualTo("sealed");
    }
}
