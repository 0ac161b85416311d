package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Samples.answer;
import static dev.drawbridge.internal.machine.Samples.asks;
import static dev.drawbridge.internal.machine.Samples.changed;
import static dev.drawbridge.internal.machine.Samples.connected;
import static dev.drawbridge.internal.machine.Samples.described;
import static dev.drawbridge.internal.machine.Samples.gathered;
import static dev.drawbridge.internal.machine.Samples.gone;
import static dev.drawbridge.internal.machine.Samples.heard;
import static dev.drawbridge.internal.machine.Samples.opened;
import static dev.drawbridge.internal.machine.Samples.request;
import static dev.drawbridge.internal.machine.Samples.says;
import static dev.drawbridge.internal.machine.Samples.server;

import dev.drawbridge.SessionEvent;
import dev.drawbridge.ViewerId;
import dev.drawbridge.internal.machine.PublisherState.Admitted;
import dev.drawbridge.internal.machine.PublisherState.Candidate;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.SessionDescription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A publisher's life in a world of viewers, of which some never answer and some lie. */
final class PublisherLife extends Life<PublisherState> {
    private static final List<String> PEERS =
            List.of("anna", "bert", "carl", "dora", "emil", "finn", "gina", "hans", "ines", "jack");
    private static final Set<Timer.Kind> OF_SERVER =
            Set.of(Timer.Kind.DIAL, Timer.Kind.RECONNECT, Timer.Kind.LISTING, Timer.Kind.RESEED, Timer.Kind.REPEAT);

    private static final Set<String> AFTER_THE_GATE = Set.of("SEALING", "SEALED", "INTERRUPTED", "CLOSING", "CLOSED");

    /** Shared by all lives, which would spend half of their time making samples. */
    private static final Map<String, List<Sample>> NOISE = new ConcurrentHashMap<>();

    private final PublisherRules rules;
    private final List<String> peers;
    private final Map<ViewerId, String> viewers = new HashMap<>();
    private final Map<Integer, String> names = new HashMap<>();
    private final Set<Integer> accepted = new HashSet<>();
    private final Set<Integer> standing = new HashSet<>();
    private final Set<Integer> approved = new HashSet<>();
    private final Set<Integer> released = new HashSet<>();
    private int joined;
    private int watching;
    private boolean gateShut;
    private boolean sealed;

    PublisherLife(PublisherRules rules, Random chance) {
        this(rules, chance, PEERS);
    }

    /** @param peers who is in this world */
    PublisherLife(PublisherRules rules, Random chance, List<String> peers) {
        super(new PublisherMachine(rules), chance);
        this.rules = rules;
        this.peers = peers;
    }

    boolean sealed() {
        return sealed;
    }

    int joined() {
        return joined;
    }

    // ---- the world

    @Override
    List<Input> plausible() {
        List<Input> next = new ArrayList<>();
        PublisherState state = driver.state();
        if (state instanceof PublisherState.Idle) {
            next.add(new Input.Start());
        } else if (state instanceof PublisherState.Open open) {
            ofServer(open.server(), next);
            open.candidates().forEach(candidate -> of(candidate, next));
            open.viewers().forEach(viewer -> of(viewer, next));
            if (open.probing()) {
                next.add(gathered(PublisherState.Open.PROBE));
            }
            if (open.candidates().size() < 3 && open.server() instanceof Server.Live) {
                next.add(asks(sockets(), any(peers)));
            }
        } else if (state instanceof PublisherState.Sealing sealing) {
            next.add(gone(sealing.generation()));
            of(sealing.viewer(), next);
            next.add(asks(sockets(), any(peers)));
        } else if (state instanceof PublisherState.Sealed now) {
            of(now.viewer(), next);
            next.add(asks(sockets(), any(peers)));
        } else if (state instanceof PublisherState.Closing) {
            next.add(new Input.MediaGone());
            next.add(gone(sockets()));
        }
        return next;
    }

    private static void ofServer(Server server, List<Input> next) {
        if (server instanceof Server.Dialing dialing) {
            next.add(opened(dialing.generation()));
        } else if (server instanceof Server.Joining joining) {
            next.add(server(joining.generation(), new Message.Listing(List.of())));
        } else if (server instanceof Server.Away away) {
            next.add(away.gone() ? new Input.TimerFired(Timer.of(Timer.Kind.RECONNECT)) : gone(away.last()));
        }
    }

    private void of(Candidate candidate, List<Input> next) {
        int link = candidate.link();
        String peer = candidate.peer().value();
        next.add(
                switch (candidate.stage()) {
                    case OFFERING -> described(link, SessionDescription.Type.OFFER);
                    case OFFERED -> says(sockets(), peer, answer(link, peer));
                    case ANSWERED -> candidate.connected() ? heard(link, request(peer)) : connected(link);
                    case ASKED -> new Input.Decided(link, chance.nextInt(4) > 0);
                });
        next.add(gathered(link));
    }

    private void of(Admitted viewer, List<Input> next) {
        int link = viewer.link();
        String peer = viewer.peer().value();
        if (viewer.offering()) {
            next.add(described(link, SessionDescription.Type.OFFER));
            next.add(heard(link, answer(link, peer)));
        }
        next.add(viewer.interrupted() ? connected(link) : changed(link, LinkState.DISCONNECTED));
        next.add(heard(
                link, any(List.of(new Message.IceRestartRequest(), new Message.Pipe("1"), new Message.Ping("1")))));
        next.add(Samples.data(Recipient.everybody()));
        if (chance.nextInt(8) == 0) {
            next.add(heard(link, new Message.Bye()));
        }
    }

    @Override
    List<Sample> samples(int generation, int link) {
        String peer = names.getOrDefault(link, any(peers));
        String key = generation + " " + peer + " " + link;
        return NOISE.computeIfAbsent(key + rules.relay(), any -> Sample.forPublisher(generation, peer, link).stream()
                // Where nothing is filtered nothing is dropped.
                .filter(sample -> rules.relay() || !(sample.input() instanceof Input.CandidatesDropped))
                .toList());
    }

    @Override
    void observed(Input input) {
        if (input instanceof Input.LinkChanged changed) {
            if (changed.state() == LinkState.CONNECTED) {
                standing.add(changed.link());
            } else {
                standing.remove(changed.link());
            }
        } else if (input instanceof Input.Decided decided && decided.approved()) {
            approved.add(decided.link());
        }
    }

    // ---- what must hold

    @Override
    void judge(Effect effect, Input cause) {
        boolean ofServer = effect instanceof Effect.SendSignal
                || effect instanceof Effect.OpenSocket
                || effect instanceof Effect.CloseSocket;
        boolean admits = effect instanceof Effect.OpenLink || effect instanceof Effect.AskApproval;
        must(!gateShut || !(ofServer || admits), "after the gate was shut: %s", effect);
        if (effect instanceof Effect.AcceptDescription accept) {
            accepted.add(accept.link());
        } else if (effect instanceof Effect.ReleaseMedia release) {
            released(release.link());
        } else if (effect instanceof Effect.SendData send) {
            must(released.containsAll(send.links()), "data is for viewers");
        } else if (effect instanceof Effect.Emit emit) {
            happened(emit.event());
        }
    }

    private void released(int link) {
        must(accepted.contains(link), "media of %s before its answer", link);
        must(standing.contains(link), "media of %s without a connection", link);
        must(!rules.ask() || approved.contains(link), "media of %s before the program's word", link);
        must(released.add(link), "media of %s is released once", link);
        if (rules.secure()) {
            must(released.size() == 1, "media for one viewer ever");
            must(socketShut(), "the gate is shut first");
            gateShut = true;
        }
    }

    private void happened(SessionEvent event) {
        if (event instanceof SessionEvent.ViewerRequested e) {
            names.put(e.viewer().number(), e.viewer().peer());
            becomes(e.viewer(), "requested", "");
        } else if (event instanceof SessionEvent.ViewerRefused e) {
            becomes(e.viewer(), "refused", "requested");
        } else if (event instanceof SessionEvent.ViewerJoined e) {
            becomes(e.viewer(), "joined", "requested");
            must(released.contains(e.viewer().number()), "who joins has media");
            joined++;
            watching++;
            must(!rules.secure() || joined == 1, "one viewer ever");
            must(watching <= rules.maxViewers(), "%s viewers at once", watching);
        } else if (event instanceof SessionEvent.ViewerInterrupted e) {
            becomes(e.viewer(), "interrupted", "joined");
        } else if (event instanceof SessionEvent.ViewerResumed e) {
            becomes(e.viewer(), "joined", "interrupted");
        } else if (event instanceof SessionEvent.ViewerLeft e) {
            must(watches(e.viewer()), "%s leaves", e.viewer());
            viewers.put(e.viewer(), "left");
            watching--;
        } else if (event instanceof SessionEvent.Sealed e) {
            must(!sealed, "sealed once");
            must(!socketExists(), "sealed while the socket exists");
            must(watches(e.viewer()), "sealed for %s", e.viewer());
            sealed = true;
        } else if (event instanceof SessionEvent.Closed) {
            must(Set.of("left", "refused").containsAll(viewers.values()), "at the end: %s", viewers);
        }
    }

    private void becomes(ViewerId viewer, String now, String before) {

        String was = viewers.getOrDefault(viewer, "");
        must(was.equals(before), "%s was %s and becomes %s", viewer, was, now);
        viewers.put(viewer, now);
    }

    private boolean watches(ViewerId viewer) {
        String is = viewers.getOrDefault(viewer, "");
        return is.equals("joined") || is.equals("interrupted");
    }

    @Override
    void settled() {
        if (driver.state() instanceof PublisherState.Open open) {
            must(open.candidates().size() <= PublisherRules.MAX_CANDIDATES, "too many candidates");
            must(open.viewers().size() <= (rules.secure() ? 0 : rules.maxViewers()), "too many viewers");
            Set<Integer> known = new HashSet<>();
            open.candidates().forEach(candidate -> known.add(candidate.link()));
            open.viewers().forEach(viewer -> known.add(viewer.link()));
            if (open.probing()) {
                known.add(PublisherState.Open.PROBE);
            }
            must(live.equals(known), "links %s live and %s are known", live, known);
        }
        if (gateShut) {
            boolean quiet = driver.timers().keySet().stream().noneMatch(timer -> OF_SERVER.contains(timer.kind()));
            must(quiet, "a timer of the server after the gate was shut");
            must(AFTER_THE_GATE.contains(driver.phase()), "back in %s", driver.phase());
            must(live.size() <= 1, "links beside the one viewer's");
        }
    }
}
