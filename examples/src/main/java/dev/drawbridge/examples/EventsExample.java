package dev.drawbridge.examples;

import dev.drawbridge.CloseReason;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import java.util.function.Consumer;

/** Listens to everything that happens. No media: with {@code &datamode} the two sides exchange data alone. */
public final class EventsExample {
    private EventsExample() {}

    /**
     * Starts the example.
     *
     * @param args options such as {@code push=door&secure&datamode&wss=ws://127.0.0.1:8080}
     */
    public static void main(String[] args) throws SessionException, InterruptedException {
        run(SessionOptions.parse(args[0]), event -> System.out.println(event.at() + " " + event));
    }

    static CloseReason run(SessionOptions options, Consumer<SessionEvent> listener)
            throws SessionException, InterruptedException {
        try (Publisher publisher = Publisher.start(options)) {
            publisher.subscribe(listener); // tells past events first, so none is missed
            publisher.on(Sealed.class, event -> publisher.send("nobody else is listening now"));
            publisher.on(DataReceived.class, event -> publisher.send("thank you for " + event.json()));
            return publisher.awaitClosed();
        }
    }
}
