package dev.drawbridge.testing;

import dev.drawbridge.spi.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the links of several {@link FakeMedia} find each other: a network in memory, on virtual time. It carries text and
 * media; descriptions and candidates travel elsewhere, as in the real world.
 *
 * <p>Two links are connected when each has accepted the other's description, the fingerprints in both are right, and one of them
 * has a candidate of the other.
 */
public final class FakeNetwork {
    private static final Duration LATENCY = Duration.ofMillis(1);

    private final Scheduler scheduler;
    // Touched by tasks of the scheduler alone.
    private final Map<String, FakeLink> byName = new HashMap<>();
    private final Map<String, FakeLink> byAddress = new HashMap<>();
    private int links;

    /**
     * A network without links.
     *
     * @param scheduler its clock, as a rule a {@link VirtualTime}; another one makes it run by itself
     */
    public FakeNetwork(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** A new transport on this network, for one session. */
    public FakeMedia media() {
        return new FakeMedia(this);
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Duration latency() {
        return LATENCY;
    }

    synchronized int nextNumber() {
        return ++links;
    }

    /** Under the name of one of its descriptions ({@code ice-ufrag}). */
    void named(String name, FakeLink link) {
        byName.put(name, link);
    }

    void at(String address, FakeLink link) {
        byAddress.put(address, link);
    }

    void forget(FakeLink link) {
        byName.values().removeIf(other -> other == link);
        byAddress.values().removeIf(other -> other == link);
    }

    @Nullable
    FakeLink byName(String name) {
        return byName.get(name);
    }

    @Nullable
    FakeLink byAddress(String address) {
        return byAddress.get(address);
    }
}
