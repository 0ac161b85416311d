package dev.drawbridge.internal.ice;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The filters of the fuzz targets, each with a second reading of what it allows that shares no code with the first. */
@SuppressWarnings("ImmutableEnumChecker") // filters are immutable, only not annotated so
enum Rule {
    ALL("", false),
    HOST("host", false),
    RELAY("Relay", false),
    UDP("udp", false),
    TCP("TCP", false),
    WORD("generation", false),
    BEGINNING("192.168.", false),
    NETWORK("172.16.0.0/12", false),
    NETWORK_V6("fc00::/7", false),
    LAN("", true),
    LAN_UDP("udp", true);

    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern V4 = Pattern.compile(BYTE + "\\." + BYTE + "\\." + BYTE + "\\." + BYTE);
    private static final Pattern V6 = Pattern.compile("([0-9A-Fa-f]{0,4}:)+(" + V4 + "|[0-9A-Fa-f]{0,4})");
    private static final Pattern RELATED = Pattern.compile("[ ]{1,}raddr[ ]{1,}(\\S*?|[^ ]*)[ ]{1,}rport[ ]{1,}[^ ]*");
    private static final Set<String> TRANSPORTS = Set.of("udp", "tcp");
    private static final Set<String> NAMED = Set.of("host", "relay", "udp", "tcp");

    final CandidateFilter filter;
    private final String word;
    private final boolean lan;

    Rule(String word, boolean lan) {
        this.word = word;
        this.lan = lan;
        filter = Filters.of(word, lan);
    }

    /** Whether a candidate line, with or without {@code a=}, is allowed. */
    boolean allows(String line) {
        String named = word.toLowerCase(Locale.ROOT);
        boolean known = NAMED.contains(named);
        List<String> words = words(line);
        switch (this) {
            case ALL -> {
                return true;
            }
            case WORD -> {
                return line.contains(word);
            }
            case BEGINNING, NETWORK, NETWORK_V6 -> {
                return !words.isEmpty() && inside(words.get(4));
            }
            default -> {}
        }
        return !words.isEmpty()
                && (!known || words.get(TRANSPORTS.contains(named) ? 2 : 7).equalsIgnoreCase(named))
                && (!lan || (words.get(7).equalsIgnoreCase("host") && local(words.get(4))));
    }

    /** The words of a line that is a candidate in every part that counts; else none. */
    private static List<String> words(String line) {
        String text = line.startsWith("a=") ? line.substring(2) : line;
        if (!text.startsWith("candidate:")) {
            return List.of();
        }
        List<String> words = Arrays.asList(text.substring(10).trim().split(" +", -1));
        boolean shape = words.size() >= 8
                && words.get(6).equals("typ")
                && number(words.get(1), Integer.MIN_VALUE, Integer.MAX_VALUE)
                && number(words.get(3), Long.MIN_VALUE, Long.MAX_VALUE)
                && number(words.get(5), 0, 65_535);
        for (int i = 8; shape && i + 1 < words.size(); i += 2) {
            shape = !words.get(i).equals("rport") || number(words.get(i + 1), 0, 65_535);
        }
        return shape ? words : List.of();
    }

    /** As {@code parseLong} has it: a sign, and digits of any script. */
    private static boolean number(String text, long from, long to) {
        String digits = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        if (digits.isEmpty() || digits.chars().anyMatch(c -> Character.digit((char) c, 10) < 0)) {
            return false;
        }
        BigInteger value = new BigInteger(text);
        return value.compareTo(BigInteger.valueOf(from)) >= 0 && value.compareTo(BigInteger.valueOf(to)) <= 0;
    }

    /** The line as it is passed on: without the related address, if anything is filtered. */
    String passed(String line) {
        Matcher related = RELATED.matcher(line);
        if (this == ALL || !related.find()) {
            return line;
        }
        String zero = related.group(1).contains(":") ? "::" : "0.0.0.0";
        return line.substring(0, related.start()) + " raddr " + zero + " rport 0" + line.substring(related.end());
    }

    private static boolean local(String address) {
        if (address.toLowerCase(Locale.ROOT).endsWith(".local")) {
            return true;
        }
        Optional<List<Integer>> v4 = ipv4(address);
        Optional<List<Integer>> v6 = v6(address);
        if (v4.isPresent()) {
            int first = v4.get().get(0);
            int second = v4.get().get(1);
            return first == 10
                    || first == 127
                    || (first == 172 && (second & 0xf0) == 16)
                    || (first == 192 && second == 168)
                    || (first == 169 && second == 254);
        }
        return v6.filter(g ->
                        g.equals(List.of(0, 0, 0, 0, 0, 0, 0, 1)) || g.get(0) >> 6 == 0x3fa || g.get(0) >> 9 == 0x7e)
                .isPresent();
    }

    private boolean inside(String address) {
        Optional<List<Integer>> v4 = ipv4(address);
        return switch (this) {
            case BEGINNING -> v4.filter(a -> a.get(0) == 192 && a.get(1) == 168).isPresent();
            case NETWORK ->
                v4.filter(a -> a.get(0) == 172 && (a.get(1) & 0xf0) == 16).isPresent();
            default ->
                v4.isEmpty() && v6(address).filter(g -> g.get(0) >> 9 == 0x7e).isPresent();
        };
    }

    /** Also one in IPv6 clothes. */
    private static Optional<List<Integer>> ipv4(String address) {
        Optional<List<Integer>> v6 = v6(address);
        if (v6.isPresent() && v6.get().subList(0, 6).equals(List.of(0, 0, 0, 0, 0, 0xffff))) {
            int high = v6.get().get(6);
            int low = v6.get().get(7);
            return Optional.of(List.of(high >> 8, high & 255, low >> 8, low & 255));
        }
        return v4(address);
    }

    static Optional<List<Integer>> v4(String text) {
        return V4.matcher(text).matches()
                ? Optional.of(Arrays.stream(text.split("\\.", -1))
                        .map(Integer::valueOf)
                        .toList())
                : Optional.empty();
    }

    static Optional<List<Integer>> v6(String text) {
        String address = text.split("%", 2)[0];
        if (!V6.matcher(address).matches()) {
            return Optional.empty();
        }
        try {
            // A literal, so nothing is looked up. One of IPv4 in IPv6 comes back as four bytes.
            byte[] bytes = InetAddress.getByName("[" + address + "]").getAddress();
            ByteBuffer all = ByteBuffer.allocate(16);
            if (bytes.length == 4) {
                all.position(10);
                all.putShort((short) 0xffff);
            }
            all.put(bytes).flip();
            return Optional.of(groups(all));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static List<Integer> groups(ByteBuffer bytes) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = bytes.getShort() & 0xffff;
        }
        return groups(groups);
    }

    static List<Integer> groups(int[] groups) {
        return Arrays.stream(groups).boxed().toList();
    }

    static List<Integer> bytes(int[] bytes) {
        return Arrays.stream(bytes).boxed().toList();
    }
}
