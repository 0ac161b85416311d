package dev.drawbridge.internal.machine;

import dev.drawbridge.CloseReason;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.wire.PeerId;
import dev.drawbridge.spi.IceCandidate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a viewer stands. */
public sealed interface ViewerState {

    /** The names that the documents and {@code Session.state()} use. */
    enum Phase {
        IDLE,
        CONNECTING,
        ASKING,
        NEGOTIATING,
        WATCHING,
        INTERRUPTED,
        CLOSING,
        CLOSED
    }

    Phase phase();

    /** Nothing has happened yet. */
    record Idle() implements ViewerState {
        @Override
        public Phase phase() {
            return Phase.IDLE;
        }
    }

    /**
     * Asking, negotiating, watching: each stream on its own.
     *
     * @param fed how many feeds were ever made; the newest one's number
     * @param links how many links were ever made; the newest one's number
     * @param early what came before its offer
     * @param room who is in it; empty outside of rooms
     */
    record Open(Server server, List<Feed> feeds, int fed, int links, EarlyCandidates early, Room room)
            implements ViewerState {

        static Open first(Server server, List<StreamId> named) {
            Open open = new Open(server, List.of(), 0, 0, EarlyCandidates.NONE, Room.EMPTY);
            for (StreamId stream : named) {
                open = open.plus(Feed.first(open.fed + 1, stream, true));
            }
            return open;
        }

        Open with(Server now) {
            return new Open(now, feeds, fed, links, early, room);
        }

        Open with(Room now) {
            return new Open(server, feeds, fed, links, early, now);
        }

        Open with(EarlyCandidates now) {
            return new Open(server, feeds, fed, links, now, room);
        }

        /** A link more. */
        Open linked() {
            return new Open(server, feeds, fed, links + 1, early, room);
        }

        /** A feed more, of the next number. */
        Open plus(Feed feed) {
            return new Open(server, Lists.plus(feeds, feed), feed.number(), links, early, room);
        }

        Open minus(Feed feed) {
            return new Open(server, Lists.minus(feeds, feed), fed, links, early, room);
        }

        Open replaced(Feed old, Feed changed) {
            return new Open(server, Lists.replace(feeds, old, changed), fed, links, early, room);
        }

        /** The feed of this stream, while it has one. */
        @Nullable
        Feed feed(StreamId stream) {
            return Lists.find(feeds, feed -> feed.stream().equals(stream));
        }

        /** How many streams are watched or to be watched. */
        int watched() {
            return (int) feeds.stream().filter(feed -> !feed.over()).count();
        }

        @Override
        public Phase phase() {
            Phase best = server instanceof Server.Live ? Phase.ASKING : Phase.CONNECTING;
            for (Feed feed : feeds) {
                if (feed.play().isPresent()) {
                    Phase phase = feed.play().get().phase();
                    best = phase == Phase.WATCHING || best.compareTo(Phase.WATCHING) < 0 ? phase : best;
                }
            }
            return best;
        }
    }

    /** Everything was told to go; {@code generation} is 0 once the socket is gone. */
    record Closing(int generation, boolean mediaGone, CloseReason reason, String detail) implements ViewerState {
        @Override
        public Phase phase() {
            return Phase.CLOSING;
        }
    }

    /** Absorbing. */
    record Closed(CloseReason reason) implements ViewerState {
        @Override
        public Phase phase() {
            return Phase.CLOSED;
        }
    }

    /**
     * One wanted stream.
     *
     * @param number counted up from 1, the streams of the options first, and never used twice
     * @param named it stands in the options; otherwise it is there because somebody in the room publishes it
     * @param asked how many offers were awaited in vain since the last connection
     * @param losses how often it was lost since the last connection that stood
     * @param over it ended for good
     * @param resting it was lost and will be asked for after a pause
     * @param play the connection, while there is one
     */
    record Feed(
            int number,
            StreamId stream,
            boolean named,
            int asked,
            int losses,
            boolean over,
            boolean resting,
            Optional<Play> play) {

        static Feed first(int number, StreamId stream, boolean named) {
            return new Feed(number, stream, named, 0, 0, false, false, Optional.empty());
        }

        boolean plays() {
            return play.isPresent() && play.get().connected();
        }

        /** Whether it is asked for every few seconds: at first, and until what was offered is connected. */
        boolean impatient() {
            return !over && (play.isPresent() ? !play.get().connected() : asked == 0);
        }

        Feed askedAgain() {
            return new Feed(number, stream, named, asked + 1, losses, over, resting, play);
        }

        Feed awake() {
            return new Feed(number, stream, named, asked, losses, over, false, play);
        }

        Feed with(Play now) {
            return new Feed(number, stream, named, asked, losses, over, false, Optional.of(now));
        }

        Feed connected(Play now) {
            return new Feed(number, stream, named, 0, 0, over, false, Optional.of(now));
        }

        Feed lost() {
            return new Feed(number, stream, named, 0, losses + 1, over, true, Optional.empty());
        }

        Feed ended() {
            return new Feed(number, stream, named, asked, losses, true, false, Optional.empty());
        }
    }

    /**
     * A connection to a publisher.
     *
     * @param since when its publisher first offered, without having been connected since
     * @param encrypted the offer was, so what we say over the server is, too
     * @param connected it stood at least once
     * @param down the path to it is interrupted, says the link
     * @param channelOpen from here on the server is not needed
     * @param viaChannel the last offer came over the channel, and so goes its answer
     * @param secure the publisher says that it has sealed itself: it will not come back
     * @param gathered our candidates, to be told again if they got lost
     * @param dropped what the filters took out
     * @param beat what is known of the publisher's life from its channel
     * @param sight what has become of its pictures
     */
    record Play(
            int link,
            PeerId peer,
            Optional<String> session,
            Instant since,
            Set<String> fingerprints,
            boolean encrypted,
            boolean connected,
            boolean down,
            boolean channelOpen,
            boolean viaChannel,
            boolean secure,
            List<IceCandidate> gathered,
            Dropped dropped,
            Beat beat,
            Sight sight) {

        /** From the offer of pictures to the first one. */
        enum Sight {
            /** None was offered, or none is wanted. */
            NOTHING,
            /** Offered, and waited for from the connection on. */
            AWAITED,
            /** None came in time, which was told. */
            MISSED,
            /** Media has come. */
            SEEN
        }

        static Play first(
                int link,
                PeerId peer,
                Optional<String> session,
                Instant since,
                Set<String> fingerprints,
                boolean encrypted) {
            return new Play(
                    link,
                    peer,
                    session,
                    since,
                    fingerprints,
                    encrypted,
                    false,
                    false,
                    false,
                    false,
                    false,
                    List.of(),
                    Dropped.NOTHING,
                    Beat.NONE,
                    Sight.NOTHING);
        }

        Phase phase() {
            if (!connected) {
                return Phase.NEGOTIATING;
            }
            return interrupted() ? Phase.INTERRUPTED : Phase.WATCHING;
        }

        /** Its path or its word is missing. */
        boolean interrupted() {
            return down || beat.silentTooLong();
        }

        Play with(Beat now) {
            return new Play(
                    link,
                    peer,
                    session,
                    since,
                    fingerprints,
                    encrypted,
                    connected,
                    down,
                    channelOpen,
                    viaChannel,
                    secure,
                    gathered,
                    dropped,
                    now,
                    sight);
        }

        Play sees(Sight now) {
            return new Play(
                    link,
                    peer,
                    session,
                    since,
                    fingerprints,
                    encrypted,
                    connected,
                    down,
                    channelOpen,
                    viaChannel,
                    secure,
                    gathered,
                    dropped,
                    beat,
                    now);
        }

        Play standing(boolean downNow) {
            return new Play(
                    link,
                    peer,
                    session,
                    since,
                    fingerprints,
                    encrypted,
                    true,
                    downNow,
                    channelOpen,
                    viaChannel,
                    secure,
                    gathered,
                    dropped,
                    beat,
                    sight);
        }

        Play open() {
            return new Play(
                    link,
                    peer,
                    session,
                    since,
                    fingerprints,
                    encrypted,
                    connected,
                    down,
                    true,
                    viaChannel,
                    secure,
                    gathered,
                    dropped,
                    beat,
                    sight);
        }

        Play offeredVia(boolean channel) {
            return new Play(
                    link,
                    peer,
                    session,
                    since,
                    fingerprints,
                    encrypted,
                    connected,
                    down,
                    channelOpen,
                    channel,
                    secure,
                    gathered,
                    dropped,
                    beat,
                    sight);
        }

        Play sealedBy(boolean publisher) {
            return new Play(
                    link,
                    peer,
                    session,
                    since,
                    fingerprints,
                    encrypted,
                    connected,
                    down,
                    channelOpen,
                    viaChannel,
                    publisher,
                    gathered,
                    dropped,
                    beat,
                    sight);
        }

        Play gathered(List<IceCandidate> found) {
            return new Play(
                    link,
                    peer,
                    session,
                    since,
                    fingerprints,
                    encrypted,
                    connected,
                    down,
                    channelOpen,
                    viaChannel,
                    secure,
                    Lists.plusAll(gathered, found),
                    dropped,
                    beat,
                    sight);
        }

        Play dropped(Dropped now) {
            return new Play(
                    link,
                    peer,
                    session,
                    since,
                    fingerprints,
                    encrypted,
                    connected,
                    down,
                    channelOpen,
                    viaChannel,
                    secure,
                    gathered,
                    now,
                    beat,
                    sight);
        }
    }
}
