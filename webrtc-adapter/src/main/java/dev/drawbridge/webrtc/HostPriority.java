package dev.drawbridge.webrtc;

import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.SessionDescription;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names our own addresses as less preferred than one that the peer discovers (RFC 8445, section 5.1.2.2, leaves the order open).
 *
 * <p>When this machine moves, its checks come from an address that the peer was never told. libwebrtc, and so every browser of that
 * family, does not look at such a path while a better one seems to live: until nothing has come on the old one for 2.5 s, and all the
 * while its answers go where nobody is. Ranked above what it was told, it is tried and taken at once.
 */
final class HostPriority {
    private static final int HOST = 126;
    /** A discovered address has 110, one that STUN told has 100. */
    private static final int BELOW_DISCOVERED = 109;

    private static final Pattern CANDIDATE =
            Pattern.compile("(candidate:\\S+ \\d+ udp )(\\d{1,10})( \\S+ \\d+ typ host)", Pattern.CASE_INSENSITIVE);

    private HostPriority() {}

    static IceCandidate lowered(IceCandidate candidate) {
        return new IceCandidate(lowered(candidate.candidate()), candidate.sdpMid(), candidate.sdpMLineIndex());
    }

    static SessionDescription lowered(SessionDescription description) {
        return new SessionDescription(description.type(), lowered(description.sdp()));
    }

    private static String lowered(String lines) {
        return CANDIDATE.matcher(lines).replaceAll(line -> {
            long priority = Long.parseLong(line.group(2));
            long type = priority >> 24;
            long ours = type == HOST ? priority - ((type - BELOW_DISCOVERED) << 24) : priority;
            return Matcher.quoteReplacement(line.group(1) + ours + line.group(3));
        });
    }
}
