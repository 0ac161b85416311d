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
import org.jspecify.annotations.Nullable;

/**
 * The media of one {@link FakeLink}: from its release on, what a publisher "captures" goes to the other end for as long as the
 * connection stands. Touched by tasks of the clock alone, but for what a test may look at from any thread.
 */
final class FakeFlow {
    private static final int PACKET = 1000;
    /** Of a picture that nobody wants to be smaller. */
    static final int SIDE = 16;

    private static final int SMALLEST = 2;
    private static final VideoFrame PICTURE = picture(SIDE, false);
    private static final AudioFrame SILENCE = new AudioFrame(new short[480], 48_000, 1);
    private static final AudioFrame SOUND = new AudioFrame(humming(), 48_000, 1);

    private final FakeLink link;
    private final FakeMedia media;
    private final FakeNetwork network;
    private final LinkSettings settings;
    private boolean ticking;
    private boolean begun;
    private int side = SIDE;
    private int lastSide;
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

    private static short[] humming() {
        short[] samples = new short[480];
        Arrays.fill(samples, (short) 1000);
        return samples;
    }

    private static VideoFrame picture(int side, boolean black) {
        ByteBuffer chroma = plane(side / 2, 128);
        return new VideoFrame(
                side, side, plane(side, black ? 16 : 128), side, chroma, side / 2, chroma, side / 2, 0, 0);
    }

    private static ByteBuffer plane(int side, int value) {
        byte[] plane = new byte[side * side];
        Arrays.fill(plane, (byte) value);
        return ByteBuffer.wrap(plane);
    }

    private VideoFrame picture() {
        return side == SIDE && !media.videoMuted() ? PICTURE : picture(side, media.videoMuted());
    }

    /** Pictures are never larger than captured. */
    void divide(double factor) {
        side = Math.max(SMALLEST, (int) (SIDE / Math.max(1, factor)) / 2 * 2);
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
        VideoFrame picture = video ? picture() : null;
        AudioFrame sound = audio ? media.audioMuted() ? SILENCE : SOUND : null;
        lastSide = video ? side : lastSide;
        network.scheduler().schedule(network.latency(), () -> to.arrives(picture, sound));
        keepTicking();
    }

    private static int packets(boolean video, boolean audio) {
        return (video ? 1 : 0) + (audio ? 1 : 0);
    }

    /** @param first told of the first media of all */
    void arrives(@Nullable VideoFrame video, @Nullable AudioFrame audio, Runnable first) {
        packetsReceived.addAndGet(packets(video != null, audio != null));
        if (!begun && (video != null || audio != null)) {
            begun = true;
            first.run();
        }
        if (video != null) {
            lastSide = video.width();
            framesReceived.incrementAndGet();
            if (settings.receiver().wantsVideo()) {
                settings.receiver().video(video);
            } else {
                framesDropped.incrementAndGet();
            }
        }
        if (audio != null && settings.receiver().wantsAudio()) {
            settings.receiver().audio(audio);
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
                lastSide,
                lastSide,
                seen ? "VP8" : "",
                seen ? "opus" : "",
                seen ? "fake" : "",
                Optional.of(roundTrip),
                path);
    }
}
