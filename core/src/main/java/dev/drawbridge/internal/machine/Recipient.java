package dev.drawbridge.internal.machine;

import dev.drawbridge.StreamId;
import dev.drawbridge.ViewerId;

/** Whom data of the program is for. */
public sealed interface Recipient {
    static Recipient everybody() {
        return new Everybody();
    }

    /** Whether it is for a viewer. */
    default boolean means(ViewerId viewer) {
        return this instanceof Everybody
                || this.equals(new OneViewer(viewer))
                || this.equals(new Named(viewer.toString()));
    }

    /** Whether it is for the publisher of a stream. */
    default boolean means(StreamId stream) {
        return this instanceof Everybody
                || this.equals(new OneStream(stream))
                || this.equals(new Named(stream.value()));
    }

    /** Whoever is connected now, be it nobody. */
    record Everybody() implements Recipient {}

    /** A viewer of ours; somebody of the same number in another session is somebody else. */
    record OneViewer(ViewerId viewer) implements Recipient {}

    /** Whoever is called so where data is told. */
    record Named(String name) implements Recipient {}

    /** The publisher of a stream that we watch. */
    record OneStream(StreamId stream) implements Recipient {}
}
