package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Lists.find;
import static dev.drawbridge.internal.machine.Lists.minus;
import static dev.drawbridge.internal.machine.Lists.plus;
import static dev.drawbridge.internal.machine.Lists.replace;

import dev.drawbridge.MemberId;
import dev.drawbridge.SessionEvent.MaxPublishersReached;
import dev.drawbridge.SessionEvent.MemberJoined;
import dev.drawbridge.SessionEvent.MemberLeft;
import dev.drawbridge.SessionEvent.RoomEntered;
import dev.drawbridge.SessionEvent.StreamAnnounced;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.machine.ViewerState.Feed;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.PeerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is in our room, as far as we can know, and whose stream waits for a place with a viewer. A hosted server lists who is there and
 * tells who comes; in the custom dialect those who come say so themselves, and those who are there offer. Nobody tells who leaves:
 * that shows in a connection that ends, or in the next listing.
 *
 * @param entered the program knows that we are in it
 * @param members in the order in which they were heard of; whose stream has waited longest comes first
 * @param numbered how many members were ever heard of
 * @param never streams that ended and are not asked for again, whoever announces them
 * @param full the program knows that some wait
 */
public record Room(boolean entered, List<Member> members, int numbered, List<StreamId> never, boolean full) {
    /** Members that are remembered, and streams in {@link #never}: beyond it the oldest go, those that play last. */
    static final int MAX = 1024;

    static final Room EMPTY = new Room(false, List.of(), 0, List.of(), false);

    /**
     * One of them.
     *
     * @param peer its latest id on the server
     * @param waits its stream is wanted and has no place yet
     */
    public record Member(MemberId id, PeerId peer, Optional<StreamId> stream, boolean waits) {

        private Member at(PeerId now) {
            return new Member(id, now, stream, waits);
        }

        private Member publishing(StreamId now) {
            return new Member(id, peer, Optional.of(now), waits);
        }

        private Member waiting(boolean now) {
            return new Member(id, peer, stream, now);
        }
    }

    // ---- who is there -----------------------------------------------------------------------------------------------

    /** We are in it ourselves: what is said in it reaches us. */
    Room entered(Effects out) {
        if (entered) {
            return this;
        }
        out.emit(RoomEntered::new);
        return new Room(true, members, numbered, never, full);
    }

    /**
     * Somebody showed to be in the room, perhaps with a stream.
     *
     * @param feeds what we watch; a publisher watches nothing
     */
    Room heard(PeerId peer, Optional<StreamId> stream, List<Feed> feeds, Effects out) {
        Member publishing = stream.isEmpty() ? null : of(stream.get());
        Member known = find(
                members,
                m -> m.peer().equals(peer) && (stream.isEmpty() || m.stream().isEmpty()));
        if (publishing != null) {
            // Whose connection to the server is a new one was taken for somebody new before its stream was heard of.
            Room rest = known == null ? this : gone(known, out);
            return rest.with(publishing, publishing.at(peer));
        }
        if (known != null) {
            stream.ifPresent(found -> out.emit(at -> new StreamAnnounced(at, known.id(), found)));
            return stream.isEmpty() ? this : with(known, known.publishing(stream.get()));
        }
        MemberId id = new MemberId(numbered + 1, peer.value());
        out.emit(at -> new MemberJoined(at, id));
        stream.ifPresent(found -> out.emit(at -> new StreamAnnounced(at, id, found)));
        List<Member> kept = plus(spared(feeds), new Member(id, peer, stream, false));
        return new Room(entered, kept, numbered + 1, never, full);
    }

    /** With a place for one more. Who waits goes last, and the newest first, or whoever makes members up would get the places. */
    private List<Member> spared(List<Feed> feeds) {
        if (members.size() < MAX) {
            return members;
        }
        Set<StreamId> fed = new HashSet<>();
        feeds.forEach(feed -> fed.add(feed.stream()));
        Member leaves = find(
                members, m -> !m.waits() && m.stream().filter(fed::contains).isEmpty());
        for (Member member : members) {
            leaves = member.waits() && (leaves == null || leaves.waits()) ? member : leaves;
        }
        return minus(members, leaves == null ? members.get(0) : leaves);
    }

    /** A listing of the whole room: whoever is missing has left, but for those whose streams show that they are there. */
    Room listed(List<Message.Listing.Member> list, List<Feed> feeds, Effects out) {
        Set<PeerId> peers = new HashSet<>();
        Set<StreamId> streams = new HashSet<>();
        list.forEach(entry -> {
            peers.add(entry.peer());
            entry.stream().ifPresent(streams::add);
        });
        feeds.stream().filter(Feed::plays).forEach(feed -> streams.add(feed.stream()));
        Room now = this;
        for (Member member : members) {
            boolean there = peers.contains(member.peer())
                    || member.stream().filter(streams::contains).isPresent();
            now = there ? now : now.gone(member, out);
        }
        for (Message.Listing.Member entry : list) {
            now = now.heard(entry.peer(), entry.stream(), feeds, out);
        }
        return now;
    }

    /** This stream's publisher is gone for good. */
    Room left(StreamId stream, Effects out) {
        Member member = of(stream);
        return member == null ? this : gone(member, out);
    }

    /** Who was known by this id is gone for good. */
    Room left(PeerId peer, Effects out) {
        Member member = find(members, m -> m.peer().equals(peer));
        return member == null ? this : gone(member, out);
    }

    private Room gone(Member member, Effects out) {
        out.emit(at -> new MemberLeft(at, member.id()));
        return new Room(entered, minus(members, member), numbered, never, full);
    }

    private @Nullable Member of(StreamId stream) {
        return find(members, m -> m.stream().filter(stream::equals).isPresent());
    }

    /** What this peer publishes here, if that is known. */
    Optional<StreamId> streamOf(PeerId peer) {
        Member member = find(members, m -> m.peer().equals(peer) && m.stream().isPresent());
        return member == null ? Optional.empty() : member.stream();
    }

    // ---- whose stream waits for a place -----------------------------------------------------------------------------

    /** This member's stream is wanted. */
    Room wanting(StreamId stream) {
        Member member = of(stream);
        return member == null ? this : with(member, member.waiting(true));
    }

    /** This member's stream gave its place to others and is the last to get one. */
    Room wantingLast(StreamId stream) {
        Member member = of(stream);
        return member == null
                ? this
                : new Room(entered, plus(minus(members, member), member.waiting(true)), numbered, never, full);
    }

    /** This member's stream has its place, or wants none. */
    Room served(StreamId stream) {
        Member member = of(stream);
        return member == null ? this : with(member, member.waiting(false));
    }

    /** The next stream to get a place. */
    Optional<StreamId> next() {
        Member member = find(members, Member::waits);
        return member == null ? Optional.empty() : member.stream();
    }

    /** Tells the program when the first one has to wait, and again only after nobody had to. */
    Room told(int most, Effects out) {
        boolean waits = next().isPresent();
        if (waits && !full) {
            out.emit(at -> new MaxPublishersReached(at, most));
        }
        return waits == full ? this : new Room(entered, members, numbered, never, waits);
    }

    // ---- what is over -----------------------------------------------------------------------------------------------

    /** This stream is not asked for again. */
    Room ending(StreamId stream) {
        List<StreamId> list = new ArrayList<>(minus(never, stream));
        list.add(stream);
        return new Room(
                entered,
                members,
                numbered,
                List.copyOf(list.subList(Math.max(0, list.size() - MAX), list.size())),
                full);
    }

    private Room with(Member member, Member changed) {
        return member.equals(changed)
                ? this
                : new Room(entered, replace(members, member, changed), numbered, never, full);
    }
}
