package dev.drawbridge.internal.runtime;

import dev.drawbridge.Adjustment;
import dev.drawbridge.FileException;
import dev.drawbridge.FileTransfer;
import dev.drawbridge.LinkStats;
import dev.drawbridge.NetworkContact;
import dev.drawbridge.OfferedFile;
import dev.drawbridge.RemoteFile;
import dev.drawbridge.SendException;
import dev.drawbridge.SendException.Reason;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.ProtocolViolation;
import dev.drawbridge.SessionEvent.Violation;
import dev.drawbridge.SessionState;
import dev.drawbridge.SessionStats;
import dev.drawbridge.SessionStats.Mark;
import dev.drawbridge.Subscription;
import dev.drawbridge.internal.machine.Effect;
import dev.drawbridge.internal.machine.Input;
import dev.drawbridge.internal.machine.Machine;
import dev.drawbridge.internal.machine.Recipient;
import dev.drawbridge.internal.machine.Step;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.MessageTooBigException;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.MediaTransport.SourceListener;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.Scheduler;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The serial loop of one session: takes inputs one after the other, settles the state, then carries out the effects. Inputs that
 * effects cause are posted, never handled inside.
 */
public final class SessionCore<S> {
    private static final Logger log = LoggerFactory.getLogger("dev.drawbridge.session");

    private final String name;
    private final Machine<S> machine;
    private final Scheduler scheduler;
    private final EventHub events;
    private final Marks marks;
    private final Contacts contacts;
    private final LogVolume volume = new LogVolume();
    private final EffectRunner runner;
    private final Backlog unsent = new Backlog(() -> {}); // each stage tells
    private final Deliveries deliveries;
    private final CompletableFuture<Void> announced = new CompletableFuture<>();
    private final CompletableFuture<Closed> closed = new CompletableFuture<>();
    private S state;
    private boolean broken;
    private volatile SessionState phase;

    public SessionCore(Machine<S> machine, SessionSetup setup) {
        this.name = setup.name();
        this.machine = machine;
        this.scheduler = new GuardedScheduler(setup.scheduler(), this::broken);
        this.events = setup.events();
        this.marks = new Marks();
        this.contacts = setup.contacts();
        this.deliveries = setup.deliveries();
        this.runner = new EffectRunner(
                setup.world(scheduler, marks, deliveries), this::handle, event -> told(publish(event)));
        this.state = machine.initial();
        this.phase = SessionState.valueOf(machine.phase(state));
    }

    /** Posts an input. Any thread. */
    public void post(Input input) {
        scheduler.execute(() -> handle(input));
    }

    /**
     * Posts data of the program, unless more waits than can be sent. Any thread.
     *
     * @return to how many it has left, or a {@link SendException}
     */
    public CompletionStage<Integer> send(Recipient to, Message.Data data) {
        int chars = data.characters();
        if (!unsent.admits(chars)) {
            return Deliveries.failed(closed.isDone() ? Reason.SESSION_CLOSED : Reason.TOO_MUCH_WAITING);
        }
        Deliveries.Begun begun = deliveries.begin(to instanceof Recipient.Everybody);
        scheduler.execute(() -> {
            unsent.read(chars);
            handle(new Input.DataAsked(begun.number(), to, data));
        });
        return begun.stage();
    }

    /** Files that are offered and fetched. */
    public OfferedFile offerFile(Path file) throws FileException {
        return runner.files().offer(file);
    }

    public FileTransfer fetch(RemoteFile file, Path directory) {
        return runner.files().fetch(file, directory);
    }

    public List<RemoteFile> files() {
        return runner.files().known();
    }

    /** Has our sound muted, or not any more, and whoever watches told. Any thread. */
    public void muteAudio(boolean muted) {
        scheduler.execute(() -> {
            runner.muteAudio(muted);
            handle(new Input.TellAsked(Recipient.everybody(), new Message.AudioMuted(muted)));
        });
    }

    /** Likewise the picture. */
    public void muteVideo(boolean muted) {
        scheduler.execute(() -> {
            runner.muteVideo(muted);
            handle(new Input.TellAsked(Recipient.everybody(), new Message.VideoMuted(muted)));
        });
    }

    /** Bounds what one viewer gets. Any thread. */
    public void adjust(int link, Adjustment bounds) {
        scheduler.execute(() -> runner.adjust(link, bounds));
    }

    /** Hears of devices that go and come. */
    public SourceListener sourceListener() {
        return runner.sourceListener();
    }

    /** What {@link #send} answers to what is too long for it. */
    public static CompletionStage<Integer> tooBig() {
        return Deliveries.failed(Reason.TOO_BIG);
    }

    /** On the session's thread only. */
    private void handle(Input input) {
        // One for the step and its events, so that nothing seems to come before its cause.
        Instant now = scheduler.now();
        Step<S> step = machine.step(state, input, now);
        SessionState before = phase;
        state = step.state();
        phase = SessionState.valueOf(machine.phase(state));
        log.debug("{} --{}--> {}", before, input.getClass().getSimpleName(), phase);
        mark(input, now);
        for (Effect effect : step.effects()) {
            run(effect);
        }
    }

    /** A step that threw changed nothing, so the session can still end in order; a second time there is nothing more to try. */
    private void broken(Throwable thrown) {
        log.error("A step failed", thrown);
        if (!broken) {
            broken = true;
            post(new Input.EffectFailed("step", thrown.getClass().getSimpleName()));
        }
    }

    private void run(Effect effect) {
        try {
            runner.run(effect);
        } catch (MessageTooBigException tooBig) {
            told(publish(new ProtocolViolation(
                    scheduler.now(),
                    Violation.TOO_BIG,
                    "not sent: " + tooBig.size() + " characters, the limit is " + tooBig.limit())));
        } catch (Throwable thrown) { // whatever it is, the session has to end in order, on this thread
            log.error("An effect failed: {}", effect.getClass().getSimpleName(), thrown);
            post(new Input.EffectFailed(
                    effect.getClass().getSimpleName(), thrown.getClass().getSimpleName()));
        }
        if (effect instanceof Effect.Emit emit) {
            told(emit.event());
        } else if (effect instanceof Effect.Finish) {
            events.finish();
            deliveries.close();
            scheduler.close();
        }
    }

    private SessionEvent publish(SessionEvent event) {
        events.publish(event);
        return event;
    }

    private void told(SessionEvent event) {
        String kind = event.getClass().getSimpleName();
        marks.reached(kind, event.at());
        FlightRecording.told(name, event);
        if (EventHub.said(event)) {
            return;
        }
        switch (volume.of(event)) {
            case INFO -> log.info("{}", EventText.of(event));
            case LAST_INFO -> log.info("{} (more of this kind within the hour at DEBUG)", EventText.of(event));
            case DEBUG -> log.debug("{}", EventText.of(event));
        }
        if (event instanceof SessionEvent.Announced
                || event instanceof SessionEvent.StreamRequested
                || event instanceof SessionEvent.RoomEntered) {
            announced.complete(null);
        } else if (event instanceof Closed end) {
            closed.complete(end); // first, so that whoever waited for the announcement sees that there is none
            announced.complete(null);
        }
    }

    private void mark(Input input, Instant now) {
        if (input instanceof Input.LinkDescribed) {
            marks.reached("described", now);
        } else if (input instanceof Input.LinkChanged change && change.state() == LinkState.CONNECTED) {
            marks.reached("connected", now);
        } else if (input instanceof Input.ChannelOpened) {
            marks.reached("channel open", now);
        } else if (input instanceof Input.MediaBegan) {
            marks.reached("first frame", now);
        }
    }

    public SessionState phase() {
        return phase;
    }

    public List<NetworkContact> network() {
        return contacts.list();
    }

    public List<Mark> marks() {
        return marks.list();
    }

    /** Completes when the session is announced or asking, or has ended before that. */
    public CompletionStage<Void> announced() {
        return announced;
    }

    /** Completes with the last event. */
    public CompletableFuture<Closed> closed() {
        return closed;
    }

    public EventHub events() {
        return events;
    }

    /** Tells the listener the figures in this interval; nothing once the session is over. Any thread. */
    public Subscription sample(Duration interval, Consumer<? super SessionStats> listener) {
        StatsSum sum = new StatsSum();
        Sampling sampling = new Sampling(
                interval,
                scheduler,
                events,
                () -> ask(PeerLink::stats).thenApply(links -> figures(sum, links)),
                listener);
        scheduler.execute(sampling::next);
        return sampling;
    }

    /** Sums up what the links have said. Any thread. */
    public SessionStats figures(StatsSum sum, Map<String, LinkStats> links) {
        SessionStats stats = sum.of(links, marks.list(), scheduler.now());
        FlightRecording.figures(name, stats);
        return stats;
    }

    /**
     * What the live links answer now, by the name of who is at the other end; never completes if the session ends first, so wait with a
     * limit.
     */
    public <T> CompletableFuture<Map<String, T>> ask(Function<PeerLink, CompletionStage<T>> question) {
        CompletableFuture<Map<String, T>> result = new CompletableFuture<>();
        scheduler.execute(() -> runner.ask(question).whenComplete((map, thrown) -> {
            if (thrown == null) {
                result.complete(map);
            } else {
                result.completeExceptionally(thrown);
            }
        }));
        return result;
    }
}
