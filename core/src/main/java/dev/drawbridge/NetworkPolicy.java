package dev.drawbridge;

import dev.drawbridge.internal.crypto.WebText;
import dev.drawbridge.internal.ice.PathPolicy;
import dev.drawbridge.internal.options.Endpoints;
import dev.drawbridge.internal.options.IceUrls;
import dev.drawbridge.internal.options.Range;
import dev.drawbridge.internal.options.Words;
import dev.drawbridge.spi.IceServer;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which network paths a connection may take and which STUN and TURN servers help with it. Immutable; made by {@link #builder()} or
 * by parsing options.
 */
public final class NetworkPolicy {
    /** The STUN servers in use when nothing else is said, those of the web page. */
    public static final List<String> DEFAULT_STUN =
            List.of("stun:stun.l.google.com:19302", "stun:stun.cloudflare.com:3478");

    private static final NetworkPolicy STANDARD = builder().build();

    private final boolean relayOnly;
    private final Optional<String> relayCode;
    private final Optional<IceFilter> iceFilter;
    private final boolean lanOnly;
    private final boolean tcpOnly;
    private final boolean anyTurnCertificate;
    private final List<IceServer> stun;
    private final List<IceServer> turn;
    private final Optional<URI> turnList;
    private final OptionalInt timeZone;
    private final Optional<Boolean> roaming;

    private NetworkPolicy(Builder from, Optional<IceFilter> filter) {
        relayOnly = from.relayOnly;
        relayCode = from.relayCode;
        iceFilter = filter;
        lanOnly = from.lanOnly;
        tcpOnly = from.tcpOnly;
        anyTurnCertificate = from.anyTurnCertificate;
        stun = List.copyOf(from.stun);
        turn = List.copyOf(from.turn);
        turnList = from.turnList;
        timeZone = from.timeZone;
        roaming = from.roaming;
    }

    /** All paths, the default STUN servers, no relay. */
    public static NetworkPolicy standard() {
        return STANDARD;
    }

    /** Starts from {@link #standard()}. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that holds what is set here. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.relayOnly = relayOnly;
        builder.relayCode = relayCode;
        builder.iceFilter = iceFilter.map(IceFilter::text).orElse("");
        builder.lanOnly = lanOnly;
        builder.tcpOnly = tcpOnly;
        builder.anyTurnCertificate = anyTurnCertificate;
        builder.stun = new ArrayList<>(stun);
        builder.turn.addAll(turn);
        builder.turnList = turnList;
        builder.timeZone = timeZone;
        builder.roaming = roaming;
        return builder;
    }

    /** Whether only relayed candidates are gathered, so that the peer never learns an own address ({@code privacy}). */
    public boolean relayOnly() {
        return relayOnly;
    }

    private PathPolicy paths() {
        return PathPolicy.of(this);
    }

    private boolean needsRelay() {
        return paths().needsRelay();
    }

    private String relayParameter() {
        return relayOnly ? "privacy" : "icefilter";
    }

    /** The text behind {@code privacy=}; the server of the {@link #turnList} is told it. */
    public Optional<String> relayCode() {
        return relayCode;
    }

    /** Which candidates are sent and used ({@code icefilter}); empty: all. */
    public Optional<IceFilter> iceFilter() {
        return iceFilter;
    }

    /** Whether only addresses of the local network are sent or used, and no server is asked ({@code lanonly}). */
    public boolean lanOnly() {
        return lanOnly;
    }

    /** Whether only TURN servers reached over TCP or TLS are used ({@code tcp}). */
    public boolean tcpOnly() {
        return tcpOnly;
    }

    /** Whether a TURN server over TLS may show any certificate. No option of a link says so. */
    public boolean anyTurnCertificate() {
        return anyTurnCertificate;
    }

    /**
     * The servers to use, as the other settings leave them: none with {@link #lanOnly} or {@code icefilter=host}; no STUN where
     * only relays count, because a STUN server would see the real address; TURN over TCP or TLS alone with {@link #tcpOnly}.
     */
    public List<IceServer> iceServers() {
        List<IceServer> usable = new ArrayList<>();
        if (paths().asksServers()) {
            if (!needsRelay()) {
                usable.addAll(stun);
            }
            turn.stream()
                    .filter(server -> !tcpOnly || IceUrls.overTcp(server.url()))
                    .forEach(usable::add);
        }
        return List.copyOf(usable);
    }

    /** The STUN servers that were set, whether or not {@link #iceServers} uses them. */
    public List<IceServer> stunServers() {
        return stun;
    }

    /** The TURN servers that were set, whether or not {@link #iceServers} uses them. */
    public List<IceServer> turnServers() {
        return turn;
    }

    /**
     * Where a list of TURN servers is downloaded from ({@code turnlist}), in the format of the public service. They are used beside
     * {@link #turnServers}: of the list, the two over UDP and the one over TCP or TLS that are nearest by {@link #timeZone}. With
     * {@link #lanOnly} it is not downloaded.
     */
    public Optional<URI> turnList() {
        return turnList;
    }

    /** Minutes west of UTC, without daylight saving time ({@code tz}); empty: as the machine has it. */
    public OptionalInt timeZone() {
        return timeZone;
    }

    /**
     * Whether direct connections are to survive that the machine changes its addresses; empty: where that costs nothing, which is where
     * this machine has one network. See {@link Builder#roaming}.
     */
    public Optional<Boolean> roaming() {
        return roaming;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NetworkPolicy that && identity().equals(that.identity());
    }

    @Override
    public int hashCode() {
        return identity().hashCode();
    }

    private List<Object> identity() {
        return List.of(
                relayOnly,
                relayCode,
                iceFilter,
                lanOnly,
                tcpOnly,
                anyTurnCertificate,
                stun,
                turn,
                turnList,
                timeZone,
                roaming);
    }

    /** Without credentials, and of the list of TURN servers the host alone. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("NetworkPolicy(");
        if (relayOnly) {
            text.append("relay only, ");
        }
        if (lanOnly) {
            text.append("LAN only, ");
        }
        if (tcpOnly) {
            text.append("TCP relays only, ");
        }
        if (anyTurnCertificate) {
            text.append("any relay certificate, ");
        }
        roaming.ifPresent(on -> text.append(on ? "roaming, " : "not roaming, "));
        iceFilter.ifPresent(only -> text.append("filter ").append(only).append(", "));
        turnList.ifPresent(
                list -> text.append("TURN list of ").append(list.getHost()).append(", "));
        return text.append(iceServers()).append(')').toString();
    }

    /** Collects settings; not thread-safe. Every method returns this builder and only {@link #build} throws. */
    public static final class Builder {
        private boolean relayOnly;
        private Optional<String> relayCode = Optional.empty();
        private String iceFilter = "";
        private boolean lanOnly;
        private boolean tcpOnly;
        private boolean anyTurnCertificate;
        private List<IceServer> stun = new ArrayList<>();
        private final List<IceServer> turn = new ArrayList<>();
        private Optional<URI> turnList = Optional.empty();
        private OptionalInt timeZone = OptionalInt.empty();
        private Optional<Boolean> roaming = Optional.empty();

        private Builder() {
            DEFAULT_STUN.forEach(this::addStun);
        }

        /** Relayed paths only, or not; needs a TURN server or a list of them. */
        public Builder relayOnly(boolean changed) {
            relayOnly = changed;
            relayCode = changed ? relayCode : Optional.empty();
            return this;
        }

        /** Relayed paths only, with the text that a link has behind {@code privacy=}, at most 100 characters. */
        public Builder relayCode(String code) {
            relayOnly = true;
            relayCode = Optional.of(code).filter(text -> !Words.flag(text)); // "true" is how some write the flag
            return this;
        }

        /** Keeps only the candidates that {@link IceFilter#of} this text allows, at most 100 characters; empty: no filter. */
        public Builder iceFilter(String text) {
            iceFilter = text;
            return this;
        }

        /** Keeps only the candidates that this filter allows. */
        public Builder iceFilter(IceFilter filter) {
            iceFilter = filter.text();
            return this;
        }

        /** The local network only, or not. */
        public Builder lanOnly(boolean changed) {
            lanOnly = changed;
            return this;
        }

        /** Only TURN servers over TCP or TLS, or all of them. */
        public Builder tcpOnly(boolean changed) {
            tcpOnly = changed;
            return this;
        }

        /**
         * Whether a TURN server over TLS ({@code turns:}) may show any certificate, such as one that it signed itself. Else it has to
         * be signed, for the server's name, by one of the authorities that the media library was built with. What this machine
         * trusts does not count, and the authority of Let's Encrypt is not among those of libwebrtc.
         *
         * <p>Media and data stay protected by DTLS from end to end. What it gives up is knowing which relay one talks to: somebody
         * on the way there can take its place and learn what a relay learns, who talks to whom and when. No option of a link says
         * so, and {@code toQuery()} does not write it.
         */
        public Builder anyTurnCertificate(boolean changed) {
            anyTurnCertificate = changed;
            return this;
        }

        /** Replaces the STUN servers; without an argument there are none. */
        public Builder stun(String... urls) {
            stun = new ArrayList<>();
            for (String url : urls) {
                addStun(url);
            }
            return this;
        }

        /** Adds a STUN server, such as {@code stun:stun.example.org:3478}. */
        public Builder addStun(String url) {
            stun.add(new IceServer(IceUrls.normalised(url), "", Optional.empty()));
            return this;
        }

        /**
         * Adds a TURN server by its addresses, such as {@code turn:relay.example.org:3478?transport=udp} and {@code
         * turns:relay.example.org:443}.
         */
        public Builder addTurn(String username, Secret credential, String... urls) {
            for (String url : urls) {
                turn.add(new IceServer(IceUrls.normalised(url), username, Optional.of(credential)));
            }
            return this;
        }

        /**
         * Adds a TURN server whose credential expires. From then on it is not used for new connections, which {@link
         * SessionEvent.TurnExpired} tells; those that stand are left alone. No link says so: {@link SessionOptions#toQuery} writes the
         * server without its end.
         */
        public Builder addTurn(String username, Secret credential, Instant expires, String... urls) {
            for (String url : urls) {
                turn.add(new IceServer(
                        IceUrls.normalised(url), username, Optional.of(credential), Optional.of(expires)));
            }
            return this;
        }

        /** Takes all TURN servers out, and the list of them. */
        public Builder noTurn() {
            turn.clear();
            turnList = Optional.empty();
            return this;
        }

        /**
         * Downloads a list of TURN servers when a session connects: {@code https}, or {@code http}, which everybody on the way can
         * read and change. Without this none is ever downloaded.
         */
        public Builder turnList(URI address) {
            turnList = Optional.of(address);
            return this;
        }

        /** Where we are, for the choice among the servers of the list: -1440 to 1440 minutes west of UTC. */
        public Builder timeZone(int minutesWest) {
            timeZone = OptionalInt.of(minutesWest);
            return this;
        }

        /**
         * Whether direct connections are to survive that the machine changes its addresses, as from one wireless network to another:
         * pictures and data go on after about half a second, without the handshake server, so behind a raised bridge too. The price
         * is that of several networks of this machine only the one with the default route is named to others; who is on another one
         * is reached if it names an address that we can reach. Without this call it is on where this machine has one network,
         * when a connection is made. It never is with {@code privacy}, {@code icefilter} and {@code lanonly}, which look at addresses. A
         * relayed connection does not survive. No option of a link says so, and {@code toQuery()} does not write it.
         */
        public Builder roaming(boolean changed) {
            roaming = Optional.of(changed);
            return this;
        }

        /**
         * Checks everything.
         *
         * @throws OptionsException with all problems: a malformed URL, a TURN server without name or credential, relay-only
         *     without a TURN server or a list of them, or together with LAN-only
         */
        public NetworkPolicy build() {
            List<OptionsException.Problem> problems = new ArrayList<>(IceUrls.problems(stun, turn));
            boolean urlsSound = problems.isEmpty();
            checkText("icefilter", iceFilter, problems);
            Optional<IceFilter> filter = Optional.empty();
            try {
                filter = iceFilter.isEmpty() ? filter : Optional.of(IceFilter.of(iceFilter));
            } catch (OptionsException bad) {
                problems.addAll(bad.problems());
            }
            NetworkPolicy policy = new NetworkPolicy(this, filter);
            relayCode.ifPresent(text -> checkText("privacy", text, problems));
            turnList.flatMap(Endpoints::turnListProblem).ifPresent(problems::add);
            timeZone.ifPresent(minutes -> Range.TIME_ZONE.problem("tz", minutes).ifPresent(problems::add));
            if (tcpOnly
                    && urlsSound
                    && turnList.isEmpty()
                    && !turn.isEmpty()
                    && turn.stream().noneMatch(s -> IceUrls.overTcp(s.url()))) {
                problems.add(new OptionsException.Problem(
                        "tcp", "leaves none of the TURN servers", "turns:host or turn:host?transport=tcp beside it"));
            } else if (policy.needsRelay() && !policy.paths().asksServers()) {
                problems.add(new OptionsException.Problem(
                        policy.relayParameter(),
                        lanOnly
                                ? "contradicts lanonly: a relay is not on the local network"
                                : "contradicts icefilter=host: a relay is no address of ours",
                        "one of the two"));
            } else if (policy.needsRelay()
                    && urlsSound
                    && turnList.isEmpty()
                    && policy.iceServers().stream().noneMatch(IceServer::relay)) {
                problems.add(new OptionsException.Problem(
                        policy.relayParameter(),
                        "has no TURN server, so there would be no path at all",
                        "turn=user;password;turn:host:port or turnlist=https://… beside it"));
            }
            if (!problems.isEmpty()) {
                throw new OptionsException(problems);
            }
            return policy;
        }

        private static void checkText(String parameter, String text, List<OptionsException.Problem> problems) {
            if (text.length() > 100 || text.chars().anyMatch(Character::isISOControl) || !WebText.wellFormed(text)) {
                problems.add(new OptionsException.Problem(
                        parameter,
                        "is too long, has control characters or is not valid Unicode",
                        "1 to 100 printable characters"));
            }
        }
    }
}
