package dev.drawbridge.internal.machine;

import dev.drawbridge.SessionEvent.LeaveReason;
import dev.drawbridge.SessionEvent.SignalingRestored;
import dev.drawbridge.SessionEvent.StreamMissing;
import dev.drawbridge.SessionEvent.StreamRequested;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.machine.ViewerState.Feed;
import dev.drawbridge.internal.machine.ViewerState.Open;
import dev.drawbridge.internal.machine.ViewerState.Play;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Which streams a viewer asks the server for, and when: those of its options, and those that others publish in its room. Pure. */
final class Asking {
    /** The timers of a feed. */
    static final List<Timer.Kind> OF_FEEDS = List.of(Timer.Kind.OFFER, Timer.Kind.ASK, Timer.Kind.RETRY);

    private final ViewerRules rules;

    Asking(ViewerRules rules) {
        this.rules = rules;
    }

    /** Asks for everything that is not connected. */
    Open ask(Open open, boolean restoring, Effects out) {
        out.cancel(Timer.of(Timer.Kind.LISTING));
        Room room = rules.room() ? open.room().entered(out) : open.room();
        Open now = open.with(Dialer.live(open.server(), out)).with(room);
        if (rules.following().room()) {
            out.start(Timer.of(Timer.Kind.REPEAT), Times.repeat(0));
        }
        for (Feed feed : open.feeds()) {
            if (feed.play().isEmpty() && !feed.over()) {
                now = play(now, feed, out);
            } else {
                askAgain(now, feed, out);
            }
        }
        Open seated = seated(now, out);
        if (restoring) {
            out.emit(SignalingRestored::new);
        }
        return seated;
    }

    Open play(Open open, Feed feed, Effects out) {
        out.cancel(Timer.of(Timer.Kind.RETRY, feed.number()));
        if (open.server() instanceof Server.Live live) {
            out.signal(live.generation(), new Message.Play(feed.stream()));
            out.emit(at -> new StreamRequested(at, feed.stream()));
            out.start(Timer.of(Timer.Kind.OFFER, feed.number()), Times.offer(feed.asked(), rules.retry()));
            if (feed.impatient()) {
                out.start(Timer.of(Timer.Kind.ASK, feed.number()), Times.ASK);
            }
        }
        return open.replaced(feed, feed.awake());
    }

    /** The request, the offer or what followed it may have been lost. The publisher says again what it said. */
    void askAgain(Open open, Feed feed, Effects out) {
        if (feed.impatient() && open.server() instanceof Server.Live live) {
            if (!rules.following().room()) {
                enterAgain(live, out); // who watches the whole room does so for all its streams together
            }
            out.signal(live.generation(), new Message.Play(feed.stream()));
            out.start(Timer.of(Timer.Kind.ASK, feed.number()), Times.ASK);
        }
    }

    Open announced(Open open, StreamId stream, Effects out) {
        // A stream that plays is never dropped because somebody announces its id.
        Feed feed = open.feed(stream);
        if (feed == null) {
            return follows(open, stream) ? seated(open.with(open.room().wanting(stream)), out) : open;
        }
        if (feed.over() || feed.plays()) {
            return open;
        }
        if (feed.resting()) {
            return play(open, feed, out);
        }
        if (open.server() instanceof Server.Live live) {
            // Silently, and what is waited for goes on: publishers repeat their announcements.
            out.signal(live.generation(), new Message.Play(stream));
        }
        return open;
    }

    Open missing(Open before, Feed feed, Effects out) {
        if (!feed.named()) {
            return memberMissing(before, feed, out);
        }
        Open open = feed.losses() > 0 ? before.with(before.room().left(feed.stream(), out)) : before;
        Feed now = feed.askedAgain();
        Duration next = Times.offer(now.asked(), rules.retry());
        out.cancel(Timer.of(Timer.Kind.ASK, feed.number()));
        out.emit(at -> new StreamMissing(at, feed.stream(), next));
        if (open.server() instanceof Server.Live live) {
            enterAgain(live, out);
        }
        return play(open.replaced(feed, now), now, out);
    }

    /** Who is not in the room reaches nobody in it, and whether we are may not have been said. */
    void enterAgain(Server.Live live, Effects out) {
        if (rules.room() && !live.entered()) {
            out.signal(live.generation(), new Message.JoinRoom());
        }
    }

    // ---- the room ---------------------------------------------------------------------------------------------------

    Open heard(Open open, PeerId peer, Optional<StreamId> stream, Effects out) {
        if (!rules.room()) {
            return open;
        }
        // The listing may come later, or never.
        return open.with(open.room().entered(out).heard(peer, stream, open.feeds(), out));
    }

    /** Everybody who is in the room now. Who is not, and does not play, is not asked for any more. */
    Open listed(Open before, List<Message.Listing.Member> members, Effects out) {
        List<StreamId> streams =
                members.stream().flatMap(member -> member.stream().stream()).toList();
        Open open = rules.room() ? present(before, members, streams, out) : before;
        Open now = open.server() instanceof Server.Joining joining ? ask(open, joining.restoring(), out) : open;
        if (!(now.server() instanceof Server.Live live)) {
            return now;
        }
        out.cancel(Timer.of(Timer.Kind.REPEAT));
        return seated(now.with(live.listed()), out);
    }

    private Open present(Open before, List<Message.Listing.Member> members, List<StreamId> streams, Effects out) {
        Open open = before;
        for (Feed feed : before.feeds()) {
            boolean absent = !feed.named() && !feed.plays() && !streams.contains(feed.stream());
            feed.play().filter(play -> absent).ifPresent(play -> ViewerMachine.drop(play, out));
            open = absent ? without(open, feed, out) : open;
        }
        Room room = open.room().entered(out).listed(members, open.feeds(), out);
        for (StreamId stream : streams) {
            room = follows(open, stream) && open.feed(stream) == null ? room.wanting(stream) : room;
        }
        return open.with(room);
    }

    boolean follows(Open open, StreamId stream) {
        return rules.following().room()
                && !rules.following().except().contains(stream)
                && !open.room().never().contains(stream);
    }

    /** Gives every free place to whose stream has waited longest, and asks for it. */
    Open seated(Open open, Effects out) {
        Open now = open;
        Optional<StreamId> next = now.room().next();
        while (next.isPresent() && roomy(now) && now.server() instanceof Server.Live) {
            StreamId stream = next.get();
            Feed feed = Feed.first(now.fed() + 1, stream, false);
            now = play(now.with(now.room().served(stream)).plus(feed), feed, out);
            next = now.room().next();
        }
        boolean settled = next.isEmpty() || !roomy(now);
        return settled ? now.with(now.room().told(rules.following().most(), out)) : now;
    }

    boolean roomy(Open open) {
        return open.watched() < rules.following().most();
    }

    /** The stream of a member ended, or came to nothing: it is asked for again, unless it said goodbye or cannot come back. */
    Open memberEnded(Open open, Feed feed, Play play, LeaveReason reason, Effects out) {
        boolean said = reason == LeaveReason.BYE || reason == LeaveReason.CHANNEL_CLOSED;
        boolean never = reason == LeaveReason.SECURITY_VIOLATION
                || reason == LeaveReason.NO_COMMON_CODEC
                || (play.connected() && rules.once());
        if (never || (play.connected() && (said || play.secure()))) {
            Room room = open.room().left(feed.stream(), out);
            Room then = never ? room.ending(feed.stream()) : room;
            return seated(without(open.with(then), feed, out), out);
        }
        Feed lost = feed.lost();
        if (lost.losses() >= Times.PATIENT_LOSSES && open.room().next().isPresent()) {
            Room room = open.room().wantingLast(feed.stream());
            return seated(without(open.with(room), feed, out), out);
        }
        out.start(Timer.of(Timer.Kind.RETRY, feed.number()), Times.again(lost.losses(), rules.retryTimeout()));
        return open.replaced(feed, lost);
    }

    /** The stream of a member does not come. It is asked for when it is announced again. */
    Open memberMissing(Open open, Feed feed, Effects out) {
        out.emit(at -> new StreamMissing(at, feed.stream(), Duration.ZERO));
        Room room = feed.losses() > 0 ? open.room().left(feed.stream(), out) : open.room();
        return seated(without(open.with(room), feed, out), out);
    }

    /** The place is free; whether the member has left is another question. */
    static Open without(Open open, Feed feed, Effects out) {
        for (Timer.Kind kind : OF_FEEDS) {
            out.cancel(Timer.of(kind, feed.number()));
        }
        return open.minus(feed);
    }
}
