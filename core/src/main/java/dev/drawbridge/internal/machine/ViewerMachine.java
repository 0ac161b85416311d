package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Lists.find;

import dev.drawbridge.CloseReason;
import dev.drawbridge.Dialect;
import dev.drawbridge.SendException;
import dev.drawbridge.SessionEvent.AudioMuted;
import dev.drawbridge.SessionEvent.ChatReceived;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.LabelChanged;
import dev.drawbridge.SessionEvent.LeaveReason;
import dev.drawbridge.SessionEvent.MediaStarted;
import dev.drawbridge.SessionEvent.NoCommonCodec;
import dev.drawbridge.SessionEvent.NoPicture;
import dev.drawbridge.SessionEvent.RemoteStats;
import dev.drawbridge.SessionEvent.SceneCommand;
import dev.drawbridge.SessionEvent.StreamEnded;
import dev.drawbridge.SessionEvent.StreamInterrupted;
import dev.drawbridge.SessionEvent.StreamResumed;
import dev.drawbridge.SessionEvent.StreamStarted;
import dev.drawbridge.SessionEvent.VideoMuted;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.ice.Fingerprints;
import dev.drawbridge.internal.machine.ViewerState.Closing;
import dev.drawbridge.internal.machine.ViewerState.Feed;
import dev.drawbridge.internal.machine.ViewerState.Idle;
import dev.drawbridge.internal.machine.ViewerState.Open;
import dev.drawbridge.internal.machine.ViewerState.Play;
import dev.drawbridge.internal.machine.ViewerState.Play.Sight;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.Message.Candidates.Side;
import dev.drawbridge.internal.wire.Message.ViewerRequest.Role;
import dev.drawbridge.internal.wire.OfferedVideo;
import dev.drawbridge.internal.wire.PeerId;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.PeerLinkListener.Operation;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.spi.SignalingEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The viewer's side of the protocol. Pure, like {@link PublisherMachine}. */
public final class ViewerMachine implements Machine<ViewerState> {
    private static final List<Timer.Kind> OF_THE_SERVER =
            List.of(Timer.Kind.DIAL, Timer.Kind.RECONNECT, Timer.Kind.LISTING, Timer.Kind.REPEAT);

    private final ViewerRules rules;
    private final Asking asking;

    public ViewerMachine(ViewerRules rules) {
        this.rules = rules;
        asking = new Asking(rules);
    }

    @Override
    public ViewerState initial() {
        return new Idle();
    }

    @Override
    public String phase(ViewerState state) {
        return state.phase().name();
    }

    @Override
    public Step<ViewerState> step(ViewerState state, Input input, Instant at) {
        Effects out = new Effects(at);
        ViewerState next =
                switch (state.phase()) {
                    case IDLE -> idle(state, input, out);
                    case CONNECTING, ASKING, NEGOTIATING, WATCHING, INTERRUPTED -> open((Open) state, input, out);
                    case CLOSING -> closing((Closing) state, input, out);
                    case CLOSED -> state;
                };
        return out.to(next);
    }

    private ViewerState idle(ViewerState state, Input input, Effects out) {
        if (input instanceof Input.Start) {
            return Open.first(Dialer.first(out), rules.streams());
        }
        if (input instanceof Input.CloseAsked) {
            return close(0, CloseReason.CLOSED_BY_APPLICATION, "", out);
        }
        if (input instanceof Input.DataAsked in) {
            out.data(in, List.of());
        }
        return state;
    }

    private ViewerState open(Open open, Input input, Effects out) {
        int generation = open.server().generation();
        if (input instanceof Input.SocketOpened in && in.generation() == generation) {
            return socketOpened(open, out);
        }
        if (input instanceof Input.SocketGone in
                && in.generation() == open.server().lingering()) {
            return socketGone(open, in.end(), out);
        }
        if (input instanceof Input.SignalReceived in && in.generation() == generation) {
            return signal(open, in.from(), in.message(), out);
        }
        if (input instanceof Input.TimerFired in) {
            return timer(open, in.timer(), out);
        }
        if (input instanceof Input.CloseAsked) {
            return closeOpen(open, CloseReason.CLOSED_BY_APPLICATION, "", out);
        }
        if (input instanceof Input.EffectFailed in) {
            return closeOpen(open, CloseReason.INTERNAL_ERROR, in.effect() + ": " + in.detail(), out);
        }
        if (input instanceof Input.DataAsked in) {
            List<Integer> links = open.feeds().stream()
                    .filter(feed -> in.to().means(feed.stream()))
                    .flatMap(feed -> feed.play().stream())
                    .filter(Play::connected)
                    .map(Play::link)
                    .toList();
            out.data(in, links);
            return open;
        }
        if (input instanceof Input.TellAsked in) {
            open.feeds().stream()
                    .filter(feed -> in.to().means(feed.stream()))
                    .flatMap(feed -> feed.play().stream())
                    .filter(play -> play.connected() && play.channelOpen())
                    .forEach(play -> out.channel(play.link(), in.message()));
            return open;
        }
        if (input instanceof Input.NetworkChanged) {
            return networkChanged(open, out);
        }
        if (input instanceof Input.OfLink in) {
            Feed feed = byLink(open, in.link());
            return feed == null ? open : link(open, feed, feed.play().orElseThrow(), in, out);
        }
        return open;
    }

    /** The publisher makes new offers while the old paths still carry its word, and what was lost is asked for at once. */
    private Open networkChanged(Open before, Effects out) {
        Open open = before.with(Dialer.networkChanged(before.server(), out));
        for (Feed feed : before.feeds()) {
            feed.play()
                    .filter(play -> play.connected() && play.channelOpen())
                    .ifPresent(play -> out.channel(play.link(), new Message.IceRestartRequest()));
            if (feed.resting() && open.server() instanceof Server.Live) {
                open = asking.play(open, feed, out);
            }
        }
        return open;
    }

    // ---- the server -------------------------------------------------------------------------------------------------

    private Open socketOpened(Open open, Effects out) {
        if (!(open.server() instanceof Server.Dialing dialing)) {
            return open;
        }
        out.cancel(Timer.of(Timer.Kind.DIAL));
        if (!rules.room()) {
            return asking.ask(open, dialing.restoring(), out);
        }
        Server joining = Dialer.join(dialing, out);
        // In the custom dialect nobody answers a joinroom.
        return rules.dialect() == Dialect.CUSTOM
                ? asking.ask(open.with(joining), dialing.restoring(), out)
                : open.with(joining);
    }

    private ViewerState socketGone(Open open, SignalingEnd end, Effects out) {
        Server server = open.server();
        if (server instanceof Server.Away away) {
            return open.with(away.withoutSocket());
        }
        return Dialer.hopeless(server)
                ? closeOpen(
                        open.with(new Server.Away(0, server.generation(), true, false)),
                        Dialer.reason(end),
                        end.detail(),
                        out)
                : open.with(Dialer.lost(server, true, end.detail(), out));
    }

    private ViewerState signal(Open open, Optional<PeerId> from, Message message, Effects out) {
        return from.isPresent() ? fromPeer(open, from.get(), message, out) : fromServer(open, message, out);
    }

    private ViewerState fromServer(Open open, Message message, Effects out) {
        if (message instanceof Message.Listing listing && rules.dialect() == Dialect.HOSTED) {
            return asking.listed(open, listing.members(), out);
        }
        if (message instanceof Message.IdentityRejected && open.server().generation() > 0) {
            String detail = "the server rejected our identity";
            return Dialer.hopeless(open.server())
                    ? closeOpen(open, CloseReason.SERVER_REFUSED, detail, out)
                    : open.with(Dialer.giveUp(open.server(), detail, out));
        }
        Reports.notices(message, out);
        return open;
    }

    private ViewerState fromPeer(Open open, PeerId peer, Message message, Effects out) {
        if (message instanceof Message.StreamAnnounced announced) {
            return asking.announced(
                    asking.heard(open, peer, Optional.of(announced.stream()), out), announced.stream(), out);
        }
        if (message instanceof Message.Entered) {
            return asking.heard(open, peer, Optional.empty(), out);
        }
        if (message instanceof Message.Offer offer) {
            return offered(open, peer, offer, out);
        }
        if (message instanceof Message.Candidates found) {
            return candidates(open, peer, found, out);
        }
        Reports.violations(message, out);
        return open;
    }

    /** Of whom nothing is known yet that offers unasked: in the custom dialect everybody does to who enters the room. */
    private ViewerState unasked(Open open, PeerId peer, Message.Offer offer, Effects out) {
        StreamId stream = offer.stream().orElse(null);
        if (stream == null || !asking.follows(open, stream) || open.feed(stream) != null) {
            return open;
        }
        if (!asking.roomy(open)) {
            return asking.seated(open.with(open.room().wanting(stream)), out);
        }
        Feed feed = Feed.first(open.fed() + 1, stream, false);
        return offered(open.with(open.room().served(stream)).plus(feed), feed, peer, offer, out);
    }

    // ---- offers -----------------------------------------------------------------------------------------------------

    private ViewerState offered(Open before, PeerId peer, Message.Offer offer, Effects out) {
        Feed feed = wanted(before, peer, offer);
        if (!offer.encrypted() && rules.requireEncryption()) {
            if (feed != null) {
                Reports.unencrypted(out);
            }
            return before;
        }
        boolean shows = rules.dialect() == Dialect.CUSTOM && offer.stream().isPresent();
        Open open = shows ? asking.heard(before, peer, offer.stream(), out) : before;
        return feed == null ? unasked(open, peer, offer, out) : offered(open, feed, peer, offer, out);
    }

    private ViewerState offered(Open open, Feed feed, PeerId peer, Message.Offer offer, Effects out) {
        Play playing = feed.play().orElse(null);
        if (playing != null && playing.peer().equals(peer) && playing.session().equals(offer.session())) {
            return reoffered(open, feed, playing, offer, false, out);
        }
        if (playing != null && !replaceable(playing, peer, out.at())) {
            return open;
        }
        Play before = playing != null && playing.peer().equals(peer) ? playing : null;
        if (before != null && PublisherRules.older(offer.session(), before.session())) {
            return open; // late, or sent again by somebody
        }
        if (before != null
                && hopeless(before)
                && !out.at().isBefore(before.since().plus(Times.HOPELESS))) {
            return noPath(open, feed, "", before, out); // it would be the same with the next one
        }
        // Who offers ever anew without a connection does not become younger by it.
        Instant since = before != null && !before.connected() ? before.since() : out.at();
        if (playing != null) {
            drop(playing, out);
            if (playing.connected()) {
                out.emit(at -> new StreamEnded(at, feed.stream(), LeaveReason.REPLACED));
            }
        }
        int link = open.links() + 1;
        Play first = Play.first(link, peer, offer.session(), since, Fingerprints.of(offer.sdp()), offer.encrypted());
        Play play = expecting(feed, first, offer, out);
        out.cancel(Timer.of(Timer.Kind.OFFER, feed.number()));
        out.cancel(Timer.of(Timer.Kind.RETRY, feed.number()));
        out.add(new Effect.OpenLink(link, Optional.of(feed.stream())));
        out.add(new Effect.AcceptDescription(link, offer(offer.sdp())));
        List<IceCandidate> early = open.early().of(peer, offer.session());
        if (!early.isEmpty()) {
            out.add(new Effect.AddCandidates(link, early));
        }
        out.start(Timer.of(Timer.Kind.CONNECT, link), Times.CONNECT);
        if (rules.relay()) {
            // Of all attempts together, for the publisher makes a new one every few seconds.
            Duration left = Duration.between(out.at(), since.plus(Times.RELAY));
            out.start(Timer.of(Timer.Kind.RELAY, link), left.isNegative() ? Duration.ZERO : left);
        }
        if (playing == null || playing.connected()) {
            out.start(Timer.of(Timer.Kind.ASK, feed.number()), Times.ASK);
        }
        return with(open.linked(), feed, play).with(open.early().without(peer));
    }

    /**
     * What plays is not given up for what somebody sends through the server. What is interrupted gives way to a new session of
     * its publisher, unless that one is sealed: it cannot come back, so it is not the one who sends. What has not been connected
     * for some seconds gives way to anybody: its offer may have been made up, or be an old one that somebody sent again.
     */
    private boolean replaceable(Play playing, PeerId peer, Instant now) {
        boolean renewed = playing.peer().equals(peer);
        if (!playing.connected()) {
            return renewed || !now.isBefore(playing.since().plus(Times.YIELD));
        }
        // Without a channel it may have been connected in the moment in which the publisher gave up: nothing will come
        // through.
        boolean dead = playing.interrupted() || !playing.channelOpen();
        return renewed && dead && !playing.secure() && !rules.once();
    }

    private @Nullable Feed wanted(Open open, PeerId peer, Message.Offer offer) {
        if (offer.stream().isPresent()) {
            return find(open.feeds(), f -> f.stream().equals(offer.stream().get()) && !f.over());
        }
        Feed known = byPeer(open, peer);
        if (known == null && rules.following().room()) {
            // Of many streams to come it may be any, unless its publisher has told it before.
            Optional<StreamId> stream = open.room().streamOf(peer);
            return find(open.feeds(), f -> Optional.of(f.stream()).equals(stream) && !f.over());
        }
        if (known != null || open.feeds().size() != 1) {
            return known;
        }
        return open.feeds().get(0).over() ? null : open.feeds().get(0);
    }

    private ViewerState reoffered(
            Open open, Feed feed, Play play, Message.Offer offer, boolean viaChannel, Effects out) {
        if (!viaChannel && (stands(play) || play.secure())) {
            return open; // replayed or made up: who is connected or sealed does not speak through the server
        }
        if (!Fingerprints.of(offer.sdp()).equals(play.fingerprints())) {
            if (!viaChannel) {
                return open; // the server must not be able to end a stream
            }
            Reports.fingerprintChanged(out);
            return ended(open, feed, play, LeaveReason.SECURITY_VIOLATION, out);
        }
        out.add(new Effect.AcceptDescription(play.link(), offer(offer.sdp())));
        return with(open, feed, expecting(feed, play.offeredVia(viaChannel), offer, out));
    }

    /** A browser offers its pictures only when it was asked for them, with its second offer. */
    private Play expecting(Feed feed, Play play, Message.Offer offer, Effects out) {
        boolean first = play.sight() == Sight.NOTHING;
        if (!first || !rules.pictures().expected(feed.stream()) || !OfferedVideo.in(offer.sdp())) {
            return play;
        }
        Play awaiting = play.sees(Sight.AWAITED);
        if (play.connected()) {
            awaitPicture(awaiting, out);
        }
        return awaiting;
    }

    private void awaitPicture(Play play, Effects out) {
        if (play.sight() == Sight.AWAITED) {
            out.start(
                    Timer.of(Timer.Kind.PICTURE, play.link()), rules.pictures().patience());
        }
    }

    /** Of a path that is interrupted nothing can come, and that is told already. */
    private Open pictureMissing(Open open, Feed feed, Play play, Effects out) {
        if (play.sight() != Sight.AWAITED || play.interrupted()) {
            awaitPicture(play, out);
            return open;
        }
        out.emit(at -> new NoPicture(at, feed.stream()));
        return with(open, feed, play.sees(Sight.MISSED));
    }

    private static boolean stands(Play play) {
        return play.connected() && play.channelOpen() && !play.interrupted();
    }

    // ---- one connection ---------------------------------------------------------------------------------------------

    private ViewerState link(Open before, Feed known, Play was, Input input, Effects out) {
        Open open = passes(input) && !was.connected() ? connected(before, known, was, out) : before;
        Feed feed = Objects.requireNonNull(byLink(open, was.link()));
        Play play = feed.play().orElseThrow();
        if (input instanceof Input.LinkDescribed in) {
            say(open, play, play.viaChannel(), answer(play, in), out);
            if (!play.connected() && !play.gathered().isEmpty()) {
                say(open, play, false, candidates(play, play.gathered()), out);
            }
        } else if (input instanceof Input.CandidatesDropped in) {
            return with(open, feed, play.dropped(Dropped.of(in)));
        } else if (input instanceof Input.PathForbidden in) {
            return play.connected()
                    ? ended(open, feed, play, LeaveReason.FORBIDDEN_PATH, out)
                    : noPath(open, feed, "the path was " + in.path(), play, out);
        } else if (input instanceof Input.LinkGathered in) {
            out.cancel(Timer.of(Timer.Kind.RELAY, play.link()));
            say(open, play, play.channelOpen(), candidates(play, in.candidates()), out);
            return play.connected() ? open : with(open, feed, play.gathered(in.candidates()));
        } else if (input instanceof Input.MediaBegan) {
            if (play.sight() == Sight.AWAITED) {
                out.cancel(Timer.of(Timer.Kind.PICTURE, play.link()));
            }
            out.emit(at -> new MediaStarted(at, feed.stream()));
            return with(open, feed, play.sees(Sight.SEEN));
        } else if (input instanceof Input.ChannelOpened) {
            out.start(Timer.of(Timer.Kind.PING, play.link()), Times.VIEWER_PING);
            out.channel(play.link(), request());
            out.add(new Effect.FilesWanted(play.link())); // a publisher of ours takes files or lets them be
            rules.videoKbps().ifPresent(kbps -> out.channel(play.link(), new Message.BitrateRequest(kbps)));
            rules.audioKbps().ifPresent(kbps -> out.channel(play.link(), new Message.AudioBitrateRequest(kbps)));
            rules.size().ifPresent(size -> out.channel(play.link(), size));
            return with(open, feed, play.open());
        } else if (input instanceof Input.ChannelReceived in) {
            boolean answer = in.message() instanceof Message.Pong;
            Beat beat = answer ? play.beat().answered() : play.beat().heard();
            Open now = becomes(open, feed, play, play.with(beat), out);
            Feed alive = Objects.requireNonNull(byLink(now, play.link()));
            return heard(now, alive, alive.play().orElseThrow(), in.message(), out);
        } else if (input instanceof Input.ChannelClosed) {
            return ended(open, feed, play, LeaveReason.CHANNEL_CLOSED, out);
        } else if (input instanceof Input.LinkChanged in) {
            return switch (in.state()) {
                case CONNECTED -> connected(open, feed, play, out);
                case DISCONNECTED -> interrupted(open, feed, play, out);
                case FAILED -> lost(open, feed, play, out);
                case CONNECTING -> open;
            };
        } else if (input instanceof Input.LinkFailed in && in.operation() == Operation.CODEC) {
            out.emit(at -> new NoCommonCodec(at, feed.stream(), in.detail()));
            return ended(open, feed, play, theirs(play) ? LeaveReason.NO_COMMON_CODEC : LeaveReason.LOST, out);
        } else if (input instanceof Input.LinkFailed in) {
            Reports.failed(in, out);
            boolean fatal = in.operation() == Operation.CREATE || in.operation() == Operation.ACCEPT;
            return fatal && !play.connected() ? ended(open, feed, play, LeaveReason.LOST, out) : open;
        }
        return open;
    }

    /**
     * Whether what was offered is the publisher's word. An offer in clear that led to nothing may have been made up by anybody, and
     * must not end the stream for good.
     */
    private static boolean theirs(Play play) {
        return play.connected() || play.encrypted();
    }

    /**
     * What comes through a connection shows that it stands; the word of it comes on another thread of the library. Not so candidates:
     * they are heard before its path was looked at.
     */
    private static boolean passes(Input input) {
        return input instanceof Input.MediaBegan
                || input instanceof Input.ChannelOpened
                || (input instanceof Input.ChannelReceived in && !(in.message() instanceof Message.Candidates));
    }

    private Message.ViewerRequest request() {
        Role role = rules.scene().isPresent() ? Role.SCENE : rules.room() ? Role.GUEST : Role.VIEWER;
        return new Message.ViewerRequest(
                rules.video(),
                rules.audio(),
                rules.label(),
                role,
                rules.scene().orElse(""),
                rules.files(),
                Optional.empty(),
                rules.degrade());
    }

    private Open connected(Open open, Feed feed, Play play, Effects out) {
        if (play.connected()) {
            return becomes(open, feed, play, play.standing(false), out);
        }
        out.cancel(Timer.of(Timer.Kind.ASK, feed.number()));
        out.cancel(Timer.of(Timer.Kind.CONNECT, play.link()));
        out.cancel(Timer.of(Timer.Kind.RELAY, play.link()));
        out.emit(at -> new StreamStarted(at, feed.stream()));
        awaitPicture(play, out);
        return open.replaced(feed, feed.connected(play.standing(false)));
    }

    private ViewerState interrupted(Open open, Feed feed, Play play, Effects out) {
        if (!play.connected()) {
            return open;
        }
        if (play.channelOpen() && !play.down()) {
            // It arrives if the path still carries something, and a publisher of some other kind may know no better by
            // itself.
            out.channel(play.link(), new Message.IceRestartRequest());
        }
        return becomes(open, feed, play, play.standing(true), out);
    }

    /** The path and the silence are one interruption, told once. */
    private static Open becomes(Open open, Feed feed, Play was, Play is, Effects out) {
        if (is.interrupted() && !was.interrupted()) {
            out.emit(at -> new StreamInterrupted(at, feed.stream()));
            Dialer.check(open.server(), out); // perhaps it is our network and not the publisher's
            out.start(Timer.of(Timer.Kind.GRACE, is.link()), Times.GRACE);
        } else if (!is.interrupted() && was.interrupted()) {
            out.cancel(Timer.of(Timer.Kind.GRACE, is.link()));
            out.emit(at -> new StreamResumed(at, feed.stream()));
        }
        return with(open, feed, is);
    }

    /** Every 10 s, from the opening of the channel on. */
    private static Open look(Open open, Feed feed, Play play, Effects out) {
        out.start(Timer.of(Timer.Kind.PING, play.link()), Times.VIEWER_PING);
        Beat beat = play.beat().look();
        if (beat.pings() > play.beat().pings()) {
            out.channel(play.link(), new Message.Ping(Integer.toString(beat.pings())));
        }
        return becomes(open, feed, play, play.with(beat), out);
    }

    /** Who is only silent, on a path that stands, may come back: a page whose script is stopped, for instance. */
    private ViewerState patience(Open open, Feed feed, Play play, Effects out) {
        if (play.down()) {
            return ended(open, feed, play, LeaveReason.LOST, out);
        }
        out.start(Timer.of(Timer.Kind.GRACE, play.link()), Times.GRACE);
        return open;
    }

    private ViewerState heard(Open open, Feed feed, Play play, Message message, Effects out) {
        if (message instanceof Message.Offer offer) {
            return offer.session().isPresent() && !offer.session().equals(play.session())
                    ? open
                    : reoffered(open, feed, play, offer, true, out);
        }
        if (message instanceof Message.Candidates found) {
            if (found.producedBy() == Side.PUBLISHER && ours(play, found)) {
                out.add(new Effect.AddCandidates(play.link(), found.list()));
            }
        } else if (message instanceof Message.Bye) {
            return ended(open, feed, play, LeaveReason.BYE, out);
        } else if (message instanceof Message.Ping ping) {
            out.channel(play.link(), new Message.Pong(ping.json()));
        } else if (message instanceof Message.PublisherInfo info) {
            introduced(feed.stream(), info, out);
            awaitPicture(play, out); // a publisher of ours says it when it lets its pictures go
            return info.secure() ? with(open, feed, play.sealedBy(true)) : open;
        } else if (message instanceof Message.AudioMuted audio) {
            out.emit(at -> new AudioMuted(at, feed.stream(), audio.muted()));
        } else if (message instanceof Message.VideoMuted video) {
            out.emit(at -> new VideoMuted(at, feed.stream(), video.muted()));
        } else if (message instanceof Message.LabelChange change) {
            out.emit(at -> new LabelChanged(at, feed.stream().value(), change.label()));
        } else if (message instanceof Message.RemoteStats stats) {
            out.emit(at -> new RemoteStats(at, feed.stream(), stats.json()));
        } else if (message instanceof Message.Pipe pipe) {
            out.emit(at -> new DataReceived(at, feed.stream().value(), pipe.json()));
        } else if (message instanceof Message.Chat chat) {
            out.emit(at -> new ChatReceived(at, feed.stream().value(), chat.text()));
        } else if (message instanceof Message.SceneDisplay display) {
            for (Message.SceneDisplay.Shown one : display.list()) {
                if (rules.scene().filter(one.scene()::equals).isPresent()) {
                    out.emit(at -> new SceneCommand(at, feed.stream(), one.scene(), one.stream(), one.shown()));
                }
            }
        } else if (message instanceof Message.OfFiles files) {
            out.add(new Effect.FileHeard(play.link(), files));
        } else {
            Reports.violations(message, out);
        }
        return open;
    }

    /** What is as usual is not told: nobody is muted, and nothing has a name, until something says so. */
    private static void introduced(StreamId stream, Message.PublisherInfo info, Effects out) {
        if (!info.label().isEmpty()) {
            out.emit(at -> new LabelChanged(at, stream.value(), info.label()));
        }
        if (info.audioMuted()) {
            out.emit(at -> new AudioMuted(at, stream, true));
        }
        if (info.videoMuted()) {
            out.emit(at -> new VideoMuted(at, stream, true));
        }
    }

    /** Over the server. What belongs to no connection yet is kept for the offer that it has overtaken. */
    private ViewerState candidates(Open open, PeerId peer, Message.Candidates found, Effects out) {
        if (found.producedBy() != Side.PUBLISHER) {
            return open;
        }
        if (!found.encrypted() && rules.requireEncryption()) {
            Reports.unencrypted(out);
            return open;
        }
        Feed feed = find(
                open.feeds(),
                f -> f.play().isPresent()
                        && f.play().get().peer().equals(peer)
                        && ours(f.play().get(), found));
        if (feed == null) {
            return open.with(open.early().plus(peer, found));
        }
        out.add(new Effect.AddCandidates(feed.play().orElseThrow().link(), found.list()));
        return open;
    }

    private static boolean ours(Play play, Message.Candidates found) {
        return found.session().isEmpty() || found.session().equals(play.session());
    }

    private static void say(Open open, Play play, boolean overChannel, Message message, Effects out) {
        if (overChannel) {
            out.channel(play.link(), message);
        } else if (open.server() instanceof Server.Live live) {
            out.signal(live.generation(), play.peer(), message);
        }
    }

    // ---- the end of a stream and of everything ----------------------------------------------------------------------

    /** It never connected or does not any more. What the filters leave will lead nowhere the next time either. */
    private ViewerState lost(Open open, Feed feed, Play play, Effects out) {
        return hopeless(play) ? noPath(open, feed, "", play, out) : ended(open, feed, play, LeaveReason.LOST, out);
    }

    private static boolean hopeless(Play play) {
        return !play.connected() && (play.dropped().allOurs() || play.dropped().allTheirs());
    }

    private ViewerState noPath(Open open, Feed feed, String why, Play play, Effects out) {
        if (!feed.named() && !play.dropped().allOurs()) {
            drop(play, out);
            return asking.memberMissing(open, feed, out); // no member of a room ends what we have with the others
        }
        String summary = play.dropped().summary();
        String missing = summary.isEmpty() ? "" : "filtered out: " + summary;
        String detail = why + (why.isEmpty() || missing.isEmpty() ? "" : "; ") + missing;
        return closeOpen(open, CloseReason.NO_PATH, detail, out);
    }

    /** The stream is gone: rest and ask again, or, after a secure session, never again. */
    private ViewerState ended(Open open, Feed feed, Play play, LeaveReason reason, Effects out) {
        out.cancel(Timer.of(Timer.Kind.ASK, feed.number()));
        drop(play, out);
        if (play.connected()) {
            out.emit(at -> new StreamEnded(at, feed.stream(), reason));
        }
        if (!feed.named()) {
            return asking.memberEnded(open, feed, play, reason, out);
        }
        if (reason == LeaveReason.SECURITY_VIOLATION) {
            return closeOpen(open.replaced(feed, feed.ended()), CloseReason.SECURITY_VIOLATION, "", out);
        }
        boolean unplayable = reason == LeaveReason.NO_COMMON_CODEC; // and so it would be the next time
        boolean over = unplayable || (play.connected() && (rules.once() || play.secure()));
        Feed now = over ? feed.ended() : feed.lost();
        boolean left = over || reason == LeaveReason.BYE || reason == LeaveReason.CHANNEL_CLOSED;
        Room room = left && play.connected() ? open.room().left(feed.stream(), out) : open.room();
        Open next = open.with(room).replaced(feed, now);
        if (next.feeds().stream().allMatch(Feed::over) && !rules.following().room()) {
            return closeOpen(next, unplayable ? CloseReason.NO_COMMON_CODEC : CloseReason.STREAM_ENDED, "", out);
        }
        if (!over) {
            out.start(Timer.of(Timer.Kind.RETRY, feed.number()), Times.again(now.losses(), rules.retryTimeout()));
        }
        return over ? asking.seated(next, out) : next;
    }

    private ViewerState timer(Open open, Timer timer, Effects out) {
        Server server = open.server();
        Feed feed = find(open.feeds(), f -> f.number() == timer.subject());
        Feed playing = byLink(open, timer.subject());
        switch (timer.kind()) {
            case DIAL -> {
                if (!(server instanceof Server.Dialing dialing)) {
                    return open;
                }
                return dialing.restoring()
                        ? open.with(Dialer.giveUp(server, "no answer in time", out))
                        : closeOpen(open, CloseReason.SERVER_UNREACHABLE, "no answer in time", out);
            }
            case RECONNECT -> {
                return server instanceof Server.Away away ? open.with(Dialer.again(away, out)) : open;
            }
            case LISTING -> {
                if (!(server instanceof Server.Joining joining)) {
                    return open;
                }
                return joining.again()
                        ? asking.ask(open, joining.restoring(), out)
                        : open.with(Dialer.joinAgain(joining, out));
            }
            case REPEAT -> {
                // Nobody has answered for the server, so whether we have entered the room is not known.
                if (server instanceof Server.Live live
                        && !live.entered()
                        && rules.following().room()) {
                    int repeats = live.repeats() + 1;
                    asking.enterAgain(live, out);
                    if (Times.quickRepeat(repeats)) {
                        out.start(Timer.of(Timer.Kind.REPEAT), Times.repeat(repeats));
                    }
                    return open.with(live.repeated(repeats));
                }
                return open;
            }
            case OFFER -> {
                // Without a server nobody can answer; once it is back the stream is asked for again.
                return feed != null && feed.play().isEmpty() && !feed.over() && server instanceof Server.Live
                        ? asking.missing(open, feed, out)
                        : open;
            }
            case ASK -> {
                if (feed != null) {
                    asking.askAgain(open, feed, out);
                }
                return open;
            }
            case RETRY -> {
                return feed != null && feed.play().isEmpty() && !feed.over() ? asking.play(open, feed, out) : open;
            }
            case RELAY -> {
                return playing == null || playing.play().orElseThrow().connected()
                        ? open
                        : closeOpen(open, CloseReason.NO_RELAY, "", out);
            }
            case CONNECT -> {
                return playing == null || playing.play().orElseThrow().connected()
                        ? open
                        : lost(open, playing, playing.play().orElseThrow(), out);
            }
            case PICTURE -> {
                return playing == null
                        ? open
                        : pictureMissing(open, playing, playing.play().orElseThrow(), out);
            }
            case PING -> {
                return playing == null
                        ? open
                        : look(open, playing, playing.play().orElseThrow(), out);
            }
            case GRACE -> {
                return playing == null || !playing.play().orElseThrow().interrupted()
                        ? open
                        : patience(open, playing, playing.play().orElseThrow(), out);
            }
            default -> {
                return open;
            }
        }
    }

    private ViewerState closeOpen(Open open, CloseReason reason, String detail, Effects out) {
        int generation = open.server().generation();
        if (generation > 0) {
            out.add(new Effect.CloseSocket(generation));
        }
        for (Feed feed : open.feeds()) {
            for (Timer.Kind kind : Asking.OF_FEEDS) {
                out.cancel(Timer.of(kind, feed.number()));
            }
            Play play = feed.play().orElse(null);
            if (play != null) {
                drop(play, out);
                if (play.connected()) {
                    out.emit(at -> new StreamEnded(at, feed.stream(), LeaveReason.SESSION_CLOSED));
                }
            }
        }
        for (Timer.Kind kind : OF_THE_SERVER) {
            out.cancel(Timer.of(kind));
        }
        return close(open.server().lingering(), reason, detail, out);
    }

    private static ViewerState close(int generation, CloseReason reason, String detail, Effects out) {
        out.add(new Effect.CloseMedia());
        out.start(Timer.of(Timer.Kind.CLOSE), Times.CLOSE);
        return new Closing(generation, false, reason, detail);
    }

    private static ViewerState closing(Closing closing, Input input, Effects out) {
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
        return new ViewerState.Closed(closing.reason());
    }

    // ---- small things -----------------------------------------------------------------------------------------------

    static void drop(Play play, Effects out) {
        out.cancel(Timer.of(Timer.Kind.CONNECT, play.link()));
        out.cancel(Timer.of(Timer.Kind.RELAY, play.link()));
        out.cancel(Timer.of(Timer.Kind.GRACE, play.link()));
        out.cancel(Timer.of(Timer.Kind.PING, play.link()));
        if (play.sight() == Sight.AWAITED) {
            out.cancel(Timer.of(Timer.Kind.PICTURE, play.link()));
        }
        out.channel(play.link(), new Message.Bye());
        out.add(new Effect.CloseLink(play.link()));
    }

    private static Message answer(Play play, Input.LinkDescribed in) {
        return new Message.Answer(play.session(), in.description().sdp(), play.encrypted());
    }

    private static Message candidates(Play play, List<IceCandidate> list) {
        return new Message.Candidates(Side.VIEWER, play.session(), list, play.encrypted());
    }

    private static SessionDescription offer(String sdp) {
        return new SessionDescription(SessionDescription.Type.OFFER, sdp);
    }

    private static @Nullable Feed byLink(Open open, int link) {
        return find(open.feeds(), f -> f.play().isPresent() && f.play().get().link() == link);
    }

    private static @Nullable Feed byPeer(Open open, PeerId peer) {
        return find(
                open.feeds(), f -> f.play().isPresent() && f.play().get().peer().equals(peer));
    }

    private static Open with(Open open, Feed feed, Play play) {
        return open.replaced(feed, feed.with(play));
    }
}
