package dev.drawbridge.webrtc;

import dev.drawbridge.CloseReason;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.MediaStarted;
import dev.drawbridge.SessionEvent.MemberLeft;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.StreamStarted;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionEvent.ViewerRequested;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.SessionState;
import dev.drawbridge.SessionStats;
import dev.drawbridge.Viewer;
import dev.drawbridge.media.AudioSources;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.Shape;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Long runs of real secure sessions, publisher, viewer and server in this one process: what grows, prints it, and judges it. Started
 * by {@code bin/soak session}, {@code churn}, {@code room} and {@code crowd}.
 */
final class Soak {
    /** A sealed session of 720p30 may grow so much; it has nothing to remember. */
    static final double MB_AN_HOUR = 40;
    /** libwebrtc keeps some 300 KiB of every connection with media, and a session here has two ends. */
    static final double KB_A_SESSION = 1500;
    /** Threads of pools come and go. */
    static final int SOME = 6;

    private final List<String> faults = new ArrayList<>();

    public static void main(String[] arguments) throws Exception {
        Soak soak = new Soak();
        int count = Integer.parseInt(arguments[1]);
        System.out.printf(
                "%s %d, MALLOC_ARENA_MAX=%s MALLOC_MMAP_THRESHOLD_=%s%s%n",
                arguments[0],
                count,
                System.getenv("MALLOC_ARENA_MAX"),
                System.getenv("MALLOC_MMAP_THRESHOLD_"),
                Footprint.COMPLETE ? "" : "; this system has no /proc: no figures of memory, native threads and files");
        switch (arguments[0]) {
            case "session" -> soak.session(Duration.ofMinutes(count), Duration.ofSeconds(30));
            case "churn" -> soak.churn(count);
            case "room" -> soak.room(Duration.ofMinutes(count));
            case "crowd" -> soak.crowd(count, 8);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        soak.faults.forEach(fault -> say("FAULT %s", fault));
        say(soak.faults.isEmpty() ? "PASSED" : "FAILED");
        System.out.close(); // the native library has two lines to say when the JVM is gone
        System.exit(soak.faults.isEmpty() ? 0 : 1);
    }

    List<String> faults() {
        return faults;
    }

    // ---- one session

    /** One sealed session with 720p30, a tone and a message every second in each direction. */
    void session(Duration length, Duration step) throws Exception {
        List<Footprint> all = new ArrayList<>();
        AtomicLong pictures = new AtomicLong();
        AtomicLong sounds = new AtomicLong();
        AtomicLong messages = new AtomicLong();
        try (HandshakeServer server = HandshakeServer.start(Shape.ROUTER);
                Publisher publisher = Publisher.start(options(server, "push=soak&secure"), pattern(1280, 720));
                Viewer viewer = Viewer.start(options(server, "view=soak"))) {
            viewer.onVideo(frame -> pictures.incrementAndGet());
            viewer.onAudio(block -> sounds.incrementAndGet());
            viewer.on(DataReceived.class, data -> viewer.send("got it"));
            publisher.on(DataReceived.class, data -> messages.incrementAndGet());
            await(publisher);
            all.add(Footprint.now());
            long picturesBefore = 0;
            long soundsBefore = 0;
            long messagesBefore = 0;
            long end = all.get(0).nanos() + length.toNanos();
            while (System.nanoTime() < end && publisher.state() == SessionState.SEALED) {
                Footprint before = all.get(all.size() - 1);
                for (long i = 0; i < step.toSeconds(); i++) {
                    publisher.send("are you there");
                    TimeUnit.SECONDS.sleep(1);
                }
                Footprint now = Footprint.now();
                all.add(now);
                SessionStats stats = viewer.stats();
                double seconds = (now.nanos() - before.nanos()) / 1e9;
                say(
                        "%6.1f min  %s, %.2f cores, %4.1f pictures/s of %dx%d, %5.1f sounds/s, %d answers, dropped %d at the source and %d at the sink",
                        (now.nanos() - all.get(0).nanos()) / 60e9,
                        now,
                        now.cores(before),
                        (pictures.get() - picturesBefore) / seconds,
                        stats.width(),
                        stats.height(),
                        (sounds.get() - soundsBefore) / seconds,
                        messages.get() - messagesBefore,
                        publisher.sourceCounters().videoDropped(),
                        stats.framesDropped());
                check(pictures.get() > picturesBefore, "no picture came for %s", step);
                check(sounds.get() > soundsBefore, "no sound came for %s", step);
                check(messages.get() > messagesBefore, "no answer came for %s", step);
                picturesBefore = pictures.get();
                soundsBefore = sounds.get();
                messagesBefore = messages.get();
            }
            check(publisher.state() == SessionState.SEALED, "the session is %s", publisher.state());
        }
        List<Footprint> warm = Footprint.warm(all);
        double slope = Footprint.slope(
                warm.stream().mapToDouble(one -> one.nanos() / 3600e9).toArray(), warm);
        say("RSS slope %+.1f MB/hour over the last %d samples, limit %.0f", slope, warm.size(), MB_AN_HOUR);
        // A few minutes tell nothing about an hour.
        check(length.toMinutes() < 10 || slope <= MB_AN_HOUR, "memory grows by %.1f MB/hour", slope);
        flat(warm);
    }

    // ---- many sessions

    /** Sessions one after the other: start, watch, seal, leave, close. */
    void churn(int sessions) throws Exception {
        int step = Math.max(1, sessions / 20);
        List<Footprint> all = new ArrayList<>();
        List<Integer> at = new ArrayList<>();
        double[] millis = new double[sessions];
        double[] joining = new double[sessions];
        double[] sealing = new double[sessions];
        int failures = 0;
        for (int i = 0; i < sessions; ) {
            int next = Math.min(sessions, i + step);
            // Now and then a new server: it remembers every frame, which is not what is measured.
            try (HandshakeServer server = HandshakeServer.start(Shape.ROUTER)) {
                for (; i < next; i++) {
                    long began = System.nanoTime();
                    try {
                        Publisher ended = one(server, "churn" + i);
                        joining[i] = between(ended, ViewerRequested.class, ViewerJoined.class);
                        sealing[i] = between(ended, ViewerJoined.class, Sealed.class);
                    } catch (Exception | AssertionError e) {
                        failures++;
                        check(false, "session %d: %s", i + 1, e);
                    }
                    millis[i] = (System.nanoTime() - began) / 1e6;
                }
            }
            all.add(Footprint.now());
            at.add(i);
            double median = quantile(Arrays.copyOfRange(millis, Math.max(0, i - step), i), 0.5);
            say("%5d sessions  %s, median of the last %d: %.0f ms", i, all.get(all.size() - 1), step, median);
        }
        List<Footprint> warm = Footprint.warm(all);
        double slope = 1000
                * Footprint.slope(
                        IntStream.range(all.size() - warm.size(), all.size())
                                .mapToDouble(at::get)
                                .toArray(),
                        warm);
        say("a whole session: %s; failures %d", spread(millis), failures);
        say("request -> joined: %s; joined -> sealed: %s", spread(joining), spread(sealing));
        say("RSS slope %+.0f kB/session over the last %d samples, limit %.0f", slope, warm.size(), KB_A_SESSION);
        // A few sessions tell nothing about memory: it grows by steps.
        check(sessions < 200 || slope <= KB_A_SESSION, "memory grows by %.0f kB/session", slope);
        flat(warm);
    }

    private static Publisher one(HandshakeServer server, String stream) throws Exception {
        CountDownLatch playing = new CountDownLatch(1);
        try (Publisher publisher = Publisher.start(options(server, "push=" + stream + "&secure"), pattern(320, 180))) {
            try (Viewer viewer = Viewer.start(options(server, "view=" + stream))) {
                viewer.onVideo(frame -> {});
                viewer.on(MediaStarted.class, event -> playing.countDown());
                await(publisher);
                if (!playing.await(20, TimeUnit.SECONDS)) {
                    throw new AssertionError("no picture: " + viewer.events());
                }
            }
            CloseReason reason = publisher.awaitClosed(Duration.ofSeconds(20)).orElseThrow();
            if (reason != CloseReason.VIEWER_LEFT
                    || publisher.events().stream().noneMatch(ViewerLeft.class::isInstance)) {
                throw new AssertionError(reason + ": " + publisher.events());
            }
            return publisher;
        }
    }

    private static double between(
            Publisher publisher, Class<? extends SessionEvent> from, Class<? extends SessionEvent> to) {
        return Duration.between(at(publisher, from), at(publisher, to)).toNanos() / 1e6;
    }

    private static Instant at(Publisher publisher, Class<? extends SessionEvent> kind) {
        return publisher.events().stream()
                .filter(kind::isInstance)
                .findFirst()
                .orElseThrow()
                .at();
    }

    // ---- a room

    /** Once a second somebody joins a room with a stream of data, and who has been there longest leaves; one viewer watches it all. */
    void room(Duration length) throws Exception {
        int present = 5;
        List<Footprint> all = new ArrayList<>();
        AtomicLong started = new AtomicLong();
        AtomicLong left = new AtomicLong();
        Deque<Publisher> members = new ArrayDeque<>();
        // The server remembers every frame, so it has a process of its own.
        try (Programs.Running serving = Programs.run(NoLeakChild.Serving.class, "127.0.0.1")) {
            String room = "room=hall&datamode&stun=0&turn=0&wss=" + serving.line("serving ");
            try (Viewer viewer = Viewer.start(SessionOptions.parse(room), WebRtcMedia.create())) {
                viewer.on(StreamStarted.class, event -> started.incrementAndGet());
                viewer.on(MemberLeft.class, event -> left.incrementAndGet());
                long joined = 0;
                long begin = System.nanoTime();
                while (System.nanoTime() - begin < length.toNanos()) {
                    members.add(Publisher.start(
                            SessionOptions.parse("push=member" + joined++ + "&" + room), WebRtcMedia.create()));
                    if (members.size() > present) {
                        members.remove().close();
                    }
                    long next = begin + joined * TimeUnit.SECONDS.toNanos(1);
                    TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
                    if (joined % 60 == 0) {
                        all.add(Footprint.now());
                        say(
                                "%4d joined, %d watched, %d known to have left  %s",
                                joined, started.get(), left.get(), all.get(all.size() - 1));
                    }
                }
                check(started.get() >= joined - present, "of %d who joined %d were watched", joined, started.get());
                check(
                        left.get() >= joined - 2L * present,
                        "of %d who joined %d are known to have left",
                        joined,
                        left.get());
            } finally {
                members.forEach(Publisher::close);
            }
        }
        List<Footprint> warm = Footprint.warm(all);
        double first =
                warm.stream().limit(5).mapToDouble(Footprint::ownHeapMb).min().orElse(0);
        double last = warm.stream()
                .skip(Math.max(0, warm.size() - 5))
                .mapToDouble(Footprint::ownHeapMb)
                .min()
                .orElse(0);
        say("heap without what the library keeps of messages: %.1f -> %.1f MB", first, last);
        check(last <= first + 2, "heap: %.1f MB became %.1f", first, last);
        flat(warm);
    }

    // ---- many viewers

    /** What one more viewer costs, all in this one process: both ends of each connection. */
    void crowd(int forData, int forPictures) throws Exception {
        crowd(forData, "&datamode", Duration.ofSeconds(10));
        crowd(forPictures, "", Duration.ofSeconds(20));
    }

    private void crowd(int viewers, String mode, Duration length) throws Exception {
        AtomicLong heard = new AtomicLong();
        AtomicLong pictures = new AtomicLong();
        List<Viewer> watching = new ArrayList<>();
        try (HandshakeServer server = HandshakeServer.start(Shape.ROUTER);
                Publisher publisher = Publisher.start(options(server, "push=crowd" + mode), pattern(1280, 720))) {
            Footprint before = Footprint.now();
            long began = System.nanoTime();
            for (int i = 0; i < viewers; i++) {
                Viewer viewer = Viewer.start(options(server, "view=crowd" + mode), WebRtcMedia.create());
                viewer.on(DataReceived.class, event -> heard.incrementAndGet());
                viewer.onVideo(frame -> pictures.incrementAndGet());
                watching.add(viewer);
            }
            CountDownLatch joined = new CountDownLatch(viewers);
            publisher.on(ViewerJoined.class, event -> joined.countDown());
            check(joined.await(60, TimeUnit.SECONDS), "%d viewers have not joined", joined.getCount());
            double seconds = (System.nanoTime() - began) / 1e9;
            TimeUnit.SECONDS.sleep(3);
            Footprint from = Footprint.now();
            long picturesBefore = pictures.get();
            int rounds = (int) length.toSeconds() * 10;
            for (int i = 0; i < rounds; i++) {
                publisher.send("x".repeat(100));
                TimeUnit.MILLISECONDS.sleep(100);
            }
            Footprint to = Footprint.now();
            say(
                    "%d viewers%s joined in %.1f s; each: RSS %.2f MB, heap %.0f kB, %.1f threads, %.3f cores; %.1f pictures/s; %d of %d messages",
                    viewers,
                    mode.isEmpty() ? " of 720p30" : " of data alone",
                    seconds,
                    (from.residentMb() - before.residentMb()) / viewers,
                    (from.heapMb() - before.heapMb()) * 1000 / viewers,
                    (double) (from.threads() - before.threads()) / viewers,
                    to.cores(from) / viewers,
                    (pictures.get() - picturesBefore) * 1e9 / (to.nanos() - from.nanos()) / viewers,
                    heard.get(),
                    (long) rounds * viewers);
        } finally {
            watching.forEach(Viewer::close);
        }
    }

    // ---- both

    private static SessionOptions options(HandshakeServer server, String query) {
        return SessionOptions.parse(query + "&stun=0&turn=0&wss=" + server.uri());
    }

    private static WebRtcMedia pattern(int width, int height) {
        return WebRtcMedia.builder()
                .video(VideoSources.testPattern(width, height, 30))
                .audio(AudioSources.tone(440))
                .build();
    }

    private static void await(Publisher publisher) throws InterruptedException {
        CountDownLatch sealed = new CountDownLatch(1);
        publisher.on(Sealed.class, event -> sealed.countDown());
        if (!sealed.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("not sealed: " + publisher.events());
        }
    }

    private void flat(List<Footprint> warm) {
        Footprint first = warm.get(0);
        Footprint last = warm.get(warm.size() - 1);
        say("threads %d -> %d, files %d -> %d", first.threads(), last.threads(), first.files(), last.files());
        check(last.threads() <= first.threads() + SOME, "threads: %d became %d", first.threads(), last.threads());
        check(last.files() <= first.files() + SOME, "files: %d became %d", first.files(), last.files());
    }

    private void check(boolean holds, String fault, Object... values) {
        if (!holds) {
            faults.add(String.format(Locale.ROOT, fault, values));
        }
    }

    private static double quantile(double[] values, double part) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1, Math.round(part * (sorted.length - 1)))];
    }

    private static String spread(double[] millis) {
        return String.format(
                Locale.ROOT,
                "median %.1f ms, 99th percentile %.0f ms, longest %.0f ms",
                quantile(millis, 0.5),
                quantile(millis, 0.99),
                quantile(millis, 1));
    }

    private static void say(String text, Object... values) {
        System.out.printf(Locale.ROOT, text + "%n", values);
    }
}
