package dev.drawbridge.webrtc;

import dev.drawbridge.Publisher;
import dev.drawbridge.Session;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.SessionStats.Mark;
import dev.drawbridge.Viewer;
import dev.drawbridge.media.AudioSources;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Measures whole secure sessions over the embedded server, all in this JVM: the steps between a viewer's play and its first decoded
 * picture, and what is left of 50 sessions. Run its {@code main}; arguments: rounds, and a pause in ms between announcement and play.
 */
final class SessionBench {
    private SessionBench() {}

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 20;
        long pause = args.length > 1 ? Long.parseLong(args[1]) : 300;
        Map<String, List<Double>> table = new LinkedHashMap<>();
        String left = "";
        try (HandshakeServer server = HandshakeServer.start(Shape.ROUTER)) {
            for (int i = 0; i <= rounds; i++) {
                Map<String, Double> row = round(server, "bench" + i, pause);
                if (i == 0) {
                    System.out.println("first in the JVM: " + row);
                    left = left();
                } else {
                    row.forEach((step, ms) -> table.computeIfAbsent(step, none -> new ArrayList<>())
                            .add(ms));
                }
            }
        }
        table.forEach((step, all) -> {
            double[] sorted = all.stream().mapToDouble(ms -> ms).sorted().toArray();
            System.out.printf(
                    "%-28s median %6.1f ms  (%.1f to %.1f)%n",
                    step, sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
        });
        System.out.println("after the first session: " + left);
        System.out.println("after " + (rounds + 1) + " sessions:     " + left());
    }

    private static Map<String, Double> round(HandshakeServer server, String stream, long pause) throws Exception {
        SessionOptions push = options(server, "push=" + stream + "&secure");
        SessionOptions view = options(server, "view=" + stream);
        WebRtcMedia media = WebRtcMedia.builder()
                .video(VideoSources.testPattern(1280, 720, 30))
                .audio(AudioSources.tone(440))
                .build();
        CountDownLatch playing = new CountDownLatch(1);
        try (Publisher publisher = Publisher.start(push, media)) {
            // Nobody asks in the very moment of the announcement.
            TimeUnit.MILLISECONDS.sleep(pause);
            try (Viewer viewer = Viewer.start(view)) {
                viewer.onVideo(frame -> {});
                viewer.on(SessionEvent.MediaStarted.class, event -> playing.countDown());
                if (!playing.await(10, TimeUnit.SECONDS)) {
                    throw new AssertionError(publisher.events() + "\n" + viewer.events());
                }
                Map<String, Instant> theirs = marks(viewer);
                Map<String, Instant> ours = marks(publisher);
                Instant play = event(viewer, SessionEvent.StreamRequested.class);
                Instant request = event(publisher, SessionEvent.ViewerRequested.class);
                Map<String, Double> row = new LinkedHashMap<>();
                row.put("play -> request", ms(play, request));
                row.put("request -> offer", ms(request, ours.get("described")));
                row.put("offer -> answer", ms(ours.get("described"), theirs.get("described")));
                row.put("answer -> connected", ms(theirs.get("described"), ours.get("connected")));
                row.put("connected -> first picture", ms(ours.get("connected"), theirs.get("first frame")));
                row.put("PLAY -> CONNECTED", ms(play, ours.get("connected")));
                row.put("PLAY -> FIRST PICTURE", ms(play, theirs.get("first frame")));
                return row;
            }
        }
    }

    private static SessionOptions options(HandshakeServer server, String query) {
        return SessionOptions.parse(query + "&stun=0&turn=0&wss=" + server.uri());
    }

    private static Map<String, Instant> marks(Session session) {
        Map<String, Instant> marks = new LinkedHashMap<>();
        for (Mark mark : session.stats().marks()) {
            marks.put(mark.name(), mark.at());
        }
        return marks;
    }

    private static Instant event(Session session, Class<? extends SessionEvent> kind) {
        return session.events().stream()
                .filter(kind::isInstance)
                .findFirst()
                .orElseThrow()
                .at();
    }

    private static double ms(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
    }

    /** Threads and, on Linux, open files and resident memory of this process. */
    private static String left() throws IOException {
        String text = Thread.getAllStackTraces().size() + " Java threads";
        Path self = Path.of("/proc/self");
        if (Files.exists(self)) {
            text += ", " + count(self.resolve("task")) + " threads in all, " + count(self.resolve("fd")) + " files";
            for (String line : Files.readAllLines(self.resolve("status"))) {
                if (line.startsWith("VmRSS:")) {
                    text += ", " + Arrays.asList(line.split("\\s+")).get(1) + " kB";
                }
            }
        }
        return text;
    }

    private static long count(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        }
    }
}
