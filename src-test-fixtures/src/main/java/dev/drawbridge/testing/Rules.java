package dev.drawbridge.testing;

import java.util.UUID;
import java.util.function.Supplier;

/**
 * Who gets what: the whole difference between the three shapes. Plain state without threads or sockets; {@link
 * Switchboard} calls it under one lock.
 */
interface Rules {
    /** Ids, stream ids and rooms longer than this are not remembered: the frame is ignored. */
    int MAX_ID = 256;

    /** A client has connected. */
    void opened(Line line);

    /** A client has sent a text or binary message. */
    void received(Line line, Packet packet);

    /** A client has left; it gets nothing any more. Unknown lines are ignored. */
    void closed(Line line);

    /** Fresh rules of this shape. */
    static Rules of(Shape shape) {
        return of(shape, () -> UUID.randomUUID().toString());
    }

    /**
     * Fresh rules of this shape, the same in every run if the ids are.
     *
     * @param ids gives each client of a hosted server its own
     */
    static Rules of(Shape shape, Supplier<String> ids) {
        return switch (shape) {
            case ROUTER -> new RouterRules();
            case FANOUT -> new FanoutRules();
            case HOSTED -> new HostedRules(ids);
        };
    }
}
