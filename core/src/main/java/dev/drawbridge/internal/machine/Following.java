package dev.drawbridge.internal.machine;

import dev.drawbridge.StreamId;
import java.util.Set;

/**
 * What a viewer watches beside the streams that were named to it.
 *
 * @param room whether everything that is published in its room
 * @param except and not these
 * @param most how many streams at a time, named ones included; those always have their place
 */
public record Following(boolean room, Set<StreamId> except, int most) {
    /** Without the option {@code maxpublishers}. */
    public static final int MOST = 256;

    /** Only what was named. */
    public static final Following NOBODY = new Following(false, Set.of(), Integer.MAX_VALUE);
}
