package dev.drawbridge.webrtc;

import java.util.List;
import java.util.Map;

/** Somebody who asks for a stream and never comes. */
enum Ghost {
    /** Never answers. */
    SILENT,
    /** Answers, and names no way to it. */
    WITHOUT_CANDIDATES,
    /** Answers, and names addresses at which nobody is. */
    UNREACHABLE,
    /** Asks again and again under the same id, and never answers. */
    REPEATING,
    /** Asks again and again under the same id, and answers each offer like {@link #UNREACHABLE}. */
    REPEATING_UNREACHABLE;

    /** Whether one id asks more than once. */
    boolean repeats() {
        return this == REPEATING || this == REPEATING_UNREACHABLE;
    }

    /** Lets this peer behave so from now on, and says when it is done with an offer; it has still to ask. */
    RawPeer haunt(RawPeer peer, Runnable done) {
        return peer.whenOffered(offer -> {
            if (this != SILENT && this != REPEATING) {
                peer.answer(offer, RawPeer.mirrored(offer));
                if (this != WITHOUT_CANDIDATES) {
                    peer.candidates(offer, List.of(nowhere(1), nowhere(2)));
                }
            }
            done.run();
        });
    }

    /** An address for documentation, which nobody has. */
    private static Map<String, ?> nowhere(int number) {
        return Map.of(
                "candidate",
                "candidate:" + number + " 1 udp 2122260223 192.0.2." + number + " 40000 typ host generation 0",
                "sdpMid",
                "0",
                "sdpMLineIndex",
                0);
    }
}
