package dev.drawbridge.internal.machine;

import dev.drawbridge.SessionEvent;
import dev.drawbridge.internal.machine.PublisherState.Admitted;
import dev.drawbridge.internal.machine.PublisherState.Candidate;
import dev.drawbridge.internal.machine.PublisherState.Phase;
import dev.drawbridge.internal.machine.Situation.Socket;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.PeerId;
import dev.drawbridge.spi.LinkState;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold in every situation of a publisher, and over every step from one to the next. */
final class PublisherPromises {
    private static final Set<Timer.Kind> OF_LINKS = EnumSet.of(
            Timer.Kind.ANSWER,
            Timer.Kind.RELAY,
            Timer.Kind.CONNECT,
            Timer.Kind.APPROVAL,
            Timer.Kind.GRACE,
            Timer.Kind.PING,
            Timer.Kind.STATS);
    private static final Set<Timer.Kind> OF_THE_END = EnumSet.of(Timer.Kind.CLOSE);
    private static final Set<Timer.Kind> OF_THE_SEAL =
            EnumSet.of(Timer.Kind.SEAL, Timer.Kind.GRACE, Timer.Kind.PING, Timer.Kind.STATS);

    private final PublisherRules rules;

    PublisherPromises(PublisherRules rules) {
        this.rules = rules;
    }

    // ---- in every situation -----------------------------------------------------------------------------------------

    void hold(Situation now) {
        PublisherState state = now.state();
        Set<PeerId> peers = new HashSet<>(now.present().values());
        must(peers.size() == now.candidates().size() + now.viewers().size(), "nobody is there twice");
        must(now.candidates().size() <= PublisherRules.MAX_CANDIDATES, "at most so many candidates");
        must(now.viewers().size() <= (rules.secure() ? 1 : rules.maxViewers()), "no more viewers than allowed");
        must(!rules.secure() || now.released() <= 1, "media for one viewer ever");
        must(now.closed() == (state.phase() == Phase.CLOSED ? 1 : 0), "the end is told once, when it is the end");
        must(now.sealed() <= 1, "the seal is told once");
        if (state instanceof PublisherState.Open open) {
            must(
                    !rules.secure() || (open.viewers().isEmpty() && now.released() == 0),
                    "whoever is let in raises the bridge");
            must(now.sealed() == 0, "sealed is for ever");
            server(open.server(), now);
        } else if (state instanceof PublisherState.Sealing sealing) {
            must(
                    now.socket() == Socket.TOLD && sealing.generation() == now.generation(),
                    "sealing waits for the socket");
            must(now.sealed() == 0 && now.released() == 1, "sealing is before the seal and after the admission");
            runs(now, Timer.of(Timer.Kind.SEAL));
        } else if (state instanceof PublisherState.Sealed) {
            must(now.socket() == Socket.NONE, "sealed means that there is no socket");
            must(now.sealed() == 1 && now.released() == 1, "sealed is told when it is true");
        } else if (state instanceof PublisherState.Closing closing) {
            must(
                    closing.generation() == (now.socket() == Socket.NONE ? 0 : now.generation()),
                    "closing knows its socket");
            must(now.socket() == Socket.NONE || now.socket() == Socket.TOLD, "closing has told the socket to go");
            runs(now, Timer.of(Timer.Kind.CLOSE));
        }
        timers(now);
    }

    private static void server(Server server, Situation now) {
        if (server instanceof Server.Away away) {
            must(now.socket() == (away.gone() ? Socket.NONE : Socket.TOLD), "away knows whether its socket is gone");
            must(away.last() == now.generation(), "away knows its last socket");
            runs(now, Timer.of(Timer.Kind.RECONNECT));
            return;
        }
        must(server.generation() == now.generation(), "the newest socket is the one");
        must(now.socket() == (server instanceof Server.Dialing ? Socket.DIALING : Socket.OPEN), "the server is there");
        if (server instanceof Server.Dialing) {
            runs(now, Timer.of(Timer.Kind.DIAL));
        } else if (server instanceof Server.Joining) {
            runs(now, Timer.of(Timer.Kind.LISTING));
        }
    }

    /** Whoever is waited for is not waited for without end, and nothing runs for those that are gone. */
    private static void timers(Situation now) {
        for (Candidate candidate : now.candidates()) {
            int link = candidate.link();
            if (candidate.stage() == Candidate.Stage.ASKED) {
                runs(now, Timer.of(Timer.Kind.APPROVAL, link));
            } else {
                runs(now, Timer.of(Timer.Kind.CONNECT, link));
                if (candidate.silent()) {
                    runs(now, Timer.of(Timer.Kind.ANSWER, link));
                }
            }
        }
        for (Admitted viewer : now.viewers()) {
            runs(now, Timer.of(Timer.Kind.PING, viewer.link()));
            if (viewer.interrupted()) {
                runs(now, Timer.of(Timer.Kind.GRACE, viewer.link()));
            }
        }
        Set<Integer> links = now.links();
        if (links.contains(PublisherState.Open.PROBE)) {
            runs(now, Timer.of(Timer.Kind.RELAY, PublisherState.Open.PROBE));
        }
        for (Timer timer : now.armed()) {
            Timer.Kind kind = timer.kind();
            must(!OF_LINKS.contains(kind) || links.contains(timer.subject()), "a timer of somebody who is gone");
            switch (now.state().phase()) {
                case IDLE, CLOSED -> must(false, "a timer while nothing goes on");
                case CLOSING -> must(OF_THE_END.contains(kind), "closing waits for nothing but the end");
                case SEALING, SEALED, INTERRUPTED ->
                    must(OF_THE_SEAL.contains(kind), "after the admission nothing runs but what is between the two");
                default -> must(kind != Timer.Kind.SEAL && kind != Timer.Kind.CLOSE, "a timer of what is to come");
            }
        }
    }

    private static void runs(Situation now, Timer timer) {
        must(now.armed().contains(timer), "who waits has a time limit");
    }

    // ---- over every step --------------------------------------------------------------------------------------------

    void hold(Situation before, Input input, List<Effect> effects, Situation after) {
        must(rank(before) <= rank(after), "what is sealed or closed stays so");
        boolean same = after.state().equals(before.state());
        if (before.state().phase() == Phase.CLOSED) {
            must(same && effects.isEmpty(), "after the end nothing is heard");
        } else if (before.state() instanceof PublisherState.Closing) {
            must(
                    effects.stream()
                            .allMatch(e -> e instanceof Effect.Emit
                                    || e instanceof Effect.Finish
                                    || e instanceof Effect.RefuseData),
                    "told all to go");
            must(
                    input instanceof Input.DataAsked || effects.size() == (after.closed() > before.closed() ? 2 : 0),
                    "Closed and Finish are the end");
        } else if (before.state() instanceof PublisherState.Sealed now && ofServerOrOthers(input, now.viewer())) {
            must(same && effects.isEmpty(), "when sealed nobody else is heard");
        } else if (before.state() instanceof PublisherState.Sealing now
                && ofServerOrOthers(input, now.viewer())
                && !before.promises(input)) {
            must(same && effects.isEmpty(), "while sealing nobody else is heard");
        }
        if (before.state().phase() != Phase.CLOSED) {
            data(before, input, effects);
        }
        if (!effects.isEmpty() || !same) {
            orders(before, effects, after);
            media(before, input, effects, after);
            flags(before, input, effects, after);
            events(before, effects, after);
        }
    }

    /** Data is answered once, and goes to those whom it is for and who are in. */
    private static void data(Situation before, Input input, List<Effect> effects) {
        List<Effect> answers = effects.stream()
                .filter(e -> e instanceof Effect.SendData || e instanceof Effect.RefuseData)
                .toList();
        must(answers.size() == (input instanceof Input.DataAsked ? 1 : 0), "data is answered once");
        if (!(input instanceof Input.DataAsked asked)) {
            return;
        }
        List<Integer> meant = before.viewers().stream()
                .filter(viewer -> asked.to().means(viewer.id()))
                .map(Admitted::link)
                .toList();
        if (answers.get(0) instanceof Effect.SendData send) {
            must(send.links().equals(meant) && send.number() == asked.number(), "data is for whom it is meant");
            must(!meant.isEmpty() || asked.to() instanceof Recipient.Everybody, "nobody is somebody");
        } else {
            boolean over = before.state() instanceof PublisherState.Closing;
            must(((Effect.RefuseData) answers.get(0)).number() == asked.number(), "refused is what was asked");
            must(over || (meant.isEmpty() && !(asked.to() instanceof Recipient.Everybody)), "data is not refused");
        }
    }

    /** Idle, open, sealing, sealed, closing, closed. */
    private static int rank(Situation now) {
        return switch (now.state().phase()) {
            case IDLE -> 0;
            case CONNECTING, ANNOUNCED, NEGOTIATING, SERVING -> 1;
            case SEALING -> 2;
            case SEALED, INTERRUPTED -> 3;
            case CLOSING -> 4;
            case CLOSED -> 5;
        };
    }

    /** Neither of the program nor of the one viewer's own connection. */
    static boolean ofServerOrOthers(Input input, Admitted viewer) {
        if (input instanceof Input.OfLink of) {
            return of.link() != viewer.link();
        } else if (input instanceof Input.TimerFired fired) {
            return !fired.timer().equals(Timer.of(Timer.Kind.GRACE, viewer.link()))
                    && !fired.timer().equals(Timer.of(Timer.Kind.PING, viewer.link()))
                    && !fired.timer().equals(Timer.of(Timer.Kind.STATS, viewer.link()));
        }
        return input instanceof Input.SignalReceived
                || input instanceof Input.SocketOpened
                || input instanceof Input.SocketGone
                || input instanceof Input.MediaGone
                || input instanceof Input.Start;
    }

    /** Orders are for what exists; the socket is one, and after the gate is shut nothing goes to the server. */
    private void orders(Situation before, List<Effect> effects, Situation after) {
        Socket socket =
                before.socket() == Socket.DIALING && after.socket() == Socket.OPEN ? Socket.OPEN : before.socket();
        // An end that this input told is not yet in before, and what dials or speaks after it is another socket.
        boolean gone = after.socket() == Socket.NONE || after.generation() > before.generation();
        boolean shut = before.released() > 0 && rules.secure();
        boolean media = true;
        Set<Integer> live = new HashSet<>(before.links());
        Set<Integer> watching = new HashSet<>();
        before.viewers().forEach(viewer -> watching.add(viewer.link()));
        int newest = before.state() instanceof PublisherState.Open open ? open.links() : 0;
        for (Effect effect : effects) {
            if (effect instanceof Effect.OpenSocket open) {
                must(!shut && (socket == Socket.NONE || gone), "there are never two sockets, and none after the gate");
                must(open.generation() == before.generation() + 1, "generations count up");
                socket = Socket.DIALING;
            } else if (effect instanceof Effect.SendSignal send) {
                must(!shut && socket == Socket.OPEN, "signals go to an open socket, and nowhere after the gate");
                must(send.generation() == before.generation(), "signals go to the newest socket");
            } else if (effect instanceof Effect.CloseSocket close) {
                must(socket == Socket.OPEN || socket == Socket.DIALING, "a socket is told to go once");
                must(close.generation() == before.generation(), "the newest socket is told to go");
                socket = Socket.TOLD;
            } else if (effect instanceof Effect.CheckSocket check) {
                must(!shut && socket == Socket.OPEN, "only an open socket is looked at, and none after the gate");
                must(check.generation() == before.generation(), "the newest socket is looked at");
            } else if (effect instanceof Effect.OpenLink open) {
                boolean probe = open.link() == PublisherState.Open.PROBE;
                newest += probe ? 0 : 1;
                must(
                        !shut && media && (probe ? rules.relay() : open.link() == newest),
                        "links count up, and there are none after the gate");
                live.add(open.link());
            } else if (effect instanceof Effect.AskApproval) {
                must(!shut && rules.ask(), "the program is asked before the gate is shut, if at all");
            } else if (effect instanceof Effect.ReleaseMedia release) {
                watching.add(release.link());
                shut = rules.secure();
            } else if (effect instanceof Effect.SendData send) {
                must(watching.containsAll(send.links()), "data is for viewers");
            } else if (effect instanceof Effect.AnswerStats answer) {
                must(watching.contains(answer.link()), "figures are for viewers");
            } else if (effect instanceof Effect.AskControl ask) {
                must(watching.contains(ask.link()), "the program is asked about viewers");
            } else if (effect instanceof Effect.CloseMedia) {
                media = false;
                live.clear();
            }
            int link = Life.linkOf(effect);
            must(link == 0 || live.contains(link), "an order for a link that is not there");
            if (effect instanceof Effect.CloseLink close) {
                live.remove(close.link());
            }
        }
        must(live.equals(after.links()), "every link is closed or somebody's");
        must(
                media == (rank(after) < 4) || before.state() instanceof PublisherState.Closing,
                "the end closes all media, once");
    }

    /** Nobody gets media who is not connected, answered and, if the program is asked, approved; and the gate is shut first. */
    private void media(Situation before, Input input, List<Effect> effects, Situation after) {
        for (Effect effect : effects) {
            if (!(effect instanceof Effect.ReleaseMedia release)) {
                continue;
            }
            int link = release.link();
            Candidate candidate = Lists.find(before.candidates(), c -> c.link() == link);
            must(candidate != null && !candidate.silent(), "media for who asked and answered");
            must(Lists.find(after.viewers(), v -> v.link() == link) != null, "media for who is a viewer from now on");
            if (rules.ask()) {
                must(
                        candidate.connected() && input.equals(new Input.Decided(link, true)),
                        "media after the program's word");
                must(candidate.stage() == Candidate.Stage.ASKED, "media after the program was asked");
            } else {
                must(input.equals(new Input.LinkChanged(link, LinkState.CONNECTED)), "media for who is connected");
            }
            if (rules.secure()) {
                must(after.candidates().isEmpty() && rank(after) > 1, "the admission is one step");
                boolean closes = effects.get(0) instanceof Effect.CloseSocket;
                boolean exists = before.socket() == Socket.OPEN || before.socket() == Socket.DIALING;
                must(closes == exists, "the gate is shut first");
            }
        }
        long releases =
                effects.stream().filter(Effect.ReleaseMedia.class::isInstance).count();
        long newcomers = after.viewers().stream()
                .filter(v -> Lists.find(before.viewers(), w -> w.link() == v.link()) == null)
                .count();
        must(releases == newcomers, "each viewer's media is released once");
    }

    /** What the state says of somebody was observed of it. */
    private static void flags(Situation before, Input input, List<Effect> effects, Situation after) {
        for (Candidate now : after.candidates()) {
            int link = now.link();
            Candidate was = Lists.find(before.candidates(), c -> c.link() == link);
            boolean silent = was == null || was.silent();
            boolean accepted =
                    effects.stream().anyMatch(e -> e instanceof Effect.AcceptDescription a && a.link() == link);
            must(accepted == (silent && !now.silent()), "who has answered has answered once");
            must(!accepted || answers(input, now), "its answer is its own");
            if (input instanceof Input.LinkChanged in && in.link() == link) {
                must(!now.connected() || in.state() == LinkState.CONNECTED, "who is not connected is not taken to be");
            } else {
                must(now.connected() == (was != null && was.connected()), "who is connected was seen to be");
            }
            must(now.stage() != Candidate.Stage.ASKED || now.said().isPresent(), "the program is told who asks");
        }
        for (Effect effect : effects) {
            if (effect instanceof Effect.AskApproval ask) {
                Candidate now = Lists.find(after.candidates(), c -> c.link() == ask.link());
                Candidate was = Lists.find(before.candidates(), c -> c.link() == ask.link());
                must(
                        now != null && now.connected() && now.stage() == Candidate.Stage.ASKED,
                        "who is there is asked for");
                must(was != null && was.stage() != Candidate.Stage.ASKED, "the program is asked once");
            }
        }
    }

    private static boolean answers(Input input, Candidate candidate) {
        if (input instanceof Input.ChannelReceived in) {
            return in.link() == candidate.link() && in.message() instanceof Message.Answer;
        }
        return input instanceof Input.SignalReceived in
                && in.from().equals(Optional.of(candidate.peer()))
                && in.message() instanceof Message.Answer;
    }

    // ---- the events -------------------------------------------------------------------------------------------------

    /** Each viewer is requested, then refused or joined, then, if joined, left. Its place in the state is the place in that order. */
    private static void events(Situation before, List<Effect> effects, Situation after) {
        Map<Integer, String> who = places(before);
        boolean over = before.closed() > 0;
        for (Effect effect : effects) {
            if (!(effect instanceof Effect.Emit emit)) {
                continue;
            }
            must(!over, "nothing is told after the end");
            SessionEvent event = emit.event();
            if (event instanceof SessionEvent.ViewerRequested e) {
                becomes(who, e.viewer().number(), null, "requested");
            } else if (event instanceof SessionEvent.ViewerRefused e) {
                becomes(who, e.viewer().number(), "requested", null);
            } else if (event instanceof SessionEvent.ViewerJoined e) {
                becomes(who, e.viewer().number(), "requested", "joined");
            } else if (event instanceof SessionEvent.ViewerInterrupted e) {
                becomes(who, e.viewer().number(), "joined", "interrupted");
            } else if (event instanceof SessionEvent.ViewerResumed e) {
                becomes(who, e.viewer().number(), "interrupted", "joined");
            } else if (event instanceof SessionEvent.ViewerLeft e) {
                String was = who.remove(e.viewer().number());
                must("joined".equals(was) || "interrupted".equals(was), "who leaves was in");
            } else if (event instanceof SessionEvent.Sealed e) {
                must(
                        after.state() instanceof PublisherState.Sealed s
                                && s.viewer().id().equals(e.viewer()),
                        "sealed in");
            } else if (event instanceof SessionEvent.DataReceived e) {
                must(before.viewers().stream().anyMatch(v -> v.id().toString().equals(e.from())), "data is of viewers");
            } else if (event instanceof SessionEvent.LabelChanged e) {
                must(
                        after.viewers().stream().anyMatch(v -> v.id().toString().equals(e.from())),
                        "names are of viewers");
            } else if (event instanceof SessionEvent.Closed) {
                over = true;
            }
        }
        must(who.equals(places(after)), "what is told is what is");
    }

    private static Map<Integer, String> places(Situation now) {
        Map<Integer, String> who = new HashMap<>();
        now.candidates().forEach(candidate -> who.put(candidate.link(), "requested"));
        now.viewers().forEach(viewer -> who.put(viewer.link(), viewer.interrupted() ? "interrupted" : "joined"));
        return who;
    }

    private static void becomes(Map<Integer, String> who, int number, @Nullable String before, @Nullable String now) {
        String was = now == null ? who.remove(number) : who.put(number, now);
        must(Objects.equals(was, before), "refused is not left, and each is told once");
    }

    private static void must(boolean holds, String promise) {
        if (!holds) {
            throw new AssertionError("not kept: " + promise);
        }
    }
}
