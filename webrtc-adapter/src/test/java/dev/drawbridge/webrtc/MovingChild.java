package dev.drawbridge.webrtc;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.Viewer;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The programs of {@link MovingTest}, each on a host of its own. */
final class MovingChild {
    /** Between two numbers that the publisher sends. */
    static final Duration BEAT = Duration.ofMillis(20);

    private static final int FLOWING = 50;
    /** What no busy machine makes of {@link #BEAT}. */
    private static final Duration GAP = Duration.ofMillis(500);

    private MovingChild() {}

    /** A publisher that counts aloud. Arguments: the server, options. */
    static final class Publishing {
        public static void main(String[] arguments) throws Exception {
            ScheduledExecutorService beat = Executors.newSingleThreadScheduledExecutor();
            try (Publisher publisher = Publisher.builder(options(arguments))
                    .media(Stage.pattern())
                    .listener(event -> System.out.println(event.getClass().getSimpleName()))
                    .start()) {
                publisher.on(Sealed.class, event -> System.out.println("sealed " + event.at()));
                int[] number = {0};
                var unused = beat.scheduleAtFixedRate(
                        () -> publisher.send("beat " + number[0]++), 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
                System.out.println("end " + publisher.awaitClosed());
            }
            beat.shutdownNow();
        }
    }

    /** A viewer that tells of the first long gap, once it is over. Arguments: the server, options. */
    static final class Watching {
        private static long last;
        private static long gap;
        private static int before;
        private static int after;
        private static int numbers;

        public static void main(String[] arguments) throws Exception {
            try (Viewer viewer = Viewer.builder(options(arguments))
                    .media(WebRtcMedia.create())
                    .listener(event -> {
                        if (event instanceof DataReceived data) {
                            heard(Integer.parseInt(data.text().orElseThrow().substring("beat ".length())));
                        }
                    })
                    .start()) {
                viewer.onVideo(frame -> {
                    if (after > FLOWING) {
                        System.out.println("picture");
                    }
                });
                while (System.in.read() >= 0) {
                    // Until the end.
                }
            }
        }

        /** On the one thread of the listeners. */
        private static void heard(int number) {
            long now = System.nanoTime();
            if (before > FLOWING && gap == 0 && now - last > GAP.toNanos()) {
                gap = now - last;
            }
            last = now;
            if (before++ == FLOWING) {
                numbers = number;
                System.out.println("flowing");
            } else if (gap > 0 && after++ == FLOWING) {
                System.out.println("gap " + gap / 1_000_000);
                System.out.println("lost " + (number - numbers - (before - 1 - FLOWING)));
            }
        }
    }

    private static SessionOptions options(String... arguments) {
        return SessionOptions.builder()
                .allowPlainWebSocket(true)
                .query(arguments[1] + "&wss=" + arguments[0])
                .build();
    }
}
