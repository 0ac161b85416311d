package dev.drawbridge.internal.ice;

import java.util.Arrays;
import java.util.Optional;

/**
 * All IP addresses that begin with the same bits. Four 8-bit parts or eight 16-bit ones; an IPv4 address in IPv6 clothes is an IPv4
 * address. Immutable.
 */
public final class AddressRange {
    private final int[] parts;
    private final int bits;

    private AddressRange(int[] parts, int bits) {
        this.parts = parts;
        this.bits = bits;
    }

    /**
     * Reads an address, a network ({@code 10.0.0.0/8}), or the beginning of an address that ends with a separator ({@code 10.},
     * {@code 192.168.}, {@code fe80:}) or has at least two whole parts ({@code 192.168}, {@code 2001:db8}). One number alone could be
     * anything, so it is none of them.
     */
    public static Optional<AddressRange> of(String text) {
        int slash = text.indexOf('/');
        if (slash >= 0) {
            return address(text.substring(0, slash)).flatMap(parts -> network(parts, text.substring(slash + 1)));
        }
        if (text.indexOf('%') >= 0) {
            return Optional.empty();
        }
        Optional<AddressRange> beginning = text.indexOf(':') >= 0
                ? beginning(text, ":", text.endsWith("::") ? "::" : ":", "0:0:0:0:0:0:0:0", 8)
                : beginning(text, ".", ".", "0.0.0.0", 4);
        return beginning.isPresent()
                ? beginning
                : address(text).map(parts -> new AddressRange(parts, parts.length * width(parts)));
    }

    /** Whether it is an address with something behind a slash, so that nothing else can be meant. */
    public static boolean looksLikeNetwork(String text) {
        int slash = text.indexOf('/');
        return slash >= 0 && address(text.substring(0, slash)).isPresent();
    }

    private static Optional<AddressRange> network(int[] parts, String bits) {
        if (!bits.matches("[0-9]{1,3}") || Integer.parseInt(bits) > parts.length * width(parts)) {
            return Optional.empty();
        }
        return Optional.of(new AddressRange(parts, Integer.parseInt(bits)));
    }

    /** Whole parts, completed with zeros to an address. */
    private static Optional<AddressRange> beginning(String text, String separator, String end, String zero, int whole) {
        boolean ended = text.endsWith(end);
        String head = ended ? text.substring(0, text.length() - end.length()) : text;
        int count = head.split(separator.equals(".") ? "\\." : separator, -1).length;
        if (head.isEmpty()
                || count >= whole
                || (!ended && count < 2)
                || head.contains("::")
                || head.endsWith(separator)) {
            return Optional.empty();
        }
        String rest = zero.substring(count * 2 - 1); // the separator and what follows it
        return address(head + rest)
                .filter(parts -> parts.length == whole)
                .map(parts -> new AddressRange(parts, count * width(parts)));
    }

    private static int width(int[] parts) {
        return parts.length == 4 ? 8 : 16;
    }

    private static Optional<int[]> address(String text) {
        Optional<int[]> v4 = Addresses.v4(text);
        return v4.isPresent() ? v4 : Addresses.v6(text);
    }

    /** Whether this is an address inside. A name, such as an mDNS one, never is. */
    boolean contains(String address) {
        Optional<int[]> v4 = Addresses.v4(address);
        Optional<int[]> v6 = v4.isPresent() ? Optional.empty() : Addresses.v6(address);
        Optional<int[]> mapped = v6.flatMap(Addresses::mapped);
        if (parts.length == 4) {
            return v4.or(() -> mapped).filter(this::begins).isPresent();
        }
        return v6.filter(this::begins).isPresent();
    }

    private boolean begins(int[] address) {
        int width = width(parts);
        for (int i = 0; i * width < bits; i++) {
            int free = Math.max(0, (i + 1) * width - bits);
            if (parts[i] >> free != address[i] >> free) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return "AddressRange(" + Arrays.toString(parts) + "/" + bits + ")";
    }
}
