package dev.drawbridge.internal.runtime;

import dev.drawbridge.StreamId;
import dev.drawbridge.Subscription;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.spi.MediaReceiver;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a viewer's pictures and sound to the program's sinks, away from the native threads. One per session: a bounded queue and one
 * daemon thread, started with the first sink. A slow sink costs frames, never memory; sound goes before pictures.
 *
 * <p><b>Thread:</b> every method from any thread, none blocks.
 */
public final class FrameDispatcher implements AutoCloseable {
    public static final int VIDEO_CAPACITY = 4;
    public static final int AUDIO_CAPACITY = 50;
    /** A peer decides how big its pictures are; one alone always may wait. */
    static final long VIDEO_BYTES = 64L << 20;

    /** Sound comes in blocks of 10 ms, so their number is bound enough. */
    private static final long AUDIO_BYTES = Long.MAX_VALUE;

    private static final Logger LOG = LoggerFactory.getLogger(FrameDispatcher.class);
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final Lane<VideoFrame> video;
    private final Lane<AudioFrame> audio;
    private final Object lock = new Object();
    private @Nullable Thread thread; // guarded by lock
    private volatile boolean closed;

    public FrameDispatcher() {
        this(VIDEO_CAPACITY, AUDIO_CAPACITY);
    }

    public FrameDispatcher(int videoCapacity, int audioCapacity) {
        video = new Lane<>(videoCapacity, VIDEO_BYTES, frame -> (long) frame.strideY() * frame.height() * 3 / 2);
        audio = new Lane<>(audioCapacity, AUDIO_BYTES, frame -> 0);
    }

    /** What a viewer lost and got so far. */
    public record Counters(long videoDelivered, long videoDropped, long audioDelivered, long audioDropped) {}

    /** Adds a sink for pictures. Does nothing after close. */
    public Subscription onVideo(BiConsumer<StreamId, VideoFrame> sink) {
        return add(video, sink);
    }

    /** Adds a sink for sound, like {@link #onVideo}. */
    public Subscription onAudio(BiConsumer<StreamId, AudioFrame> sink) {
        return add(audio, sink);
    }

    private <T> Subscription add(Lane<T> lane, BiConsumer<StreamId, T> consumer) {
        Sink<T> sink = new Sink<>(consumer);
        synchronized (lock) {
            if (!closed) {
                lane.sinks.add(sink);
                if (thread == null) {
                    thread = Threads.daemon("drawbridge-frames-" + NUMBERS.incrementAndGet())
                            .newThread(this::run);
                    thread.start();
                }
            }
        }
        return () -> lane.sinks.remove(sink);
    }

    /** Where the connection that carries this stream delivers. A frame that is not wanted because a sink is slow counts as dropped. */
    public MediaReceiver forStream(StreamId stream) {
        return new MediaReceiver() {
            @Override
            public boolean wantsVideo() {
                return wants(video);
            }

            @Override
            public void video(VideoFrame frame) {
                offer(video, stream, frame);
            }

            @Override
            public boolean wantsAudio() {
                return wants(audio);
            }

            @Override
            public void audio(AudioFrame frame) {
                offer(audio, stream, frame);
            }
        };
    }

    private boolean wants(Lane<?> lane) {
        if (closed || lane.sinks.isEmpty()) {
            return false;
        }
        synchronized (lock) {
            boolean room = lane.queue.size() < lane.capacity;
            lane.dropped += room ? 0 : 1;
            return room;
        }
    }

    private <T> void offer(Lane<T> lane, StreamId stream, T frame) {
        synchronized (lock) {
            if (closed || lane.sinks.isEmpty()) {
                return;
            }
            long size = lane.size.applyAsLong(frame);
            if (lane.queue.isEmpty() || (lane.queue.size() < lane.capacity && lane.waiting + size <= lane.maxWaiting)) {
                lane.waiting += size;
                lane.queue.add(new Item<>(stream, frame));
                lock.notifyAll();
            } else {
                lane.dropped++;
            }
        }
    }

    public Counters counters() {
        synchronized (lock) {
            return new Counters(video.delivered, video.dropped, audio.delivered, audio.dropped);
        }
    }

    private void run() {
        while (!closed) {
            try {
                step();
            } catch (InterruptedException e) {
                // Either close() meant it, then the loop ends; or a sink left it behind, then it is of no interest
                // here.
                LOG.trace("interrupted", e);
            }
        }
    }

    private void step() throws InterruptedException {
        Item<AudioFrame> sound;
        Item<VideoFrame> picture = null;
        synchronized (lock) {
            while (audio.queue.isEmpty() && video.queue.isEmpty() && !closed) {
                lock.wait();
            }
            sound = take(audio);
            if (sound == null) {
                picture = take(video);
            }
        }
        if (sound != null) {
            deliver(audio.sinks, sound);
        } else if (picture != null) {
            deliver(video.sinks, picture);
        }
    }

    private static <T> @Nullable Item<T> take(Lane<T> lane) {
        Item<T> item = lane.queue.poll();
        if (item != null) {
            lane.delivered++;
            lane.waiting -= lane.size.applyAsLong(item.frame);
        }
        return item;
    }

    private <T> void deliver(List<Sink<T>> sinks, Item<T> item) {
        for (Sink<T> sink : sinks) {
            if (closed) {
                return;
            }
            try {
                sink.consumer.accept(item.stream, item.frame);
            } catch (Throwable e) { // the program's code; whatever it throws, the next frame comes
                if (sink.complained) {
                    LOG.debug("A sink for frames failed again", e);
                } else {
                    sink.complained = true;
                    LOG.warn("A sink for frames failed; it stays, its further failures are logged at DEBUG", e);
                }
            }
        }
    }

    /** Ends the thread, also when a sink blocks in something that can be interrupted; does not wait for it. Idempotent. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            video.clear();
            audio.clear();
            if (thread != null && thread != Thread.currentThread()) {
                thread.interrupt();
            }
            lock.notifyAll();
        }
    }

    private record Item<T>(StreamId stream, T frame) {}

    private static final class Sink<T> {
        final BiConsumer<StreamId, T> consumer;
        boolean complained; // touched by the one thread alone

        Sink(BiConsumer<StreamId, T> consumer) {
            this.consumer = consumer;
        }
    }

    /** Sinks and waiting frames of one kind; all but the list of sinks guarded by the dispatcher's lock. */
    private static final class Lane<T> {
        final int capacity;
        final long maxWaiting;
        final ToLongFunction<T> size;
        final List<Sink<T>> sinks = new CopyOnWriteArrayList<>();
        final ArrayDeque<Item<T>> queue = new ArrayDeque<>();
        long delivered;
        long dropped;
        long waiting;

        Lane(int capacity, long maxWaiting, ToLongFunction<T> size) {
            this.capacity = capacity;
            this.maxWaiting = maxWaiting;
            this.size = size;
        }

        void clear() {
            sinks.clear();
            queue.clear();
        }
    }
}
