package dev.drawbridge.testing;

import dev.drawbridge.LinkStats;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaTransport.MediaNeeds;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The media of one {@link FakeLink}: from its release on, what a publisher "captures" goes to the other end for as long as the
 * connection stands. Touched by tasks of the clock alone, but for what a test may look at from any thread.
 */
final class FakeFlow {
    private static final int PACKET = 1000;
    private static final VideoFrame PICTURE = new VideoFrame(16, 16, grey(256), 16, grey(64), 8, grey(64), 8, 0, 0);
    private static final AudioFrame SOUND = new AudioFrame(new short[480], 48_000, 1);

    private final FakeLink link;
    private final FakeMedia media;
    private final FakeNetwork network;
    private final LinkSettings settings;
    private boolean ticking;
    private boolean begun;
    private volatile boolean released;
    private final AtomicLong packetsSent = new AtomicLong();
    private final AtomicLong framesSent = new AtomicLong();
    private final AtomicLong packetsReceived = new AtomicLong();
    private final AtomicLong framesReceived = new AtomicLong();
    private final AtomicLong framesDropped = new AtomicLong();

    FakeFlow(FakeLink link, FakeMedia media, FakeNetwork network, LinkSettings settings) {
        this.link = link;
        this.media = media;
        this.network = network;
        this.settings = settings;
    }

    private static ByteBuffer grey(int size) {
        byte[] plane = new byte[size];
        Arrays.fill(plane, (byte) 128);
        return ByteBuffer.wrap(plane);
    }

    void release() {
        released = true;
        keepTicking();
    }

    boolean released() {
        return released;
    }

    long packetsSent() {
        return packetsSent.get();
    }

    /** To be called whenever the connection may have come to stand. */
    void keepTicking() {
        if (!ticking && released && link.audience() != null) {
            ticking = true;
            network.scheduler().schedule(FakeMedia.TICK, this::tick);
        }
    }

    private void tick() {
        ticking = false;
        FakeLink to = link.audience();
        if (to == null) {
            return;
        }
        MediaNeeds captured = media.captured();
        boolean video = settings.video() && captured.video() && to.settings().video();
        boolean audio = settings.audio() && captured.audio() && to.settings().audio();
        packetsSent.addAndGet(packets(video, audio));
        framesSent.addAndGet(video ? 1 : 0);
        network.scheduler().schedule(network.latency(), () -> to.arrives(video, audio));
        keepTicking();
    }

    private static int packets(boolean video, boolean audio) {
        return (video ? 1 : 0) + (audio ? 1 : 0);
    }

    /** @param first told of the first media of all */
    void arrives(boolean video, boolean audio, Runnable first) {
        packetsReceived.addAndGet(packets(video, audio));
        if (!begun && (video || audio)) {
            begun = true;
            first.run();
        }
        if (video) {
            framesReceived.incrementAndGet();
            if (settings.receiver().wantsVideo()) {
                settings.receiver().video(PICTURE);
            } else {
                framesDropped.incrementAndGet();
            }
        }
        if (audio && settings.receiver().wantsAudio()) {
            settings.receiver().audio(SOUND);
        }
    }

    LinkStats figures(Duration roundTrip, String path) {
        boolean seen = framesSent.get() + framesReceived.get() > 0;
        return new LinkStats(
                packetsSent.get() * PACKET,
                packetsSent.get(),
                framesSent.get(),
                packetsReceived.get() * PACKET,
                packetsReceived.get(),
                framesReceived.get(),
                framesDropped.get(),
                0,
                0,
                seen ? PICTURE.width() : 0,
                seen ? PICTURE.height() : 0,
                seen ? "VP8" : "",
                seen ? "opus" : "",
                seen ? "fake" : "",
                Optional.of(roundTrip),
                path);
    }
}
