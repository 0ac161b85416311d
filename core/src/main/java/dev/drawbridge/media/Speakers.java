package dev.drawbridge.media;

import dev.drawbridge.internal.sinks.Stereo;
import dev.drawbridge.media.SinkException.Reason;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.SourceDataLine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays sound on the default loudspeakers, through Java's own sound system: {@code viewer.onAudio(speakers)}. Sound of several streams
 * is not mixed: one of these for each stream, {@code viewer.onAudio((stream, frame) -> speakers.get(stream).accept(frame))}.
 *
 * <p>At most 200 ms of sound wait. What is above costs the oldest, which is also how a clock of the loudspeakers that is slower than the
 * publisher's is dealt with; when nothing waits, as with a faster clock or a bad network, there is silence until 40 ms are there again.
 *
 * <p><b>Thread:</b> every method from any thread; a thread of its own, {@code drawbridge-speakers}, plays. <b>Blocking:</b> only {@link
 * #open}. <b>After close:</b> sound is dropped.
 */
public final class Speakers implements Consumer<AudioFrame>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Speakers.class);
    private static final long OPEN_SECONDS = 3;
    static final int RATE = 48_000;
    private static final int CHANNELS = 2;
    /** In milliseconds: what may wait, and what has to be there before it begins to play. */
    static final int MOST = 200;

    static final int ENOUGH = 40;
    /** What the device itself keeps, in bytes: as much again as has to be there. */
    private static final int DEVICE_BYTES = RATE / 1000 * ENOUGH * CHANNELS * 2;

    /** What plays: a line of Java's sound system, or that of a test. */
    interface Output {
        /** Plays 16-bit little-endian stereo of 48 kHz. Blocks while the device has enough. */
        void play(byte[] pcm);

        void close();
    }

    private final Output output;
    private final Thread thread;
    // Guarded by this:
    private final ArrayDeque<short[]> waiting = new ArrayDeque<>();
    private int waitingSamples;
    private long dropped;
    private boolean muted;
    private boolean closed;

    Speakers(Output output) {
        this.output = output;
        thread = new Thread(this::run, "drawbridge-speakers");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Opens the default loudspeakers. <b>Blocking:</b> for at most 3 s.
     *
     * @throws SinkException {@code NO_DEVICE} if there are none, or they do not open in that time
     */
    public static Speakers open() throws SinkException {
        CompletableFuture<Output> opened = new CompletableFuture<>();
        Thread opener = new Thread(
                () -> {
                    try {
                        Line line = new Line();
                        if (!opened.complete(line)) {
                            line.close(); // too late, nobody waits any more
                        }
                    } catch (Throwable e) { // also IllegalArgumentException: no such line, and errors of native parts
                        opened.completeExceptionally(e);
                    }
                },
                "drawbridge-look-speakers");
        opener.setDaemon(true);
        opener.start();
        try {
            return new Speakers(opened.get(OPEN_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            throw noDevice("this machine has no loudspeakers that Java can open", e.getCause());
        } catch (TimeoutException e) {
            opened.cancel(false);
            throw noDevice("the loudspeakers did not open within " + OPEN_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            opened.cancel(false);
            throw noDevice("interrupted while the loudspeakers were opened", e);
        }
    }

    private static SinkException noDevice(String what, @Nullable Throwable cause) {
        return new SinkException(
                Reason.NO_DEVICE,
                what + "; connect some and choose them as the system's default, or go on without sound",
                cause);
    }

    /** Plays this block after those that wait. */
    @Override
    public void accept(AudioFrame frame) {
        short[] stereo = Stereo.of(frame, RATE);
        synchronized (this) {
            if (closed || muted) {
                return;
            }
            waiting.add(stereo);
            waitingSamples += stereo.length / CHANNELS;
            while (waitingSamples > samples(MOST) && waiting.size() > 1) {
                waitingSamples -= waiting.remove().length / CHANNELS;
                dropped++;
            }
            notifyAll();
        }
    }

    /** Whether to be silent for now; what comes meanwhile is not counted as dropped. */
    public synchronized void muted(boolean silent) {
        muted = silent;
        if (silent) {
            waiting.clear();
            waitingSamples = 0;
        }
    }

    /** Blocks that were dropped because too many waited. */
    public synchronized long dropped() {
        return dropped;
    }

    private static int samples(int millis) {
        return RATE / 1000 * millis;
    }

    private void run() {
        try {
            boolean playing = false;
            while (true) {
                short[] next;
                synchronized (this) {
                    playing &= !waiting.isEmpty();
                    while (!closed && (waiting.isEmpty() || (!playing && waitingSamples < samples(ENOUGH)))) {
                        wait();
                    }
                    if (closed) {
                        return;
                    }
                    playing = true;
                    next = waiting.remove();
                    waitingSamples -= next.length / CHANNELS;
                }
                output.play(bytes(next));
            }
        } catch (InterruptedException closing) {
            // Nobody else interrupts this thread.
        } catch (RuntimeException e) {
            LOG.warn("The loudspeakers failed; the sound ends here", e);
        } finally {
            output.close();
        }
    }

    private static byte[] bytes(short[] samples) {
        byte[] bytes = new byte[2 * samples.length];
        for (int i = 0; i < samples.length; i++) {
            bytes[2 * i] = (byte) samples[i];
            bytes[2 * i + 1] = (byte) (samples[i] >> 8);
        }
        return bytes;
    }

    /** Ends it at once; what waits is not played. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            waiting.clear();
            waitingSamples = 0;
            notifyAll();
        }
    }

    /** A line of Java's sound system. */
    private static final class Line implements Output {
        private final SourceDataLine line;

        Line() throws LineUnavailableException {
            AudioFormat format = new AudioFormat(RATE, 16, CHANNELS, true, false);
            line = AudioSystem.getSourceDataLine(format);
            line.open(format, DEVICE_BYTES);
            line.start();
        }

        @Override
        public void play(byte[] pcm) {
            line.write(pcm, 0, pcm.length);
        }

        @Override
        public void close() {
            line.flush();
            line.close();
        }
    }
}
