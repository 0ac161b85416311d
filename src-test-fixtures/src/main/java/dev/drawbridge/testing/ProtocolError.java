package dev.drawbridge.testing;

/** A client broke RFC 6455 or a limit; the connection ends with this Close code. */
final class ProtocolError extends Exception {
    private static final long serialVersionUID = 1L;

    static final int PROTOCOL = 1002;
    static final int NOT_UTF8 = 1007;
    static final int TOO_BIG = 1009;

    private final int code;

    ProtocolError(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }
}
