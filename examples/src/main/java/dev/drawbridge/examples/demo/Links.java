package dev.drawbridge.examples.demo;

import dev.drawbridge.HandshakeEndpoint;
import dev.drawbridge.SessionOptions;
import java.net.URI;
import java.util.Locale;

/** Where a browser finds the page for a stream. */
final class Links {
    private Links() {}

    /** The public page for the public service; otherwise the page that {@code bin/demo server} serves on its own port. */
    static URI page(HandshakeEndpoint server) {
        if (server.equals(HandshakeEndpoint.publicService())) {
            return URI.create("https://vdo.ninja/");
        }
        String scheme = server.uri().getScheme().toLowerCase(Locale.ROOT).equals("wss") ? "https" : "http";
        return URI.create(scheme + "://" + server.uri().getRawAuthority() + "/");
    }

    /** The options with which another {@code bin/demo} watches what these publish. */
    static String viewQuery(SessionOptions options) {
        return options.viewLink(page(options.endpoint())).getRawQuery();
    }
}
