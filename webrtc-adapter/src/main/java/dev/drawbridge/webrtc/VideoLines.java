package dev.drawbridge.webrtc;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whether an offer and its answer have a video codec in common; without one a picture stays black and nobody says why. Pure. */
final class VideoLines {
    /** What is negotiated like a codec and carries no picture by itself. */
    private static final Set<String> HELPERS = Set.of("RTX", "RED", "ULPFEC", "FLEXFEC-03", "FLEXFEC");

    /** A peer's words are shown, so not too many of them, and none that are no names. */
    private static final int MOST = 8;

    private static final int MAX_NAME = 16;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9.-]+");
    private static final Pattern PORT = Pattern.compile("^m=video \\d+ ");

    private VideoLines() {}

    /**
     * What is wrong between them, if anything: pictures are offered, and in none of the codecs that the answer takes.
     *
     * @param restricted whether few codecs were offered; who refuses all that there are wants no pictures, which is no fault
     */
    static Optional<String> nothingInCommon(String offer, String answer, boolean restricted) {
        Set<String> offered = codecs(offer);
        Said taken = read(answer);
        // One that neither refuses the video nor names a codec is no answer, which is the library's to say.
        boolean judged = taken.named() || (restricted && taken.refused());
        return offered.isEmpty() || !judged || !Collections.disjoint(offered, taken.codecs())
                ? Optional.empty()
                : Optional.of("offered were " + String.join(", ", offered));
    }

    /** The same with every line of video refused by its maker, and out of the bundle, as it has to be then. */
    static String refused(String offer) {
        Set<String> refused = new HashSet<>();
        boolean video = false;
        for (String line : offer.split("\r\n|\n", -1)) {
            video = line.startsWith("m=") ? line.startsWith("m=video ") : video;
            if (video && line.startsWith("a=mid:")) {
                refused.add(line.substring("a=mid:".length()));
            }
        }
        StringBuilder out = new StringBuilder(offer.length());
        for (String line : offer.split("\r\n|\n", 0)) {
            if (line.startsWith("a=group:BUNDLE ")) {
                out.append(Arrays.stream(line.split(" ", -1))
                        .filter(word -> !refused.contains(word))
                        .collect(Collectors.joining(" ")));
            } else {
                out.append(PORT.matcher(line).replaceFirst("m=video 0 "));
            }
            out.append("\r\n");
        }
        return out.toString();
    }

    /** The codecs of the lines that are not refused. */
    static Set<String> codecs(String sdp) {
        return read(sdp).codecs();
    }

    /**
     * What a description says of pictures.
     *
     * @param codecs of the lines that are not refused
     * @param named whether one of those names anything at all
     * @param refused whether there is one that is refused
     */
    private record Said(Set<String> codecs, boolean named, boolean refused) {}

    /** Line by line: a stranger wrote it, and every session of the process waits while it is read. */
    private static Said read(String sdp) {
        Set<String> found = new LinkedHashSet<>();
        Set<String> ofLine = new LinkedHashSet<>();
        boolean anyNamed = false;
        boolean anyRefused = false;
        boolean video = false;
        boolean named = false;
        boolean refused = false;
        for (String line : (sdp + "\nm=").split("\r\n|\n", -1)) { // the last one ends, too
            if (line.startsWith("m=")) {
                anyRefused |= refused;
                anyNamed |= named && !refused;
                for (String name : refused ? Set.<String>of() : ofLine) {
                    if (found.size() < MOST) {
                        found.add(name);
                    }
                }
                ofLine.clear();
                named = false;
                video = line.startsWith("m=video ");
                refused = line.startsWith("m=video 0 ");
            } else if (line.equals("a=bundle-only")) {
                refused = false; // it has the port of another line
            } else if (video && line.startsWith("a=rtpmap:")) {
                named = true;
                if (ofLine.size() < MOST) {
                    name(line).filter(name -> !HELPERS.contains(name)).ifPresent(ofLine::add);
                }
            }
        }
        return new Said(found, anyNamed, anyRefused);
    }

    private static Optional<String> name(String rtpmap) {
        int from = rtpmap.indexOf(' ') + 1;
        int to = rtpmap.indexOf('/', from);
        if (from <= 0 || to <= from || to - from > MAX_NAME) {
            return Optional.empty();
        }
        String name = rtpmap.substring(from, to);
        return NAME.matcher(name).matches() ? Optional.of(name.toUpperCase(Locale.ROOT)) : Optional.empty();
    }
}
