package dev.drawbridge.internal.machine;

import dev.drawbridge.StreamId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Of which streams a viewer expects pictures, and how long it waits for the first one.
 *
 * @param patience zero: it is never told that there are none
 * @param onlyFrom empty: of all streams whose publishers offer some
 */
public record Pictures(Duration patience, Optional<List<StreamId>> onlyFrom) {
    /** As without a word in the options. */
    public static final Pictures USUAL = new Pictures(Duration.ofSeconds(5), Optional.empty());

    boolean expected(StreamId stream) {
        return !patience.isZero() && onlyFrom.map(list -> list.contains(stream)).orElse(true);
    }
}
