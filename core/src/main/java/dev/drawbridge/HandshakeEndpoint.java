package dev.drawbridge;

import dev.drawbridge.internal.options.Endpoints;
import java.net.URI;
import java.util.Objects;

/**
 * A handshake server and how to speak to it.
 *
 * @param uri {@code wss://host[:port][/path][?query]}, or {@code ws://…} where {@link SessionOptions} allows it
 * @param dialect the shape of the protocol that the server speaks
 */
public record HandshakeEndpoint(URI uri, Dialect dialect) {

    /**
     * Checks the address.
     *
     * @throws OptionsException if the scheme is not {@code wss} or {@code ws}, the host is missing, the port is out of range, or
     *     there is a user name or a fragment
     */
    public HandshakeEndpoint {
        Objects.requireNonNull(dialect, "dialect");
        Endpoints.check(dialect == Dialect.CUSTOM ? "wss" : "wss2", uri);
    }

    /** A routing or fan-out server, such as {@code wss://handshake.example.org}; the scheme may be left out. */
    public static HandshakeEndpoint custom(String address) {
        return Endpoints.parse("wss", address, Dialect.CUSTOM);
    }

    /** A server of the public service's kind; the scheme may be left out. */
    public static HandshakeEndpoint hosted(String address) {
        return Endpoints.parse("wss2", address, Dialect.HOSTED);
    }

    /**
     * The public VDO.Ninja service. Read its usage notice in {@code docs/options.md} first: it is not approved for other programs
     * than its own, so an own server is the better choice.
     */
    public static HandshakeEndpoint publicService() {
        return new HandshakeEndpoint(Endpoints.PUBLIC_SERVICE, Dialect.HOSTED);
    }

    /** The address without its query, which may hold an access key. */
    @Override
    public String toString() {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return uri.getScheme() + "://" + uri.getRawAuthority() + path + " " + dialect;
    }
}
