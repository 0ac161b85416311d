package dev.drawbridge.internal.ice;

import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The certificate fingerprints of an SDP: who a peer is, as far as DTLS is concerned. */
public final class Fingerprints {
    private static final String ATTRIBUTE = "a=fingerprint:";

    /** Of what is shown to a person: at most 64 bytes, as sha-512 has. */
    private static final Pattern ONE = Pattern.compile("[a-z0-9-]{1,16} [0-9A-F]{2}(:[0-9A-F]{2}){0,63}");

    private Fingerprints() {}

    /**
     * Every fingerprint at session and media level as {@code algorithm VALUE}, in one spelling: {@code sha-256 AB:CD…}. Two
     * descriptions are of the same peer exactly if these sets are equal and not empty.
     */
    public static Set<String> of(String sdp) {
        Set<String> found = new TreeSet<>();
        for (String line : sdp.split("\n", -1)) {
            if (line.startsWith(ATTRIBUTE)) {
                String[] words = line.substring(ATTRIBUTE.length()).strip().split("\\s+", 2);
                String value = words.length > 1 ? " " + words[1].toUpperCase(Locale.ROOT) : "";
                found.add(words[0].toLowerCase(Locale.ROOT) + value);
            }
        }
        return Collections.unmodifiableSet(found);
    }

    /** The one that a peer named; empty if none, or several, of which DTLS compares only one and nobody says which. */
    public static Optional<String> only(Set<String> fingerprints) {
        return fingerprints.size() == 1
                ? Optional.of(fingerprints.iterator().next())
                        .filter(one -> ONE.matcher(one).matches())
                : Optional.empty();
    }
}
