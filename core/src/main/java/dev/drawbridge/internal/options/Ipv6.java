package dev.drawbridge.internal.options;

import java.util.regex.Pattern;

/** The text form of IPv6 addresses, without a zone. Checked by hand: {@code InetAddress} would look names up. */
final class Ipv6 {
    private static final Pattern GROUP = Pattern.compile("[0-9A-Fa-f]{1,4}");
    private static final Pattern IPV4_TAIL =
            Pattern.compile("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");

    private Ipv6() {}

    static boolean valid(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text, true) == 8;
        }
        if (text.indexOf("::", gap + 1) >= 0) {
            return false;
        }
        String head = text.substring(0, gap);
        String tail = text.substring(gap + 2);
        int before = head.isEmpty() ? 0 : groups(head, false);
        int after = tail.isEmpty() ? 0 : groups(tail, true);
        return before >= 0 && after >= 0 && before + after <= 7;
    }

    /** How many 16-bit groups the part has; -1 when it is malformed. */
    private static int groups(String part, boolean mayEndInIpv4) {
        String[] pieces = part.split(":", -1);
        int count = 0;
        for (int i = 0; i < pieces.length; i++) {
            if (GROUP.matcher(pieces[i]).matches()) {
                count++;
            } else if (mayEndInIpv4
                    && i == pieces.length - 1
                    && IPV4_TAIL.matcher(pieces[i]).matches()) {
                count += 2;
            } else {
                return -1;
            }
        }
        return count;
    }
}
