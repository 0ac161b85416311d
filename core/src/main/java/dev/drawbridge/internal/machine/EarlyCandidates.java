package dev.drawbridge.internal.machine;

import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.PeerId;
import dev.drawbridge.spi.IceCandidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Candidates that overtook their offer, which servers and other clients let happen, by peer and session. Anybody can send some,
 * so few are kept: beyond the bound the oldest go.
 */
public record EarlyCandidates(List<Early> list) {
    /** Candidates kept at the same time, of all peers. */
    static final int MAX = 256;

    static final EarlyCandidates NONE = new EarlyCandidates(List.of());

    /** What came in one message. */
    public record Early(PeerId peer, Optional<String> session, List<IceCandidate> candidates) {}

    EarlyCandidates plus(PeerId peer, Message.Candidates found) {
        if (found.list().isEmpty()) {
            return this; // takes no place, so any number would fit
        }
        List<Early> kept = new ArrayList<>(list);
        kept.add(new Early(peer, found.session(), found.list()));
        while (count(kept) > MAX) {
            kept.remove(0);
        }
        return new EarlyCandidates(List.copyOf(kept));
    }

    /** What came for this session of the peer, or for none in particular. */
    List<IceCandidate> of(PeerId peer, Optional<String> session) {
        return list.stream()
                .filter(early -> early.peer().equals(peer))
                .filter(early -> early.session().isEmpty() || early.session().equals(session))
                .flatMap(early -> early.candidates().stream())
                .toList();
    }

    EarlyCandidates without(PeerId peer) {
        return new EarlyCandidates(
                list.stream().filter(early -> !early.peer().equals(peer)).toList());
    }

    int count() {
        return count(list);
    }

    private static int count(List<Early> list) {
        return list.stream().mapToInt(early -> early.candidates().size()).sum();
    }
}
