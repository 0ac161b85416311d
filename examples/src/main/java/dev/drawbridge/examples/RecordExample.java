package dev.drawbridge.examples;

import dev.drawbridge.SessionEvent.MediaStarted;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.Viewer;
import dev.drawbridge.media.Recorder;
import dev.drawbridge.media.Recording;
import dev.drawbridge.media.SinkException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

/** Records a stream into a file for a while, and takes a picture of it. */
public final class RecordExample {
    private RecordExample() {}

    /**
     * Starts the example.
     *
     * @param args options such as {@code view=door&wss=ws://127.0.0.1:8080}; a file that ends in {@code .webm}, {@code .mp4} or {@code
     *     .y4m}; how many seconds
     */
    public static void main(String[] args) throws SessionException, SinkException, InterruptedException {
        System.out.println(
                run(SessionOptions.parse(args[0]), Path.of(args[1]), Duration.ofSeconds(Long.parseLong(args[2]))));
    }

    static Recording run(SessionOptions options, Path file, Duration length)
            throws SessionException, SinkException, InterruptedException {
        try (Viewer viewer = Viewer.start(options)) {
            Recorder recorder = viewer.record(file);
            CountDownLatch started = new CountDownLatch(1);
            viewer.on(MediaStarted.class, event -> started.countDown());
            started.await(); // the stream may not be live yet
            var poster = viewer.snapshot(file.resolveSibling(file.getFileName() + ".png"));
            if (viewer.awaitClosed(length).isPresent()) {
                System.err.println("the stream ended before");
            }
            poster.toCompletableFuture().get();
            return recorder.close().toCompletableFuture().get(); // when the file is whole
        } catch (ExecutionException failed) { // its cause is a SinkException, which says what to do
            throw new IllegalStateException(failed.getCause());
        }
    }
}
