package dev.drawbridge.internal.machine;

import dev.drawbridge.SessionEvent.ProtocolViolation;
import dev.drawbridge.SessionEvent.ServerNotice;
import dev.drawbridge.SessionEvent.Violation;
import dev.drawbridge.internal.wire.Message;

/** Tells the program about what was dropped. One wording per cause, the same for both machines. */
final class Reports {
    private Reports() {}

    static void failed(Input.LinkFailed in, Effects out) {
        Violation violation =
                switch (in.operation()) {
                    case ADD_CANDIDATE -> Violation.BAD_CANDIDATE;
                    case CREATE, OFFER, ACCEPT, MEDIA, CODEC -> Violation.BAD_DESCRIPTION;
                };
        out.emit(at -> new ProtocolViolation(at, violation, in.detail()));
    }

    static void violations(Message message, Effects out) {
        if (message instanceof Message.Undecipherable) {
            String hint = "a message cannot be read; perhaps the other side uses another password";
            out.emit(at -> new ProtocolViolation(at, Violation.UNREADABLE, hint));
        } else if (message instanceof Message.Malformed malformed) {
            out.emit(at -> new ProtocolViolation(at, Violation.MALFORMED, malformed.detail()));
        }
    }

    static void notices(Message message, Effects out) {
        if (message instanceof Message.Notice notice) {
            out.emit(at -> new ServerNotice(at, notice.text()));
        }
        violations(message, out);
    }

    static void unencrypted(Effects out) {
        String hint = "something unencrypted was dropped, because the password demands encryption";
        out.emit(at -> new ProtocolViolation(at, Violation.NOT_ENCRYPTED, hint));
    }

    static void fingerprintChanged(Effects out) {
        String hint = "a description with another DTLS certificate came for a connection that stands";
        out.emit(at -> new ProtocolViolation(at, Violation.FINGERPRINT_CHANGED, hint));
    }
}
