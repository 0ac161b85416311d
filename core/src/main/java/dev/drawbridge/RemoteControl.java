package dev.drawbridge;

import java.util.concurrent.CompletionStage;

/**
 * The program's word on what viewers ask for that only a director of VDO.Ninja may do: to hang up, to reload, to move the camera. Without
 * one, all of it is refused.
 */
@FunctionalInterface
public interface RemoteControl {

    /**
     * Decides. An allowed {@code hangup} disconnects the viewer who asked, and nobody else. Everything else that is allowed is for the
     * program to do; the viewer is told that it was approved. <b>Thread:</b> the session's listener thread. <b>Blocking:</b> allowed,
     * but it delays the listeners; complete the stage later instead. An exception or {@code null} is a refusal. Who has left by the
     * time of the answer hears none. While 4,096 events and calls wait for that thread, nobody is asked and nobody answered.
     */
    CompletionStage<Boolean> decide(Request request);

    /**
     * What is asked for.
     *
     * @param viewer somebody who was admitted
     * @param name such as {@code hangup}, {@code reload}, {@code zoom}, {@code pan}; one of ten that are known. A value that came with
     *     it is not handed on
     */
    record Request(ViewerId viewer, String name) {}
}
