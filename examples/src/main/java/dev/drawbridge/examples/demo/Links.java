package dev.drawbridge.examples.demo;

import dev.drawbridge.HandshakeEndpoint;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.testing.HandshakeServer;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** Links to the page on which a browser watches a stream. */
final class Links {
    private Links() {}

    /** The public page for the public service; otherwise the page that {@code bin/demo server} serves on its own port. */
    static URI page(HandshakeEndpoint server) {
        return server.equals(HandshakeEndpoint.publicService()) ? URI.create("https://vdo.ninja/") : page(server.uri());
    }

    /** The page that an embedded server with this address serves. */
    static URI page(URI server) {
        String scheme = server.getScheme().equalsIgnoreCase("wss") ? "https" : "http";
        return URI.create(scheme + "://" + server.getRawAuthority() + "/");
    }

    /** The link for somebody who reaches the embedded server as {@code host}. */
    static URI from(HandshakeServer server, String host, SessionOptions options) {
        URI address = server.uri(host);
        return options.toBuilder()
                .allowPlainWebSocket(true)
                .endpoint(HandshakeEndpoint.custom(address.toString()))
                .build()
                .viewLink(page(address));
    }

    /** For a program. */
    static Map<String, Object> facts(SessionOptions options, URI link) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("stream", options.push().orElseThrow().value());
        facts.put("link", link.toString());
        return facts;
    }
}
