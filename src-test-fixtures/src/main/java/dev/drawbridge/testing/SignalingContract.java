package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.spi.SignalingConnection;
import dev.drawbridge.spi.SignalingEnd;
import dev.drawbridge.spi.SignalingTransport;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link SignalingTransport} has to do. Extend it in your tests to check one of your own; the server behind it has
 * to be of the shape {@link Shape#FANOUT}, so that each frame reaches everybody else.
 */
public abstract class SignalingContract {
    private final List<SignalingConnection> opened = new ArrayList<>();

    /** For subclasses. */
    protected SignalingContract() {}

    /** What is to be checked. */
    protected abstract SignalingTransport transport();

    /** Where the server is. */
    protected abstract URI server();

    /** An address where nobody answers. */
    protected abstract URI nowhere();

    /** Makes the server send a frame to everybody. */
    protected abstract void serverSays(String frame);

    /** Makes the server end every connection properly. */
    protected abstract void serverSaysGoodbye();

    /** Makes the network connections break. */
    protected abstract void networkBreaks();

    /** Makes the server answer nothing any more, not even a goodbye. */
    protected abstract void serverStopsAnswering();

    /** Called again and again while a test waits: the place to let virtual time pass. Does nothing if not overridden. */
    protected void turn() {}

    @AfterEach
    void close_what_is_left() {
        opened.forEach(SignalingConnection::cancel);
    }

    private SignalingConnection open(URI server, SignalingRecorder recorder) {
        SignalingConnection connection = transport().open(server, recorder);
        opened.add(connection);
        return connection;
    }

    private SignalingConnection openAndWait(SignalingRecorder recorder) throws InterruptedException {
        SignalingConnection connection = open(server(), recorder);
        await(recorder, r -> r.openings() == 1);
        return connection;
    }

    private void await(SignalingRecorder recorder, Predicate<SignalingRecorder> wanted) throws InterruptedException {
        turn();
        assertThat(recorder.await(wanted))
                .as("frames %d, end %s", recorder.frames().size(), recorder.end())
                .isTrue();
    }

    private SignalingEnd.Kind awaitEnd(SignalingRecorder recorder) throws InterruptedException {
        await(recorder, r -> r.end().isPresent());
        turn();
        assertThat(recorder.breaches()).isEmpty();
        return recorder.end().orElseThrow().kind();
    }

    @Test
    void frames_reach_the_other_side_whole_and_in_order() throws InterruptedException {
        SignalingRecorder left = new SignalingRecorder();
        SignalingRecorder right = new SignalingRecorder();
        SignalingConnection from = openAndWait(left);
        openAndWait(right);
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String frame = "{\"from\":\"a\",\"n\":" + i + ",\"text\":\"" + "é€😀".repeat(i) + "\"}";
            sent.add(frame);
            assertThat(from.send(frame)).isTrue();
        }
        await(right, r -> r.frames().size() == sent.size());
        assertThat(right.frames()).isEqualTo(sent);
        assertThat(left.frames()).isEmpty();
        assertThat(right.breaches()).isEmpty();
    }

    @Test
    void nothing_can_be_sent_before_it_is_open_or_after_its_end() throws InterruptedException {
        SignalingRecorder recorder = new SignalingRecorder();
        SignalingConnection lost = open(nowhere(), recorder);
        assertThat(lost.send("{}")).isFalse();
        awaitEnd(recorder);
        assertThat(lost.send("{}")).isFalse();
    }

    @Test
    void close_ends_it_once() throws InterruptedException {
        SignalingRecorder recorder = new SignalingRecorder();
        SignalingConnection connection = openAndWait(recorder);
        recorder.close(connection);
        connection.close();
        assertThat(connection.send("{}")).isFalse();
        assertThat(awaitEnd(recorder)).isEqualTo(SignalingEnd.Kind.CLOSED_BY_US);
        connection.close();
        connection.cancel();
        assertThat(awaitEnd(recorder)).isEqualTo(SignalingEnd.Kind.CLOSED_BY_US);
    }

    @Test
    void cancel_ends_it_once() throws InterruptedException {
        SignalingRecorder recorder = new SignalingRecorder();
        SignalingConnection connection = openAndWait(recorder);
        connection.cancel();
        connection.close();
        assertThat(awaitEnd(recorder)).isEqualTo(SignalingEnd.Kind.CLOSED_BY_US);
    }

    @Test
    void closing_before_it_is_open_ends_it_without_opening() throws InterruptedException {
        SignalingRecorder recorder = new SignalingRecorder();
        SignalingConnection connection = open(server(), recorder);
        connection.close();
        int openings = recorder.openings();
        assertThat(awaitEnd(recorder)).isEqualTo(SignalingEnd.Kind.CLOSED_BY_US);
        assertThat(recorder.openings()).isEqualTo(openings);
    }

    @Test
    void closing_from_inside_the_listener_is_allowed() throws InterruptedException {
        CompletableFuture<SignalingConnection> connection = new CompletableFuture<>();
        SignalingRecorder recorder = new SignalingRecorder() {
            @Override
            void onReceived(String frame) {
                connection.join().close();
            }
        };
        connection.complete(openAndWait(recorder));
        for (int i = 0; i < 20; i++) {
            serverSays("{\"n\":" + i + "}");
        }
        assertThat(awaitEnd(recorder)).isEqualTo(SignalingEnd.Kind.CLOSED_BY_US);
        assertThat(recorder.frames()).hasSize(1);
    }

    @Test
    void nothing_is_received_after_close_returned() throws InterruptedException {
        SignalingRecorder recorder = new SignalingRecorder();
        SignalingConnection connection = openAndWait(recorder);
        serverSays("{\"n\":0}");
        await(recorder, r -> !r.frames().isEmpty());
        for (int i = 1; i < 50; i++) {
            serverSays("{\"n\":" + i + "}");
        }
        recorder.close(connection);
        for (int i = 50; i < 100; i++) {
            serverSays("{\"n\":" + i + "}");
        }
        assertThat(awaitEnd(recorder)).isEqualTo(SignalingEnd.Kind.CLOSED_BY_US);
    }

    @Test
    void a_server_that_does_not_answer_holds_nobody() throws InterruptedException {
        SignalingRecorder recorder = new SignalingRecorder();
        SignalingConnection connection = openAndWait(recorder);
        serverStopsAnswering();
        recorder.close(connection);
        assertThat(awaitEnd(recorder)).isEqualTo(SignalingEnd.Kind.CLOSED_BY_US);
    }

    @Test
    void a_look_at_a_connection_that_stands_changes_nothing() throws InterruptedException {
        SignalingRecorder recorder = new SignalingRecorder();
        SignalingConnection connection = openAndWait(recorder);
        connection.check();
        serverSays("{\"n\":1}");
        await(recorder, r -> r.frames().size() == 1);
        assertThat(connection.send("{}")).isTrue();
        recorder.close(connection);
        connection.check();
        assertThat(awaitEnd(recorder)).isEqualTo(SignalingEnd.Kind.CLOSED_BY_US);
    }

    @Test
    void however_often_a_look_is_asked_for_few_threads_take_it() throws InterruptedException {
        SignalingRecorder recorder = new SignalingRecorder();
        SignalingConnection connection = openAndWait(recorder);
        int before = Thread.getAllStackTraces().size();
        for (int i = 0; i < 2_000; i++) {
            connection.check();
        }
        assertThat(Thread.getAllStackTraces()).hasSizeLessThan(before + 15);
        recorder.close(connection);
        assertThat(awaitEnd(recorder)).isEqualTo(SignalingEnd.Kind.CLOSED_BY_US);
    }

    @Test
    void a_goodbye_of_the_server_ends_it() throws InterruptedException {
        SignalingRecorder recorder = new SignalingRecorder();
        SignalingConnection connection = openAndWait(recorder);
        serverSaysGoodbye();
        assertThat(awaitEnd(recorder)).isEqualTo(SignalingEnd.Kind.CLOSED_BY_SERVER);
        assertThat(connection.send("{}")).isFalse();
    }

    @Test
    void a_broken_network_ends_it() throws InterruptedException {
        SignalingRecorder recorder = new SignalingRecorder();
        openAndWait(recorder);
        networkBreaks();
        assertThat(awaitEnd(recorder)).isEqualTo(SignalingEnd.Kind.LOST);
    }

    @Test
    void where_nobody_answers_it_ends_without_opening() throws InterruptedException {
        SignalingRecorder recorder = new SignalingRecorder();
        open(nowhere(), recorder);
        assertThat(awaitEnd(recorder)).isEqualTo(SignalingEnd.Kind.UNREACHABLE);
        assertThat(recorder.openings()).isZero();
    }

    @Test
    void an_address_that_cannot_be_used_ends_it_like_a_failure() throws InterruptedException {
        SignalingRecorder recorder = new SignalingRecorder();
        open(URI.create("mailto:somebody"), recorder);
        assertThat(awaitEnd(recorder)).isEqualTo(SignalingEnd.Kind.UNREACHABLE);
    }

    @Test
    void a_listener_that_throws_does_no_harm() throws InterruptedException {
        SignalingRecorder recorder = new SignalingRecorder() {
            @Override
            void onOpened() {
                throw new IllegalStateException("on purpose");
            }

            @Override
            void onReceived(String frame) {
                throw new AssertionError("on purpose");
            }
        };
        SignalingConnection connection = openAndWait(recorder);
        serverSays("{\"n\":1}");
        serverSays("{\"n\":2}");
        await(recorder, r -> r.frames().size() == 2);
        recorder.close(connection);
        assertThat(awaitEnd(recorder)).isEqualTo(SignalingEnd.Kind.CLOSED_BY_US);
    }
}
