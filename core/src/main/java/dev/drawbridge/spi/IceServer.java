package dev.drawbridge.spi;

import dev.drawbridge.Secret;
import java.time.Instant;
import java.util.Optional;

/**
 * A STUN or TURN server.
 *
 * @param url {@code stun:host[:port]}, {@code turn:host[:port][?transport=udp|tcp]} or {@code turns:...}; checked by the options parser
 * @param username empty for STUN
 * @param credential present exactly for TURN
 * @param expires from when on the credential is no good any more; empty if it is for ever, or nobody knows
 */
public record IceServer(String url, String username, Optional<Secret> credential, Optional<Instant> expires) {

    /** One whose credential does not expire. */
    public IceServer(String url, String username, Optional<Secret> credential) {
        this(url, username, credential, Optional.empty());
    }

    /** Whether this is a relay ({@code turn:} or {@code turns:}). */
    public boolean relay() {
        return url.startsWith("turn");
    }

    /** Whether the credential is no good any more at this time. */
    public boolean expired(Instant now) {
        return expires.filter(end -> !now.isBefore(end)).isPresent();
    }

    @Override
    public String toString() {
        return url;
    }
}
