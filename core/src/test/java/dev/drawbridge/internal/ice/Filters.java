package dev.drawbridge.internal.ice;

import dev.drawbridge.IceFilter;
import java.util.Optional;

/** Filters of what we tell, made as options make them. */
final class Filters {
    private Filters() {}

    static CandidateFilter of(String iceFilter, boolean lanOnly) {
        return new CandidateFilter(policy(iceFilter, lanOnly, false), true);
    }

    static PathPolicy policy(String iceFilter, boolean lanOnly, boolean relayOnly) {
        Optional<IceFilter> filter = iceFilter.isEmpty() ? Optional.empty() : Optional.of(IceFilter.of(iceFilter));
        return PathPolicy.of(filter, lanOnly, relayOnly);
    }
}
