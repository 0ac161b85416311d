package dev.drawbridge.testing;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is wrong with the server at this moment; nothing, to begin with. Read on the server's threads. */
final class FaultPlan {
    volatile @Nullable Predicate<LogEntry> drop;
    volatile @Nullable Predicate<LogEntry> duplicate;
    volatile double dropProbability;
    volatile Random random = new Random(0);
    volatile Duration delay = Duration.ZERO;
    volatile boolean mute;
    volatile boolean talking;
    volatile boolean stallingUpgrades;

    /** The status that answers every upgrade; 0 for the right one. */
    volatile int refusal;

    void clear() {
        drop = null;
        duplicate = null;
        dropProbability = 0;
        delay = Duration.ZERO;
        mute = false;
        talking = false;
        stallingUpgrades = false;
        refusal = 0;
    }

    boolean looksAtFrames() {
        return drop != null || duplicate != null;
    }

    boolean isMute() {
        return mute;
    }

    boolean isTalking() {
        return talking;
    }

    Duration delay() {
        return delay;
    }

    /** Whether this frame is lost. The entry is made only if somebody wants to see it. */
    boolean drops(Supplier<Optional<LogEntry>> entry) {
        Predicate<LogEntry> which = drop;
        return which != null && entry.get().filter(which).isPresent();
    }

    /** Rolled once for each message that arrives. */
    boolean isUnlucky() {
        double probability = dropProbability;
        return probability > 0 && random.nextDouble() < probability;
    }

    boolean duplicates(Optional<LogEntry> entry) {
        Predicate<LogEntry> which = duplicate;
        return which != null && entry.filter(which).isPresent();
    }
}
