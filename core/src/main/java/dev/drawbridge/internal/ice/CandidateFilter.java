package dev.drawbridge.internal.ice;

import dev.drawbridge.spi.IceCandidate;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which candidates may be sent and used ({@code icefilter} and {@code lanonly}, protocol section 8). It has to be asked for
 * trickled candidates and for every SDP, own and foreign: a second offer holds all candidates again. Immutable.
 */
public final class CandidateFilter {
    private static final Set<String> TYPES = Set.of("host", "srflx", "prflx", "relay");
    private static final Set<String> TRANSPORTS = Set.of("udp", "tcp");

    private final boolean filtering;
    private final Predicate<String> allowed;

    private CandidateFilter(boolean filtering, Predicate<String> allowed) {
        this.filtering = filtering;
        this.allowed = allowed;
    }

    /**
     * A filter of the two options.
     *
     * @param iceFilter a type ({@code host}, {@code srflx}, {@code prflx}, {@code relay}) or transport ({@code udp}, {@code tcp}) in
     *     any case, or else any text that has to occur in the candidate line; empty allows all
     * @param lanOnly only host candidates with addresses of the local network
     */
    public static CandidateFilter of(Optional<String> iceFilter, boolean lanOnly) {
        Optional<String> wanted = iceFilter.filter(text -> !text.isEmpty());
        Predicate<String> words = wanted.map(CandidateFilter::containing).orElse(line -> true);
        Predicate<String> lan = lanOnly ? CandidateFilter::local : line -> true;
        return new CandidateFilter(lanOnly || wanted.isPresent(), words.and(lan));
    }

    /** The candidate itself if it is allowed. One with a line break in it never is: it could bring lines of SDP along. */
    public Optional<IceCandidate> keep(IceCandidate candidate) {
        String line = candidate.candidate();
        boolean oneLine = line.chars().noneMatch(Character::isISOControl);
        return oneLine && allowed.test(line) ? Optional.of(candidate) : Optional.empty();
    }

    /**
     * The same SDP without the candidates that are not allowed. Where anything is filtered the {@code c=} and {@code a=rtcp:} lines
     * lose their addresses too: they repeat a candidate's, and ICE does not use them.
     */
    public String filter(String sdp) {
        if (!filtering) {
            return sdp;
        }
        StringBuilder out = new StringBuilder(sdp.length());
        for (int from = 0; from < sdp.length(); ) {
            // Only a line feed ends a line, as in the libraries that will read this.
            int feed = sdp.indexOf('\n', from);
            int to = feed < 0 ? sdp.length() : feed + 1;
            append(out, sdp.substring(from, to));
            from = to;
        }
        return out.toString();
    }

    private void append(StringBuilder out, String lineWithEnd) {
        String line = lineWithEnd.strip();
        String end = lineWithEnd.substring(lineWithEnd.stripTrailing().length());
        if (line.startsWith("a=candidate:")) {
            if (allowed.test(line.substring(2))) {
                out.append(lineWithEnd);
            }
        } else if (line.startsWith("c=")) {
            out.append("c=IN IP4 0.0.0.0").append(end);
        } else if (line.startsWith("a=rtcp:")) {
            out.append("a=rtcp:9 IN IP4 0.0.0.0").append(end);
        } else {
            out.append(lineWithEnd);
        }
    }

    @Override
    public String toString() {
        return filtering ? "CandidateFilter(active)" : "CandidateFilter(all)";
    }

    private static Predicate<String> containing(String text) {
        String word = text.toLowerCase(Locale.ROOT);
        if (TYPES.contains(word)) {
            return line ->
                    CandidateLine.parse(line).filter(c -> c.type().equals(word)).isPresent();
        }
        if (TRANSPORTS.contains(word)) {
            return line -> CandidateLine.parse(line)
                    .filter(c -> c.transport().equals(word))
                    .isPresent();
        }
        return line -> line.contains(text);
    }

    private static boolean local(String line) {
        return CandidateLine.parse(line)
                .filter(c -> c.type().equals("host") && Addresses.local(c.address()))
                .isPresent();
    }
}
