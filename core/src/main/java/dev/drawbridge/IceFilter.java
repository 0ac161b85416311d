package dev.drawbridge;

import dev.drawbridge.internal.ice.AddressRange;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which candidates may be sent and used: the option {@code icefilter}. Immutable; two filters of the same text are equal.
 *
 * <p>What is said here of candidates holds in both directions, for those that are sent one by one and those inside of every
 * description, and for the path that the connection takes in the end ({@code docs/privacy.md}).
 */
public final class IceFilter {
    private static final Set<String> TYPES = Set.of("host", "srflx", "prflx", "relay");
    private static final Set<String> TRANSPORTS = Set.of("udp", "tcp");

    /** How a filter's text is understood. */
    public enum Kind {
        /** {@code host}, {@code srflx}, {@code prflx} or {@code relay}, in any case: the candidate's type. */
        TYPE,
        /** {@code udp} or {@code tcp}, in any case: the candidate's transport. */
        TRANSPORT,
        /**
         * The candidate's own address: {@code 192.168.1.7}, {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or a beginning made of
         * whole parts, such as {@code 192.168.} or {@code fe80:}.
         */
        ADDRESSES,
        /**
         * Any other text has to occur in the candidate's line, capitals as they are. That is what the web page does with every
         * text; it says nothing about addresses that are learnt from the connection itself, so a session warns of it.
         */
        TEXT
    }

    private final String text;
    private final Kind kind;

    private IceFilter(String text, Kind kind) {
        this.text = text;
        this.kind = kind;
    }

    /**
     * Reads the text behind {@code icefilter=}.
     *
     * @throws OptionsException if it is empty, or looks like a network and is none, such as {@code 10.0.0.0/40}
     */
    public static IceFilter of(String text) {
        if (text.isEmpty()) {
            throw new OptionsException("icefilter", "is empty", "host, srflx, relay, udp, tcp or a network");
        }
        String word = text.toLowerCase(Locale.ROOT);
        if (TYPES.contains(word)) {
            return new IceFilter(text, Kind.TYPE);
        }
        if (TRANSPORTS.contains(word)) {
            return new IceFilter(text, Kind.TRANSPORT);
        }
        Optional<AddressRange> range = AddressRange.of(text);
        if (range.isEmpty() && AddressRange.looksLikeNetwork(text)) {
            throw new OptionsException("icefilter", "is not a network", "an address, /, and 0 to 32 (IPv6: 128)");
        }
        return new IceFilter(text, range.isPresent() ? Kind.ADDRESSES : Kind.TEXT);
    }

    /** The text as it was given. */
    public String text() {
        return text;
    }

    /** How it is understood. */
    public Kind kind() {
        return kind;
    }

    /** Whether only relayed paths are left: no other candidate is even gathered then. */
    public boolean relayOnly() {
        return kind == Kind.TYPE && text.equalsIgnoreCase("relay");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IceFilter that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The text. */
    @Override
    public String toString() {
        return text;
    }
}
