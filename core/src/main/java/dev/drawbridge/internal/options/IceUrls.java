package dev.drawbridge.internal.options;

import dev.drawbridge.OptionsException;
import dev.drawbridge.OptionsException.Problem;
import dev.drawbridge.Secret;
import dev.drawbridge.internal.crypto.WebText;
import dev.drawbridge.internal.ice.Addresses;
import dev.drawbridge.spi.IceServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * STUN and TURN addresses, and the {@code user;password;url} form of links. Strict: a malformed address that reaches the native
 * library ends the whole process.
 */
public final class IceUrls {
    private static final String STUN_FORM = "stun:host[:port]";
    private static final String TURN_FORM = "user;password;turn:host[:port][?transport=udp|tcp] or …;turns:host[:port]";
    private static final Pattern SCHEME = Pattern.compile("^(stuns?|turns?):", Pattern.CASE_INSENSITIVE);
    private static final Pattern URL =
            Pattern.compile("(stuns?|turns?):(\\[[^\\]]*\\]|[^:?\\[\\]]*)(?::(\\d{1,5}))?(?:\\?transport=(udp|tcp))?");
    private static final Pattern HOST_NAME =
            Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
                    + "(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*");
    private static final Pattern NUMERIC = Pattern.compile("[0-9.]+");
    private static final int MAX_SERVERS = 16;

    private IceUrls() {}

    /** With the scheme in lower case and without white space around it; otherwise as it is. */
    public static String normalised(String url) {
        String text = url.strip();
        Matcher scheme = SCHEME.matcher(text);
        return scheme.find() ? scheme.group().toLowerCase(Locale.ROOT) + text.substring(scheme.end()) : text;
    }

    /** Whether a TURN server is reached over TCP or TLS. */
    public static boolean overTcp(String url) {
        return url.startsWith("turns:") || url.endsWith("?transport=tcp");
    }

    /** What is wrong with the servers; empty when all of them are safe to hand to a native library. */
    public static List<Problem> problems(List<IceServer> stun, List<IceServer> turn) {
        List<Problem> problems = new ArrayList<>();
        for (IceServer server : stun) {
            String scheme = scheme(server.url());
            if (!sound(server.url()) || !scheme.startsWith("stun")) {
                problems.add(new Problem("stun", "is not the address of a STUN server", STUN_FORM));
            }
        }
        for (IceServer server : turn) {
            if (!sound(server.url()) || !scheme(server.url()).startsWith("turn")) {
                problems.add(new Problem("turn", "is not the address of a TURN server", TURN_FORM));
            } else if (server.username().isEmpty()
                    || server.credential().map(Secret::reveal).orElse("").isEmpty()) {
                problems.add(new Problem("turn", "has no user name or no password", TURN_FORM));
            } else if (!inLink(server.username())
                    || !inLink(server.credential().orElseThrow().reveal())) {
                problems.add(new Problem(
                        "turn",
                        "has a user name or password that cannot be written in a link",
                        "no ';', no control characters, valid Unicode, at most 512 characters, no turn: in front"));
            }
        }
        if (stun.size() + turn.size() > MAX_SERVERS) {
            problems.add(new Problem("turn", "there are too many servers", MAX_SERVERS + " STUN and TURN servers"));
        }
        return problems;
    }

    /** Whether a TURN server is safe to hand to a native library; one that need not be written in a link, as those of a list. */
    public static boolean usable(IceServer turn) {
        return sound(turn.url())
                && turn.relay()
                && !turn.username().isEmpty()
                && turn.credential().filter(c -> !c.reveal().isEmpty()).isPresent();
    }

    /** The host of a sound address, an IPv6 address in brackets. */
    public static String host(String url) {
        return parts(url).group(2);
    }

    /** The port of a sound address, also where it is not written. */
    public static int port(String url) {
        String port = parts(url).group(3);
        return port != null ? Integer.parseInt(port) : parts(url).group(1).endsWith("s") ? 5349 : 3478;
    }

    private static Matcher parts(String url) {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not the address of a STUN or TURN server");
        }
        return parts;
    }

    private static boolean inLink(String part) {
        return part.length() <= 512
                && part.indexOf(';') < 0
                && part.chars().noneMatch(Character::isISOControl)
                && !SCHEME.matcher(part).find()
                && WebText.wellFormed(part);
    }

    private static String scheme(String url) {
        int colon = url.indexOf(':');
        return colon < 0 ? "" : url.substring(0, colon);
    }

    private static boolean sound(String url) {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            return false;
        }
        String transport = parts.group(4) == null ? "" : parts.group(4);
        boolean transportFits =
                switch (parts.group(1)) {
                    case "turn" -> true;
                    case "turns" -> !transport.equals("udp");
                    default -> transport.isEmpty();
                };
        String port = parts.group(3);
        boolean portFits = port == null || (Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= 65_535);
        return transportFits && portFits && soundHost(parts.group(2));
    }

    private static boolean soundHost(String host) {
        if (host.startsWith("[")) {
            return host.indexOf('%') < 0
                    && Addresses.v6(host.substring(1, host.length() - 1)).isPresent();
        }
        return NUMERIC.matcher(host).matches()
                ? Addresses.v4(host).isPresent()
                : HOST_NAME.matcher(host).matches();
    }

    /**
     * Reads {@code user;password;url[;url…][;user;password;url…]}. Several addresses behind one name and several groups are our own
     * extension of the form that the web page knows.
     */
    static List<IceServer> turn(String text) {
        List<IceServer> servers = new ArrayList<>();
        String[] parts = text.split(";", -1);
        int i = 0;
        while (i < parts.length) {
            if (i + 2 >= parts.length || looksLikeUrl(parts[i])) {
                throw new OptionsException("turn", "is not user;password;url", TURN_FORM + ", false, nostun");
            }
            String user = parts[i];
            Secret credential = Secret.of(parts[i + 1]);
            i += 2;
            do {
                servers.add(new IceServer(normalised(parts[i]), user, Optional.of(credential)));
                i++;
            } while (i < parts.length && looksLikeUrl(parts[i]));
        }
        return servers;
    }

    static boolean looksLikeUrl(String part) {
        return SCHEME.matcher(part.strip()).find();
    }

    /** Writes what {@link #turn} reads. */
    static String turn(List<IceServer> servers) {
        StringBuilder text = new StringBuilder();
        String account = "";
        for (IceServer server : servers) {
            String own = server.username() + ";"
                    + server.credential().map(Secret::reveal).orElse("");
            text.append(text.isEmpty() ? "" : ";");
            if (!own.equals(account)) {
                text.append(own).append(';');
                account = own;
            }
            text.append(server.url());
        }
        return text.toString();
    }
}
