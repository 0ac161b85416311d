package dev.drawbridge.internal.audit;

import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Announced;
import dev.drawbridge.SessionEvent.AnnouncementRefused;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.SignalingLost;
import dev.drawbridge.SessionEvent.SignalingRestored;
import dev.drawbridge.SessionEvent.ViewerInterrupted;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.SessionEvent.ViewerRequested;
import dev.drawbridge.SessionEvent.ViewerResumed;
import dev.drawbridge.ViewerId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An event in the fixed words of the audit log: constants and our own numbers, and nothing that a peer or a server wrote.
 *
 * @param by who decides how many there are
 * @param who {@code viewer-1}; empty where it is nobody's
 * @param what such as {@code refused: no answer}
 */
record AuditFact(By by, String who, String what) {

    enum By {
        /** The server, somebody who asks, or the network between us and a viewer. */
        STRANGER,
        /** Somebody who was let in. */
        VIEWER,
        /** Once in a session. */
        SESSION
    }

    /** Null for what the audit log does not tell: data, violations, notices, the events of viewers and those that are not known yet. */
    static @Nullable AuditFact of(SessionEvent event) {
        if (event instanceof Announced) {
            return new AuditFact(By.STRANGER, "", "announced");
        } else if (event instanceof AnnouncementRefused) {
            return new AuditFact(By.STRANGER, "", "announcement refused");
        } else if (event instanceof SignalingLost) {
            return new AuditFact(By.STRANGER, "", "server lost");
        } else if (event instanceof SignalingRestored) {
            return new AuditFact(By.STRANGER, "", "server back");
        } else if (event instanceof ViewerRequested e) {
            return of(By.STRANGER, e.viewer(), "requested");
        } else if (event instanceof ViewerRefused e) {
            return of(By.STRANGER, e.viewer(), "refused: " + words(e.reason()));
        } else if (event instanceof ViewerInterrupted e) {
            return of(By.STRANGER, e.viewer(), "interrupted");
        } else if (event instanceof ViewerResumed e) {
            return of(By.STRANGER, e.viewer(), "resumed");
        } else if (event instanceof ViewerJoined e) {
            return of(By.VIEWER, e.viewer(), "admitted");
        } else if (event instanceof ViewerLeft e) {
            return of(By.VIEWER, e.viewer(), "left: " + words(e.reason()));
        } else if (event instanceof Sealed e) {
            return of(By.SESSION, e.viewer(), "sealed");
        } else if (event instanceof Closed e) {
            return new AuditFact(By.SESSION, "", AuditChain.END + words(e.reason()));
        }
        return null;
    }

    private static AuditFact of(By by, ViewerId viewer, String what) {
        return new AuditFact(by, viewer.toString(), what);
    }

    String text() {
        return who.isEmpty() ? what : who + " " + what;
    }

    private static String words(Enum<?> reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
