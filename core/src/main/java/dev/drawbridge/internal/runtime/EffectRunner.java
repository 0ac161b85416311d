package dev.drawbridge.internal.runtime;

import dev.drawbridge.Adjustment;
import dev.drawbridge.LinkStats;
import dev.drawbridge.NetworkContact.Purpose;
import dev.drawbridge.NetworkPolicy;
import dev.drawbridge.RemoteControl;
import dev.drawbridge.SendException;
import dev.drawbridge.SendException.Reason;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.MediaKind;
import dev.drawbridge.SessionEvent.ProtocolViolation;
import dev.drawbridge.SessionEvent.SourceLost;
import dev.drawbridge.SessionEvent.SourceRestored;
import dev.drawbridge.SessionEvent.Violation;
import dev.drawbridge.StreamId;
import dev.drawbridge.ViewerApproval;
import dev.drawbridge.internal.ice.PathPolicy;
import dev.drawbridge.internal.machine.Effect;
import dev.drawbridge.internal.machine.Input;
import dev.drawbridge.internal.machine.Timer;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.MessageTooBigException;
import dev.drawbridge.internal.wire.Received;
import dev.drawbridge.internal.wire.WireCodec;
import dev.drawbridge.spi.IceServer;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.spi.MediaTransport.SourceListener;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.Scheduler;
import dev.drawbridge.spi.SignalingConnection;
import dev.drawbridge.spi.SignalingEnd;
import dev.drawbridge.spi.SignalingListener;
import dev.drawbridge.spi.SignalingTransport;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Carries out what a machine orders. Everything here runs on the session's thread; what comes back is posted there. */
final class EffectRunner {
    private static final Logger log = LoggerFactory.getLogger(EffectRunner.class);

    private final World world;
    private final Consumer<Input> inbox;
    private final Map<Timer, Scheduler.Cancellable> timers = new HashMap<>();
    private final Map<Integer, LinkHost> links = new LinkedHashMap<>();
    private final IceServers servers;
    private final FileDesk files;
    private WireCodec codec;
    private @Nullable SignalingConnection socket;
    private int generation;
    private boolean ending;
    private boolean audioMuted;
    private boolean videoMuted;
    private final Consumer<SessionEvent> teller;
    private final AtomicBoolean approvalThrew = new AtomicBoolean();
    private final Set<RemoteControl.Request> undecided = new HashSet<>();
    private final AtomicBoolean controlThrew = new AtomicBoolean();

    /**
     * Everything around a session.
     *
     * @param codecs makes a codec with an identity of its own, one for each socket
     * @param settings of a link for a viewer's stream; a publisher's have none
     * @param zone where we are, in minutes west of UTC
     * @param mediaReady no announcement before it is complete
     * @param aside where a call that takes its time does not hold up the session
     * @param approvals where the program is asked
     * @param deliveries what the program waits for to be sent
     * @param files what the program wants of files
     */
    record World(
            URI server,
            SignalingTransport signaling,
            MediaTransport media,
            Scheduler scheduler,
            EventHub events,
            Supplier<WireCodec> codecs,
            PathPolicy paths,
            BiFunction<Optional<StreamId>, List<IceServer>, LinkSettings> settings,
            NetworkPolicy network,
            int zone,
            Contacts contacts,
            Optional<ViewerApproval> approval,
            Optional<RemoteControl> control,
            CompletableFuture<Void> mediaReady,
            Executor aside,
            Executor approvals,
            RandomGenerator chance,
            Marks marks,
            Deliveries deliveries,
            FileDesk.Rules files) {}

    /** @param teller of what no machine orders */
    EffectRunner(World world, Consumer<Input> inbox, Consumer<SessionEvent> teller) {
        this.world = world;
        this.inbox = inbox;
        this.teller = teller;
        servers = new IceServers(
                world.network(), world.signaling(), world.scheduler(), world.zone(), world.contacts(), teller);
        codec = world.codecs().get();
        files = new FileDesk(world.files(), world.scheduler(), this::tell, teller, task -> world.events()
                .call(task));
    }

    FileDesk files() {
        return files;
    }

    /** Of files, whose lists are bounded below what a message may be. */
    private void tell(int link, Message message) {
        try {
            if (links.containsKey(link)) {
                tell(link, codec.writeChannel(message));
            }
        } catch (MessageTooBigException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** @throws MessageTooBigException if the peer or the server would drop it; nothing was sent */
    void run(Effect effect) throws MessageTooBigException {
        if (effect instanceof Effect.SendChannel send) {
            tell(send.link(), codec.writeChannel(asThingsStand(send.message())));
        } else if (effect instanceof Effect.SendSignal send) {
            if (socket != null && send.generation() == generation) {
                socket.send(codec.writeSignal(send.to(), send.message()));
            }
        } else if (effect instanceof Effect.Emit emit) {
            emit(emit.event());
        } else if (effect instanceof Effect.StartTimer start) {
            start(start);
        } else if (effect instanceof Effect.CancelTimer cancel) {
            cancel(cancel.timer());
        } else if (effect instanceof Effect.OpenSocket open) {
            openSocket(open.generation());
        } else if (effect instanceof Effect.CloseSocket close) {
            closeSocket(close.generation());
        } else if (effect instanceof Effect.CheckSocket check) {
            if (socket != null && check.generation() == generation) {
                socket.check();
            }
        } else if (effect instanceof Effect.AskApproval ask) {
            askApproval(ask);
        } else if (effect instanceof Effect.AskControl ask) {
            askControl(ask);
        } else if (effect instanceof Effect.CloseMedia) {
            closeMedia();
        } else if (effect instanceof Effect.Finish) {
            timers.values().forEach(Scheduler.Cancellable::cancel);
            timers.clear();
        } else {
            runOnLink(effect);
        }
    }

    private void runOnLink(Effect effect) {
        if (effect instanceof Effect.SendData send) {
            sendData(send);
        } else if (effect instanceof Effect.RefuseData refuse) {
            world.deliveries().refused(refuse.number(), refuse.reason());
        } else if (effect instanceof Effect.OpenLink open) {
            openLink(open);
        } else if (effect instanceof Effect.MakeOffer make) {
            host(make.link()).peer().offer(make.iceRestart());
        } else if (effect instanceof Effect.AcceptDescription accept) {
            host(accept.link()).accept(accept.description());
        } else if (effect instanceof Effect.AddCandidates add) {
            host(add.link()).add(add.candidates());
        } else if (effect instanceof Effect.ReleaseMedia release) {
            host(release.link()).peer().releaseMedia();
            files.admitted(release.link()); // who may have the media may have files
        } else if (effect instanceof Effect.RequestKeyFrame request) {
            host(request.link()).peer().requestKeyFrame();
        } else if (effect instanceof Effect.LimitVideo limit) {
            host(limit.link()).video().wants(limit.kbps());
        } else if (effect instanceof Effect.LimitAudio limit) {
            host(limit.link()).audio().wants(withoutPause(limit.kbps()));
        } else if (effect instanceof Effect.CapVideo cap) {
            host(cap.link()).video().wantsAtMost(cap.kbps());
        } else if (effect instanceof Effect.CapAudio cap) {
            host(cap.link()).audio().wantsAtMost(withoutPause(cap.kbps()));
        } else if (effect instanceof Effect.ScaleVideo scale) {
            host(scale.link()).peer().scaleVideo(scale.percent());
        } else if (effect instanceof Effect.FitVideo fit) {
            host(fit.link()).peer().fitVideo(fit.width(), fit.height(), fit.cover());
        } else if (effect instanceof Effect.AnswerStats answer) {
            host(answer.link()).figures(stats -> answerStats(answer.link(), stats));
        } else if (effect instanceof Effect.CloseLink close) {
            undecided.removeIf(asked -> asked.viewer().number() == close.link());
            LinkHost gone = links.remove(close.link());
            if (gone != null) {
                files.gone(close.link());
                gone.close();
                tellPeers();
            }
        } else if (effect instanceof Effect.FilesWanted wanted) {
            files.wanted(wanted.link());
        } else if (effect instanceof Effect.FileHeard heard) {
            files.heard(heard.link(), heard.message());
        } else {
            throw new IllegalStateException(
                    "nobody carries out " + effect.getClass().getSimpleName());
        }
    }

    /** Of sound, nothing at all means the default. */
    private static int withoutPause(int kbps) {
        return kbps <= 0 ? -1 : kbps;
    }

    private void answerStats(int link, LinkStats stats) {
        try {
            tell(link, codec.writeChannel(Message.RemoteStats.of(stats)));
        } catch (MessageTooBigException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    // ---- muted or not

    /**
     * From now on, for everybody. What the machine has said of it goes to those who watch; what it says to those who come later it
     * need not know, and so it has no state for it.
     */
    void muteAudio(boolean muted) {
        audioMuted = muted;
        world.media().muteAudio(muted);
    }

    void muteVideo(boolean muted) {
        videoMuted = muted;
        world.media().muteVideo(muted);
    }

    /** The program's bounds for one viewer. No state of the machine, for the same reason; nobody who is not there has any. */
    void adjust(int link, Adjustment bounds) {
        LinkHost host = links.get(link);
        if (host != null) {
            host.peer()
                    .boundVideo(
                            bounds.videoKbps().orElse(0),
                            bounds.scale().orElse(100),
                            bounds.framesPerSecond().orElse(0));
        }
    }

    /** From the transport, when one of its devices goes or comes. */
    SourceListener sourceListener() {
        return new SourceListener() {
            @Override
            public void lost(MediaKind kind, String source) {
                tellOfSource(new SourceLost(world.scheduler().now(), kind, source));
            }

            @Override
            public void restored(MediaKind kind, String source) {
                tellOfSource(new SourceRestored(world.scheduler().now(), kind, source));
            }
        };
    }

    private void tellOfSource(SessionEvent event) {
        post(() -> {
            if (!ending) {
                teller.accept(event);
            }
        });
    }

    private Message asThingsStand(Message message) {
        return message instanceof Message.PublisherInfo info ? info.muted(audioMuted, videoMuted) : message;
    }

    // ---- data

    /** What the protocol says: nobody waits for it, so it is told if it cannot be said. */
    private void tell(int link, String text) {
        var unused = host(link).peer().send(text).whenComplete((sent, thrown) -> {
            Throwable cause = thrown == null || thrown.getCause() == null ? thrown : thrown.getCause();
            if (cause instanceof SendException failed && failed.reason() != Reason.PEER_GONE) {
                post(() -> teller.accept(new ProtocolViolation(
                        world.scheduler().now(), Violation.TOO_BIG, "not sent: too long, or too much is waiting")));
            }
        });
    }

    private void sendData(Effect.SendData send) {
        Deliveries deliveries = world.deliveries();
        String text;
        try {
            text = codec.writeChannel(send.data());
        } catch (MessageTooBigException tooBig) {
            deliveries.refused(send.number(), Reason.TOO_BIG);
            settle(send);
            return;
        }
        int bytes = WireCodec.bytes(text);
        int characters = send.data().characters();
        deliveries.goesTo(send.number(), send.links().size());
        for (int link : send.links()) {
            LinkHost host = host(link);
            host.send(text, bytes, characters, missed -> {
                // That everybody is gone at the end of a session is because of the end.
                Optional<Reason> why = ending && missed.equals(Optional.of(Reason.PEER_GONE))
                        ? Optional.of(Reason.SESSION_CLOSED)
                        : missed;
                deliveries.settled(send.number(), host.name(), why);
            });
        }
    }

    /** Nothing of it waits anywhere. */
    private void settle(Effect.SendData send) {
        int characters = send.data().characters();
        send.links().forEach(link -> post(() -> inbox.accept(new Input.DataSettled(link, characters))));
    }

    private LinkHost host(int link) {
        LinkHost host = links.get(link);
        if (host == null) {
            throw new IllegalStateException("there is no link " + link);
        }
        return host;
    }

    // ---- the handshake server ---------------------------------------------------------------------------------------

    private void openSocket(int number) {
        generation = number;
        codec = world.codecs().get();
        WireCodec reader = codec;
        world.marks().reached("connecting", world.scheduler().now());
        world.contacts().reached(Purpose.HANDSHAKE);
        socket = world.signaling().open(world.server(), new SignalingListener() {
            private final Backlog unread = new Backlog(this::leaveFlood);

            @Override
            public void opened() {
                post(() ->
                        world.marks().reached("socket open", world.scheduler().now()));
                var unused = world.mediaReady().thenRun(() -> post(() -> inbox.accept(new Input.SocketOpened(number))));
            }

            @Override
            public void received(String frame) {
                hear(frame.length(), () -> reader.readSignal(frame));
            }

            @Override
            public void unusable(String detail) {
                hear(0, () -> new Received(Optional.empty(), new Message.Malformed(detail)));
            }

            /** Frames wait in memory, and what waits behind them is late, our own goodbye included. */
            private void leaveFlood() {
                Message told = new Message.Malformed("more than can be read, so the connection is given up");
                post(() -> {
                    if (number == generation && socket != null) {
                        inbox.accept(new Input.SignalReceived(number, Optional.empty(), told));
                        socket.cancel();
                    }
                });
            }

            private void hear(int chars, Supplier<Received> frame) {
                if (!unread.admits(chars)) {
                    return;
                }
                post(() -> {
                    unread.read(chars);
                    if (number == generation && socket != null) {
                        Received received = frame.get();
                        inbox.accept(new Input.SignalReceived(number, received.from(), received.message()));
                    }
                });
            }

            @Override
            public void gone(SignalingEnd end) {
                post(() -> {
                    world.marks().reached("socket gone", world.scheduler().now());
                    if (number == generation) {
                        servers.socketEnds();
                    }
                    inbox.accept(new Input.SocketGone(number, end));
                });
            }
        });
        servers.socketOpens();
        Rehearsal.once(reader, world.paths());
    }

    /**
     * The gate: once this returns nothing of the server reaches the machine, nothing of the machine the server, and there is no request
     * for a TURN list.
     */
    private void closeSocket(int number) {
        if (number == generation) {
            servers.socketEnds();
        }
        if (socket != null && number == generation) {
            SignalingConnection leaving = socket;
            socket = null;
            leaving.close();
        }
    }

    private void post(Runnable task) {
        world.scheduler().execute(task);
    }

    // ---- links ------------------------------------------------------------------------------------------------------

    private void openLink(Effect.OpenLink open) {
        String viewer = open.link() > 0 ? "viewer-" + open.link() : "";
        String name = open.stream().map(StreamId::value).orElse(viewer);
        LinkHost host = new LinkHost(
                open.link(), name, world.scheduler(), world.paths(), text -> codec.readChannel(text), inbox);
        links.put(open.link(), host);
        files.opened(open.link(), host, open.stream().isPresent());
        tellPeers();
        if (!servers.undecided()) {
            host.attach(make(open, host));
            return;
        }
        WaitingLink waiting = new WaitingLink();
        host.attach(waiting);
        servers.whenDecided(() -> {
            if (!waiting.abandoned()) {
                PeerLink made = make(open, host);
                host.attach(made);
                waiting.become(made);
            }
        });
    }

    /** A link that only looks for relays has none. */
    private void tellPeers() {
        world.contacts()
                .links((int) links.keySet().stream().filter(link -> link > 0).count());
    }

    private PeerLink make(Effect.OpenLink open, LinkHost host) {
        return world.media().open(world.settings().apply(open.stream(), servers.usable()), host);
    }

    /** Closing takes the native library some time; the session's thread stays free for it to be told. */
    private void closeMedia() {
        ending = true;
        files.close();
        links.values().forEach(LinkHost::forget);
        servers.forget();
        links.clear();
        world.aside().execute(() -> {
            try {
                world.media().close();
            } catch (Throwable thrown) { // another's defect must not hold up the end
                log.warn("The media transport threw on close", thrown);
            }
            post(() -> inbox.accept(new Input.MediaGone()));
        });
    }

    /** What every live link answers, by the name of who is at its other end; a link that is gone is left out. */
    <T> CompletionStage<Map<String, T>> ask(Function<PeerLink, CompletionStage<T>> question) {
        CompletionStage<Map<String, T>> all = CompletableFuture.completedFuture(new LinkedHashMap<>());
        for (LinkHost host : links.values()) {
            if (host.name().isEmpty()) {
                continue; // there is nobody at the other end
            }
            CompletionStage<Optional<T>> one =
                    question.apply(host.peer()).thenApply(Optional::of).exceptionally(gone -> Optional.empty());
            all = all.thenCombine(one, (map, answer) -> {
                answer.ifPresent(found -> map.put(host.name(), found));
                return map;
            });
        }
        return all;
    }

    // ---- time and the program ---------------------------------------------------------------------------------------

    private void start(Effect.StartTimer start) {
        cancel(start.timer());
        Duration delay = start.jitter() ? lengthened(start.delay()) : start.delay();
        Timer timer = start.timer();
        timers.put(timer, world.scheduler().schedule(delay, () -> {
            timers.remove(timer);
            inbox.accept(new Input.TimerFired(timer));
        }));
    }

    private Duration lengthened(Duration delay) {
        return delay.plusMillis(world.chance().nextLong(delay.toMillis() / 5 + 1));
    }

    private void cancel(Timer timer) {
        Scheduler.Cancellable running = timers.remove(timer);
        if (running != null) {
            running.cancel();
        }
    }

    private void emit(SessionEvent event) {
        if (event instanceof SessionEvent.Sealed) {
            world.contacts().sealed();
        } else if (event instanceof SessionEvent.Closed) {
            world.contacts().closed();
        }
        world.events().publish(event);
    }

    private void askApproval(Effect.AskApproval ask) {
        ViewerApproval approval = world.approval().orElseThrow();
        world.approvals().execute(() -> {
            try {
                var unused = approval.decide(ask.request())
                        .whenComplete((yes, thrown) -> decided(ask, thrown == null && Boolean.TRUE.equals(yes)));
            } catch (Throwable thrown) { // the program's defect, null for an answer included, is a no and nothing else
                // Strangers decide how often it is asked, and a log is no place for them to fill.
                log.atLevel(approvalThrew.getAndSet(true) ? Level.DEBUG : Level.WARN)
                        .setCause(thrown)
                        .log(
                                "The approval of {} threw; from the second time on at DEBUG",
                                ask.request().viewer());
                decided(ask, false);
            }
        });
    }

    private void askControl(Effect.AskControl ask) {
        RemoteControl control = world.control().orElse(null);
        if (control == null) {
            controlDecided(ask, false);
            return;
        }
        if (!undecided.add(ask.request())) {
            return; // the one answer is for this one too, or a viewer decides how many questions there are
        }
        world.approvals().execute(() -> {
            try {
                var unused = control.decide(ask.request())
                        .whenComplete((yes, thrown) -> controlDecided(ask, thrown == null && Boolean.TRUE.equals(yes)));
            } catch (Throwable thrown) { // as above
                log.atLevel(controlThrew.getAndSet(true) ? Level.DEBUG : Level.WARN)
                        .setCause(thrown)
                        .log(
                                "The remote control of {} threw; from the second time on at DEBUG",
                                ask.request().viewer());
                controlDecided(ask, false);
            }
        });
    }

    private void controlDecided(Effect.AskControl ask, boolean allowed) {
        post(() -> {
            undecided.remove(ask.request());
            inbox.accept(new Input.ControlDecided(ask.link(), ask.request().name(), allowed));
        });
    }

    private void decided(Effect.AskApproval ask, boolean approved) {
        post(() -> inbox.accept(new Input.Decided(ask.link(), approved)));
    }
}
