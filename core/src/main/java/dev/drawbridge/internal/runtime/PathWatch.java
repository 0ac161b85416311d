package dev.drawbridge.internal.runtime;

import dev.drawbridge.internal.ice.PathPolicy;
import dev.drawbridge.internal.ice.PathPolicy.Verdict;
import dev.drawbridge.internal.ice.SeenCandidates;
import dev.drawbridge.internal.machine.Input;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.Scheduler;
import dev.drawbridge.spi.SelectedPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a link and the session where not every path is allowed. The session does not hear that the link is connected, nor
 * what comes through it, before the path was looked at. On the session's thread.
 */
final class PathWatch {
    /** A peer's checks are quicker than its candidates, which take the way over the server. */
    static final Duration NAMING = Duration.ofSeconds(2);
    /** The library does not say that a connection has moved to another path. */
    static final Duration LOOK = Duration.ofSeconds(1);
    /** The library gives the same figures for 50 ms. */
    private static final Duration STALE = Duration.ofMillis(60);

    private final int link;
    private final PathPolicy policy;
    private final Scheduler scheduler;
    private final Supplier<CompletionStage<Optional<SelectedPath>>> path;
    private final SeenCandidates ours;
    private final SeenCandidates theirs;
    private final Consumer<Input> inbox;
    private final Deque<Runnable> held = new ArrayDeque<>();

    private boolean passing;
    private boolean connected;
    private boolean told;
    private int look;
    private Instant unnamedSince = Instant.MAX;
    private Scheduler.@Nullable Cancellable next;

    PathWatch(
            int link,
            PathPolicy policy,
            Scheduler scheduler,
            Supplier<CompletionStage<Optional<SelectedPath>>> path,
            SeenCandidates ours,
            SeenCandidates theirs,
            Consumer<Input> inbox) {
        this.link = link;
        this.policy = policy;
        this.scheduler = scheduler;
        this.path = path;
        this.ours = ours;
        this.theirs = theirs;
        this.inbox = inbox;
        passing = !policy.judges();
    }

    /** Something that came through the connection. */
    void through(Runnable delivery) {
        if (passing) {
            delivery.run();
        } else {
            held.add(delivery);
        }
    }

    void state(LinkState state) {
        connected = state == LinkState.CONNECTED;
        if (!connected || !policy.judges()) {
            stop();
            inbox.accept(new Input.LinkChanged(link, state));
        } else {
            unnamedSince = Instant.MAX;
            told = false;
            lookNow();
        }
    }

    /** The peer has named another address, perhaps the one that was missing. */
    void named() {
        if (connected && !unnamedSince.equals(Instant.MAX)) {
            lookNow();
        }
    }

    /** Nothing is looked at any more. */
    void stop() {
        look++;
        if (next != null) {
            next.cancel();
            next = null;
        }
    }

    private void lookNow() {
        stop();
        int now = look;
        var unused = path.get()
                .whenComplete((found, gone) -> scheduler.execute(() -> {
                    if (now == look && found != null) {
                        judge(found);
                    }
                }));
    }

    private void lookAfter(Duration delay) {
        next = scheduler.schedule(delay, this::lookNow);
    }

    private void judge(Optional<SelectedPath> found) {
        if (found.isEmpty()) {
            lookAfter(STALE);
            return;
        }
        Verdict verdict = policy.judge(found.get(), ours, theirs);
        if (verdict == Verdict.UNKNOWN && unnamedSince.equals(Instant.MAX)) {
            unnamedSince = scheduler.now();
        }
        if (verdict == Verdict.ALLOWED) {
            unnamedSince = Instant.MAX;
            if (!told) {
                pass();
            }
            lookAfter(LOOK);
        } else if (verdict == Verdict.UNKNOWN && scheduler.now().isBefore(unnamedSince.plus(NAMING))) {
            lookAfter(STALE); // also after a name has come: the figures may be older than it
        } else {
            held.clear();
            inbox.accept(new Input.PathForbidden(link, found.get().kind()));
        }
    }

    private void pass() {
        told = true;
        inbox.accept(new Input.LinkChanged(link, LinkState.CONNECTED));
        passing = true;
        for (Runnable delivery = held.poll(); delivery != null; delivery = held.poll()) {
            delivery.run();
        }
    }
}
