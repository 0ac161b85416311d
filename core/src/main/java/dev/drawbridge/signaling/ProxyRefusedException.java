package dev.drawbridge.signaling;

import java.io.IOException;

/** The proxy answered, and did not connect. The words are ours. */
final class ProxyRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    ProxyRefusedException(String detail) {
        super(detail);
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
