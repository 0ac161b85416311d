package dev.drawbridge.webrtc;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.SessionStats;
import dev.drawbridge.Viewer;
import dev.drawbridge.media.CustomVideo;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.media.VideoSources;
import dev.onvoid.webrtc.media.video.I420Buffer;
import dev.onvoid.webrtc.media.video.VideoTrackSink;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * One end of a benchmark, in a JVM of its own, so that what a publisher costs is not mixed with what its viewers cost: on Drawbridge
 * or on bare webrtc-java. It does what the lines of its input say, answers each with one line, and ends with its input.
 *
 * <p>Arguments: {@code publisher} or {@code viewers}, {@code ours} or {@code bare}, the codec, {@code clock} or {@code drawn}, the
 * handshake server.
 */
final class BenchEnd {
    /** The most that a viewer gets, and what the encoder begins with. */
    static final int KBPS = 2500;

    private BenchEnd() {}

    public static void main(String[] arguments) throws Exception {
        boolean ours = arguments[1].equals("ours");
        boolean clock = arguments[3].equals("clock");
        String options = "&codec=" + arguments[2] + "&noaudio&stun=0&turn=0&wss=" + arguments[4];
        Answering end;
        if (arguments[0].equals("publisher")) {
            end = ours ? ourPublisher(options, clock) : barePublisher(arguments[2], clock);
        } else {
            end = ours ? new OurViewers(options, clock) : new BareViewers(clock);
        }
        System.out.println("ready");
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] words = line.split(" ", 2);
            System.out.println("= " + end.answer(words[0], words.length > 1 ? words[1] : ""));
        }
        // What is open would keep the JVM alive.
        Runtime.getRuntime().halt(0);
    }

    interface Answering {
        String answer(String order, String what) throws Exception;
    }

    // ---- publishers

    private static Answering ourPublisher(String options, boolean clock) throws Exception {
        CustomVideo custom = VideoSources.custom();
        Publisher.start(
                SessionOptions.parse("push=bench&maxvideobitrate=" + KBPS + options),
                WebRtcMedia.builder().video(custom).build());
        BenchPictures pictures = new BenchPictures(clock, custom::push);
        return (order, what) -> play(pictures, order);
    }

    private static Answering barePublisher(String codec, boolean clock) {
        Bare.Publisher publisher = new Bare.Publisher(codec, KBPS);
        BenchPictures pictures = new BenchPictures(clock, publisher::push);
        return (order, what) -> {
            switch (order) {
                case "offer" -> {
                    return encoded(publisher.offer());
                }
                case "answer" -> publisher.answer(decoded(what));
                default -> {
                    return play(pictures, order);
                }
            }
            return "";
        };
    }

    private static String play(BenchPictures pictures, String order) {
        switch (order) {
            case "play" -> pictures.play();
            case "pause" -> pictures.pause();
            case "collect" -> System.gc();
            default -> throw new IllegalArgumentException(order);
        }
        return "";
    }

    // ---- viewers

    /** {@code add} one, {@code seen} so far by each, {@code arrivals} of the pictures with a clock since the last time. */
    private abstract static class Viewers implements Answering {
        private final ConcurrentLinkedQueue<Arrival> arrivals = new ConcurrentLinkedQueue<>();

        abstract String add(String offer) throws Exception;

        abstract String seen();

        final void arrived(VideoFrame picture, long at) {
            OptionalLong age = BenchPictures.age(picture, at);
            if (age.isPresent()) {
                arrivals.add(new Arrival(at, age.getAsLong()));
            }
        }

        @Override
        public final String answer(String order, String what) throws Exception {
            return switch (order) {
                case "add" -> add(what);
                case "seen" -> seen();
                case "arrivals" -> {
                    List<Arrival> taken = new ArrayList<>();
                    for (Arrival one = arrivals.poll(); one != null; one = arrivals.poll()) {
                        taken.add(one);
                    }
                    yield taken.stream().map(Arrival::text).collect(Collectors.joining(" "));
                }
                default -> throw new IllegalArgumentException(order);
            };
        }
    }

    /** When a picture was in the program's hands, and how old it was then, in nanoseconds. */
    record Arrival(long at, long age) {
        String text() {
            return at + ":" + age;
        }

        static Arrival of(String text) {
            int colon = text.indexOf(':');
            return new Arrival(Long.parseLong(text.substring(0, colon)), Long.parseLong(text.substring(colon + 1)));
        }
    }

    /** Without a clock they have no sink: copying what arrives would take processor time from the publisher. */
    private static final class OurViewers extends Viewers {
        private final List<Viewer> viewers = new ArrayList<>();
        private final SessionOptions options;
        private final boolean clock;

        OurViewers(String options, boolean clock) {
            this.options = SessionOptions.parse("view=bench" + options);
            this.clock = clock;
        }

        @Override
        String add(String offer) throws Exception {
            Viewer viewer = Viewer.start(options, WebRtcMedia.create());
            viewers.add(viewer);
            if (clock) {
                viewer.onVideo(picture -> arrived(picture, System.nanoTime()));
            }
            return "";
        }

        @Override
        String seen() {
            List<String> each = new ArrayList<>();
            for (Viewer viewer : viewers) {
                SessionStats stats = viewer.stats();
                each.add(stats.framesReceived() + ":" + stats.height());
            }
            return String.join(" ", each);
        }
    }

    private static final class BareViewers extends Viewers {
        private final Bare.Viewers viewers = new Bare.Viewers();
        private final List<Counter> counters = new ArrayList<>();
        private final boolean clock;

        BareViewers(boolean clock) {
            this.clock = clock;
        }

        @Override
        String add(String offer) throws Exception {
            Counter counter = new Counter();
            counters.add(counter);
            return encoded(viewers.answer(decoded(offer), counter));
        }

        @Override
        String seen() {
            return counters.stream()
                    .map(one -> one.pictures.get() + ":" + one.height)
                    .collect(Collectors.joining(" "));
        }

        private final class Counter implements VideoTrackSink {
            private final AtomicLong pictures = new AtomicLong();
            private volatile int height;

            @Override
            public void onVideoFrame(dev.onvoid.webrtc.media.video.VideoFrame picture) {
                long at = System.nanoTime();
                pictures.incrementAndGet();
                I420Buffer planes = (I420Buffer) picture.buffer;
                height = planes.getHeight();
                if (clock) {
                    arrived(wrapped(planes), at);
                }
                picture.release();
            }
        }

        /** Without a copy: its clock is read before it is given back. */
        private static VideoFrame wrapped(I420Buffer planes) {
            return new VideoFrame(
                    planes.getWidth(),
                    planes.getHeight(),
                    planes.getDataY(),
                    planes.getStrideY(),
                    planes.getDataU(),
                    planes.getStrideU(),
                    planes.getDataV(),
                    planes.getStrideV(),
                    0,
                    0);
        }
    }

    // ---- descriptions, which have lines of their own, in one line

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }
}
