package dev.drawbridge.internal.runtime;

import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.ProtocolViolation;
import dev.drawbridge.SessionEvent.Violation;
import dev.drawbridge.stress.Patience;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** No event is missed and none is told twice, whenever somebody subscribes and whenever the session ends. */
public final class EventHubStress {
    private EventHubStress() {}

    /** What a listener heard, one letter for an event. */
    private static final class Heard {
        private final CompletableFuture<Thread> first = new CompletableFuture<>();
        private final Queue<String> letters = new ConcurrentLinkedQueue<>();

        void accept(SessionEvent event) {
            letters.add(((ProtocolViolation) event).detail());
            first.complete(Thread.currentThread());
        }

        /** Of a hub that has ended: once its thread is gone, nothing more can come. */
        String all() {
            Thread caller = Patience.await(first);
            if (caller.getName().startsWith("drawbridge-")) { // or whoever subscribed after the end
                Patience.awaitEnd(caller);
            }
            return String.join("", letters);
        }
    }

    private static SessionEvent event(String letter) {
        return new ProtocolViolation(Instant.EPOCH, Violation.MALFORMED, letter);
    }

    private static EventHub hub() {
        EventHub hub = new EventHub("drawbridge-stress-events");
        hub.publish(event("a"));
        return hub;
    }

    /** The journal is replayed while it grows. */
    @JCStressTest
    @Outcome(id = "abcdefghijklmnopqrstuvwxyz", expect = Expect.ACCEPTABLE, desc = "the whole story, in order")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a gap, a repetition or another order")
    @State
    public static class SubscribeAgainstPublish {
        private final EventHub hub = hub();
        private final Heard heard = new Heard();

        @Actor
        public void publish() {
            for (char letter = 'b'; letter <= 'z'; letter++) { // so many that somebody comes in the middle
                hub.publish(event(String.valueOf(letter)));
            }
        }

        @Actor
        public void subscribe() {
            hub.subscribe(heard::accept);
        }

        @Arbiter
        public void told(L_Result result) {
            hub.finish();
            result.r1 = heard.all();
        }
    }

    /** An event of the last moment is in the journal, and who is told of it is told once. */
    @JCStressTest
    @Outcome(
            id = "a, ab",
            expect = Expect.ACCEPTABLE,
            desc = "the end was first: journalled, nobody is called any more")
    @Outcome(id = "ab, ab", expect = Expect.ACCEPTABLE, desc = "the event was first")
    @Outcome(expect = Expect.FORBIDDEN, desc = "lost or told twice")
    @State
    public static class PublishAgainstFinish {
        private final EventHub hub = hub();
        private final Heard heard = new Heard();

        public PublishAgainstFinish() {
            hub.subscribe(heard::accept);
        }

        @Actor
        public void publish() {
            hub.publish(event("b"));
        }

        @Actor
        public void finish() {
            hub.finish();
        }

        @Arbiter
        public void told(LL_Result result) {
            result.r1 = heard.all();
            Heard late = new Heard();
            hub.subscribe(late::accept);
            result.r2 = late.all();
        }
    }

    /** Whoever comes in the moment of the end hears the story too. */
    @JCStressTest
    @Outcome(id = "a", expect = Expect.ACCEPTABLE, desc = "the whole story, once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "missed or told twice")
    @State
    public static class SubscribeAgainstFinish {
        private final EventHub hub = hub();
        private final Heard heard = new Heard();

        @Actor
        public void subscribe() {
            hub.subscribe(heard::accept);
        }

        @Actor
        public void finish() {
            hub.finish();
        }

        @Arbiter
        public void told(L_Result result) {
            result.r1 = heard.all();
        }
    }
}
