package dev.drawbridge.webrtc;

import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.AudioSource;
import java.io.IOException;
import java.util.function.Consumer;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.Mixer;
import javax.sound.sampled.TargetDataLine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A microphone, by Java's own sound system: libwebrtc's audio module aborts the process on a machine without a sound
 * device and can hang for long while it looks for one. So there is no echo cancellation and no noise suppression here.
 */
final class Microphone implements AudioSource, Sources.Device {
    private static final Logger LOG = LoggerFactory.getLogger(Microphone.class);
    private static final int RATE = 48_000;
    private static final int BLOCK_BYTES = RATE / 100 * 2;

    private final String name;
    private final Mixer.@Nullable Info device;
    private final int channels;
    private @Nullable Reading reading; // guarded by this

    /** @param device null for the default one */
    Microphone(String name, Mixer.@Nullable Info device, int channels) {
        this.name = name;
        this.device = device;
        this.channels = channels;
    }

    static AudioFormat format(int channels) {
        return new AudioFormat(RATE, 16, channels, true, false);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized void start(Consumer<AudioFrame> output) throws IOException {
        if (reading != null) {
            throw new IllegalStateException("the microphone is already in use: one source feeds one session");
        }
        try {
            AudioFormat format = format(channels);
            TargetDataLine line = device == null
                    ? AudioSystem.getTargetDataLine(format)
                    : AudioSystem.getTargetDataLine(format, device);
            line.open(format, BLOCK_BYTES * channels * 10);
            line.start();
            reading = new Reading(line, channels, output);
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
        private final int channels;
        private final Consumer<AudioFrame> output;
        private boolean over; // guarded by this

        Reading(TargetDataLine line, int channels, Consumer<AudioFrame> output) {
            this.line = line;
            this.channels = channels;
            this.output = output;
        }

        @Override
        public void run() {
            byte[] block = new byte[BLOCK_BYTES * channels];
            // A read comes back short only when the line was stopped.
            while (line.read(block, 0, block.length) == block.length) {
                if (!deliver(Frames.sound(block, RATE, channels, System.nanoTime()))) {
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
