package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Lists.find;
import static dev.drawbridge.internal.machine.Lists.minus;
import static dev.drawbridge.internal.machine.Lists.plus;
import static dev.drawbridge.internal.machine.Lists.replace;

import dev.drawbridge.CloseReason;
import dev.drawbridge.Dialect;
import dev.drawbridge.SendException;
import dev.drawbridge.SessionEvent.Announced;
import dev.drawbridge.SessionEvent.AnnouncementRefused;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.LeaveReason;
import dev.drawbridge.SessionEvent.RefusalReason;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.ServerNotice;
import dev.drawbridge.SessionEvent.SignalingRestored;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.SessionEvent.ViewerRequested;
import dev.drawbridge.StreamId;
import dev.drawbridge.ViewerApproval;
import dev.drawbridge.internal.ice.Fingerprints;
import dev.drawbridge.internal.machine.PublisherState.Admitted;
import dev.drawbridge.internal.machine.PublisherState.Candidate;
import dev.drawbridge.internal.machine.PublisherState.Candidate.Stage;
import dev.drawbridge.internal.machine.PublisherState.Closing;
import dev.drawbridge.internal.machine.PublisherState.Idle;
import dev.drawbridge.internal.machine.PublisherState.Open;
import dev.drawbridge.internal.machine.PublisherState.Sealing;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.PeerId;
import dev.drawbridge.spi.PeerLinkListener;
import dev.drawbridge.spi.SignalingEnd;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The publisher's side of the protocol, and secure mode. Pure: the next state and the effects depend on the state, the input and
 * the time stamped on it, and on nothing else. Every input is defined in every state; what is not mentioned changes nothing.
 */
public final class PublisherMachine implements Machine<PublisherState> {
    private static final List<Timer.Kind> OF_LINKS = List.of(
            Timer.Kind.ANSWER,
            Timer.Kind.RELAY,
            Timer.Kind.CONNECT,
            Timer.Kind.APPROVAL,
            Timer.Kind.GRACE,
            Timer.Kind.PING,
            Timer.Kind.STATS);

    private final PublisherRules rules;
    private final PublisherTalk talk;
    private final WatchedLink watched;

    public PublisherMachine(PublisherRules rules) {
        this.rules = rules;
        talk = new PublisherTalk(rules);
        watched = new WatchedLink(talk);
    }

    @Override
    public PublisherState initial() {
        return new Idle();
    }

    @Override
    public String phase(PublisherState state) {
        return state.phase().name();
    }

    @Override
    public Step<PublisherState> step(PublisherState state, Input input, Instant at) {
        Effects out = new Effects(at);
        PublisherState next =
                switch (state.phase()) {
                    case IDLE -> idle(state, input, out);
                    case CONNECTING, ANNOUNCED, NEGOTIATING, SERVING -> open((Open) state, input, out);
                    case SEALING -> sealing((Sealing) state, input, out);
                    case SEALED, INTERRUPTED -> sealed((PublisherState.Sealed) state, input, out);
                    case CLOSING -> closing((Closing) state, input, out);
                    case CLOSED -> state;
                };
        return out.to(next);
    }

    // ---- idle -------------------------------------------------------------------------------------------------------

    private PublisherState idle(PublisherState state, Input input, Effects out) {
        if (input instanceof Input.Start) {
            return new Open(Dialer.first(out), List.of(), List.of(), 0, Allowance.WHOLE, false, Room.EMPTY);
        }
        if (input instanceof Input.CloseAsked) {
            return close(0, CloseReason.CLOSED_BY_APPLICATION, "", out);
        }
        if (input instanceof Input.DataAsked in) {
            out.data(in, List.of());
        }
        return state;
    }

    // ---- open: anybody may ask --------------------------------------------------------------------------------------

    private PublisherState open(Open open, Input input, Effects out) {
        return keepAnnouncing(open, opened(open, input, out), out);
    }

    private PublisherState opened(Open open, Input input, Effects out) {
        if (input instanceof Input.SocketOpened in
                && in.generation() == open.server().generation()) {
            return socketOpened(open, out);
        }
        if (input instanceof Input.SocketGone in
                && in.generation() == open.server().lingering()) {
            return socketGone(open, in.end(), out);
        }
        if (input instanceof Input.SignalReceived in
                && in.generation() == open.server().generation()) {
            return in.from().isPresent()
                    ? fromPeer(open, in.from().get(), in.message(), out)
                    : fromServer(open, in.message(), out);
        }
        if (input instanceof Input.TimerFired in) {
            return openTimer(open, in.timer(), out);
        }
        if (input instanceof Input.CloseAsked) {
            return closeOpen(open, CloseReason.CLOSED_BY_APPLICATION, "", out);
        }
        if (input instanceof Input.EffectFailed in) {
            return closeOpen(open, CloseReason.INTERNAL_ERROR, in.effect() + ": " + in.detail(), out);
        }
        if (input instanceof Input.DataAsked in) {
            return withViewers(open, WatchedLink.data(open.viewers(), in, out));
        }
        if (input instanceof Input.TellAsked in) {
            WatchedLink.tell(open.viewers(), in, out);
            return open;
        }
        if (input instanceof Input.NetworkChanged) {
            Open now = withServer(open, Dialer.networkChanged(open.server(), out));
            return withViewers(
                    now,
                    open.viewers().stream()
                            .map(viewer -> WatchedLink.restartIce(viewer, out))
                            .toList());
        }
        int link = linkOf(input);
        if (link == Open.PROBE) {
            return probeInput(open, input, out);
        }
        Candidate candidate = find(open.candidates(), c -> c.link() == link);
        if (candidate != null) {
            return candidateInput(open, candidate, input, out);
        }
        Admitted viewer = find(open.viewers(), v -> v.link() == link);
        return viewer == null ? open : openViewer(open, viewer, input, out);
    }

    private PublisherState socketOpened(Open open, Effects out) {
        if (!(open.server() instanceof Server.Dialing dialing)) {
            return open;
        }
        out.cancel(Timer.of(Timer.Kind.DIAL));
        return rules.room() && rules.dialect() == Dialect.HOSTED
                ? withServer(open, Dialer.join(dialing, out))
                : announce(open, dialing.restoring(), out);
    }

    /** In a room of the custom dialect the joinroom frame carries the stream id, and nobody answers it: it is the announcement. */
    private Message announcement() {
        return entering() ? new Message.JoinRoom() : new Message.Seed();
    }

    private boolean entering() {
        return rules.room() && rules.dialect() == Dialect.CUSTOM;
    }

    private PublisherState socketGone(Open open, SignalingEnd end, Effects out) {
        Server server = open.server();
        if (server instanceof Server.Away away) {
            return withServer(open, away.withoutSocket());
        }
        return Dialer.hopeless(server)
                ? closeOpen(
                        withServer(open, new Server.Away(0, server.generation(), true, false)),
                        Dialer.reason(end),
                        end.detail(),
                        out)
                : withServer(open, Dialer.lost(server, true, end.detail(), out));
    }

    private Open announce(Open open, boolean restoring, Effects out) {
        int generation = open.server().generation();
        out.cancel(Timer.of(Timer.Kind.LISTING));
        out.signal(generation, announcement());
        if (restoring) {
            out.emit(SignalingRestored::new);
        } else {
            out.emit(Announced::new);
        }
        Open live = withServer(open, Dialer.live(open.server(), out));
        return rules.relay() && !restoring ? probe(live, out) : live;
    }

    // ---- where only relays count: is there one at all?
    // ----------------------------------------------------------------

    /** So that a wrong password of the relay is told now and not when somebody wants to watch. */
    private static Open probe(Open open, Effects out) {
        out.add(new Effect.OpenLink(Open.PROBE, Optional.empty()));
        out.add(new Effect.MakeOffer(Open.PROBE, false));
        out.start(Timer.of(Timer.Kind.RELAY, Open.PROBE), Times.RELAY);
        return withProbe(open, true);
    }

    private PublisherState probeInput(Open open, Input input, Effects out) {
        if (!open.probing()) {
            return open;
        }
        if (input instanceof Input.LinkGathered) {
            return probed(open, out);
        }
        return input instanceof Input.LinkFailed in && fatal(in.operation())
                ? closeOpen(open, CloseReason.NO_RELAY, in.detail(), out)
                : open;
    }

    /** There is one, or nobody wants to know any more. */
    private static Open probed(Open open, Effects out) {
        if (open.probing()) {
            drop(Open.PROBE, out);
        }
        return withProbe(open, false);
    }

    /** Who is announced and has been asked by nobody says it again: the announcement or the request may have been lost. */
    private PublisherState keepAnnouncing(Open before, PublisherState after, Effects out) {
        Server.Live was = waiting(before);
        Server.Live now = waiting(after);
        if (now != null && (was == null || was.generation() != now.generation())) {
            return repeatAfter((Open) after, now.repeated(0), out);
        }
        if (now == null && was != null && after instanceof Open) {
            out.cancel(Timer.of(Timer.Kind.REPEAT));
        }
        return after;
    }

    /** Entering a room bothers everybody in it, so that is not repeated for ever. */
    private Open repeatAfter(Open open, Server.Live live, Effects out) {
        if (!entering() || Times.quickRepeat(live.repeats())) {
            out.start(Timer.of(Timer.Kind.REPEAT), Times.repeat(live.repeats()));
        }
        return withServer(open, live);
    }

    /** The connection on which we wait for somebody; or null. Who negotiates since an older one says nothing about this one. */
    private static Server.@Nullable Live waiting(PublisherState state) {
        return state instanceof Open open
                        && open.server() instanceof Server.Live live
                        && (open.candidates().isEmpty() || !live.found())
                        && open.viewers().isEmpty()
                ? live
                : null;
    }

    private PublisherState fromServer(Open open, Message message, Effects out) {
        if (message instanceof Message.Listing listing && rules.dialect() == Dialect.HOSTED) {
            Open now =
                    open.server() instanceof Server.Joining joining ? announce(open, joining.restoring(), out) : open;
            return now.server() instanceof Server.Live live
                    ? listed(withServer(now, live.listed()), listing.members(), out)
                    : now;
        }
        if (message instanceof Message.StreamIdTaken) {
            return idTaken(open, out);
        }
        if (message instanceof Message.IdentityRejected && open.server().generation() > 0) {
            // Every connection takes a new identity, so a new connection is the cure.
            String detail = "the server rejected our identity";
            return Dialer.hopeless(open.server())
                    ? closeOpen(open, CloseReason.SERVER_REFUSED, detail, out)
                    : withServer(open, Dialer.giveUp(open.server(), detail, out));
        }
        Reports.notices(message, out);
        return open;
    }

    private PublisherState idTaken(Open open, Effects out) {
        if (!(open.server() instanceof Server.Live live)) {
            return open;
        }
        if (live.repeats() > 0) {
            // Perhaps this server dislikes only the repetition. If it means the id, it is ours once the other one is
            // gone.
            out.emit(at -> new ServerNotice(at, "the stream id is in use, says the server of a repeated announcement"));
            Server.Live slow = live.repeated(Times.slowRepeats(live.repeats()));
            return waiting(open) == null ? withServer(open, slow) : repeatAfter(open, slow, out);
        }
        // Who is watching needs no server, so it must not be able to end this. And after a loss it may be our own old
        // connection that has the id, until the server notices that nobody is there any more.
        boolean first = live.since().attempt() == 0;
        if (live.refusals() >= Times.RESEEDS && first && open.viewers().isEmpty()) {
            return closeOpen(open, CloseReason.STREAM_ID_IN_USE, "", out);
        }
        int refusals = live.refusals() + 1;
        out.emit(at -> new AnnouncementRefused(at, refusals, Times.RESEED));
        out.start(Timer.of(Timer.Kind.RESEED), Times.RESEED);
        out.cancel(Timer.of(Timer.Kind.REPEAT));
        return withServer(open, live.refused(refusals));
    }

    private PublisherState openTimer(Open open, Timer timer, Effects out) {
        Server server = open.server();
        switch (timer.kind()) {
            case DIAL -> {
                if (!(server instanceof Server.Dialing dialing)) {
                    return open;
                }
                return dialing.restoring()
                        ? withServer(open, Dialer.giveUp(server, "no answer in time", out))
                        : closeOpen(open, CloseReason.SERVER_UNREACHABLE, "no answer in time", out);
            }
            case RECONNECT -> {
                return server instanceof Server.Away away ? withServer(open, Dialer.again(away, out)) : open;
            }
            case LISTING -> {
                if (!(server instanceof Server.Joining joining)) {
                    return open;
                }
                return joining.again()
                        ? announce(open, joining.restoring(), out)
                        : withServer(open, Dialer.joinAgain(joining, out));
            }
            case RESEED -> {
                if (server instanceof Server.Live live) {
                    out.signal(live.generation(), announcement());
                    out.emit(Announced::new);
                    Server.Live anew = live.repeated(0);
                    return waiting(open) == null ? withServer(open, anew) : repeatAfter(open, anew, out);
                }
                return open;
            }
            case REPEAT -> {
                Server.Live live = waiting(open);
                if (live == null) {
                    return open;
                }
                if (rules.room() && !entering() && !live.entered()) {
                    out.signal(live.generation(), new Message.JoinRoom()); // perhaps it never heard that we came
                }
                out.signal(live.generation(), announcement());
                return repeatAfter(open, live.repeated(live.repeats() + 1), out);
            }
            case RELAY -> {
                if (open.probing() && timer.subject() == Open.PROBE) {
                    return closeOpen(open, CloseReason.NO_RELAY, "", out);
                }
                Candidate bare = find(open.candidates(), c -> c.link() == timer.subject());
                return bare == null ? open : refuse(open, bare, RefusalReason.NO_RELAY, out);
            }
            case ANSWER, CONNECT -> {
                Candidate late = find(open.candidates(), c -> c.link() == timer.subject());
                return late == null ? open : unreached(open, late, out);
            }
            case APPROVAL -> {
                Candidate late = find(open.candidates(), c -> c.link() == timer.subject());
                return late == null ? open : refuse(open, late, RefusalReason.NOT_APPROVED, out);
            }
            case GRACE, PING, STATS -> {
                Admitted viewer = find(open.viewers(), v -> v.link() == timer.subject());
                return viewer == null ? open : openViewer(open, viewer, new Input.TimerFired(timer), out);
            }
            default -> {
                return open;
            }
        }
    }

    // ---- what peers say over the server -----------------------------------------------------------------------------

    private PublisherState fromPeer(Open before, PeerId peer, Message message, Effects out) {
        Open open = rules.room() ? showsUp(before, peer, message, out) : before;
        if (message instanceof Message.OfferWanted) {
            return offerWanted(open, peer, out);
        }
        Candidate candidate = find(open.candidates(), c -> c.peer().equals(peer));
        if (candidate != null) {
            return candidateSays(open, candidate, message, true, out);
        }
        Admitted viewer = find(open.viewers(), v -> v.peer().equals(peer));
        return viewer == null ? open : settle(open, viewer, watched.says(viewer, message, true, out), out);
    }

    // ---- who else is in the room ------------------------------------------------------------------------------------

    /** Whoever says something that only members say is one. Those who are there when we come offer, to be watched by us. */
    private Open showsUp(Open open, PeerId peer, Message message, Effects out) {
        if (message instanceof Message.OfferWanted wanted) {
            return wanted.member() ? present(open, peer, wanted.stream(), out) : open;
        }
        if (message instanceof Message.StreamAnnounced announced) {
            return present(open, peer, Optional.of(announced.stream()), out);
        }
        if (message instanceof Message.Offer offer) {
            boolean shows = rules.dialect() == Dialect.CUSTOM && offer.stream().isPresent();
            return shows && (offer.encrypted() || !rules.requireEncryption())
                    ? present(open, peer, offer.stream(), out)
                    : open;
        }
        return message instanceof Message.Entered ? present(open, peer, Optional.empty(), out) : open;
    }

    /** Before the announcement a hosted server has not listed the room yet. Our own id is a connection of ours that is dead. */
    private Open present(Open open, PeerId peer, Optional<StreamId> stream, Effects out) {
        boolean ours = stream.equals(Optional.of(rules.stream()));
        return ours || !(open.server() instanceof Server.Live)
                ? open
                : withRoom(open, open.room().heard(peer, stream, List.of(), out));
    }

    private Open listed(Open open, List<Message.Listing.Member> members, Effects out) {
        List<Message.Listing.Member> others = members.stream()
                .filter(member -> !member.stream().equals(Optional.of(rules.stream())))
                .toList();
        return rules.room() ? withRoom(open, open.room().listed(others, List.of(), out)) : open;
    }

    private PublisherState offerWanted(Open open, PeerId peer, Effects out) {
        if (!(open.server() instanceof Server.Live live)) {
            return open; // not announced, and an offer could not be sent
        }
        Open now = withServer(open, live.heard());
        Candidate asking = find(open.candidates(), c -> c.peer().equals(peer));
        boolean covered = open.allowance().covers(out.at());
        if (asking != null && !(covered && asking.stuck(out.at()))) {
            return asking.misses(out.at()) ? offerAgain(now, asking, live, out) : now;
        }
        Admitted known = find(open.viewers(), v -> v.peer().equals(peer));
        if (known != null && !known.interrupted()) {
            return now;
        }
        if (known != null && !covered) {
            return now; // what it has is better than nothing
        }
        if (asking != null) {
            if (asking.dropped().allOurs() && now.viewers().isEmpty()) {
                return unreached(now, asking, out);
            }
            now = giveUp(now, asking, out);
        }
        if (known != null) {
            now = leave(now, known, LeaveReason.REPLACED, out);
        }
        int attempt = asking == null ? 1 : asking.attempt() + 1;
        Candidate candidate = Candidate.first(now.links() + 1, peer, attempt, out.at());
        out.emit(at -> new ViewerRequested(at, candidate.id()));
        now = withLinks(now, candidate.link(), now.allowance());
        if (now.viewers().size() >= rules.maxViewers()) {
            return turnedAway(now, candidate, RefusalReason.FULL, out);
        }
        return covered ? seat(now, candidate, out) : turnedAway(now, candidate, RefusalReason.TOO_MANY_REQUESTS, out);
    }

    /** Nothing was made for it. */
    private static Open turnedAway(Open open, Candidate candidate, RefusalReason reason, Effects out) {
        out.emit(at -> new ViewerRefused(at, candidate.id(), reason));
        return open;
    }

    /**
     * Gives a candidate one of the places. When all are taken, who is neither connected nor new makes room: first the oldest that has
     * not answered, then the oldest that has, since an answer is cheap and without a password anybody can make one up. Nobody who
     * is new: among many who only answer, the real viewer would be the only silent one, and it cannot be told from them.
     */
    private Open seat(Open open, Candidate candidate, Effects out) {
        Open now = open;
        if (open.candidates().size() >= PublisherRules.MAX_CANDIDATES) {
            Candidate oldest = find(open.candidates(), c -> c.evictable(out.at()) && c.silent());
            if (oldest == null) {
                oldest = find(open.candidates(), c -> c.evictable(out.at()));
            }
            if (oldest == null) {
                return turnedAway(open, candidate, RefusalReason.FULL, out);
            }
            now = refuse(open, oldest, oldest.verdict(), out);
        }
        int link = candidate.link();
        out.add(new Effect.OpenLink(link, Optional.empty()));
        out.add(new Effect.MakeOffer(link, false));
        out.start(Timer.of(Timer.Kind.ANSWER, link), Times.ANSWER);
        out.start(Timer.of(Timer.Kind.CONNECT, link), Times.CONNECT);
        if (rules.relay()) {
            out.start(Timer.of(Timer.Kind.RELAY, link), Times.RELAY);
        }
        Open spent = withLinks(now, link, now.allowance().spent(out.at()));
        return withCandidates(spent, plus(now.candidates(), candidate));
    }

    /** Something got lost. Who has it all applies the same offer again and says again what it said. */
    private Open offerAgain(Open open, Candidate candidate, Server.Live live, Effects out) {
        Candidate.Sent sent = candidate.sent();
        out.signal(live.generation(), candidate.peer(), talk.offer(candidate.link(), sent.sdp()));
        if (!sent.candidates().isEmpty()) {
            out.signal(live.generation(), candidate.peer(), talk.candidates(candidate.link(), sent.candidates()));
        }
        return withCandidate(open, candidate, candidate.offered(out.at(), sent.sdp()));
    }

    /** Over the server or, when the channel is open before the admission, over the channel. */
    private PublisherState candidateSays(
            Open open, Candidate candidate, Message message, boolean overServer, Effects out) {
        if (message instanceof Message.Answer answer) {
            if (candidate.stage() != Stage.OFFERED || !talk.acceptable(candidate.link(), answer, overServer, out)) {
                return open;
            }
            out.cancel(Timer.of(Timer.Kind.ANSWER, candidate.link()));
            talk.accept(candidate.link(), answer, out);
            return withCandidate(open, candidate, candidate.answered(Fingerprints.of(answer.sdp())));
        }
        if (message instanceof Message.Candidates found) {
            talk.candidates(candidate.link(), found, overServer, out);
            return open;
        }
        Reports.violations(message, out);
        return overServer ? open : candidateTells(open, candidate, message, out);
    }

    /** What counts only on the candidate's own channel: through the server anybody could say it. */
    private PublisherState candidateTells(Open open, Candidate candidate, Message message, Effects out) {
        int link = candidate.link();
        WatchedLink.wishes(link, message, out); // said once when the channel opens, which may be before the admission
        if (message instanceof Message.ViewerRequest request) {
            Candidate named = candidate.said(request);
            if (request.downloads()) {
                out.add(new Effect.FilesWanted(link)); // said once, which may be before the admission; told after it
            }
            return askOrWait(withCandidate(open, candidate, named), named, out);
        }
        if (message instanceof Message.Bye) {
            return refuse(open, candidate, RefusalReason.WITHDRAWN, out);
        }
        if (message instanceof Message.Ping ping) {
            out.channel(link, new Message.Pong(ping.json()));
        }
        return open;
    }

    // ---- candidates -------------------------------------------------------------------------------------------------

    private PublisherState candidateInput(Open open, Candidate candidate, Input input, Effects out) {
        int link = candidate.link();
        if (input instanceof Input.LinkDescribed in) {
            if (!(open.server() instanceof Server.Live live)) {
                return refuse(open, candidate, RefusalReason.SIGNALING_LOST, out);
            }
            String sdp = in.description().sdp();
            out.signal(live.generation(), candidate.peer(), talk.offer(link, sdp));
            return withCandidate(open, candidate, candidate.offered(out.at(), sdp));
        }
        if (input instanceof Input.LinkGathered in) {
            if (open.server() instanceof Server.Live live) {
                out.signal(live.generation(), candidate.peer(), talk.candidates(link, in.candidates()));
            }
            out.cancel(Timer.of(Timer.Kind.RELAY, link));
            return probed(withCandidate(open, candidate, candidate.gathered(in.candidates())), out);
        }
        if (input instanceof Input.CandidatesDropped in) {
            return withCandidate(open, candidate, candidate.dropped(Dropped.of(in)));
        }
        if (input instanceof Input.PathForbidden in) {
            Dropped dropped = candidate.dropped();
            String summary = dropped.summary().isEmpty() ? "" : "; filtered out: " + dropped.summary();
            return refuse(open, candidate, RefusalReason.NO_PATH, "the path was " + in.path() + summary, out);
        }
        if (input instanceof Input.LinkChanged in) {
            return switch (in.state()) {
                case CONNECTED -> candidateConnected(open, candidate, out);
                case CONNECTING, DISCONNECTED -> withCandidate(open, candidate, candidate.connected(false));
                case FAILED -> unreached(open, candidate, out);
            };
        }
        if (input instanceof Input.Decided in && candidate.stage() == Stage.ASKED) {
            return decided(open, candidate, in.approved(), out);
        }
        if (input instanceof Input.ChannelReceived in) {
            return candidateSays(open, candidate, in.message(), false, out);
        }
        if (input instanceof Input.ChannelClosed || input instanceof Input.DisconnectAsked) {
            return refuse(open, candidate, RefusalReason.WITHDRAWN, out);
        }
        if (input instanceof Input.LinkFailed in && in.operation() == PeerLinkListener.Operation.CODEC) {
            // In time, so that who could see nothing does not raise the bridge.
            return refuse(open, candidate, RefusalReason.NO_COMMON_CODEC, in.detail(), out);
        }
        if (input instanceof Input.LinkFailed in) {
            Reports.failed(in, out);
            // A bad candidate line costs only itself; without our offer or its answer there is nothing to wait for.
            return fatal(in.operation()) ? refuse(open, candidate, RefusalReason.BAD_PEER, out) : open;
        }
        return open;
    }

    /** Only who has answered can be connected; before that we know no certificate of its. */
    private PublisherState candidateConnected(Open open, Candidate candidate, Effects out) {
        if (candidate.silent() || candidate.connected()) {
            return open;
        }
        Candidate connected = candidate.connected(true);
        Open now = withCandidate(open, candidate, connected);
        return rules.ask() ? askOrWait(now, connected, out) : admit(now, connected, out);
    }

    /** Approval is for somebody who is there: whoever has vanished meanwhile must not raise the bridge. */
    private PublisherState decided(Open open, Candidate candidate, boolean approved, Effects out) {
        if (!approved) {
            return refuse(open, candidate, RefusalReason.NOT_APPROVED, out);
        }
        return candidate.connected()
                ? admit(open, candidate, out)
                : refuse(open, candidate, RefusalReason.NO_CONNECTION, out);
    }

    /** The program is asked once the viewer is connected and has said what it wants. */
    private PublisherState askOrWait(Open open, Candidate candidate, Effects out) {
        if (!rules.ask()
                || !candidate.connected()
                || candidate.said().isEmpty()
                || candidate.stage() != Stage.ANSWERED) {
            return open;
        }
        out.cancel(Timer.of(Timer.Kind.CONNECT, candidate.link()));
        out.start(Timer.of(Timer.Kind.APPROVAL, candidate.link()), Times.APPROVAL);
        out.add(new Effect.AskApproval(
                candidate.link(), question(candidate, candidate.said().get())));
        return withCandidate(open, candidate, candidate.at(Stage.ASKED));
    }

    private static ViewerApproval.Request question(Candidate candidate, Message.ViewerRequest said) {
        return new ViewerApproval.Request(
                candidate.id(),
                said.label(),
                ViewerApproval.Role.valueOf(said.role().name()),
                Fingerprints.only(candidate.fingerprints()).orElse(""));
    }

    /**
     * In time there was no connection. That every candidate of ours was filtered out is no peer's doing, and with the next one it
     * would be the same.
     */
    private PublisherState unreached(Open open, Candidate candidate, Effects out) {
        Dropped dropped = candidate.dropped();
        if (dropped.allOurs() && open.viewers().isEmpty()) {
            return closeOpen(open, CloseReason.NO_PATH, "filtered out: " + dropped.summary(), out);
        }
        return giveUp(open, candidate, out);
    }

    private Open giveUp(Open open, Candidate candidate, Effects out) {
        boolean bare = rules.relay() && candidate.sent().candidates().isEmpty();
        RefusalReason verdict = bare ? RefusalReason.NO_RELAY : candidate.verdict();
        String detail = verdict == RefusalReason.NO_PATH
                ? "filtered out: " + candidate.dropped().summary()
                : "";
        return refuse(open, candidate, verdict, detail, out);
    }

    private Open refuse(Open open, Candidate candidate, RefusalReason reason, Effects out) {
        return refuse(open, candidate, reason, "", out);
    }

    private Open refuse(Open open, Candidate candidate, RefusalReason reason, String detail, Effects out) {
        drop(candidate.link(), out);
        out.emit(at -> new ViewerRefused(at, candidate.id(), reason, detail));
        return withCandidates(open, minus(open.candidates(), candidate));
    }

    // ---- admission --------------------------------------------------------------------------------------------------

    /**
     * The one place where somebody gets in. In secure mode the first effect shuts the gate to the server; whatever else was
     * negotiating is refused in the same transition.
     */
    private PublisherState admit(Open open, Candidate candidate, Effects out) {
        if (!rules.secure() && open.viewers().size() >= rules.maxViewers()) {
            return refuse(open, candidate, RefusalReason.FULL, out);
        }
        if (rules.secure()) {
            leaveServer(open.server(), out);
        }
        cancelTimers(candidate.link(), out);
        Open now = probed(withCandidates(open, minus(open.candidates(), candidate)), out);
        if (rules.secure()) {
            for (Candidate other : now.candidates()) {
                now = refuse(now, other, RefusalReason.BRIDGE_RAISED, out);
            }
        }
        out.add(new Effect.ReleaseMedia(candidate.link()));
        out.channel(candidate.link(), new Message.PublisherInfo(rules.label(), rules.secure()));
        out.emit(at -> new ViewerJoined(at, candidate.id()));
        candidate.said().ifPresent(said -> WatchedLink.named(candidate.id(), said.label(), out));
        // At once, so that also who dies in its first second is missed.
        Admitted viewer = WatchedLink.tick(Admitted.of(candidate), out);
        if (!rules.secure()) {
            Open regained = withLinks(now, now.links(), now.allowance().regained());
            return withViewers(regained, plus(now.viewers(), viewer));
        }
        if (open.server().lingering() == 0) {
            return sealed(viewer, out);
        }
        out.start(Timer.of(Timer.Kind.SEAL), Times.SEAL);
        return new Sealing(open.server().lingering(), viewer);
    }

    private static void leaveServer(Server server, Effects out) {
        if (server.generation() > 0) {
            out.add(new Effect.CloseSocket(server.generation()));
        }
        for (Timer.Kind kind : List.of(
                Timer.Kind.DIAL, Timer.Kind.RECONNECT, Timer.Kind.LISTING, Timer.Kind.RESEED, Timer.Kind.REPEAT)) {
            out.cancel(Timer.of(kind));
        }
    }

    private static PublisherState.Sealed sealed(Admitted viewer, Effects out) {
        out.cancel(Timer.of(Timer.Kind.SEAL));
        out.emit(at -> new Sealed(at, viewer.id()));
        return new PublisherState.Sealed(viewer);
    }

    // ---- sealing and sealed: only the one viewer is heard -----------------------------------------------------------

    private PublisherState sealing(Sealing sealing, Input input, Effects out) {
        int generation = sealing.generation();
        if (input instanceof Input.SocketGone in && in.generation() == generation) {
            return sealed(sealing.viewer(), out);
        }
        if (input instanceof Input.TimerFired in && in.timer().kind() == Timer.Kind.SEAL) {
            String detail = "the signaling transport did not end its connection, so the seal cannot be promised";
            return end(
                    sealing.viewer(), generation, LeaveReason.SESSION_CLOSED, CloseReason.INTERNAL_ERROR, detail, out);
        }
        return onlyViewer(sealing.viewer(), generation, input, viewer -> new Sealing(generation, viewer), out);
    }

    private PublisherState sealed(PublisherState.Sealed sealed, Input input, Effects out) {
        return onlyViewer(sealed.viewer(), 0, input, PublisherState.Sealed::new, out);
    }

    private PublisherState onlyViewer(
            Admitted viewer, int generation, Input input, Function<Admitted, PublisherState> stay, Effects out) {
        if (input instanceof Input.CloseAsked) {
            return end(viewer, generation, LeaveReason.SESSION_CLOSED, CloseReason.CLOSED_BY_APPLICATION, "", out);
        }
        if (input instanceof Input.EffectFailed in) {
            String detail = in.effect() + ": " + in.detail();
            return end(viewer, generation, LeaveReason.SESSION_CLOSED, CloseReason.INTERNAL_ERROR, detail, out);
        }
        if (input instanceof Input.DataAsked in) {
            return stay.apply(WatchedLink.data(List.of(viewer), in, out).get(0));
        }
        if (input instanceof Input.TellAsked in) {
            WatchedLink.tell(List.of(viewer), in, out);
            return stay.apply(viewer);
        }
        if (input instanceof Input.NetworkChanged) {
            return stay.apply(WatchedLink.restartIce(viewer, out));
        }
        if (linkOf(input) != viewer.link()) {
            return stay.apply(viewer);
        }
        WatchedLink.Verdict verdict = watched.input(viewer, input, out);
        if (verdict.leaves().isEmpty()) {
            return stay.apply(verdict.viewer());
        }
        LeaveReason why = verdict.leaves().get();
        return why == LeaveReason.SECURITY_VIOLATION
                ? end(viewer, generation, why, CloseReason.SECURITY_VIOLATION, "", out)
                : end(viewer, generation, why, CloseReason.VIEWER_LEFT, "", out);
    }

    /** The one viewer is gone, so the session is over. */
    private static PublisherState end(
            Admitted viewer, int generation, LeaveReason why, CloseReason reason, String detail, Effects out) {
        out.channel(viewer.link(), new Message.Bye());
        cancelTimers(viewer.link(), out);
        out.cancel(Timer.of(Timer.Kind.SEAL));
        out.emit(at -> new ViewerLeft(at, viewer.id(), why));
        return close(generation, reason, detail, out);
    }

    // ---- viewers of an open session ---------------------------------------------------------------------------------

    private PublisherState openViewer(Open open, Admitted viewer, Input input, Effects out) {
        return settle(open, viewer, watched.input(viewer, input, out), out);
    }

    private Open settle(Open open, Admitted viewer, WatchedLink.Verdict verdict, Effects out) {
        if (verdict.viewer().interrupted() && !viewer.interrupted()) {
            Dialer.check(open.server(), out); // perhaps it is our network and not the viewer's
        }
        return verdict.leaves().isPresent()
                ? leave(open, viewer, verdict.leaves().get(), out)
                : withViewers(open, replace(open.viewers(), viewer, verdict.viewer()));
    }

    private Open leave(Open open, Admitted viewer, LeaveReason reason, Effects out) {
        out.channel(viewer.link(), new Message.Bye());
        drop(viewer.link(), out);
        out.emit(at -> new ViewerLeft(at, viewer.id(), reason));
        Open now = withViewers(open, minus(open.viewers(), viewer));
        return switch (reason) {
            case BYE, CHANNEL_CLOSED, LOST -> withRoom(now, now.room().left(viewer.peer(), out));
            case DISCONNECTED, REPLACED, SECURITY_VIOLATION, FORBIDDEN_PATH, NO_COMMON_CODEC, SESSION_CLOSED -> now;
        };
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    private PublisherState closeOpen(Open open, CloseReason reason, String detail, Effects out) {
        leaveServer(open.server(), out);
        Open now = probed(open, out);
        for (Candidate candidate : open.candidates()) {
            now = refuse(now, candidate, RefusalReason.SESSION_CLOSED, out);
        }
        for (Admitted viewer : open.viewers()) {
            now = leave(now, viewer, LeaveReason.SESSION_CLOSED, out);
        }
        return close(open.server().lingering(), reason, detail, out);
    }

    private static PublisherState close(int generation, CloseReason reason, String detail, Effects out) {
        out.add(new Effect.CloseMedia());
        out.start(Timer.of(Timer.Kind.CLOSE), Times.CLOSE);
        return new Closing(generation, false, reason, detail);
    }

    private static PublisherState closing(Closing closing, Input input, Effects out) {
        if (input instanceof Input.DataAsked in) {
            out.refuse(in, SendException.Reason.SESSION_CLOSED);
        }
        Closing next = closing;
        if (input instanceof Input.SocketGone in && in.generation() == closing.generation()) {
            next = new Closing(0, closing.mediaGone(), closing.reason(), closing.detail());
        } else if (input instanceof Input.MediaGone) {
            next = new Closing(closing.generation(), true, closing.reason(), closing.detail());
        }
        boolean late = input instanceof Input.TimerFired in && in.timer().kind() == Timer.Kind.CLOSE;
        if (!late && (next.generation() != 0 || !next.mediaGone())) {
            return next;
        }
        out.emit(at -> new Closed(at, closing.reason(), closing.detail()));
        out.add(new Effect.Finish());
        return new PublisherState.Closed(closing.reason());
    }

    // ---- small things -----------------------------------------------------------------------------------------------

    private static boolean fatal(PeerLinkListener.Operation operation) {
        return switch (operation) {
            case CREATE, OFFER, ACCEPT -> true;
            case ADD_CANDIDATE, MEDIA, CODEC -> false;
        };
    }

    /** The link that an input speaks of, or 0. */
    private static int linkOf(Input input) {
        if (input instanceof Input.OfLink of) {
            return of.link();
        }
        return input instanceof Input.TimerFired fired ? fired.timer().subject() : 0;
    }

    private static void drop(int link, Effects out) {
        cancelTimers(link, out);
        out.add(new Effect.CloseLink(link));
    }

    private static void cancelTimers(int link, Effects out) {
        for (Timer.Kind kind : OF_LINKS) {
            out.cancel(Timer.of(kind, link));
        }
    }

    private static Open withServer(Open open, Server server) {
        return new Open(
                server, open.candidates(), open.viewers(), open.links(), open.allowance(), open.probing(), open.room());
    }

    private static Open withLinks(Open open, int links, Allowance allowance) {
        return new Open(
                open.server(), open.candidates(), open.viewers(), links, allowance, open.probing(), open.room());
    }

    private static Open withProbe(Open open, boolean probing) {
        return new Open(
                open.server(), open.candidates(), open.viewers(), open.links(), open.allowance(), probing, open.room());
    }

    private static Open withRoom(Open open, Room room) {
        return new Open(
                open.server(), open.candidates(), open.viewers(), open.links(), open.allowance(), open.probing(), room);
    }

    private static Open withCandidates(Open open, List<Candidate> candidates) {
        return new Open(
                open.server(), candidates, open.viewers(), open.links(), open.allowance(), open.probing(), open.room());
    }

    private static Open withCandidate(Open open, Candidate old, Candidate changed) {
        return withCandidates(open, replace(open.candidates(), old, changed));
    }

    private static Open withViewers(Open open, List<Admitted> viewers) {
        return new Open(
                open.server(), open.candidates(), viewers, open.links(), open.allowance(), open.probing(), open.room());
    }
}
