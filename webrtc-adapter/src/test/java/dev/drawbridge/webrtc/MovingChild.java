package dev.drawbridge.webrtc;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.Viewer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The programs of {@link MovingTest}, each on a host of its own. */
final class MovingChild {
    /** Between two numbers that the publisher sends. */
    static final Duration BEAT = Duration.ofMillis(20);

    private static final int FLOWING = 50;
    /** Longer than the library waits before it gives a path up and before it repeats what was not confirmed. */
    private static final int LOOKED_AT = 160;

    private MovingChild() {}

    /** A publisher that counts aloud, and is told of another network by what it reads. Arguments: the server, options. */
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
                Thread told = new Thread(() -> tell(publisher));
                told.setDaemon(true);
                told.start();
                System.out.println("end " + publisher.awaitClosed());
            }
            beat.shutdownNow();
        }

        private static void tell(Publisher publisher) {
            try {
                while (System.in.read() >= 0) {
                    publisher.networkChanged();
                }
            } catch (IOException gone) {
                // then nobody tells it any more
            }
        }
    }

    /** A viewer that tells of the longest gap from when it reads "moved" on. Arguments: the server, options. */
    static final class Watching {
        private static volatile boolean moved;
        private static int heard;
        private static int first = -1;
        private static int counted;
        private static long last;
        private static long gap;
        private static volatile boolean over;

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
                    if (over) {
                        System.out.println("picture");
                    }
                });
                while (System.in.read() >= 0) {
                    moved = true; // and then until the end
                }
            }
        }

        /** On the one thread of the listeners. */
        private static void heard(int number) {
            long now = System.nanoTime();
            long pause = now - last;
            last = now;
            if (heard++ == FLOWING) {
                System.out.println("flowing");
            }
            if (!moved || over) {
                return;
            }
            if (first < 0) {
                // The pause before it may have begun with the move.
                first = number;
            }
            gap = Math.max(gap, pause);
            counted++;
            if (number - first >= LOOKED_AT) {
                over = true;
                System.out.println("gap " + gap / 1_000_000);
                System.out.println("lost " + (number - first + 1 - counted));
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
