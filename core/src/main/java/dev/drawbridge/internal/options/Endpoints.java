package dev.drawbridge.internal.options;

import dev.drawbridge.Dialect;
import dev.drawbridge.HandshakeEndpoint;
import dev.drawbridge.OptionsException;
import dev.drawbridge.internal.crypto.WebText;
import dev.drawbridge.internal.ice.Addresses;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Addresses of handshake servers, and what a link's host says. Never resolves a name. */
public final class Endpoints {
    public static final URI PUBLIC_SERVICE = URI.create("wss://wss.vdo.ninja:443");
    public static final String DEFAULT_SALT = "vdo.ninja";

    private static final String ALLOWED = "wss://host[:port][/path], or ws:// for this machine";
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
