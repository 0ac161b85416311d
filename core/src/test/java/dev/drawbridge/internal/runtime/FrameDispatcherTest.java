package dev.drawbridge.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.StreamId;
import dev.drawbridge.Subscription;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.spi.MediaReceiver;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameDispatcherTest {
    private static final StreamId CAMERA = StreamId.of("camera1");

    private final FrameDispatcher dispatcher = new FrameDispatcher();
    private final MediaReceiver receiver = dispatcher.forStream(CAMERA);

    @AfterEach
    void close() {
        dispatcher.close();
    }

    @Test
    void nothing_is_wanted_while_there_is_no_sink() {
        assertThat(receiver.wantsVideo()).isFalse();
        assertThat(receiver.wantsAudio()).isFalse();
        receiver.video(picture());
        assertThat(dispatcher.counters()).isEqualTo(new FrameDispatcher.Counters(0, 0, 0, 0));
    }

    @Test
    void frames_arrive_with_their_stream_on_a_thread_of_its_own() throws Exception {
        BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
        dispatcher.onVideo((stream, frame) -> {
            seen.add(stream);
            seen.add(frame);
            seen.add(Thread.currentThread());
        });
        VideoFrame frame = picture();
        assertThat(receiver.wantsVideo()).isTrue();
        assertThat(receiver.wantsAudio()).isFalse();
        receiver.video(frame);
        assertThat(next(seen)).isEqualTo(CAMERA);
        assertThat(next(seen)).isSameAs(frame);
        Thread thread = (Thread) next(seen);
        assertThat(thread.getName()).startsWith("drawbridge-frames-");
        assertThat(thread.isDaemon()).isTrue();

        dispatcher.forStream(StreamId.of("other")).video(frame);
        assertThat(next(seen)).isEqualTo(StreamId.of("other"));
    }

    @Test
    void a_slow_sink_costs_new_frames_with_a_count_and_never_more_than_four_wait() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        BlockingQueue<VideoFrame> seen = new LinkedBlockingQueue<>();
        dispatcher.onVideo((stream, frame) -> {
            busy.countDown();
            await(free);
            seen.add(frame);
        });
        VideoFrame first = picture();
        receiver.video(first);
        await(busy);
        VideoFrame[] waiting = {picture(), picture(), picture(), picture()};
        for (VideoFrame frame : waiting) {
            assertThat(receiver.wantsVideo()).isTrue();
            receiver.video(frame);
        }
        assertThat(receiver.wantsVideo()).isFalse();
        receiver.video(picture());
        assertThat(dispatcher.counters().videoDropped()).isEqualTo(2);

        free.countDown();
        assertThat(next(seen)).isSameAs(first);
        for (VideoFrame frame : waiting) {
            assertThat(next(seen)).isSameAs(frame);
        }
        assertThat(dispatcher.counters().videoDelivered()).isEqualTo(5);
    }

    @Test
    void large_pictures_are_bounded_by_their_bytes_and_one_alone_always_finds_a_place() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        BlockingQueue<VideoFrame> seen = new LinkedBlockingQueue<>();
        dispatcher.onVideo((stream, frame) -> {
            busy.countDown();
            await(free);
            seen.add(frame);
        });
        VideoFrame large = large();
        receiver.video(large);
        await(busy);
        for (int i = 0; i < 3; i++) {
            receiver.video(large);
        }
        assertThat(dispatcher.counters().videoDropped()).isEqualTo(2);
        free.countDown();
        assertThat(next(seen)).isSameAs(large);
        assertThat(next(seen)).isSameAs(large);
        receiver.video(large);
        assertThat(next(seen)).isSameAs(large);
    }

    /** More than half of what may wait, in one plane for all. */
    private static VideoFrame large() {
        int width = 8_192;
        int height = 3_072;
        ByteBuffer plane = ByteBuffer.allocate(width * height);
        return new VideoFrame(width, height, plane, width, plane, width, plane, width, 0, 0);
    }

    @Test
    void sound_goes_before_pictures() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        dispatcher.onVideo((stream, frame) -> {
            busy.countDown();
            await(free);
            seen.add("picture");
        });
        dispatcher.onAudio((stream, frame) -> seen.add("sound"));
        receiver.video(picture());
        await(busy);
        receiver.video(picture());
        receiver.audio(new AudioFrame(new short[480], 48_000, 1));
        free.countDown();
        assertThat(next(seen)).isEqualTo("picture");
        assertThat(next(seen)).isEqualTo("sound");
        assertThat(next(seen)).isEqualTo("picture");
    }

    @Test
    void a_sink_that_throws_harms_neither_the_others_nor_the_next_frame() throws Exception {
        dispatcher.onVideo((stream, frame) -> {
            Thread.currentThread().interrupt();
            throw new AssertionError("on purpose");
        });
        BlockingQueue<VideoFrame> seen = new LinkedBlockingQueue<>();
        dispatcher.onVideo((stream, frame) -> seen.add(frame));
        for (int i = 0; i < 3; i++) {
            VideoFrame frame = picture();
            receiver.video(frame);
            assertThat(next(seen)).isSameAs(frame);
        }
    }

    @Test
    void a_sink_can_be_taken_out() throws Exception {
        BlockingQueue<VideoFrame> gone = new LinkedBlockingQueue<>();
        BlockingQueue<VideoFrame> stays = new LinkedBlockingQueue<>();
        Subscription remove = dispatcher.onVideo((stream, frame) -> gone.add(frame));
        Subscription removeOther = dispatcher.onVideo((stream, frame) -> stays.add(frame));
        remove.close();
        receiver.video(picture());
        assertThat(next(stays)).isNotNull();
        assertThat(gone).isEmpty();
        removeOther.close();
        assertThat(receiver.wantsVideo()).isFalse();
    }

    @Test
    void close_ends_the_thread_even_when_a_sink_blocks() throws Exception {
        CompletableFuture<Thread> blocked = new CompletableFuture<>();
        CountDownLatch never = new CountDownLatch(1);
        dispatcher.onVideo((stream, frame) -> {
            blocked.complete(Thread.currentThread());
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        receiver.video(picture());
        Thread thread = blocked.get(10, TimeUnit.SECONDS);
        dispatcher.close();
        dispatcher.close();
        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
        assertThat(receiver.wantsVideo()).isFalse();
        receiver.video(picture());
        dispatcher.onVideo((stream, frame) -> {});
        assertThat(receiver.wantsVideo()).isFalse();
    }

    @Test
    void close_from_inside_a_sink_ends_the_thread() throws Exception {
        CompletableFuture<Thread> closer = new CompletableFuture<>();
        dispatcher.onVideo((stream, frame) -> {
            dispatcher.close();
            closer.complete(Thread.currentThread());
        });
        receiver.video(picture());
        Thread thread = closer.get(10, TimeUnit.SECONDS);
        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
    }

    private static VideoFrame picture() {
        ByteBuffer plane = ByteBuffer.allocate(4);
        return new VideoFrame(2, 2, plane, 2, plane, 1, plane, 1, 0, 0);
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T item = queue.poll(10, TimeUnit.SECONDS);
        assertThat(item).isNotNull();
        return item;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
