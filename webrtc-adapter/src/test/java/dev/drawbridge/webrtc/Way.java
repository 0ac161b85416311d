package dev.drawbridge.webrtc;

import dev.drawbridge.SessionOptions;
import dev.drawbridge.testing.TurnServer;

/** How a relay is reached. */
enum Way {
    UDP,
    TCP,
    TURNS;

    private String url(TurnServer turn) {
        return switch (this) {
            case UDP -> turn.udpUrl();
            case TCP -> turn.tcpUrl();
            case TURNS -> turn.tlsUrl();
        };
    }

    /** Options with which nothing but this relay is used. */
    String privacy(TurnServer turn) {
        return "&privacy&turn=" + turn.option(url(turn));
    }

    /** Options with which this relay is used because of a filter. */
    String filter(TurnServer turn) {
        return "&icefilter=relay&turn=" + turn.option(url(turn));
    }

    /** Options with which this relay is one way of several. */
    String beside(TurnServer turn) {
        return "&turn=" + turn.option(url(turn));
    }

    /** What the figures of a connection say of it. */
    String path() {
        return switch (this) {
            case UDP -> "relay/udp";
            case TCP -> "relay/tcp";
            case TURNS -> "relay/turns";
        };
    }

    /** The same with any certificate of a relay taken for good. */
    static SessionOptions trusting(SessionOptions options) {
        return options.toBuilder()
                .network(options.network().toBuilder().anyTurnCertificate(true).build())
                .build();
    }
}
