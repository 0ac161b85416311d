package dev.drawbridge.webrtc;

import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.AudioSource;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.DataLine;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.TargetDataLine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The default microphone, by Java's own sound system: libwebrtc's audio module aborts the process on a machine without a sound
 * device and can hang for long while it looks for one. So there is no echo cancellation and no noise suppression here.
 */
final class Microphone implements AudioSource {
    private static final Logger LOG = LoggerFactory.getLogger(Microphone.class);
    private static final int RATE = 48_000;
    private static final int BLOCK_BYTES = RATE / 100 * 2;
    private static final AudioFormat FORMAT = new AudioFormat(RATE, 16, 1, true, false);

    private @Nullable Reading reading; // guarded by this

    /** Empty without one. May hang in a driver. */
    static Optional<AudioSource> standard() {
        return AudioSystem.isLineSupported(new DataLine.Info(TargetDataLine.class, FORMAT))
                ? Optional.of(new Microphone())
                : Optional.empty();
    }

    @Override
    public String name() {
        return "default microphone";
    }

    @Override
    public synchronized void start(Consumer<AudioFrame> output) throws IOException {
        if (reading != null) {
            throw new IllegalStateException("the microphone is already in use: one source feeds one session");
        }
        try {
            TargetDataLine line = AudioSystem.getTargetDataLine(FORMAT);
            line.open(FORMAT, BLOCK_BYTES * 10);
            line.start();
            reading = new Reading(line, output);
        } catch (LineUnavailableException | RuntimeException e) {
            throw new IOException(
                    "the microphone could not be opened; close the program that uses it, or publish without it:"
                            + " audiodevice=0",
                    e);
        }
        Thread thread = new Thread(reading, "drawbridge-microphone");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public synchronized void stop() {
        Reading ended = reading;
        reading = null;
        if (ended != null) {
            ended.end();
        }
    }

    /** One run from start to stop. */
    private static final class Reading implements Runnable {
        private final TargetDataLine line;
        private final Consumer<AudioFrame> output;
        private boolean over; // guarded by this

        Reading(TargetDataLine line, Consumer<AudioFrame> output) {
            this.line = line;
            this.output = output;
        }

        @Override
        public void run() {
            byte[] block = new byte[BLOCK_BYTES];
            // A read comes back short only when the line was stopped.
            while (line.read(block, 0, block.length) == block.length) {
                if (!deliver(Frames.sound(block, RATE, 1, System.nanoTime()))) {
                    return;
                }
            }
        }

        /** Under the lock, so that nothing is delivered after {@link #end}. */
        private synchronized boolean deliver(AudioFrame frame) {
            if (!over) {
                try {
                    output.accept(frame);
                } catch (RuntimeException e) {
                    LOG.debug("the consumer of the microphone failed", e);
                }
            }
            return !over;
        }

        void end() {
            synchronized (this) {
                over = true;
            }
            line.stop();
            line.close();
        }
    }
}
