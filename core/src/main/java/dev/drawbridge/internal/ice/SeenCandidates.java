package dev.drawbridge.internal.ice;

import dev.drawbridge.spi.SelectedPath;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What one side of a connection has named, and whether it was allowed. Remembers {@value #MOST} candidates; more are counted as
 * the ones before them were. Not thread-safe.
 */
public final class SeenCandidates {
    private static final int MOST = 512;
    private static final int ANY_PORT = -1;

    /** Where a candidate is; an offer that says it again says nothing new. */
    private record Place(String type, String transport, String address, int port) {}

    private final Map<Place, Boolean> places = new LinkedHashMap<>();
    private int kept;
    private int dropped;

    void note(String line, boolean allowed) {
        Place place = CandidateLine.parse(line)
                .map(c -> new Place(c.type(), c.transport(), c.address().toLowerCase(Locale.ROOT), c.port()))
                .orElse(new Place("unreadable", "", "", 0));
        if (places.size() < MOST && places.putIfAbsent(place, allowed) == null) {
            if (allowed) {
                kept++;
            } else {
                dropped++;
            }
        }
    }

    /** How many were passed on. */
    public int kept() {
        return kept;
    }

    /** How many were taken out. */
    public int dropped() {
        return dropped;
    }

    /** Whether there were some, and not one was allowed. */
    public boolean allDropped() {
        return kept == 0 && dropped > 0;
    }

    /** What was taken out, by type and without addresses: {@code 2 host/tcp, 1 srflx/udp}; empty if nothing was. */
    public String summary() {
        Map<String, Integer> kinds = new TreeMap<>();
        places.forEach((place, allowed) -> {
            if (!allowed) {
                String kind = place.transport().isEmpty() ? place.type() : place.type() + "/" + place.transport();
                kinds.merge(kind, 1, Integer::sum);
            }
        });
        return kinds.entrySet().stream()
                .map(kind -> kind.getValue() + " " + kind.getKey())
                .collect(Collectors.joining(", "));
    }

    /** Whether this end was named, and if so whether it was allowed. Who opens TCP connections names a port that it does not use. */
    Optional<Boolean> named(SelectedPath.End end) {
        String transport = end.transport();
        int port = transport.equals("tcp") ? ANY_PORT : end.port();
        String there = end.address().toLowerCase(Locale.ROOT);
        return places.entrySet().stream()
                .filter(place -> at(place.getKey(), transport, port)
                        && place.getKey().address().equals(there))
                .map(Map.Entry::getValue)
                .reduce((one, other) -> one || other);
    }

    /** Whether an allowed candidate hides its address behind an mDNS name and may be the one at this port. */
    boolean hidden(String transport, int port) {
        return places.entrySet().stream()
                .anyMatch(place -> place.getValue()
                        && at(place.getKey(), transport, port)
                        && place.getKey().address().endsWith(".local"));
    }

    private static boolean at(Place place, String transport, int port) {
        return place.transport().equals(transport) && (port == ANY_PORT || place.port() == port);
    }

    @Override
    public String toString() {
        return "SeenCandidates(" + kept + " kept, " + dropped + " dropped)";
    }
}
