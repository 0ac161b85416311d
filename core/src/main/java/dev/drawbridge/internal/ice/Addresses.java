package dev.drawbridge.internal.ice;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** IP addresses from their text form. By hand, because the library's way would ask DNS for everything that is no address. */
public final class Addresses {
    private Addresses() {}

    /**
     * Whether nothing sent there leaves the local network: loopback, link-local, private IPv4, unique local IPv6, or an mDNS
     * name ({@code .local}).
     */
    static boolean local(String address) {
        if (address.toLowerCase(Locale.ROOT).endsWith(".local")) {
            return true;
        }
        Optional<int[]> v4 = v4(address);
        return v4.isPresent()
                ? local(v4.get()[0], v4.get()[1])
                : v6(address).map(Addresses::localV6).orElse(false);
    }

    /** All that counts of an IPv4 address is how it begins. */
    private static boolean local(int first, int second) {
        return first == 10
                || first == 127
                || (first == 172 && second >= 16 && second <= 31)
                || (first == 192 && second == 168)
                || (first == 169 && second == 254);
    }

    private static boolean localV6(int[] groups) {
        Optional<int[]> mapped = mapped(groups);
        if (mapped.isPresent()) {
            return local(mapped.get()[0], mapped.get()[1]);
        }
        boolean loopback = Arrays.equals(groups, new int[] {0, 0, 0, 0, 0, 0, 0, 1});
        boolean linkLocal = (groups[0] & 0xffc0) == 0xfe80;
        boolean uniqueLocal = (groups[0] & 0xfe00) == 0xfc00;
        return loopback || linkLocal || uniqueLocal;
    }

    /** The IPv4 address that an IPv6 address of the kind {@code ::ffff:10.0.0.1} stands for. */
    static Optional<int[]> mapped(int[] groups) {
        for (int i = 0; i < 5; i++) {
            if (groups[i] != 0) {
                return Optional.empty();
            }
        }
        return groups[5] == 0xffff
                ? Optional.of(new int[] {groups[6] >> 8, groups[6] & 0xff, groups[7] >> 8, groups[7] & 0xff})
                : Optional.empty();
    }

    /** Four numbers; leading zeros are refused, since some read them as octal. */
    public static Optional<int[]> v4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        int[] bytes = new int[4];
        for (int i = 0; i < 4; i++) {
            int value = number(parts[i], 10, 3);
            if (value < 0 || value > 255 || (parts[i].length() > 1 && parts[i].charAt(0) == '0')) {
                return Optional.empty();
            }
            bytes[i] = value;
        }
        return Optional.of(bytes);
    }

    /** Eight groups; a zone such as {@code %eth0} is left out. */
    public static Optional<int[]> v6(String text) {
        String address = text.split("%", 2)[0];
        int gap = address.indexOf("::");
        if (gap < 0) {
            return groups(address).filter(all -> all.length == 8);
        }
        Optional<int[]> head = groups(address.substring(0, gap))
                .filter(unused -> !address.substring(0, gap).contains(".")); // IPv4 form only at the very end
        Optional<int[]> tail = groups(address.substring(gap + 2));
        if (head.isEmpty() || tail.isEmpty() || head.get().length + tail.get().length > 7) {
            return Optional.empty();
        }
        int[] all = new int[8];
        System.arraycopy(head.get(), 0, all, 0, head.get().length);
        System.arraycopy(tail.get(), 0, all, 8 - tail.get().length, tail.get().length);
        return Optional.of(all);
    }

    private static Optional<int[]> groups(String text) {
        if (text.isEmpty()) {
            return Optional.of(new int[0]);
        }
        String[] parts = text.split(":", -1);
        Optional<int[]> tail = v4(parts[parts.length - 1]);
        int[] groups = new int[parts.length + (tail.isPresent() ? 1 : 0)];
        if (groups.length > 8) {
            return Optional.empty();
        }
        for (int i = 0; i < parts.length - (tail.isPresent() ? 1 : 0); i++) {
            groups[i] = number(parts[i], 16, 4);
            if (groups[i] < 0) {
                return Optional.empty();
            }
        }
        if (tail.isPresent()) {
            int[] v4 = tail.get();
            groups[groups.length - 2] = v4[0] << 8 | v4[1];
            groups[groups.length - 1] = v4[2] << 8 | v4[3];
        }
        return Optional.of(groups);
    }

    /** -1 when it is not a number of 1 to {@code digits} ASCII digits. */
    private static int number(String text, int radix, int digits) {
        if (text.isEmpty() || text.length() > digits) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), radix) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value;
    }
}
