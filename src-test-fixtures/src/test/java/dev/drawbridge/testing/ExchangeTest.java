package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drawbridge.Exchange;
import dev.drawbridge.Exchange.ChannelMessage;
import dev.drawbridge.Publisher;
import dev.drawbridge.RequestException;
import dev.drawbridge.RequestException.Reason;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.Subscription;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.Stage.Party;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Channels and requests between programs. */
@ExtendWith(LeakGuard.class)
class ExchangeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Stage stage = new Stage();

    @AfterEach
    void everybody_ends() {
        stage.close();
    }

    /** Listeners have a thread of their own, and what they say waits for the clock. */
    private <T> T result(CompletionStage<T> awaited) throws Exception {
        CompletableFuture<T> future = awaited.toCompletableFuture();
        for (int i = 0; i < 500; i++) {
            stage.pass(Duration.ofMillis(20));
            try {
                return future.get(10, TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                // once more
            }
        }
        throw new AssertionError("nothing came");
    }

    private Reason failure(CompletionStage<?> awaited) throws Exception {
        Throwable thrown = result(awaited.handle((some, why) -> why));
        return ((RequestException) (thrown instanceof CompletionException ? thrown.getCause() : thrown)).reason();
    }

    /** What was heard next. */
    private <T> T next(BlockingQueue<T> heard) throws Exception {
        return result(CompletableFuture.supplyAsync(() -> {
            try {
                return heard.poll(10, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }));
    }

    /** Whatever was said before has been heard when this returns. */
    private void settle(Exchange asking, String peer, Exchange asked) throws Exception {
        Subscription echo = asked.respond("echo", request -> CompletableFuture.completedStage(request.json()));
        assertThat(result(asking.request(peer, "echo", "[1,2]", PATIENCE))).isEqualTo("[1,2]");
        echo.close();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void messages_go_both_ways_to_those_who_have_subscribed(Shape shape) throws Exception {
        stage = new Stage(shape);
        Party<Publisher> publisher = stage.publisher("push=camera1&secure");
        Exchange ours = Exchange.over(publisher.session());
        Party<Viewer> viewer = stage.viewer("view=camera1");
        Exchange theirs = Exchange.over(viewer.session());
        BlockingQueue<ChannelMessage> heard = new LinkedBlockingQueue<>();
        Subscription lights = theirs.subscribe("lights", heard::add);
        ours.subscribe("buttons", heard::add);

        assertThat(result(ours.publish("doors", "1"))).isEqualTo(1);
        ours.publish("lights", "{\"on\":true}");
        assertThat(next(heard)).isEqualTo(new ChannelMessage("camera1", "lights", "{\"on\":true}"));
        theirs.publish("buttons", "[\"a\"]");
        assertThat(next(heard)).isEqualTo(new ChannelMessage("viewer-1", "buttons", "[\"a\"]"));

        lights.close();
        lights.close();
        ours.publish("lights", "false");
        settle(ours, "viewer-1", theirs);
        assertThat(heard).isEmpty();
    }

    @Test
    void a_request_is_answered_now_or_later_or_fails_with_what_the_other_side_says() throws Exception {
        Party<Publisher> publisher = stage.publisher("push=camera1");
        Party<Viewer> viewer = stage.viewer("view=camera1");
        Exchange ours = Exchange.over(publisher.session());
        Exchange theirs = Exchange.over(viewer.session());
        CompletableFuture<String> later = new CompletableFuture<>();
        theirs.respond("later", request -> later);
        theirs.respond("throws", request -> {
            throw new IllegalStateException("no <lamp> here");
        });
        theirs.respond("null", request -> null);
        theirs.respond("nonsense", request -> CompletableFuture.completedStage("{"));
        ours.respond("who", request -> CompletableFuture.completedStage("\"" + request.from() + "\""));

        CompletionStage<String> waiting = ours.request("viewer-1", "later", "null", PATIENCE);
        settle(ours, "viewer-1", theirs);
        assertThat(waiting.toCompletableFuture()).isNotDone();
        later.complete("7");
        assertThat(result(waiting)).isEqualTo("7");
        assertThat(result(theirs.request("camera1", "who", "1", PATIENCE))).isEqualTo("\"viewer-1\"");

        assertThatThrownBy(() -> result(ours.request("viewer-1", "throws", "1", PATIENCE)))
                .hasRootCauseInstanceOf(RequestException.class)
                .hasMessageContaining("no");
        assertThat(failure(ours.request("viewer-1", "throws", "1", PATIENCE))).isEqualTo(Reason.FAILED);
        assertThat(failure(ours.request("viewer-1", "null", "1", PATIENCE))).isEqualTo(Reason.FAILED);
        assertThat(failure(ours.request("viewer-1", "nonsense", "1", PATIENCE))).isEqualTo(Reason.FAILED);
    }

    @Test
    void a_request_always_ends() throws Exception {
        Party<Publisher> publisher = stage.publisher("push=camera1");
        Party<Viewer> viewer = stage.viewer("view=camera1");
        Exchange ours = Exchange.over(publisher.session());

        assertThat(failure(ours.request("viewer-2", "t", "1", PATIENCE))).isEqualTo(Reason.NOT_SENT);
        assertThat(failure(ours.request("viewer-1", "unknown", "1", Duration.ofMillis(30))))
                .isEqualTo(Reason.NO_RESPONSE);

        CompletionStage<String> leaving = ours.request("viewer-1", "unknown", "1", PATIENCE);
        stage.pass(Stage.MOMENT);
        viewer.session().close();
        assertThat(failure(leaving)).isEqualTo(Reason.PEER_GONE);

        stage.viewer("view=camera1");
        CompletionStage<String> closing = ours.request("viewer-2", "unknown", "1", PATIENCE);
        stage.pass(Stage.MOMENT);
        ours.close();
        assertThat(failure(closing)).isEqualTo(Reason.CLOSED);
    }

    @Test
    void who_was_not_asked_cannot_answer() throws Exception {
        Party<Publisher> publisher = stage.publisher("push=camera1");
        Exchange ours = Exchange.over(publisher.session());
        Party<Viewer> asked = stage.viewer("view=camera1");
        Party<Viewer> other = stage.viewer("view=camera1");
        BlockingQueue<String> data = new LinkedBlockingQueue<>();
        asked.session().on(DataReceived.class, received -> data.add(received.json()));
        CompletionStage<String> response = ours.request("viewer-1", "t", "1", PATIENCE);
        String id = next(data).replaceAll(".*\"requestId\":\"([^\"]*)\".*", "$1");

        String answer = "{\"type\":\"response\",\"requestId\":\"" + id + "\",\"data\":%d}";
        other.session().sendJson(answer.formatted(1));
        settle(ours, "viewer-2", Exchange.over(other.session()));
        asked.session().sendJson(answer.formatted(2));
        assertThat(result(response)).isEqualTo("2");
    }

    @Test
    void a_thousand_requests_wait_and_no_more() throws Exception {
        Party<Publisher> publisher = stage.publisher("push=camera1");
        stage.viewer("view=camera1");
        Exchange ours = Exchange.over(publisher.session());
        for (int i = 0; i < 1_024; i++) {
            var unused = ours.request("viewer-1", "t", "1", PATIENCE);
        }
        assertThat(failure(ours.request("viewer-1", "t", "1", PATIENCE))).isEqualTo(Reason.TOO_MANY);
        ours.close();
    }

    @Test
    void what_cannot_be_carried_is_the_callers_mistake() throws Exception {
        Exchange ours = Exchange.over(stage.publisher("push=camera1").session());
        assertThatThrownBy(() -> ours.publish("c", "{")).hasMessageContaining("not one JSON value");
        assertThatThrownBy(() -> ours.publish("", "1")).hasMessageContaining("a channel of 0 characters");
        assertThatThrownBy(() -> ours.subscribe("x".repeat(129), message -> {})).hasMessageContaining("1 to 128");
        assertThatThrownBy(() -> ours.respond("x".repeat(129), request -> null)).hasMessageContaining("a type");
        assertThatThrownBy(() -> ours.request("p", "t", "1", Duration.ZERO)).hasMessageContaining("patience");
        assertThatThrownBy(() -> ours.request("p", "t", "1 2", PATIENCE)).hasMessageContaining("JSON");
    }
}
