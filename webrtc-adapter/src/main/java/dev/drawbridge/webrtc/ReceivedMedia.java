package dev.drawbridge.webrtc;

import dev.drawbridge.LinkStats;
import dev.drawbridge.spi.MediaReceiver;
import dev.onvoid.webrtc.media.audio.AudioTrackSink;
import dev.onvoid.webrtc.media.video.I420Buffer;
import dev.onvoid.webrtc.media.video.VideoFrame;
import dev.onvoid.webrtc.media.video.VideoTrackSink;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Takes decoded pictures and sound from the library's threads, copies out what is wanted, and gives every native frame back. */
final class ReceivedMedia implements VideoTrackSink, AudioTrackSink {
    /** Blocks of 10 ms between two looks whether silence is sound that was received. */
    private static final int LOOK_EVERY = 10;
    /** Likewise, how long sound and pictures wait, which changes within a second when a network or a machine is busy. */
    private static final int MEASURE_EVERY = 25;

    private final MediaReceiver receiver;
    private final Link link;
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile boolean videoExpected;
    private volatile boolean soundArrived;
    private final LipSync lipSync = new LipSync();
    private int silentBlocks;
    private long blocks;

    ReceivedMedia(MediaReceiver receiver, Link link) {
        this.receiver = receiver;
        this.link = link;
    }

    void videoExpected(boolean expected) {
        videoExpected = expected;
    }

    long skipped() {
        return skipped.get();
    }

    @Override
    public void onVideoFrame(VideoFrame frame) {
        NativeThread.callback(() -> {
            try {
                picture(frame);
            } finally {
                frame.release();
            }
        });
    }

    private void picture(VideoFrame frame) {
        if (link.closing()) {
            return;
        }
        start();
        if (Frames.fits(frame.buffer.getWidth(), frame.buffer.getHeight()) && receiver.wantsVideo()) {
            receiver.video(Frames.toJava((I420Buffer) frame.buffer, frame.rotation, System.nanoTime()));
        } else {
            skipped.incrementAndGet();
        }
    }

    private void start() {
        if (started.compareAndSet(false, true)) {
            NativeThread.post(link::mediaStarted);
        }
    }

    @Override
    public void onData(byte[] data, int bitsPerSample, int sampleRate, int channels, int frames) {
        NativeThread.callback(() -> sound(data, bitsPerSample, sampleRate, channels));
    }

    private void sound(byte[] data, int bitsPerSample, int sampleRate, int channels) {
        if (link.closing() || bitsPerSample != 16 || channels < 1 || channels > 2 || !arrived(data)) {
            return;
        }
        if (!videoExpected) {
            start();
        }
        if (receiver.wantsAudio()) {
            long now = System.nanoTime();
            if (videoExpected && ++blocks % MEASURE_EVERY == 0) {
                var unused = link.figures().thenAccept(figures -> lipSync.look(figures.buffers()));
            }
            receiver.audio(Frames.sound(data, sampleRate, channels, now - lipSync.behindNanos()));
        }
    }

    /** The library delivers silence from the connection on, long before the peer sends: that is not sound yet. */
    private boolean arrived(byte[] data) {
        if (soundArrived) {
            return true;
        }
        for (byte b : data) {
            if (b != 0) {
                soundArrived = true;
                return true;
            }
        }
        if (++silentBlocks % LOOK_EVERY == 0) {
            link.stats().thenAccept(this::look);
        }
        return false;
    }

    private void look(LinkStats stats) {
        if (stats.packetsReceived() > 0) {
            soundArrived = true;
        }
    }
}
