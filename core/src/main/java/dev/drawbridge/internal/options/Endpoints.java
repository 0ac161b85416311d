package dev.drawbridge.internal.options;

import dev.drawbridge.Dialect;
import dev.drawbridge.HandshakeEndpoint;
import dev.drawbridge.OptionsException;
import dev.drawbridge.OptionsException.Problem;
import dev.drawbridge.internal.crypto.WebText;
import dev.drawbridge.internal.ice.Addresses;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Addresses of handshake servers, and what a link's host says. Never resolves a name. */
public final class Endpoints {
    public static final URI PUBLIC_SERVICE = URI.create("wss://wss.vdo.ninja:443");
    public static final String DEFAULT_SALT = "vdo.ninja";

    private static final String ALLOWED = "wss://host[:port][/path], or ws:// for this machine";
    private static final String LIST_ALLOWED = "https://host[:port][/path], or http://…";
    private static final Pattern SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://");
    private static final Set<String> OWN_SALT = Set.of("vdo.ninja", "rtc.ninja", "versus.cam", "socialstream.ninja");

    private Endpoints() {}

    /** Reads an address; one without a scheme gets {@code wss://}. The messages never repeat it: it may hold an access key. */
    public static HandshakeEndpoint parse(String parameter, String address, Dialect dialect) {
        String text = address.strip();
        if (text.isEmpty()) {
            throw new OptionsException(parameter, "names no server", ALLOWED);
        }
        try {
            return new HandshakeEndpoint(new URI(SCHEME.matcher(text).find() ? text : "wss://" + text), dialect);
        } catch (URISyntaxException malformed) {
            throw new OptionsException(parameter, "is not an address", ALLOWED);
        }
    }

    /** Refuses what cannot be a WebSocket's address. */
    public static void check(String parameter, URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("wss") && !scheme.equals("ws")) {
            throw new OptionsException(parameter, "is not a WebSocket address", ALLOWED);
        }
        if (uri.getHost() == null || uri.getHost().isEmpty()) {
            throw new OptionsException(parameter, "has no valid host name", ALLOWED);
        }
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw new OptionsException(parameter, "has a port out of range", "port 1 to 65535");
        }
        if (!WebText.wellFormed(uri.toString())) {
            throw new OptionsException(parameter, "is not valid Unicode", ALLOWED);
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new OptionsException(parameter, "has a user name or a fragment", ALLOWED);
        }
    }

    /** Reads the address of a TURN list. The messages never repeat it: it may hold an access key. */
    static URI turnList(String address) {
        try {
            return new URI(address.strip());
        } catch (URISyntaxException malformed) {
            throw new OptionsException("turnlist", "is not an address", LIST_ALLOWED);
        }
    }

    /** What is wrong with the address of a TURN list, if anything. */
    public static Optional<Problem> turnListProblem(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        String wrong = "";
        if (!scheme.equals("https") && !scheme.equals("http")) {
            wrong = "is not a web address";
        } else if (uri.getHost() == null || uri.getHost().isEmpty()) {
            wrong = "has no valid host name";
        } else if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            wrong = "has a port out of range";
        } else if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            wrong = "has a user name or a fragment";
        } else if (!WebText.wellFormed(uri.toString())) {
            wrong = "is not valid Unicode";
        }
        return wrong.isEmpty() ? Optional.empty() : Optional.of(new Problem("turnlist", wrong, LIST_ALLOWED));
    }

    /** Whether the connection would be readable on the way: {@code ws:} to another machine. */
    public static boolean exposed(URI uri) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        boolean loopback = host.equals("localhost")
                || host.equals("[::1]")
                || host.equals("[0:0:0:0:0:0:0:1]")
                || Addresses.v4(host).filter(bytes -> bytes[0] == 127).isPresent();
        return uri.getScheme().equalsIgnoreCase("ws") && !loopback;
    }

    /** Whether a link with this host stands for the public service. */
    public static boolean publicPage(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("vdo.ninja") || name.endsWith(".vdo.ninja") || name.equals("steveseguin.github.io");
    }

    /** The salt that a page at this host uses. */
    public static String salt(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.equals("steveseguin.github.io")
                || name.equals("localhost")
                || Addresses.v4(name).isPresent()) {
            return DEFAULT_SALT;
        }
        return OWN_SALT.stream()
                .filter(domain -> name.equals(domain) || name.endsWith("." + domain))
                .findFirst()
                .orElse(name);
    }
}
