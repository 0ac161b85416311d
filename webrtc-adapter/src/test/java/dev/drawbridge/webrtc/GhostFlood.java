package dev.drawbridge.webrtc;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.Shape;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long the real viewer of a secure publisher waits while ghosts ask all the time. Each publisher has a handshake server of its own;
 * ghosts and viewers live in this process, the publishers in another one, whose memory is looked at.
 *
 * <p>Run {@code main}: runs per kind (20), ghosts per second (20), seconds (60), floods at once (1: two take all of two
 * cores, and then each measures the other), how much later the server handles everything, in ms (0), and kinds (all).
 */
final class GhostFlood {
    /** Ids that ask again and again: each of them once a second at 20 ghosts a second. */
    private static final int REPEATING_IDS = 20;
    /** Sockets of ghosts that are kept open. */
    private static final int KEPT = 200;

    private final int perSecond;
    private final Duration length;
    private final Duration late;
    private final Programs.Running publishers;
    private final Map<String, CompletableFuture<String>> answers = new ConcurrentHashMap<>();

    /** What came of one flood. */
    record Outcome(Ghost kind, Optional<Duration> admitted, int asked, int offered, Duration lasted) {}

    private GhostFlood(int perSecond, Duration length, Duration late, Programs.Running publishers) {
        this.perSecond = perSecond;
        this.length = length;
        this.late = late;
        this.publishers = publishers;
    }

    public static void main(String[] args) throws Exception {
        int runs = number(args, 0, 20);
        int perSecond = number(args, 1, 20);
        int seconds = number(args, 2, 60);
        int atOnce = number(args, 3, 1);
        Duration late = Duration.ofMillis(number(args, 4, 0));
        List<Ghost> kinds = new ArrayList<>();
        for (int i = 5; i < args.length; i++) {
            kinds.add(Ghost.valueOf(args[i]));
        }
        try (Programs.Running publishers = Programs.run(Publishers.class)) {
            GhostFlood flood = new GhostFlood(perSecond, Duration.ofSeconds(seconds), late, publishers);
            flood.listen();
            System.out.println("resident before: " + flood.tell("rss x"));
            for (Ghost kind : kinds.isEmpty() ? List.of(Ghost.values()) : kinds) {
                flood.runs(kind, runs, atOnce);
                System.out.println("resident: " + flood.tell("rss x"));
            }
        }
        System.exit(0);
    }

    private static int number(String[] args, int index, int otherwise) {
        return args.length > index ? Integer.parseInt(args[index]) : otherwise;
    }

    private void runs(Ghost kind, int runs, int atOnce) throws InterruptedException, ExecutionException {
        ExecutorService workers = Executors.newFixedThreadPool(atOnce);
        List<Future<Outcome>> all = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            String name = kind + "_" + run;
            all.add(workers.submit(() -> run(kind, name)));
        }
        List<Double> admitted = new ArrayList<>();
        int asked = 0;
        int offered = 0;
        double lasted = 0;
        for (Future<Outcome> future : all) {
            Outcome outcome = future.get();
            asked += outcome.asked();
            offered += outcome.offered();
            lasted += outcome.lasted().toMillis() / 1e3;
            admitted.add(outcome.admitted().map(time -> time.toNanos() / 1e6).orElse(Double.POSITIVE_INFINITY));
        }
        workers.shutdown();
        admitted.sort(null);
        System.out.printf(
                "%-22s admitted %d of %d; ms: min %.0f, median %.0f, 95th percentile %.0f, max %.0f; %.1f requests and %.1f offers a second%n",
                kind,
                admitted.stream().filter(Double::isFinite).count(),
                runs,
                admitted.get(0),
                admitted.get(runs / 2),
                admitted.get((int) Math.ceil(runs * 0.95) - 1),
                admitted.get(runs - 1),
                asked / lasted,
                offered / lasted);
    }

    private Outcome run(Ghost kind, String stream) throws Exception {
        // Not at once, and early enough to have 10 s.
        int latest = (int) Math.max(1, length.toMillis() - 11_000);
        long arrival = 1_000L + new Random(stream.hashCode()).nextInt(latest);
        try (HandshakeServer server =
                HandshakeServer.builder().shape(Shape.ROUTER).log(0).start()) {
            server.faults().delay(late);
            CompletableFuture<String> joined = new CompletableFuture<>();
            answers.put("joined " + stream, joined);
            tell("start " + stream + " " + server.uri());
            try (Haunting haunting = new Haunting(server, stream, kind, perSecond)) {
                TimeUnit.MILLISECONDS.sleep(arrival);
                Instant came = Instant.now();
                Optional<Duration> admitted;
                Viewer viewer = Viewer.start(
                        SessionOptions.parse("view=" + stream + "&stun=0&turn=0&wss=" + server.uri()),
                        WebRtcMedia.create());
                try (viewer) {
                    long left = length.toMillis() - arrival;
                    Instant in = Instant.ofEpochMilli(Long.parseLong(joined.get(left, TimeUnit.MILLISECONDS)));
                    admitted = Optional.of(Duration.between(came, in));
                } catch (TimeoutException e) {
                    admitted = Optional.empty();
                }
                Duration lasted = Duration.ofMillis(arrival).plus(Duration.between(came, Instant.now()));
                System.out.println(
                        stream + ": came after " + arrival + " ms, waited " + admitted.map(Duration::toMillis) + " ms");
                return new Outcome(kind, admitted, haunting.asked(), haunting.offered(), lasted);
            } finally {
                tell("stop " + stream);
            }
        }
    }

    /** Sends a command to the publishers and waits for its answer. */
    private String tell(String command) throws Exception {
        String[] words = command.split(" ", 3);
        CompletableFuture<String> answer = new CompletableFuture<>();
        answers.put(words[0] + " " + words[1], answer);
        synchronized (publishers) {
            publishers.process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
            publishers.process.getOutputStream().flush();
        }
        return answer.get(30, TimeUnit.SECONDS);
    }

    private void listen() {
        Thread reader = new Thread(
                () -> {
                    try {
                        while (true) {
                            String[] words = publishers.line("> ").split(" ", 3);
                            CompletableFuture<String> waiting = answers.remove(words[0] + " " + words[1]);
                            if (waiting != null) {
                                waiting.complete(words[2]);
                            }
                        }
                    } catch (Exception | AssertionError e) {
                        System.err.println("the publishers are gone: " + e);
                    }
                },
                "flood-reader");
        reader.setDaemon(true);
        reader.start();
    }

    /** The ghosts of one stream: so many requests a second, until closed. */
    static final class Haunting implements AutoCloseable {
        private final HandshakeServer server;
        private final String stream;
        private final Ghost kind;
        private final Deque<RawPeer> peers = new ArrayDeque<>();
        private final Thread thread;
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger offered = new AtomicInteger();

        Haunting(HandshakeServer server, String stream, Ghost kind, int perSecond) {
            this.server = server;
            this.stream = stream;
            this.kind = kind;
            long pause = TimeUnit.SECONDS.toNanos(1) / perSecond;
            thread = new Thread(() -> haunt(pause), "ghosts");
            thread.setDaemon(true);
            thread.start();
        }

        private void haunt(long pause) {
            long next = System.nanoTime();
            try {
                while (true) {
                    next += pause;
                    TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
                    RawPeer ghost = next();
                    ghost.ask();
                    peers.addLast(ghost);
                    asked.incrementAndGet();
                }
            } catch (InterruptedException e) {
                peers.forEach(RawPeer::close);
            }
        }

        private RawPeer next() {
            if (kind.repeats() ? peers.size() < REPEATING_IDS : peers.size() < KEPT) {
                return kind.haunt(new RawPeer(server, stream), offered::incrementAndGet);
            }
            RawPeer oldest = peers.removeFirst();
            if (kind.repeats()) {
                return oldest;
            }
            oldest.close();
            return kind.haunt(new RawPeer(server, stream), offered::incrementAndGet);
        }

        int asked() {
            return asked.get();
        }

        int offered() {
            return offered.get();
        }

        @Override
        public void close() {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The other process. Reads commands, and answers each with a line that begins with the same two words. */
    static final class Publishers {
        public static void main(String[] args) throws Exception {
            Map<String, Publisher> all = new LinkedHashMap<>();
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                String[] words = line.split(" ", 3);
                String answer = "done";
                switch (words[0]) {
                    case "start" -> {
                        Publisher publisher = Publisher.start(
                                SessionOptions.parse("push=" + words[1] + "&secure&stun=0&turn=0&wss=" + words[2]),
                                Stage.pattern());
                        publisher.on(
                                ViewerJoined.class,
                                event -> say(
                                        "joined " + words[1] + " " + event.at().toEpochMilli()));
                        all.put(words[1], publisher);
                    }
                    case "stop" -> all.remove(words[1]).close();
                    case "rss" -> answer = resident();
                    default -> throw new IllegalArgumentException(line);
                }
                say(words[0] + " " + words[1] + " " + answer);
            }
            // Who gave the commands is gone; what is still published would keep this process alive.
            System.exit(0);
        }

        private static synchronized void say(String line) {
            System.out.println("> " + line);
        }

        private static String resident() throws Exception {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS") || line.startsWith("Threads"))
                    .map(line -> line.replaceAll("\\s+", " "))
                    .reduce("", (one, other) -> one + " " + other);
        }
    }
}
