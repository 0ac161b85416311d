package dev.drawbridge.internal.runtime;

import dev.drawbridge.SessionState;
import dev.drawbridge.internal.machine.Effect;
import dev.drawbridge.internal.machine.Input;
import dev.drawbridge.internal.machine.Machine;
import dev.drawbridge.internal.machine.Recipient;
import dev.drawbridge.internal.machine.Step;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.stress.Patience;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** The loop's inbox: one input at a time, in the order of each poster, none lost, none doubled, none after the end. */
public final class InboxStress {
    private InboxStress() {}

    /** Writes down what it is given. Nothing in it is safe for threads, on purpose. */
    private static final class Diary implements Machine<Integer> {
        final CompletableFuture<Thread> ended = new CompletableFuture<>();
        final StringBuilder text = new StringBuilder();
        private boolean inside;

        @Override
        public Integer initial() {
            return 0;
        }

        @Override
        public Step<Integer> step(Integer state, Input input, Instant at) {
            if (inside) {
                text.append("two at a time ");
            }
            inside = true;
            if (input instanceof Input.DataAsked data) {
                text.append(((Message.Pipe) data.data()).json());
            }
            inside = false;
            if (input instanceof Input.CloseAsked) {
                text.append("!");
                ended.complete(Thread.currentThread());
                return new Step<>(state + 1, List.of(new Effect.Finish()));
            }
            return new Step<>(state + 1, List.of());
        }

        @Override
        public String phase(Integer state) {
            return SessionState.ANNOUNCED.name();
        }
    }

    /** A whole session loop, with the machine replaced. */
    abstract static class Loop {
        private final Diary diary = new Diary();
        private final SessionCore<Integer> core = new SessionCore<>(diary, Stubs.setup());

        final void say(String letter) {
            core.post(new Input.DataAsked(1, Recipient.everybody(), new Message.Pipe(letter)));
        }

        final void close() {
            core.post(new Input.CloseAsked());
        }

        /** Once the session's thread has ended nothing is added any more. */
        final String diary() {
            Patience.awaitEnd(Patience.await(diary.ended));
            return diary.text.toString();
        }
    }

    /** Two threads post two inputs each. */
    @JCStressTest
    @Outcome(
            id = {"abyz!", "aybz!", "ayzb!", "yabz!", "yazb!", "yzab!"},
            expect = Expect.ACCEPTABLE,
            desc = "all four, a before b and y before z")
    @Outcome(expect = Expect.FORBIDDEN, desc = "lost, doubled, out of order or at the same time")
    @State
    public static class PostAgainstPost extends Loop {
        @Actor
        public void one() {
            say("a");
            say("b");
        }

        @Actor
        public void other() {
            say("y");
            say("z");
        }

        @Arbiter
        public void handled(L_Result result) {
            close();
            result.r1 = diary();
        }
    }

    /** One posts while another one's input ends the session. */
    @JCStressTest
    @Outcome(
            id = {"!", "a!", "ab!"},
            expect = Expect.ACCEPTABLE,
            desc = "what came before the end, in order, and nothing after it")
    @Outcome(expect = Expect.FORBIDDEN, desc = "lost, out of order or after the end")
    @State
    public static class PostAgainstEnd extends Loop {
        @Actor
        public void post() {
            say("a");
            say("b");
        }

        @Actor
        public void end() {
            close();
        }

        @Arbiter
        public void handled(L_Result result) {
            result.r1 = diary();
        }
    }
}
