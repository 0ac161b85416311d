package dev.drawbridge.internal.wire;

/** Stops the reading of one frame. Never leaves this package; the message never quotes the frame. */
final class BadFrame extends Exception {
    private static final long serialVersionUID = 1L;

    BadFrame(String detail) {
        // No stack trace: a hostile peer can cause this a hundred thousand times a second.
        super(detail, null, false, false);
    }

    static BadFrame wrongType(String field) {
        return new BadFrame("field " + field + " has the wrong type");
    }

    static BadFrame tooLong(String field) {
        return new BadFrame("field " + field + " is too long");
    }

    /** The detail. */
    String detail() {
        String detail = getMessage();
        return detail == null ? "" : detail;
    }
}
