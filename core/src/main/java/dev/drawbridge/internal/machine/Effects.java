package dev.drawbridge.internal.machine;

import dev.drawbridge.SendException;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The effects of one step while it is being worked out. Never leaves the step. */
final class Effects {
    private final Instant at;
    private final List<Effect> list = new ArrayList<>();

    Effects(Instant at) {
        this.at = at;
    }

    /** The time stamped on the step. */
    Instant at() {
        return at;
    }

    void add(Effect effect) {
        list.add(effect);
    }

    void emit(Function<Instant, SessionEvent> event) {
        list.add(new Effect.Emit(event.apply(at)));
    }

    void signal(int generation, Message message) {
        list.add(new Effect.SendSignal(generation, Optional.empty(), message));
    }

    void signal(int generation, PeerId to, Message message) {
        list.add(new Effect.SendSignal(generation, Optional.of(to), message));
    }

    void channel(int link, Message message) {
        list.add(new Effect.SendChannel(link, message));
    }

    /** Data of the program for these links, which are all of those that it is for. */
    void data(Input.DataAsked asked, List<Integer> links) {
        if (links.isEmpty() && !(asked.to() instanceof Recipient.Everybody)) {
            refuse(asked, SendException.Reason.NO_SUCH_PEER);
        } else {
            list.add(new Effect.SendData(asked.number(), List.copyOf(links), asked.data()));
        }
    }

    void refuse(Input.DataAsked asked, SendException.Reason reason) {
        list.add(new Effect.RefuseData(asked.number(), reason));
    }

    void start(Timer timer, Duration delay) {
        list.add(new Effect.StartTimer(timer, delay, false));
    }

    void cancel(Timer timer) {
        list.add(new Effect.CancelTimer(timer));
    }

    <S> Step<S> to(S state) {
        return new Step<>(state, List.copyOf(list));
    }
}
