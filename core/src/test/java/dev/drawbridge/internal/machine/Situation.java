package dev.drawbridge.internal.machine;

import dev.drawbridge.SessionEvent;
import dev.drawbridge.internal.ice.Fingerprints;
import dev.drawbridge.internal.machine.PublisherState.Admitted;
import dev.drawbridge.internal.machine.PublisherState.Candidate;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.PeerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A publisher's state together with what is true around it and with as much of the past as its promises speak of: one node of the
 * state graph.
 *
 * @param generation of the newest socket that was ever ordered
 * @param armed the timers that run
 * @param released for how many links media was ever released
 * @param sealed how often the seal was told
 * @param closed how often the end was told
 */
record Situation(
        PublisherState state, Socket socket, int generation, Set<Timer> armed, int released, int sealed, int closed) {

    /** The newest socket as the world knows it. */
    enum Socket {
        NONE,
        DIALING,
        OPEN,
        /** Told to go and not known to be gone. */
        TOLD
    }

    /** Requesters in the order in which they came. */
    static final List<String> PEERS =
            List.of("anna", "bert", "carl", "dora", "emil", "finn", "gina", "hans", "ines", "jack");

    /** So many characters of data that a ping may wait behind them. */
    static final int MUCH = 16 * 1024 + 1;

    /** A link that was once and is gone. Those that live are numbered from the next one on. */
    static final int DEAD_LINK = 1;

    /** The newest generation; so there is one that is older. */
    static final int GENERATION = 2;

    static Situation first(PublisherState initial) {
        return new Situation(initial, Socket.NONE, 0, Set.of(), 0, 0, 0);
    }

    /** What the world makes of one step. */
    Situation after(Input input, Step<PublisherState> step) {
        Socket now = socket;
        int newest = generation;
        int releases = released;
        int seals = sealed;
        int ends = closed;
        Set<Timer> running = armed;
        if (input instanceof Input.TimerFired fired && armed.contains(fired.timer())) {
            running = new HashSet<>(armed);
            running.remove(fired.timer());
        } else if (input instanceof Input.SocketGone in && in.generation() == generation) {
            now = Socket.NONE;
        } else if (input instanceof Input.SocketOpened in && in.generation() == generation && now == Socket.DIALING) {
            now = Socket.OPEN;
        }
        if (!step.effects().isEmpty()) {
            running = new HashSet<>(running);
        }
        for (Effect effect : step.effects()) {
            if (effect instanceof Effect.StartTimer start) {
                running.add(start.timer());
            } else if (effect instanceof Effect.CancelTimer cancel) {
                running.remove(cancel.timer());
            } else if (effect instanceof Effect.Finish) {
                running.clear();
            } else if (effect instanceof Effect.OpenSocket open) {
                now = Socket.DIALING;
                newest = open.generation();
            } else if (effect instanceof Effect.CloseSocket) {
                now = Socket.TOLD;
            } else if (effect instanceof Effect.ReleaseMedia) {
                releases++;
            } else if (effect instanceof Effect.Emit emit) {
                seals += emit.event() instanceof SessionEvent.Sealed ? 1 : 0;
                ends += emit.event() instanceof SessionEvent.Closed ? 1 : 0;
            }
        }
        return new Situation(step.state(), now, newest, running, releases, seals, ends);
    }

    /** Whether this input is news for the world around the machine. */
    boolean feels(Input input) {
        if (input instanceof Input.SocketGone in) {
            return in.generation() == generation && socket != Socket.NONE;
        } else if (input instanceof Input.SocketOpened in) {
            return in.generation() == generation && socket == Socket.DIALING;
        }
        return input instanceof Input.TimerFired fired && armed.contains(fired.timer());
    }

    /** Whether this comes about although nobody does anything: a timer that runs, or an end that was ordered or may always come. */
    boolean promises(Input input) {
        if (input instanceof Input.TimerFired fired) {
            return armed.contains(fired.timer());
        }
        if (input instanceof Input.SocketGone in) {
            return in.generation() == generation && socket == Socket.TOLD;
        }
        return input instanceof Input.MediaGone
                && state instanceof PublisherState.Closing closing
                && !closing.mediaGone();
    }

    /** Everybody who is there, by the number of the link. */
    Map<Integer, PeerId> present() {
        Map<Integer, PeerId> all = new TreeMap<>();
        candidates().forEach(candidate -> all.put(candidate.link(), candidate.peer()));
        viewers().forEach(viewer -> all.put(viewer.link(), viewer.peer()));
        return all;
    }

    /** Every link that there is. */
    Set<Integer> links() {
        Set<Integer> all = new HashSet<>(present().keySet());
        if (state instanceof PublisherState.Open open && open.probing()) {
            all.add(PublisherState.Open.PROBE);
        }
        return all;
    }

    List<Candidate> candidates() {
        return state instanceof PublisherState.Open open ? open.candidates() : List.of();
    }

    List<Admitted> viewers() {
        if (state instanceof PublisherState.Open open) {
            return open.viewers();
        } else if (state instanceof PublisherState.Sealing sealing) {
            return List.of(sealing.viewer());
        }
        return state instanceof PublisherState.Sealed now ? List.of(now.viewer()) : List.of();
    }

    // ---- one name for everything that behaves alike -----------------------------------------------------------------

    /**
     * The same situation with plain names. Two situations with the same plain one differ in nothing that the machine ever asks
     * for, so what can happen in one can happen in the other under other names:
     *
     * <ul>
     *   <li>link numbers are only compared with one another and counted up, so those that live are 2, 3, 4 …, and 1 stands for all
     *       that are gone;
     *   <li>peer ids are only compared with one another, so whoever has link 2 is anna, the next one bert …;
     *   <li>who asked before whom only matters when there is no room for all, which eight have. Up to there candidates are put in
     *       order by how far they are, and viewers by whether they are interrupted;
     *   <li>generations are only compared and counted up, so the newest is 2 and 1 stands for all before it;
     *   <li>how many attempts a connection took only decides how long the next pause or patience is, and no promise is about that;
     *       how often an announcement was repeated only matters for that, and whether it was at all; how often
     *       it was refused only until that is too often;
     *   <li>texts (what a candidate says of itself, SDP, detail) and lists of ICE candidates are only handed on; fingerprints are only compared with those of
     *       the next answer, and there is an answer with the same ones and one with others in every situation;
     *   <li>times are only compared with that of an input, and only of a request, so all in the state are zero and every request
     *       comes {@link #STAMPS once} before every limit, once between them and once after all.
     * </ul>
     *
     * That none of this hides a situation is tried by {@code PublisherGraphTest}, which lets scripts run with real names and times
     * and looks each situation up.
     *
     * @param secure whether it matters how often media was released in all
     * @param aged whether it matters who came first
     */
    Situation plain(boolean secure, boolean aged) {
        List<Candidate> candidates = new ArrayList<>(candidates());
        List<Admitted> viewers = new ArrayList<>(viewers());
        if (!aged) {
            candidates.sort(Comparator.comparing(Candidate::stage)
                    .thenComparing(candidate -> candidate.connected())
                    .thenComparing(candidate -> candidate.said().isPresent())
                    .thenComparing(candidate -> candidate.dropped().allOurs())
                    .thenComparing(candidate -> candidate.dropped().allTheirs())
                    .thenComparing(candidate -> timersOf(candidate.link())));
            viewers.sort(Comparator.comparing((Admitted viewer) -> viewer.down())
                    .thenComparing(viewer -> plain(viewer.pulse()).toString())
                    .thenComparing(viewer -> viewer.offering())
                    .thenComparing(viewer -> timersOf(viewer.link())));
        }
        Map<Integer, Integer> links = new HashMap<>();
        candidates.forEach(candidate -> links.put(candidate.link(), DEAD_LINK + 1 + links.size()));
        viewers.forEach(viewer -> links.put(viewer.link(), DEAD_LINK + 1 + links.size()));
        links.put(PublisherState.Open.PROBE, PublisherState.Open.PROBE);
        Set<Timer> timers = new HashSet<>();
        for (Timer timer : armed) {
            int subject = timer.subject();
            timers.add(subject == 0 ? timer : Timer.of(timer.kind(), links.getOrDefault(subject, DEAD_LINK)));
        }
        return new Situation(
                plain(
                        candidates.stream()
                                .map(c -> plain(c, links.get(c.link())))
                                .toList(),
                        viewers.stream().map(v -> plain(v, links.get(v.link()))).toList()),
                socket,
                generation == 0 ? 0 : GENERATION,
                Set.copyOf(timers),
                secure ? Math.min(released, 2) : 0,
                Math.min(sealed, 2),
                Math.min(closed, 2));
    }

    /** With nothing left of the allowance; then before every limit that depends on when something was, between them, after all. */
    static final List<Instant> STAMPS = List.of(
            Instant.EPOCH.minus(Allowance.REFILL.multipliedBy(Allowance.BURST)),
            Instant.EPOCH,
            Instant.EPOCH.plusSeconds(3),
            Instant.EPOCH.plusSeconds(3600));

    /** The timers of one link, in words that can be put in order. */
    private String timersOf(int link) {
        Set<Timer.Kind> kinds = EnumSet.noneOf(Timer.Kind.class);
        for (Timer timer : armed) {
            if (timer.subject() == link) {
                kinds.add(timer.kind());
            }
        }
        return kinds.toString();
    }

    private PublisherState plain(List<Candidate> candidates, List<Admitted> viewers) {
        if (state instanceof PublisherState.Open open) {
            int links = DEAD_LINK + candidates.size() + viewers.size();
            return new PublisherState.Open(
                    plain(open.server()), candidates, viewers, links, Allowance.WHOLE, open.probing(), Room.EMPTY);
        } else if (state instanceof PublisherState.Sealing) {
            return new PublisherState.Sealing(GENERATION, viewers.get(0));
        } else if (state instanceof PublisherState.Sealed) {
            return new PublisherState.Sealed(viewers.get(0));
        } else if (state instanceof PublisherState.Closing now) {
            return new PublisherState.Closing(
                    now.generation() == 0 ? 0 : GENERATION, now.mediaGone(), now.reason(), "");
        }
        return state;
    }

    private static Server plain(Server server) {
        Server.Since since = new Server.Since(0, Instant.EPOCH);
        if (server instanceof Server.Dialing dialing) {
            return new Server.Dialing(GENERATION, 1, dialing.restoring());
        } else if (server instanceof Server.Joining joining) {
            return new Server.Joining(GENERATION, joining.restoring(), joining.again(), since);
        } else if (server instanceof Server.Live live) {
            return new Server.Live(
                    GENERATION,
                    Math.min(live.refusals(), Times.RESEEDS),
                    Math.min(live.repeats(), 1),
                    live.found(),
                    live.entered(),
                    since);
        }
        Server.Away away = (Server.Away) server;
        return new Server.Away(1, GENERATION, away.gone(), away.shortened());
    }

    private static final Message.ViewerRequest SAID =
            new Message.ViewerRequest(true, true, "label", Message.ViewerRequest.Role.VIEWER);

    private static Candidate plain(Candidate c, int link) {
        String peer = name(link);
        return new Candidate(
                link,
                new PeerId(peer),
                1,
                Instant.EPOCH,
                c.stage(),
                c.connected(),
                new Candidate.Sent(Instant.EPOCH, "", List.of()),
                c.said().map(any -> SAID),
                c.silent() ? c.fingerprints() : certificates(peer),
                new Dropped(c.dropped().allOurs(), c.dropped().allTheirs(), ""));
    }

    private static Admitted plain(Admitted v, int link) {
        String peer = name(link);
        return new Admitted(
                link, new PeerId(peer), certificates(peer), v.down(), v.quiet(), v.offering(), plain(v.pulse()));
    }

    /** One ping is as good as another, silence counts until it is too much, and of data only whether it is much. */
    private static Pulse plain(Pulse p) {
        return new Pulse(
                Math.min(p.ping(), 1),
                p.awaited(),
                p.answers(),
                Math.min(p.silent(), Times.SILENT_TICKS),
                p.ahead() < MUCH ? 0 : MUCH,
                p.since() < MUCH ? 0 : MUCH,
                p.waiting() < MUCH ? 0 : MUCH);
    }

    private static String name(int link) {
        return PEERS.get(link - DEAD_LINK - 1);
    }

    private static final Map<String, Set<String>> CERTIFICATES = new HashMap<>();

    static {
        PEERS.forEach(peer -> CERTIFICATES.put(peer, Fingerprints.of(Samples.sdp(Samples.certificate(peer)))));
    }

    private static Set<String> certificates(String peer) {
        return CERTIFICATES.get(peer);
    }
}
