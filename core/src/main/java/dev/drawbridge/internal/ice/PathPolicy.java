package dev.drawbridge.internal.ice;

import dev.drawbridge.IceFilter;
import dev.drawbridge.NetworkPolicy;
import dev.drawbridge.spi.SelectedPath;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which paths {@code privacy}, {@code icefilter} and {@code lanonly} leave (protocol section 8): which candidates may be told and
 * used, and which pair of them a connection may run over in the end. The two are not the same, because ICE also finds addresses
 * that nobody named. Immutable.
 */
public final class PathPolicy {
    /** What is thought of the path that a connection has taken, the worse the later. */
    public enum Verdict {
        ALLOWED,
        /**
         * The peer has not named this address, which it may still do: its checks are often quicker than its candidates. Until then
         * libwebrtc does not tell it.
         */
        UNKNOWN,
        FORBIDDEN
    }

    private final Optional<IceFilter> filter;
    private final boolean lanOnly;
    private final boolean relayOnly;
    private final Predicate<String> lines;
    private final Optional<AddressRange> range;

    private PathPolicy(Optional<IceFilter> filter, boolean lanOnly, boolean relayOnly) {
        this.filter = filter;
        this.lanOnly = lanOnly;
        this.relayOnly = relayOnly;
        range = filter.filter(f -> f.kind() == IceFilter.Kind.ADDRESSES)
                .map(f -> AddressRange.of(f.text()).orElseThrow());
        lines = filter.map(this::lines).orElse(line -> true);
    }

    /** What the options leave. */
    public static PathPolicy of(NetworkPolicy network) {
        return of(network.iceFilter(), network.lanOnly(), network.relayOnly());
    }

    /**
     * The policy of three options.
     *
     * @param relayOnly our own candidates are relayed ones; the peer's may be any, for they are reached through the relay
     */
    public static PathPolicy of(Optional<IceFilter> filter, boolean lanOnly, boolean relayOnly) {
        return new PathPolicy(filter, lanOnly, relayOnly);
    }

    /** Whether nothing but a relay leads anywhere, so that no other candidate need be gathered. */
    public boolean needsRelay() {
        return relayOnly || filter.filter(IceFilter::relayOnly).isPresent();
    }

    /** Whether host candidates of this transport could be allowed. */
    public boolean gathers(String transport) {
        return filter.filter(f -> f.kind() == IceFilter.Kind.TRANSPORT)
                .map(f -> f.text().equalsIgnoreCase(transport))
                .orElse(true);
    }

    /** Whether a server for STUN or TURN could help, so that one may be asked. */
    public boolean asksServers() {
        return !lanOnly
                && filter.filter(
                                f -> f.kind() == IceFilter.Kind.TYPE && f.text().equalsIgnoreCase("host"))
                        .isEmpty();
    }

    /** Whether candidates of ours, or of the peer, may be taken out. */
    public boolean filters(boolean ours) {
        return filter.isPresent() || lanOnly || (ours && relayOnly);
    }

    /** Whether a connection's path has to be looked at. */
    public boolean judges() {
        return filters(true);
    }

    boolean allows(String line, boolean ours) {
        if (ours && relayOnly && !is(line, c -> c.type().equals("relay"))) {
            return false;
        }
        return lines.test(line) && (!lanOnly || is(line, c -> c.type().equals("host") && Addresses.local(c.address())));
    }

    private Predicate<String> lines(IceFilter by) {
        String word = by.text().toLowerCase(Locale.ROOT);
        return switch (by.kind()) {
            case TYPE -> line -> is(line, c -> c.type().equals(word));
            case TRANSPORT -> line -> is(line, c -> c.transport().equals(word));
            case ADDRESSES -> line -> is(line, c -> inRange(c.address()));
            case TEXT -> line -> line.contains(by.text());
        };
    }

    private static boolean is(String line, Predicate<CandidateLine> what) {
        return CandidateLine.parse(line).filter(what).isPresent();
    }

    private boolean inRange(String address) {
        return range.orElseThrow().contains(address);
    }

    /**
     * What to think of the path that a connection has taken.
     *
     * @param ours what we have named
     * @param theirs what the peer has named
     */
    public Verdict judge(SelectedPath path, SeenCandidates ours, SeenCandidates theirs) {
        boolean relayed = path.local().type().equals("relay");
        if (relayOnly && !relayed) {
            return Verdict.FORBIDDEN;
        }
        Verdict atHome = lanOnly ? judgeAddresses(path, PathPolicy::atHome) : Verdict.ALLOWED;
        Verdict filtered = filter.map(by -> judge(by, path, ours, theirs)).orElse(Verdict.ALLOWED);
        return atHome.compareTo(filtered) > 0 ? atHome : filtered;
    }

    private static boolean atHome(SelectedPath.End end) {
        return Addresses.local(end.address())
                && (end.type().equals("host") || end.type().equals("prflx"));
    }

    /** An address that is not told may be any. */
    private static Verdict judgeAddresses(SelectedPath path, Predicate<SelectedPath.End> allows) {
        SelectedPath.End remote = path.remote();
        if (!allows.test(path.local())) {
            return Verdict.FORBIDDEN;
        }
        boolean untold = remote.type().equals("prflx") && remote.address().isEmpty();
        return untold ? Verdict.UNKNOWN : allowed(allows.test(remote));
    }

    private Verdict judge(IceFilter by, SelectedPath path, SeenCandidates ours, SeenCandidates theirs) {
        String word = by.text().toLowerCase(Locale.ROOT);
        SelectedPath.End local = path.local();
        SelectedPath.End remote = path.remote();
        return switch (by.kind()) {
            case TRANSPORT ->
                allowed(local.transport().equals(word) && remote.transport().equals(word));
            case ADDRESSES -> judgeAddresses(path, end -> inRange(end.address()));
            case TYPE -> {
                if (by.relayOnly()) { // whoever is at the other end of a relay: the packets go to the relay
                    yield allowed(local.type().equals("relay") || remote.type().equals("relay"));
                }
                boolean own = local.type().equals(word)
                        || (local.type().equals("prflx") && ours.named(local).orElse(false));
                yield own ? judgeRemote(remote, word, theirs) : Verdict.FORBIDDEN;
            }
            case TEXT -> ours.named(local).orElse(false) ? judgeRemote(remote, "", theirs) : Verdict.FORBIDDEN;
        };
    }

    private static Verdict judgeRemote(SelectedPath.End remote, String type, SeenCandidates theirs) {
        if (!type.isEmpty() && !remote.type().equals("prflx")) {
            return allowed(remote.type().equals(type));
        }
        Optional<Boolean> named = theirs.named(remote);
        if (named.isPresent()) {
            return allowed(named.get());
        }
        return theirs.hidden(remote.transport(), remote.port()) || remote.type().equals(type)
                ? Verdict.ALLOWED
                : Verdict.UNKNOWN;
    }

    private static Verdict allowed(boolean is) {
        return is ? Verdict.ALLOWED : Verdict.FORBIDDEN;
    }

    @Override
    public String toString() {
        return judges() ? "PathPolicy(active)" : "PathPolicy(all)";
    }
}
