package dev.drawbridge.internal.ice;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A candidate line taken apart (RFC 8839, section 5.1). {@code toString} hides the addresses.
 *
 * @param foundation groups candidates of the same kind, base and server
 * @param component 1 for media, 2 for a separate RTCP
 * @param transport {@code udp} or {@code tcp}, in lower case: some libraries write capitals
 * @param priority the sender's preference
 * @param address an IP address or a {@code .local} name
 * @param port 0 to 65535
 * @param type {@code host}, {@code srflx}, {@code prflx} or {@code relay}, in lower case
 * @param relatedAddress {@code raddr}: the address behind the translated or relayed one
 * @param relatedPort {@code rport}
 */
public record CandidateLine(
        String foundation,
        int component,
        String transport,
        long priority,
        String address,
        int port,
        String type,
        Optional<String> relatedAddress,
        OptionalInt relatedPort) {
    private static final String PREFIX = "candidate:";

    /** Takes a line that begins with {@code candidate:} or {@code a=candidate:} apart; empty when it is no candidate. */
    public static Optional<CandidateLine> parse(String line) {
        String text = line.startsWith("a=") ? line.substring(2) : line;
        if (!text.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String[] words = text.substring(PREFIX.length()).trim().split(" +", -1);
        if (words.length < 8 || !words[6].equals("typ")) {
            return Optional.empty();
        }
        try {
            Optional<String> relatedAddress = Optional.empty();
            OptionalInt relatedPort = OptionalInt.empty();
            for (int i = 8; i + 1 < words.length; i += 2) {
                if (words[i].equals("raddr")) {
                    relatedAddress = Optional.of(words[i + 1]);
                } else if (words[i].equals("rport")) {
                    relatedPort = OptionalInt.of(port(words[i + 1]));
                }
            }
            return Optional.of(new CandidateLine(
                    words[0],
                    Integer.parseInt(words[1]),
                    words[2].toLowerCase(Locale.ROOT),
                    Long.parseLong(words[3]),
                    words[4],
                    port(words[5]),
                    words[7].toLowerCase(Locale.ROOT),
                    relatedAddress,
                    relatedPort));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static int port(String text) {
        int port = Integer.parseInt(text);
        if (port < 0 || port > 65_535) {
            throw new NumberFormatException("port");
        }
        return port;
    }

    @Override
    public String toString() {
        return type + "/" + transport;
    }
}
