package dev.drawbridge;

import java.util.random.RandomGenerator;

/** Opens to the simulator what no program may have: sessions whose chance can be foretold. */
public final class SeededSessions {
    private SeededSessions() {}

    /** Every id, initialisation vector and pause of this session comes from here. */
    public static <B extends SessionBuilder<B>> B seeded(B builder, RandomGenerator chance) {
        return builder.chance(chance);
    }
}
