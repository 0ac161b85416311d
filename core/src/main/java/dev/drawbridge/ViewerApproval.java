package dev.drawbridge;

import java.util.concurrent.CompletionStage;

/** The program's word on each viewer, before any media leaves ({@code &prompt}). */
@FunctionalInterface
public interface ViewerApproval {

    /**
     * Decides. <b>Thread:</b> the session's listener thread. <b>Blocking:</b> allowed, but it delays the other listeners; complete
     * the stage later instead. An answer after 30 s, an exception or {@code null} is a refusal.
     *
     * @param label what the viewer calls itself; may be empty, proves nothing
     */
    CompletionStage<Boolean> decide(ViewerId viewer, String label);
}
