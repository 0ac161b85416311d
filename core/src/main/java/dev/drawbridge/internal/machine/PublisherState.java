package dev.drawbridge.internal.machine;

import dev.drawbridge.CloseReason;
import dev.drawbridge.SessionEvent.RefusalReason;
import dev.drawbridge.ViewerId;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.PeerId;
import dev.drawbridge.spi.IceCandidate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where a publisher stands. Each record carries exactly what is valid in it. */
public sealed interface PublisherState {

    /** The names that the documents and {@code Session.state()} use. */
    enum Phase {
        IDLE,
        CONNECTING,
        ANNOUNCED,
        NEGOTIATING,
        SERVING,
        SEALING,
        SEALED,
        INTERRUPTED,
        CLOSING,
        CLOSED
    }

    Phase phase();

    /** Nothing has happened yet. */
    record Idle() implements PublisherState {
        @Override
        public Phase phase() {
            return Phase.IDLE;
        }
    }

    /**
     * Anybody may ask. In secure mode {@code viewers} is always empty here: admission leaves this state.
     *
     * @param links how many requests there ever were; the newest link's number
     * @param allowance what may still be spent on links
     * @param probing whether a link without a peer looks if there is a relay at all
     * @param room who is in it; empty outside of rooms. Only told: nothing depends on it
     */
    record Open(
            Server server,
            List<Candidate> candidates,
            List<Admitted> viewers,
            int links,
            Allowance allowance,
            boolean probing,
            Room room)
            implements PublisherState {

        /** The number of the link that has no peer. */
        static final int PROBE = -1;

        @Override
        public Phase phase() {
            if (!viewers.isEmpty()) {
                return Phase.SERVING;
            }
            if (!candidates.isEmpty()) {
                return Phase.NEGOTIATING;
            }
            return server instanceof Server.Live ? Phase.ANNOUNCED : Phase.CONNECTING;
        }
    }

    /** The one viewer is in; the socket is told to go but is not known to be gone. */
    record Sealing(int generation, Admitted viewer) implements PublisherState {
        @Override
        public Phase phase() {
            return Phase.SEALING;
        }
    }

    /** The socket is gone. Nobody comes in any more. */
    record Sealed(Admitted viewer) implements PublisherState {
        @Override
        public Phase phase() {
            return viewer.interrupted() ? Phase.INTERRUPTED : Phase.SEALED;
        }
    }

    /** Everything was told to go; {@code generation} is 0 once the socket is gone. */
    record Closing(int generation, boolean mediaGone, CloseReason reason, String detail) implements PublisherState {
        @Override
        public Phase phase() {
            return Phase.CLOSING;
        }
    }

    /** Absorbing. */
    record Closed(CloseReason reason) implements PublisherState {
        @Override
        public Phase phase() {
            return Phase.CLOSED;
        }
    }

    /**
     * Somebody who asked and has not been admitted. Holds no media.
     *
     * @param attempt counts from 1 the connections that were made for this peer in a row
     * @param asked when it asked for this one
     * @param said what it has said of itself and of what it wants
     * @param dropped what the filters took out
     */
    record Candidate(
            int link,
            PeerId peer,
            int attempt,
            Instant asked,
            Stage stage,
            boolean connected,
            Sent sent,
            Optional<Message.ViewerRequest> said,
            Set<String> fingerprints,
            Dropped dropped) {

        /** How far the negotiation is. */
        enum Stage {
            /** Our offer is being made. */
            OFFERING,
            /** Our offer was sent; silent since. */
            OFFERED,
            /** The answer was taken. */
            ANSWERED,
            /** The program was asked. */
            ASKED
        }

        /** What we told it, to be told again if it got lost; {@code at} is when. */
        record Sent(Instant at, String sdp, List<IceCandidate> candidates) {}

        static Candidate first(int link, PeerId peer, int attempt, Instant at) {
            Sent nothing = new Sent(at, "", List.of());
            return new Candidate(
                    link,
                    peer,
                    attempt,
                    at,
                    Stage.OFFERING,
                    false,
                    nothing,
                    Optional.empty(),
                    Set.of(),
                    Dropped.NOTHING);
        }

        ViewerId id() {
            return new ViewerId(link, peer.value());
        }

        /** Whether it may have to make room: neither there, nor new. */
        boolean evictable(Instant now) {
            return !connected && !now.isBefore(asked.plus(Times.TENURE));
        }

        /** Has not answered. */
        boolean silent() {
            return stage == Stage.OFFERING || stage == Stage.OFFERED;
        }

        Candidate at(Stage next) {
            return new Candidate(link, peer, attempt, asked, next, connected, sent, said, fingerprints, dropped);
        }

        Candidate offered(Instant at, String sdp) {
            Sent now = new Sent(at, sdp, sent.candidates());
            Stage next = stage == Stage.OFFERING ? Stage.OFFERED : stage;
            return new Candidate(link, peer, attempt, asked, next, connected, now, said, fingerprints, dropped);
        }

        Candidate gathered(List<IceCandidate> found) {
            Sent more = new Sent(sent.at(), sent.sdp(), Lists.plusAll(sent.candidates(), found));
            return new Candidate(link, peer, attempt, asked, stage, connected, more, said, fingerprints, dropped);
        }

        Candidate answered(Set<String> certificates) {
            return new Candidate(
                    link, peer, attempt, asked, Stage.ANSWERED, connected, sent, said, certificates, dropped);
        }

        Candidate connected(boolean now) {
            return new Candidate(link, peer, attempt, asked, stage, now, sent, said, fingerprints, dropped);
        }

        Candidate said(Message.ViewerRequest request) {
            return new Candidate(
                    link, peer, attempt, asked, stage, connected, sent, Optional.of(request), fingerprints, dropped);
        }

        Candidate dropped(Dropped now) {
            return new Candidate(link, peer, attempt, asked, stage, connected, sent, said, fingerprints, now);
        }

        /** Whether what it was told may have been lost if it asks again now. */
        boolean misses(Instant now) {
            return negotiates() && !now.isBefore(sent.at().plus(Times.ECHO));
        }

        /** Whether telling it again would be in vain. */
        boolean stuck(Instant now) {
            return negotiates() && !now.isBefore(asked.plus(Times.rebuild(attempt)));
        }

        private boolean negotiates() {
            return !connected && (stage == Stage.OFFERED || stage == Stage.ANSWERED);
        }

        /** How its attempt would be judged if it ended now. */
        RefusalReason verdict() {
            if (silent()) {
                return RefusalReason.NO_ANSWER;
            }
            return dropped.allTheirs() ? RefusalReason.NO_PATH : RefusalReason.NO_CONNECTION;
        }
    }

    /**
     * A viewer who is in.
     *
     * @param down the path to it is interrupted, says the link
     * @param quiet it has not been heard for some seconds
     * @param offering an offer of ours on the data channel waits for its answer
     */
    record Admitted(
            int link,
            PeerId peer,
            Set<String> fingerprints,
            boolean down,
            boolean quiet,
            boolean offering,
            Pulse pulse) {

        static Admitted of(Candidate candidate) {
            return new Admitted(
                    candidate.link(), candidate.peer(), candidate.fingerprints(), false, false, false, Pulse.NONE);
        }

        ViewerId id() {
            return new ViewerId(link, peer.value());
        }

        boolean interrupted() {
            return down || quiet;
        }

        Admitted down(boolean now) {
            return new Admitted(link, peer, fingerprints, now, quiet, offering, pulse);
        }

        Admitted offering(boolean now) {
            return new Admitted(link, peer, fingerprints, down, quiet, now, pulse);
        }

        /** Quiet or not follows from its pulse. */
        Admitted with(Pulse now) {
            return new Admitted(link, peer, fingerprints, down, now.silentTooLong(), offering, now);
        }
    }
}
