package dev.drawbridge.internal.machine;

import dev.drawbridge.SessionEvent;
import dev.drawbridge.spi.SignalingEnd;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * One session in a random world: what the world does next, and what must hold whatever it does. Here is what both machines have
 * in common.
 */
abstract class Life<S> {
    private static final Set<Timer.Kind> OF_LINKS = Set.of(
            Timer.Kind.ANSWER,
            Timer.Kind.CONNECT,
            Timer.Kind.APPROVAL,
            Timer.Kind.GRACE,
            Timer.Kind.PING,
            Timer.Kind.STATS);

    final Random chance;
    final Driver<S> driver;
    /** Links that were opened and not closed. */
    final Set<Integer> live = new HashSet<>();

    private Input last;
    private int links;
    private int sockets;
    private boolean socketOpen;
    private boolean socketTold;
    private boolean socketGone = true;
    private boolean ending;
    private boolean closed;
    private boolean finished;

    Life(Machine<S> machine, Random chance) {
        this.chance = chance;
        driver = new Driver<>(machine);
    }

    // ---- the world

    /** What would happen next if nothing unusual did. */
    abstract List<Input> plausible();

    /** Every kind of input, about something that exists or not. */
    abstract List<Sample> samples(int generation, int link);

    /** Usually what leads on, sometimes the same once more, a timer that runs or anything at all. What leads on may get lost. */
    Input next() {
        if (last != null && !(last instanceof Input.TimerFired) && chance.nextInt(100) < 6) {
            return last; // twice, or a flood of it
        }
        last = fresh();
        return last;
    }

    private Input fresh() {
        int dice = chance.nextInt(100);
        List<Input> likely = new ArrayList<>(plausible());
        likely.removeIf(input -> input instanceof Input.SignalReceived && chance.nextInt(100) < 5);
        if (dice < 72 && !likely.isEmpty()) {
            return any(likely);
        }
        List<Timer> running = List.copyOf(driver.timers().keySet());
        return dice < 76 && !running.isEmpty() ? new Input.TimerFired(any(running)) : noise();
    }

    private Input noise() {
        int generation = Math.max(1, sockets - (chance.nextInt(4) == 0 ? 1 : 0));
        int link = 1 + chance.nextInt(links + 1);
        Input input = any(samples(generation, link)).input();
        // Of timers that do not run, none fires; of those of finished links we look whether they would be heeded.
        boolean impossible = input instanceof Input.TimerFired fired
                && !driver.timers().containsKey(fired.timer())
                && !(OF_LINKS.contains(fired.timer().kind())
                        && !live.contains(fired.timer().subject()));
        return impossible ? noise() : input;
    }

    <T> T any(List<T> list) {
        return list.get(chance.nextInt(list.size()));
    }

    /** The end of every life: told to close, everything goes. */
    List<Input> ending() {
        return List.of(
                new Input.CloseAsked(),
                new Input.SocketGone(sockets, Samples.end(SignalingEnd.Kind.CLOSED_BY_US)),
                new Input.MediaGone());
    }

    boolean socketExists() {
        return !socketGone;
    }

    /** Nothing is sent to the server and nothing of it is heard. */
    boolean socketShut() {
        return socketGone || socketTold;
    }

    int sockets() {
        return sockets;
    }

    // ---- one step

    void take(Input input) {
        S before = driver.state();
        if (input instanceof Input.TimerFired fired) {
            driver.timers().remove(fired.timer());
        }
        observe(input);
        boolean wasFinished = finished;
        boolean wasEnding = ending;
        driver.take(input);
        if (wasFinished) {
            must(driver.last().isEmpty(), "an effect after the end");
            must(driver.state().equals(before), "another state after the end");
        }
        for (Effect effect : driver.last()) {
            if (wasEnding && !closed) {
                must(
                        effect instanceof Effect.Emit
                                || effect instanceof Effect.Finish
                                || effect instanceof Effect.RefuseData,
                        "while ending: %s",
                        effect);
            }
            common(effect);
            judge(effect, input);
        }
        for (Timer timer : driver.timers().keySet()) {
            boolean ofSomething = !OF_LINKS.contains(timer.kind()) || live.contains(timer.subject());
            must(ending ? timer.kind() == Timer.Kind.CLOSE : ofSomething, "%s runs for nothing", timer);
        }
        settled();
    }

    private void observe(Input input) {
        if (input instanceof Input.SocketGone gone && gone.generation() == sockets) {
            socketGone = true;
        } else if (input instanceof Input.SocketOpened opened && opened.generation() == sockets && !socketGone) {
            socketOpen = true;
        }
        observed(input);
    }

    /** What an input means for the world, before the machine hears of it. */
    abstract void observed(Input input);

    /** What must hold of one effect. */
    abstract void judge(Effect effect, Input cause);

    /** What must hold between two steps. */
    abstract void settled();

    /** What must hold when all is over. */
    void over() {
        must(finished, "finished");
    }

    private void common(Effect effect) {
        must(!finished, "an effect after the last one: %s", effect);
        if (effect instanceof Effect.OpenSocket open) {
            must(socketGone, "there are never two sockets");
            sockets++;
            must(open.generation() == sockets, "generations only count up");
            socketGone = false;
            socketOpen = false;
            socketTold = false;
        } else if (effect instanceof Effect.SendSignal send) {
            must(send.generation() == sockets, "nothing is sent to an old socket");
            must(socketOpen && !socketShut(), "nothing is sent but to an open socket: %s", effect);
        } else if (effect instanceof Effect.CloseSocket close) {
            must(close.generation() == sockets, "no old socket is closed");
            must(!socketShut(), "a socket is closed once");
            socketTold = true;
        } else if (effect instanceof Effect.OpenLink open) {
            // A link that only looks for relays has no place in the count.
            boolean probe = open.link() == PublisherState.Open.PROBE;
            must(probe || open.link() > links, "link numbers only count up");
            links = probe ? links : open.link();
            live.add(open.link());
        } else if (effect instanceof Effect.CloseMedia) {
            must(!ending, "media is closed once");
            live.clear();
            ending = true;
        } else if (effect instanceof Effect.Emit emit) {
            must(!closed, "an event after Closed: %s", emit);
            closed = emit.event() instanceof SessionEvent.Closed;
        } else if (effect instanceof Effect.Finish) {
            must(closed, "Closed comes before the end");
            finished = true;
        }
        int link = linkOf(effect);
        must(link == 0 || live.contains(link), "an order for a link that is not there: %s", effect);
        if (effect instanceof Effect.CloseLink close) {
            live.remove(close.link());
        }
    }

    /** The link that an order is for, or 0. */
    static int linkOf(Effect effect) {
        if (effect instanceof Effect.MakeOffer e) {
            return e.link();
        } else if (effect instanceof Effect.AcceptDescription e) {
            return e.link();
        } else if (effect instanceof Effect.AddCandidates e) {
            return e.link();
        } else if (effect instanceof Effect.ReleaseMedia e) {
            return e.link();
        } else if (effect instanceof Effect.SendChannel e) {
            return e.link();
        } else if (effect instanceof Effect.RequestKeyFrame e) {
            return e.link();
        } else if (effect instanceof Effect.LimitVideo e) {
            return e.link();
        } else if (effect instanceof Effect.LimitAudio e) {
            return e.link();
        } else if (effect instanceof Effect.CapVideo e) {
            return e.link();
        } else if (effect instanceof Effect.CapAudio e) {
            return e.link();
        } else if (effect instanceof Effect.ScaleVideo e) {
            return e.link();
        } else if (effect instanceof Effect.FitVideo e) {
            return e.link();
        } else if (effect instanceof Effect.AnswerStats e) {
            return e.link();
        } else if (effect instanceof Effect.AskControl e) {
            return e.link();
        } else if (effect instanceof Effect.CloseLink e) {
            return e.link();
        }
        return effect instanceof Effect.AskApproval e ? e.link() : 0;
    }

    /** Plain, since it is asked some million times; the words are made only when it does not hold. */
    @SuppressWarnings("AnnotateFormatMethod")
    static void must(boolean holds, String promise, Object... details) {
        if (!holds) {
            throw new AssertionError(promise.formatted(details));
        }
    }
}
