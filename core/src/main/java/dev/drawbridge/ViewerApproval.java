package dev.drawbridge;

import java.util.concurrent.CompletionStage;

/** The program's word on each viewer, before any media leaves ({@code &prompt}). */
@FunctionalInterface
public interface ViewerApproval {

    /**
     * Decides. <b>Thread:</b> the session's listener thread. <b>Blocking:</b> allowed, but it delays the other listeners; complete
     * the stage later instead. An answer after 30 s, an exception or {@code null} is a refusal.
     */
    CompletionStage<Boolean> decide(Request request);

    /**
     * Who wants to come in. Label and role are the viewer's own words and prove nothing. The fingerprint does: DTLS has compared it, so
     * whoever reads the same one aloud on the other side, over a way that is trusted, has the browser or program at the other end of
     * this very connection, and nobody sits in between.
     *
     * @param label what it calls itself, at most 100 characters without markup; may be empty
     * @param role what it says it is
     * @param fingerprint of its certificate, such as {@code sha-256 AB:CD:…}, as in the answer that was accepted. A browser has one for
     *     each connection, or for some weeks. Empty if it named none or several: then it is open which of them was compared
     */
    record Request(ViewerId viewer, String label, Role role, String fingerprint) {
        /** Without the label, which is a stranger's text. */
        @Override
        public String toString() {
            return "Request[viewer=" + viewer + ", role=" + role + "]";
        }
    }

    /** What a viewer says it is. */
    enum Role {
        /** Somebody with the link. */
        VIEWER,
        /** A member of the room. */
        GUEST,
        /** A scene of the room, as a rule the input of a mixer. */
        SCENE,
        /** The director of the room. */
        DIRECTOR
    }
}
