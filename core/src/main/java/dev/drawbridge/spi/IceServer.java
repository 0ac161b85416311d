package dev.drawbridge.spi;

import dev.drawbridge.Secret;
import java.util.Optional;

/**
 * A STUN or TURN server.
 *
 * @param url {@code stun:host[:port]}, {@code turn:host[:port][?transport=udp|tcp]} or {@code turns:...}; checked by the options parser
 * @param username empty for STUN
 * @param credential present exactly for TURN
 */
public record IceServer(String url, String username, Optional<Secret> credential) {

    /** Whether this is a relay ({@code turn:} or {@code turns:}). */
    public boolean relay() {
        return url.startsWith("turn");
    }

    @Override
    public String toString() {
        return url;
    }
}
