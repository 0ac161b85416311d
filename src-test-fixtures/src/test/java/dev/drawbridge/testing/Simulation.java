package dev.drawbridge.testing;

import dev.drawbridge.NetworkPolicy;
import dev.drawbridge.Publisher;
import dev.drawbridge.SeededSessions;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.Viewer;
import dev.drawbridge.ViewerApproval;
import dev.drawbridge.spi.SignalingConnection;
import dev.drawbridge.spi.SignalingEnd;
import dev.drawbridge.spi.SignalingListener;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * One run from one seed: real publishers and viewers on a server in one of the three shapes, on fakes, on one thread and in virtual
 * time. Who takes part, what they do and what goes wrong is drawn from the seed, so the run can be played again.
 */
final class Simulation {
    /** What is drawn, and what is demanded. */
    enum Kind {
        /** Nothing goes wrong. Every secure publisher that somebody can watch is sealed. */
        CALM,
        /** One secure publisher and faults for 10 s; all but a few have sealed after 15 s. */
        STORM,
        /** Anything may happen to anybody; what is promised is kept. */
        WILD
    }

    private static final Instant FAULTS_END = VirtualTime.START.plusSeconds(10);
    private static final Instant SEALED_BY = VirtualTime.START.plusSeconds(15);
    private static final Duration WILD_FAULTS = Duration.ofSeconds(24);
    /** Dialing, and the end of what was dialed in vain. */
    private static final Duration START_LIMIT = Duration.ofSeconds(17);
    /** In a room of a hosted server the listing is waited for. */
    private static final Duration ROOM_LIMIT = Duration.ofSeconds(22);

    private static final Duration SEAL_LIMIT = Duration.ofSeconds(6);

    /** Before a program tries again. */
    private static final Duration PAUSE = Duration.ofMillis(500);

    private static final UnaryOperator<FakeMedia> HONEST = UnaryOperator.identity();
    private static final int MOST_REPLAYED = 40;
    private static final Pattern VIEWER = Pattern.compile(" viewer-\\d+");
    private static final String PASSWORD = "&password=correct-horse";

    private final Kind kind;
    private final Random chance;
    private final Shape shape;
    private final VirtualTime time = new VirtualTime();
    private final SimFaults faults;
    private final FakeServer server;
    private final FakeNetwork network = new FakeNetwork(time);
    private final List<SimParty> publishers = new ArrayList<>();
    private final List<SimParty> viewers = new ArrayList<>();
    private final List<SignalingConnection> lines = new ArrayList<>();
    private final List<Instant> busy = new ArrayList<>();
    private final boolean room;
    private final String what;
    private boolean sealable;

    private Simulation(Kind kind, long seed, Set<Integer> forbidden) {
        this.kind = kind;
        chance = new Random(31 * seed + kind.name().hashCode());
        shape = List.of(Shape.values()).get(Math.floorMod(seed, 3));
        faults = new SimFaults(time, forbidden);
        SimWire.Rates rates = kind == Kind.CALM ? SimWire.Rates.NONE : SimWire.Rates.PROMISED;
        Instant until = kind == Kind.WILD ? VirtualTime.START.plus(WILD_FAULTS) : FAULTS_END;
        SimWire wire = new SimWire(time, new Random(chance.nextLong()), rates, until, kind == Kind.WILD, faults);
        server = new FakeServer(time, shape, wire);
        room = chance.nextInt(4) == 0;
        what = kind + " on " + shape + (room ? " in a room" : "");
    }

    /**
     * What came of a run.
     *
     * @param sealed whether the publisher that could be sealed was, in time; empty where none could
     * @param counts how often what happened, events and faults
     * @param told what can be read about it, which is seldom wanted
     * @param faults the numbers of the faults
     */
    record Outcome(Optional<Boolean> sealed, Map<String, Integer> counts, Supplier<String> told, Set<Integer> faults) {
        String story() {
            return told.get();
        }
    }

    /** Plays a run. @throws AssertionError if a promise is broken */
    static Outcome play(Kind kind, long seed) {
        return play(kind, seed, Set.of());
    }

    /** Likewise, without some of the faults. */
    static Outcome play(Kind kind, long seed, Set<Integer> forbidden) {
        Simulation simulation = new Simulation(kind, seed, forbidden);
        try {
            simulation.play();
        } catch (Throwable thrown) {
            throw new SimFailure(simulation.outcome(), thrown);
        }
        return simulation.outcome();
    }

    /** A promise was broken. */
    static final class SimFailure extends AssertionError {
        private static final long serialVersionUID = 1L;
        private final transient Outcome outcome;

        SimFailure(Outcome outcome, Throwable cause) {
            super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
            this.outcome = outcome;
        }

        Outcome outcome() {
            return outcome;
        }
    }

    /** Everything that anybody said or was told, and when. */
    static String hash(Kind kind, long seed) {
        Simulation simulation = new Simulation(kind, seed, Set.of());
        simulation.play();
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(simulation.story().getBytes(StandardCharsets.UTF_8));
            for (SimParty party : simulation.everybody()) {
                digest.update(party.session().events().toString().getBytes(StandardCharsets.UTF_8));
                for (FakeLink link : party.media.links()) {
                    digest.update(String.valueOf(link.packetsSent()).getBytes(StandardCharsets.UTF_8));
                }
            }
            for (LogEntry entry : simulation.server.log()) {
                digest.update((entry + entry.text()).getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- the run

    private void play() {
        switch (kind) {
            case CALM -> calm();
            case STORM -> storm();
            case WILD -> wild();
        }
        everybody().forEach(party -> party.session().close());
        lines.forEach(SignalingConnection::cancel);
        time.advance(Duration.ofSeconds(3));
        everybody().forEach(SimParty::mustBeOver);
        if (server.connections() > 0) {
            throw new AssertionError("connections are left at the server");
        }
    }

    private void calm() {
        int count = 1 + chance.nextInt(3);
        for (int i = 1; i <= count; i++) {
            String stream = "stream" + i;
            publisher(within(0, 4), stream, "&secure" + PASSWORD, chance.nextInt(5) == 0);
            audience(stream, 4);
        }
        time.advance(Duration.ofSeconds(8));
        publishers.forEach(this::mustBeSealed);
        onlyOneGetsMedia();
    }

    private void storm() {
        disturbances();
        publisher(within(0, 2), "stream1", "&secure" + PASSWORD, chance.nextInt(5) == 0);
        audience("stream1", 4);
        sealable = true;
        time.advance(Duration.ofSeconds(16));
        onlyOneGetsMedia();
    }

    /** One honest viewer and up to three others, of whom anything can be expected. */
    private void audience(String stream, int latest) {
        viewer(within(0, latest), stream, PASSWORD, HONEST);
        for (int i = chance.nextInt(4); i > 0; i--) {
            Duration at = within(0, latest);
            switch (chance.nextInt(5)) {
                case 0 -> viewer(at, stream, PASSWORD, FakeMedia::neverAnswer);
                case 1 -> viewer(at, stream, PASSWORD, FakeMedia::neverConnect);
                case 2 -> {
                    Duration slow = within(0, 2);
                    viewer(at, stream, PASSWORD, media -> media.slow(slow));
                }
                case 3 -> viewer(at, stream, "&password=wrong-horse", HONEST);
                default -> viewer(at, stream, PASSWORD, HONEST);
            }
        }
    }

    /** Of the server, for 10 s. Nobody starts while it is away: that is a start that fails, and nothing to be sealed. */
    private void disturbances() {
        for (int i = chance.nextInt(3); i > 0; i--) {
            Duration at = within(0, 9);
            Duration down = Duration.ofMillis(chance.nextInt(1000));
            busy.add(VirtualTime.START.plus(at));
            happens(at, "the server restarts and is away for " + down.toMillis() + " ms", () -> {
                server.unreachable().restart();
                time.schedule(down, server::acceptAgain);
            });
        }
        if (chance.nextInt(3) == 0) {
            Duration at = within(0, 7);
            Duration length = Duration.ofMillis(chance.nextInt(3000));
            happens(at, "the server is silent for " + length.toMillis() + " ms", () -> {
                server.stopAnswering();
                time.schedule(length, server::answerAgain);
            });
        }
        if (chance.nextInt(3) == 0) {
            happens(within(1, 9), "somebody's network breaks", () -> {
                List<SimParty> all = everybody();
                if (!all.isEmpty()) {
                    all.get(chance.nextInt(all.size())).signaling.breakNetwork();
                }
            });
        }
    }

    // ---- anything

    private void wild() {
        int count = 1 + chance.nextInt(3);
        for (int i = 1; i <= count; i++) {
            String stream = chance.nextInt(10) == 0 ? "stream1" : "stream" + i;
            String options = (chance.nextInt(10) < 7 ? "&secure" : "")
                    + switch (chance.nextInt(8)) {
                        case 0 -> "";
                        case 1 -> "&password=false";
                        default -> PASSWORD;
                    };
            publisher(within(0, 4), stream, options, chance.nextInt(4) == 0);
        }
        for (int i = 1 + chance.nextInt(4); i > 0; i--) {
            wildViewer("stream" + (1 + chance.nextInt(count)));
        }
        for (int i = chance.nextInt(6); i > 0; i--) {
            wildTrouble(within(0, 22));
        }
        if (chance.nextInt(3) == 0) {
            stranger();
        }
        time.advance(Duration.ofSeconds(26));
        aftermath();
        everybody().forEach(party -> party.mustHaveSealed(time.now(), SEAL_LIMIT));
    }

    private void wildViewer(String stream) {
        String options =
                switch (chance.nextInt(8)) {
                    case 0 -> "&password=wrong-horse";
                    case 1 -> "&password=false";
                    case 2 -> "";
                    case 3 -> PASSWORD + "&secure";
                    default -> PASSWORD;
                };
        Duration slow = within(0, 8);
        UnaryOperator<FakeMedia> kind =
                switch (chance.nextInt(8)) {
                    case 0 -> FakeMedia::neverAnswer;
                    case 1 -> FakeMedia::neverConnect;
                    case 2 -> media -> media.slow(slow);
                    default -> HONEST;
                };
        Duration at = within(0, 8);
        viewer(at, stream, options, kind);
        if (chance.nextInt(5) == 0) {
            viewer(at.plus(within(0, 10)), stream, options, HONEST); // the same person again
        }
    }

    private void wildTrouble(Duration at) {
        Duration length = Duration.ofMillis(50 + chance.nextInt(chance.nextInt(5) == 0 ? 15_000 : 6_000));
        int who = chance.nextInt(1000);
        switch (chance.nextInt(14)) {
            case 0, 1 -> happens(at, "the server restarts", server::restart);
            case 2 ->
                forAWhile(at, length, "the server is unreachable", () -> server.unreachable()
                        .disconnectAll());
            case 3 -> forAWhile(at, length, "the server refuses", () -> server.refuse(503));
            case 4 -> forAWhile(at, length, "the server stalls", server::stall);
            case 5 -> forAWhile(at, length, "TLS fails", () -> server.failTls().disconnectAll());
            case 6 -> forAWhile(at, length, "the server is silent", server::stopAnswering);
            case 7 -> happens(at, "the server says goodbye to all", server::closeAll);
            case 8 -> happens(at, "the server leaves every Close unanswered", server::ignoreCloses);
            case 9 ->
                happens(at, "somebody's network breaks", () -> oneOf(everybody(), who)
                        .ifPresent(party -> party.signaling.breakNetwork()));
            case 10, 11 ->
                happens(at, "a path breaks for " + length.toMillis() + " ms", () -> aLink(who)
                        .ifPresent(link -> {
                            link.interrupt();
                            time.schedule(length, link::resume);
                        }));
            case 12 -> happens(at, "a path fails", () -> aLink(who).ifPresent(FakeLink::fail));
            default ->
                happens(at, "somebody closes", () -> oneOf(everybody(), who)
                        .ifPresent(party -> party.session().close()));
        }
    }

    private void forAWhile(Duration at, Duration length, String what, Runnable begin) {
        happens(at, what + " for " + length.toMillis() + " ms", () -> {
            begin.run();
            time.schedule(length, () -> server.acceptAgain().answerAgain());
        });
    }

    private Optional<FakeLink> aLink(int who) {
        return oneOf(everybody(), who).flatMap(party -> oneOf(party.media.links(), who));
    }

    private static <T> Optional<T> oneOf(List<T> list, int which) {
        return list.isEmpty() ? Optional.empty() : Optional.of(list.get(which % list.size()));
    }

    /** Somebody who has recorded what others said and says it again, under their id or as somebody else. */
    private void stranger() {
        happens(within(0, 10), "a stranger connects", () -> lines.add(dial()));
        for (int i = 0; i < 20; i++) {
            long which = chance.nextLong();
            String self = chance.nextBoolean() ? "" : "stranger" + chance.nextInt(5);
            time.schedule(within(1, 24), () -> {
                List<LogEntry> said = texts(LogEntry.Direction.IN);
                if (!lines.isEmpty() && !said.isEmpty()) {
                    String text = said.get((int) Math.floorMod(which, (long) said.size()))
                            .text();
                    lines.get(0)
                            .send(
                                    self.isEmpty()
                                            ? text
                                            : text.replaceFirst("\"from\":\"[^\"]*\"", "\"from\":\"" + self + "\""));
                }
            });
        }
    }

    private SignalingConnection dial() {
        return server.signaling().open(server.uri(), new SignalingListener() {
            @Override
            public void opened() {}

            @Override
            public void received(String frame) {}

            @Override
            public void gone(SignalingEnd end) {}
        });
    }

    private List<LogEntry> texts(LogEntry.Direction way) {
        return server.log().stream()
                .filter(entry -> entry.kind() == LogEntry.Kind.TEXT && entry.direction() == way)
                .toList();
    }

    /** Nobody re-enters: the same with a new id, the server anew, and everything that was said said once more, by all to all. */
    private void aftermath() {
        server.acceptAgain().answerAgain();
        int before = publishers.size();
        for (int i = 0; i < before; i++) {
            viewer(Duration.ZERO, "stream" + (i + 1), PASSWORD, HONEST);
        }
        time.advance(Duration.ofSeconds(1));
        if (chance.nextBoolean()) {
            server.restart();
            time.advance(Duration.ofSeconds(2));
        }
        SignalingConnection stranger = dial();
        lines.add(stranger);
        time.advance(Duration.ofMillis(100));
        for (LogEntry.Direction way : LogEntry.Direction.values()) {
            List<LogEntry> said = texts(way);
            int step = 1 + said.size() / MOST_REPLAYED;
            for (int i = 0; i < said.size(); i += step) {
                String text = said.get(i).text();
                if (way == LogEntry.Direction.IN) {
                    stranger.send(text);
                } else {
                    server.sendToAll(text);
                }
            }
        }
        time.advance(Duration.ofSeconds(3));
    }

    // ---- who takes part

    private void publisher(Duration at, String stream, String options, boolean asks) {
        boolean secure = options.contains("&secure");
        Random own = new Random(chance.nextLong());
        int delay = chance.nextInt(500);
        int decision = kind == Kind.WILD ? chance.nextInt(6) : 1 + chance.nextInt(2);
        ViewerApproval approval = request -> switch (decision) {
            case 0 -> CompletableFuture.completedFuture(false);
            case 1 -> CompletableFuture.completedFuture(true);
            case 2, 3 -> {
                CompletableFuture<Boolean> later = new CompletableFuture<>();
                time.schedule(Duration.ofMillis(delay), () -> later.complete(true));
                yield later;
            }
            case 4 -> new CompletableFuture<>();
            default -> throw new IllegalStateException("a defect of the program");
        };
        String query = "push=" + stream + options + (asks ? "&prompt" : "");
        join(publishers, at, "publisher of " + stream, secure, HONEST, party -> SeededSessions.seeded(
                        Publisher.builder(options(query)), own)
                .approval(approval)
                .media(party.media)
                .signaling(party.transport())
                .scheduler(party.watched(time.another()))
                .start());
    }

    private void viewer(Duration at, String stream, String options, UnaryOperator<FakeMedia> kindOfMedia) {
        Random own = new Random(chance.nextLong());
        join(viewers, at, "viewer of " + stream + options, false, kindOfMedia, party -> SeededSessions.seeded(
                        Viewer.builder(options("view=" + stream + options)), own)
                .media(party.media)
                .signaling(party.transport())
                .scheduler(party.watched(time.another()))
                .start());
    }

    private SessionOptions options(String query) {
        SessionOptions options = SessionOptions.parse("?" + query + (room ? "&room=hall" : "") + "&" + server.option());
        // Otherwise each connection would look at the networks of this machine, which are nothing to a simulated one.
        NetworkPolicy network = options.network().toBuilder().roaming(true).build();
        return options.toBuilder().network(network).build();
    }

    /** Where the server is away or lost before the start has come to anything, the program starts again; but not in the wild. */
    private void join(
            List<SimParty> list,
            Duration at,
            String name,
            boolean secure,
            UnaryOperator<FakeMedia> media,
            SimParty.Start start) {
        Instant then = VirtualTime.START.plus(at);
        while (away(then)) {
            then = then.plusMillis(100);
        }
        time.schedule(Duration.between(time.now(), then), () -> {
            SimParty party = new SimParty(name, secure, media.apply(network.media()), server.signaling(), time.now());
            list.add(party);
            if (kind != Kind.WILD) {
                party.whenStartFails(() -> join(list, time.elapsed().plus(PAUSE), name, secure, media, start));
            }
            party.begin(start);
            Duration limit = room && shape == Shape.HOSTED ? ROOM_LIMIT : START_LIMIT;
            time.schedule(limit.plusMillis(1), () -> party.mustBeUnderWay(limit));
        });
    }

    private boolean away(Instant at) {
        return busy.stream().anyMatch(from -> at.isAfter(from.minusMillis(200)) && at.isBefore(from.plusSeconds(1)));
    }

    private List<SimParty> everybody() {
        List<SimParty> all = new ArrayList<>(publishers);
        all.addAll(viewers);
        return all;
    }

    // ---- chance and trouble

    private Duration within(int from, int to) {
        return Duration.ofMillis(from * 1000L + chance.nextInt((to - from) * 1000));
    }

    private void happens(Duration at, String what, Runnable trouble) {
        time.schedule(at, () -> {
            if (faults.happens(what)) {
                trouble.run();
            }
        });
    }

    // ---- what is promised

    private void mustBeSealed(SimParty publisher) {
        if (publisher.sealed().isEmpty()) {
            throw publisher.broken("is not sealed although nothing went wrong");
        }
    }

    /** Of a secure publisher, and there is but one for each stream. */
    private void onlyOneGetsMedia() {
        for (SimParty viewer : viewers) {
            if (viewer.name.contains("wrong") && viewer.streamStarted().isPresent()) {
                throw viewer.broken("has another password and gets in");
            }
        }
        long served = viewers.stream()
                .filter(viewer -> viewer.mediaStarted().isPresent())
                .count();
        long admitted = publishers.stream()
                .filter(publisher -> publisher.joined().isPresent())
                .count();
        if (served > admitted) {
            throw new AssertionError(served + " viewers get media of " + admitted + " publishers");
        }
    }

    // ---- what came of it

    private Outcome outcome() {
        Optional<Boolean> sealed = sealable
                ? Optional.of(publishers.stream().anyMatch(publisher -> publisher
                        .sealed()
                        .filter(at -> !at.isAfter(SEALED_BY))
                        .isPresent()))
                : Optional.empty();
        Map<String, Integer> counts = faults.counts();
        for (SimParty party : everybody()) {
            for (String line : party.story()) {
                counts.merge(VIEWER.matcher(line).replaceFirst(""), 1, Integer::sum);
            }
        }
        return new Outcome(sealed, counts, this::story, faults.numbers());
    }

    private String story() {
        StringBuilder text = new StringBuilder(what).append('\n');
        faults.story().forEach(fault -> text.append("  ").append(fault).append('\n'));
        for (SimParty party : everybody()) {
            text.append(party.name).append('\n');
            for (SessionEvent event : party.session().events()) {
                String words = EventRecorder.story(List.of(event)).get(0);
                text.append("  ")
                        .append(SimFaults.seconds(event.at()))
                        .append(' ')
                        .append(words);
                text.append(
                                event instanceof ViewerJoined joined
                                        ? " (" + joined.viewer().peer() + ")"
                                        : "")
                        .append('\n');
            }
        }
        return text.toString();
    }
}
