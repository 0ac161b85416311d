package dev.drawbridge.examples;

import dev.drawbridge.FileException;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.FileOffered;
import dev.drawbridge.SessionEvent.FileSent;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.Viewer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

/** Hands one file to one viewer, or gets it. With {@code &secure} nobody but the two ever knows more than that they met. */
public final class FileExample {
    private FileExample() {}

    /**
     * Starts the example: with {@code push=…} it offers a file, with {@code view=…} it fetches what is offered.
     *
     * @param args options such as {@code push=desk&secure&datamode&wss=ws://127.0.0.1:8080}; a file, or a directory to put one into
     */
    public static void main(String[] args) throws SessionException, FileException, InterruptedException {
        SessionOptions options = SessionOptions.parse(args[0]);
        if (options.push().isPresent()) {
            offer(options, Path.of(args[1]));
        } else {
            System.out.println(fetch(options, Path.of(args[1])));
        }
    }

    static void offer(SessionOptions options, Path file) throws SessionException, FileException, InterruptedException {
        try (Publisher publisher = Publisher.start(options)) {
            CountDownLatch over = new CountDownLatch(1);
            publisher.on(FileSent.class, event -> over.countDown());
            publisher.on(Closed.class, event -> over.countDown()); // who has all may leave before it is thanked
            publisher.offerFile(file);
            over.await();
        }
    }

    static Path fetch(SessionOptions options, Path directory) throws SessionException, InterruptedException {
        try (Viewer viewer = Viewer.builder(options).takeFiles().start()) {
            CompletableFuture<CompletionStage<Path>> first = new CompletableFuture<>();
            viewer.on(
                    FileOffered.class,
                    event ->
                            first.complete(viewer.fetch(event.file(), directory).done()));
            return first.thenCompose(done -> done).get();
        } catch (ExecutionException failed) { // its cause is a FileException, which says why
            throw new IllegalStateException(failed.getCause());
        }
    }
}
