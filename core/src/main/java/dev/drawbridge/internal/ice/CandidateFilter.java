package dev.drawbridge.internal.ice;

import dev.drawbridge.spi.IceCandidate;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Candidates and descriptions without what a {@link PathPolicy} does not allow. It has to be asked for trickled candidates and for
 * every SDP, own and foreign: a second offer holds all candidates again. Immutable.
 */
public final class CandidateFilter {
    /** Only a line feed ends a line, as in the libraries that will read this. */
    private static final Pattern LINE = Pattern.compile("[^\n]+\n?|\n");

    /** The address behind a translated or relayed one, which nobody needs to know. */
    private static final Pattern RELATED = Pattern.compile(" +raddr +([^ ]*) +rport +[^ ]*");

    private final PathPolicy policy;
    private final boolean ours;

    /**
     * The filter of one direction.
     *
     * @param ours whether it is for what we tell, or for what the peer tells
     */
    public CandidateFilter(PathPolicy policy, boolean ours) {
        this.policy = policy;
        this.ours = ours;
    }

    /**
     * The candidate, without a related address, if it is allowed. One with a line break in it never is: it could bring lines of SDP
     * along.
     */
    public Optional<IceCandidate> keep(IceCandidate candidate, SeenCandidates seen) {
        String line = candidate.candidate();
        if (line.chars().anyMatch(Character::isISOControl)) {
            return Optional.empty();
        }
        if (!policy.filters(ours)) {
            return Optional.of(candidate);
        }
        return allowed(line, seen)
                ? Optional.of(new IceCandidate(unrelated(line), candidate.sdpMid(), candidate.sdpMLineIndex()))
                : Optional.empty();
    }

    /**
     * The same SDP without the candidates that are not allowed. Where anything is filtered the {@code c=} and {@code a=rtcp:} lines
     * lose their addresses too: they repeat a candidate's, and ICE does not use them.
     */
    public String filter(String sdp, SeenCandidates seen) {
        if (!policy.filters(ours)) {
            return sdp;
        }
        StringBuilder out = new StringBuilder(sdp.length());
        LINE.matcher(sdp).results().forEach(line -> append(out, line.group(), seen));
        return out.toString();
    }

    private void append(StringBuilder out, String lineWithEnd, SeenCandidates seen) {
        String line = lineWithEnd.strip();
        String end = lineWithEnd.substring(lineWithEnd.stripTrailing().length());
        if (line.startsWith("a=candidate:")) {
            if (allowed(line.substring(2), seen)) {
                out.append(unrelated(lineWithEnd.stripTrailing())).append(end);
            }
        } else if (line.startsWith("a=remote-candidates:")) {
            // It says again what the peer said, and only an ICE of long ago reads it.
        } else if (line.startsWith("c=")) {
            out.append("c=IN IP4 0.0.0.0").append(end);
        } else if (line.startsWith("a=rtcp:")) {
            out.append("a=rtcp:9 IN IP4 0.0.0.0").append(end);
        } else {
            out.append(lineWithEnd);
        }
    }

    private boolean allowed(String line, SeenCandidates seen) {
        boolean allowed = policy.allows(line, ours);
        seen.note(line, allowed);
        return allowed;
    }

    /** As browsers write it where they hide the address themselves. */
    private static String unrelated(String line) {
        Matcher related = RELATED.matcher(line);
        if (!related.find()) {
            return line;
        }
        String any = related.group(1).indexOf(':') >= 0 ? "::" : "0.0.0.0";
        return related.replaceFirst(" raddr " + any + " rport 0");
    }

    @Override
    public String toString() {
        return policy.filters(ours) ? "CandidateFilter(active)" : "CandidateFilter(all)";
    }
}
