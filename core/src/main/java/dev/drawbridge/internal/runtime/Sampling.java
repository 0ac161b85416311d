package dev.drawbridge.internal.runtime;

import dev.drawbridge.SessionStats;
import dev.drawbridge.Subscription;
import dev.drawbridge.spi.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Asks for the figures again and again, on the session's thread, and tells them to one listener, on the thread of the listeners. */
final class Sampling implements Subscription {
    private static final Logger log = LoggerFactory.getLogger(Sampling.class);

    private final Duration interval;
    private final Scheduler scheduler;
    private final EventHub events;
    private final Supplier<CompletionStage<SessionStats>> figures;
    private final Consumer<? super SessionStats> listener;
    /** Asked and not told yet: who is slow gets the next figures, not a queue of old ones. */
    private final AtomicBoolean busy = new AtomicBoolean();

    private final AtomicBoolean threw = new AtomicBoolean();
    private volatile boolean over;

    Sampling(
            Duration interval,
            Scheduler scheduler,
            EventHub events,
            Supplier<CompletionStage<SessionStats>> figures,
            Consumer<? super SessionStats> listener) {
        this.interval = interval;
        this.scheduler = scheduler;
        this.events = events;
        this.figures = figures;
        this.listener = listener;
    }

    /** Once, and from then on by itself until the scheduler or this is closed. */
    void next() {
        if (over) {
            return;
        }
        scheduler.schedule(interval, this::next);
        if (busy.compareAndSet(false, true)) {
            var unused = figures.get().whenComplete((stats, thrown) -> {
                if (stats == null || !events.call(() -> tell(stats))) {
                    busy.set(false);
                }
            });
        }
    }

    private void tell(SessionStats stats) {
        busy.set(false);
        if (over) {
            return;
        }
        try {
            listener.accept(stats);
        } catch (Throwable thrown) { // a listener's defect is not ours
            log.atLevel(threw.getAndSet(true) ? Level.DEBUG : Level.WARN)
                    .setCause(thrown)
                    .log("A listener threw on figures; from the second time on at DEBUG");
        }
    }

    @Override
    public void close() {
        over = true;
    }
}
