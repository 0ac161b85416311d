package dev.drawbridge.webrtc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Measures two links in one process and prints medians. Run its {@code main}; the argument is the number of rounds. */
final class LoopbackBench {
    private LoopbackBench() {}

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 15;
        long begin = System.nanoTime();
        WebRtcMedia.warmUp();
        List<double[]> rows = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            WebRtcMedia media = WebRtcMedia.builder()
                    .video(new TestFrames.PlainVideo(TestFrames.plain(1280, 720, 120, 90, 200), 30))
                    .audio(new TestFrames.Sine(48000, 1, 480, 440))
                    .build();
            long prepare = System.nanoTime();
            try (Pair pair = new Pair(media)) {
                long offer = System.nanoTime();
                pair.publisher.link.offer(false);
                pair.viewer.await(pair.viewer.connected, "viewer");
                pair.publisher.await(pair.publisher.connected, "publisher");
                long connected = System.nanoTime();
                pair.publisher.await(pair.publisher.opened, "channel");
                pair.viewer.await(pair.viewer.opened, "channel");
                long open = System.nanoTime();
                pair.publisher.link.releaseMedia();
                long picture = pair.viewer.firstPicture.get(10, TimeUnit.SECONDS);
                long bye = System.nanoTime();
                pair.publisher.link.close();
                pair.viewer.await(pair.viewer.channelEnded, "end");
                long ended = System.nanoTime();
                if (i == 0) {
                    System.out.printf(
                            "cold: start to prepared and opened %.1f ms, offer to connected %.1f ms, release to picture %.1f ms%n",
                            ms(begin, offer), ms(offer, connected), ms(open, picture));
                } else {
                    rows.add(new double[] {
                        ms(prepare, offer), ms(offer, connected), ms(offer, open), ms(open, picture), ms(bye, ended)
                    });
                }
            }
        }
        String[] names = {
            "prepare both, open both",
            "offer to both connected",
            "offer to both channels",
            "release to first picture",
            "close to the other's channelClosed"
        };
        for (int c = 0; c < names.length; c++) {
            int column = c;
            double[] sorted =
                    rows.stream().mapToDouble(row -> row[column]).sorted().toArray();
            System.out.printf(
                    "%-36s median %6.1f ms  (%.1f to %.1f)%n",
                    names[c], sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
        }
        System.out.println(Arrays.toString(rows.size() > 0 ? new int[] {rows.size()} : new int[0]) + " rounds");
    }

    private static double ms(long from, long to) {
        return (to - from) / 1e6;
    }
}
