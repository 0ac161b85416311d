package dev.drawbridge.webrtc;

import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.Shape;
import dev.drawbridge.webrtc.BenchEnd.Arrival;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Measures Drawbridge side by side with bare webrtc-java and prints the tables of docs/performance.md. Publisher and viewers have
 * a JVM each, on either side, and the sides take turns: while one plays the other one pauses. Started by {@code bin/bench}.
 */
final class Bench {
    /** One heap of one size that is touched before, or the table of memory would show when Java collects. */
    private static final List<String> JVM =
            List.of("-XX:TieredStopAtLevel=4", "-Xms160m", "-Xmx160m", "-XX:+UseSerialGC", "-XX:+AlwaysPreTouch");

    private static final int[] VIEWERS = {1, 2, 4, 8};
    private static final int TURNS = 3;
    private static final long SETTLE_MILLIS = 1500;

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[1]);
        switch (arguments[0]) {
            case "vp8", "h264" -> viewers(arguments[0], Duration.ofSeconds(count));
            case "frames" -> FrameCost.table(count, TURNS).forEach(Bench::say);
            case "latency" -> latency("vp8", Duration.ofSeconds(count));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.out.close(); // the native library has two lines to say when the JVM is gone
        System.exit(0);
    }

    // ---- what viewers cost their publisher

    private static void viewers(String codec, Duration length) throws Exception {
        say(
                "A publisher of %dx%d at %d/s in %s, %d turns of %d s each:",
                BenchPictures.WIDTH,
                BenchPictures.HEIGHT,
                BenchPictures.RATE,
                codec.toUpperCase(Locale.ROOT),
                TURNS,
                length.toSeconds());
        say("");
        say("| viewers | cores | bare | ratio | pictures/s of a viewer | bare | ms of a core for a picture of a viewer"
                + " | bare | ratio | RSS, MB | bare |");
        say("|---|---|---|---|---|---|---|---|---|---|---|");
        try (HandshakeServer server = HandshakeServer.start(Shape.ROUTER);
                Side ours = new Side("ours", codec, "drawn", server);
                Side bare = new Side("bare", codec, "drawn", server)) {
            double oursAlone = ours.residentMb();
            double bareAlone = bare.residentMb();
            for (int viewers : VIEWERS) {
                ours.grow(viewers);
                bare.grow(viewers);
                List<Turn> oursTurns = new ArrayList<>();
                List<Turn> bareTurns = new ArrayList<>();
                for (int turn = 0; turn < TURNS; turn++) {
                    oursTurns.add(ours.turn(length));
                    bareTurns.add(bare.turn(length));
                }
                say(
                        "| %d | %.3f | %.3f | %.3f | %.1f%s | %.1f%s | %.2f | %.2f | %.3f | %+.1f | %+.1f |",
                        viewers,
                        median(oursTurns, Turn::cores),
                        median(bareTurns, Turn::cores),
                        median(oursTurns, Turn::cores) / median(bareTurns, Turn::cores),
                        median(oursTurns, Turn::rate),
                        smaller(oursTurns),
                        median(bareTurns, Turn::rate),
                        smaller(bareTurns),
                        median(oursTurns, Turn::millisEach),
                        median(bareTurns, Turn::millisEach),
                        median(oursTurns, Turn::millisEach) / median(bareTurns, Turn::millisEach),
                        ours.residentMb() - oursAlone,
                        bare.residentMb() - bareAlone);
            }
        }
    }

    /** What the encoder made of pictures that it had no time for. */
    private static String smaller(List<Turn> turns) {
        int height = turns.stream().mapToInt(Turn::height).min().orElse(0);
        return height < BenchPictures.HEIGHT ? " (down to " + height + " rows)" : "";
    }

    /** One side's time: cores of its publisher, pictures a second of one of its viewers, rows of the smallest picture at the end. */
    private record Turn(double cores, double rate, double millisEach, int height) {}

    /** A publisher and its viewers, each in a JVM of its own. */
    private static final class Side implements AutoCloseable {
        private final boolean ours;
        private final Programs.Running publisher;
        private final Programs.Running viewers;
        private int count;
        private boolean warm;

        Side(String which, String codec, String pictures, HandshakeServer server) throws IOException {
            ours = which.equals("ours");
            publisher = run("publisher", which, codec, pictures, server.uri().toString());
            viewers = run("viewers", which, codec, pictures, server.uri().toString());
            publisher.line("ready");
            viewers.line("ready");
        }

        private static Programs.Running run(String... arguments) throws IOException {
            return new Programs.Running(
                    Programs.command(JVM, BenchEnd.class, arguments).start());
        }

        private static String ask(Programs.Running whom, String line) throws IOException {
            whom.tell(line);
            return whom.line("= ");
        }

        /** Returns when all of them see something. */
        void grow(int to) throws IOException, InterruptedException {
            for (; count < to; count++) {
                if (ours) {
                    ask(viewers, "add");
                } else {
                    String answer = ask(viewers, "add " + ask(publisher, "offer"));
                    ask(publisher, "answer " + answer);
                }
            }
            ask(publisher, "play");
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (seen().viewers < to) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("not all of " + to + " viewers see something: " + seen());
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
            // Until the encoder knows what it may send and, the first time, the JVM has compiled what runs again and
            // again.
            TimeUnit.SECONDS.sleep(warm ? 1 : 6);
            warm = true;
            ask(publisher, "pause");
        }

        Turn turn(Duration length) throws IOException, InterruptedException {
            ask(publisher, "collect");
            ask(publisher, "play");
            TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
            Seen before = seen();
            long from = System.nanoTime();
            Duration busy = busy();
            TimeUnit.NANOSECONDS.sleep(length.toNanos());
            double cores = (double) busy().minus(busy).toNanos() / (System.nanoTime() - from);
            Seen after = seen();
            ask(publisher, "pause");
            double rate = after.rate(before);
            return new Turn(cores, rate / count, cores * 1000 / rate, after.smallest);
        }

        /** Of one viewer, who sees a clock; the first second is left out. */
        List<Arrival> watch(Duration length) throws IOException, InterruptedException {
            ask(publisher, "play");
            TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
            ask(viewers, "arrivals");
            TimeUnit.NANOSECONDS.sleep(length.toNanos());
            String arrivals = ask(viewers, "arrivals");
            ask(publisher, "pause");
            return Stream.of(arrivals.split(" "))
                    .filter(text -> !text.isEmpty())
                    .map(Arrival::of)
                    .toList();
        }

        /** Asking takes a while, so the time of it is the middle. */
        private Seen seen() throws IOException {
            long asked = System.nanoTime();
            String[] each = ask(viewers, "seen").split(" ");
            return Seen.of(each, asked + (System.nanoTime() - asked) / 2);
        }

        private Duration busy() {
            return publisher.process.info().totalCpuDuration().orElse(Duration.ZERO);
        }

        /** Only Linux tells it; elsewhere 0. */
        double residentMb() throws IOException {
            Path status = Path.of("/proc/" + publisher.process.pid() + "/status");
            return Files.exists(status) ? Footprint.resident(status) : 0;
        }

        @Override
        public void close() {
            publisher.close();
            viewers.close();
        }
    }

    /** By all viewers together until a time; by how many of them anything; rows of the smallest picture. */
    private record Seen(long at, long pictures, long viewers, int smallest) {
        static Seen of(String[] each, long at) {
            long pictures = 0;
            long viewers = 0;
            int smallest = Integer.MAX_VALUE;
            for (String one : each) {
                int colon = one.indexOf(':');
                long count = Long.parseLong(one.substring(0, colon));
                pictures += count;
                viewers += count > 0 ? 1 : 0;
                smallest = Math.min(smallest, Integer.parseInt(one.substring(colon + 1)));
            }
            return new Seen(at, pictures, viewers, smallest);
        }

        double rate(Seen earlier) {
            return (pictures - earlier.pictures) * 1e9 / (at - earlier.at);
        }
    }

    // ---- from glass to glass

    private static void latency(String codec, Duration length) throws Exception {
        List<Arrival> ours = new ArrayList<>();
        List<Arrival> bare = new ArrayList<>();
        List<Double> oursApart = new ArrayList<>();
        List<Double> bareApart = new ArrayList<>();
        try (HandshakeServer server = HandshakeServer.start(Shape.ROUTER);
                Side oursSide = new Side("ours", codec, "clock", server);
                Side bareSide = new Side("bare", codec, "clock", server)) {
            oursSide.grow(1);
            bareSide.grow(1);
            for (int turn = 0; turn < TURNS; turn++) {
                take(oursSide.watch(length), ours, oursApart);
                take(bareSide.watch(length), bare, bareApart);
            }
        }
        say(
                "One viewer of %dx%d at %d/s in %s, %d turns of %d s each, %d and %d pictures:",
                BenchPictures.WIDTH,
                BenchPictures.HEIGHT,
                BenchPictures.RATE,
                codec.toUpperCase(Locale.ROOT),
                TURNS,
                length.toSeconds(),
                ours.size(),
                bare.size());
        say("");
        say("| ms | Drawbridge | bare | difference |");
        say("|---|---|---|---|");
        double[] ourAges =
                ours.stream().mapToDouble(one -> one.age() / 1e6).sorted().toArray();
        double[] bareAges =
                bare.stream().mapToDouble(one -> one.age() / 1e6).sorted().toArray();
        double[] ourApart = oursApart.stream().mapToDouble(one -> one).sorted().toArray();
        double[] otherApart =
                bareApart.stream().mapToDouble(one -> one).sorted().toArray();
        row("glass to glass, median", quantile(ourAges, 0.5), quantile(bareAges, 0.5));
        row("glass to glass, 99th percentile", quantile(ourAges, 0.99), quantile(bareAges, 0.99));
        row("between two pictures, median", quantile(ourApart, 0.5), quantile(otherApart, 0.5));
        row("between two pictures, 99th percentile", quantile(ourApart, 0.99), quantile(otherApart, 0.99));
        row("between two pictures, standard deviation", deviation(ourApart), deviation(otherApart));
        say("");
    }

    private static void take(List<Arrival> turn, List<Arrival> all, List<Double> apart) {
        all.addAll(turn);
        for (int i = 1; i < turn.size(); i++) {
            apart.add((turn.get(i).at() - turn.get(i - 1).at()) / 1e6);
        }
    }

    private static void row(String what, double ours, double bare) {
        say("| %s | %.2f | %.2f | %+.2f |", what, ours, bare, ours - bare);
    }

    // ---- figures

    static <T> double median(List<T> all, ToDoubleFunction<T> figure) {
        return quantile(all.stream().mapToDouble(figure).sorted().toArray(), 0.5);
    }

    /** The nearest one; of two in the middle the mean. */
    static double quantile(double[] sorted, double part) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double at = part * (sorted.length - 1);
        return (sorted[(int) Math.floor(at)] + sorted[(int) Math.ceil(at)]) / 2;
    }

    static double deviation(double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        return Math.sqrt(Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElse(0));
    }

    private static void say(String text, Object... values) {
        System.out.printf(Locale.ROOT, text + "%n", values);
    }
}
