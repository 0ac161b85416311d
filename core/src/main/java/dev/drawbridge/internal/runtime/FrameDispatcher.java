package dev.drawbridge.internal.runtime;

import dev.drawbridge.StreamId;
import dev.drawbridge.Subscription;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.spi.MediaReceiver;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** Hands decoded frames to sinks on a thread of its own. */
public final class FrameDispatcher {
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(50), Threads.daemon("drawbridge-frames"));
    private final List<BiConsumer<StreamId, VideoFrame>> video = new CopyOnWriteArrayList<>();
    private final List<BiConsumer<StreamId, AudioFrame>> audio = new CopyOnWriteArrayList<>();

    public FrameDispatcher() {
        thread.setRejectedExecutionHandler((task, executor) -> {});
        thread.allowCoreThreadTimeOut(true);
    }

    public MediaReceiver forStream(StreamId stream) {
        return new MediaReceiver() {
            @Override
            public boolean wantsVideo() {
                return !video.isEmpty() && thread.getQueue().size() < 4;
            }

            @Override
            public void video(VideoFrame frame) {
                thread.execute(() -> video.forEach(sink -> sink.accept(stream, frame)));
            }

            @Override
            public boolean wantsAudio() {
                return !audio.isEmpty();
            }

            @Override
            public void audio(AudioFrame frame) {
                thread.execute(() -> audio.forEach(sink -> sink.accept(stream, frame)));
            }
        };
    }

    public Subscription onVideo(BiConsumer<StreamId, VideoFrame> sink) {
        video.add(sink);
        return () -> video.remove(sink);
    }

    public Subscription onAudio(BiConsumer<StreamId, AudioFrame> sink) {
        audio.add(sink);
        return () -> audio.remove(sink);
    }

    public void close() {
        thread.shutdownNow();
    }
}
