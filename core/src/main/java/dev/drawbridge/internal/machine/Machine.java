package dev.drawbridge.internal.machine;

import java.time.Instant;

/** A pure machine: {@code step} depends on its arguments and on the rules it was made with, and on nothing else. */
public interface Machine<S> {

    /** The state before anything happened. */
    S initial();

    /** One step. Total: every input is defined in every state. */
    Step<S> step(S state, Input input, Instant at);

    /** The state's name, as in {@code SessionState}. */
    String phase(S state);
}
