package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.LinkStats;
import dev.drawbridge.SessionException;
import dev.drawbridge.Viewer;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.TestPattern;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.testing.EventRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A real viewer that looks at the pattern and listens for the tone. */
final class Watcher implements AutoCloseable {
    /** Of blocks of 10 ms. */
    private static final int TONE_BLOCKS = 20;

    final Viewer viewer;
    final EventRecorder story = new EventRecorder();
    final WebRtcMedia media;
    private final int wantedCounters;
    private final List<Long> counters = new ArrayList<>();
    private final CompletableFuture<VideoFrame> watched = new CompletableFuture<>();
    private final CompletableFuture<Void> heard = new CompletableFuture<>();
    private final double hertz;
    private final AtomicLong pictures = new AtomicLong();
    private int tonal;

    /** Wants to read so many counters, and hear this tone. */
    Watcher(Viewer.Builder builder, int wantedCounters, double hertz) throws SessionException {
        this.wantedCounters = wantedCounters;
        this.hertz = hertz;
        media = WebRtcMedia.create();
        viewer = builder.media(media).listener(story).start();
        viewer.onVideo(this::look);
        viewer.onAudio(this::listen);
    }

    /** Waits until the counter was read often enough, and returns the last picture. */
    VideoFrame awaitPictures() throws Exception {
        VideoFrame last = watched.get(20, TimeUnit.SECONDS);
        assertThat(counters()).isSorted().doesNotHaveDuplicates();
        return last;
    }

    /** Complete when the counter was read often enough. */
    CompletableFuture<VideoFrame> watched() {
        return watched;
    }

    /** Waits until the tone was heard for a while. */
    void awaitTone() throws Exception {
        heard.get(20, TimeUnit.SECONDS);
    }

    synchronized List<Long> counters() {
        return List.copyOf(counters);
    }

    /** How many pictures came so far, whatever is to be seen in them. */
    long pictures() {
        return pictures.get();
    }

    /** What came over the one stream, by the media library's own count. */
    LinkStats link() {
        return viewer.stats().links().values().stream().findFirst().orElse(LinkStats.NONE);
    }

    /** The middle of each bar of the pattern as it is drawn, and as it came: {@code 0xRRGGBB}. */
    static void assertColours(VideoFrame frame) {
        for (int bar = 0; bar < 8; bar++) {
            double relX = (bar + 0.5) / 8;
            int drawn = TestPattern.colorAt(relX, 0.25).orElseThrow();
            int came = colour(frame, relX, 0.25);
            for (int shift = 0; shift <= 16; shift += 8) {
                assertThat(came >> shift & 0xff)
                        .as("bar %d, drawn %06x, came %06x", bar, drawn, came)
                        .isBetween((drawn >> shift & 0xff) - 35, (drawn >> shift & 0xff) + 35);
            }
        }
    }

    private static int colour(VideoFrame frame, double relX, double relY) {
        int x = (int) (relX * frame.width());
        int y = (int) (relY * frame.height());
        double luma = 1.164 * ((frame.y().get(y * frame.strideY() + x) & 0xff) - 16);
        int u = (frame.u().get(y / 2 * frame.strideU() + x / 2) & 0xff) - 128;
        int v = (frame.v().get(y / 2 * frame.strideV() + x / 2) & 0xff) - 128;
        return clamp(luma + 1.596 * v) << 16 | clamp(luma - 0.392 * u - 0.813 * v) << 8 | clamp(luma + 2.017 * u);
    }

    private static int clamp(double value) {
        return (int) Math.max(0, Math.min(255, Math.round(value)));
    }

    private synchronized void look(VideoFrame frame) {
        pictures.incrementAndGet();
        OptionalLong counter = TestPattern.readCounter(frame);
        // A new viewer gets the latest picture over again, and a source that stands still would repeat it too.
        boolean repeated = !counters.isEmpty() && counter.equals(OptionalLong.of(counters.get(counters.size() - 1)));
        if (counter.isPresent() && !repeated && counters.size() < wantedCounters) {
            counters.add(counter.getAsLong());
            if (counters.size() == wantedCounters) {
                watched.complete(frame);
            }
        }
    }

    private void listen(AudioFrame frame) {
        tonal = isTone(frame, hertz) ? tonal + 1 : 0;
        if (tonal == TONE_BLOCKS) {
            heard.complete(null);
        }
    }

    /** Whether most of the energy of a block is at this frequency (Goertzel's algorithm, with the width of one block). */
    private static boolean isTone(AudioFrame frame, double hertz) {
        int count = frame.samples().length / frame.channels();
        double step = 2 * Math.PI * hertz / frame.sampleRate();
        double re = 0;
        double im = 0;
        double energy = 0;
        for (int i = 0; i < count; i++) {
            double sample = frame.samples()[i * frame.channels()];
            re += sample * Math.cos(i * step);
            im += sample * Math.sin(i * step);
            energy += sample * sample;
        }
        double loud = Math.sqrt(energy / count);
        return loud > 500 && 2 * (re * re + im * im) / count > 0.7 * energy;
    }

    @Override
    public void close() {
        viewer.close();
    }
}
