package dev.drawbridge.signaling;

import java.io.IOException;

/** What the server sent may not go on; the message is ours and fit for {@code SignalingEnd}. */
final class BrokenProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String detail;

    BrokenProtocolException(String detail) {
        super(detail);
        this.detail = detail;
    }

    String detail() {
        return detail;
    }
}
