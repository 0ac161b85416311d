package dev.drawbridge.webrtc;

import dev.drawbridge.SessionException;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.spi.MediaTransport.SourceCounters;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.media.MediaStreamTrack;
import dev.onvoid.webrtc.media.audio.AudioTrack;
import dev.onvoid.webrtc.media.audio.CustomAudioSource;
import dev.onvoid.webrtc.media.video.CustomVideoSource;
import dev.onvoid.webrtc.media.video.NativeI420Buffer;
import dev.onvoid.webrtc.media.video.VideoTrack;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The own picture and sound of one transport: one native source and track of each kind, shared by all its links. Pictures are copied
 * into native memory on the source's thread and handed over on the native one; while nobody receives them, nothing is copied.
 *
 * <p>Sound is pushed on the native thread and nowhere else: the library changes its list of sound consumers without a lock, inside calls
 * that this same thread makes.
 */
final class OwnMedia {
    private static final Logger LOG = LoggerFactory.getLogger(OwnMedia.class);
    private static final int MAX_PENDING_PICTURES = 2;
    private static final int MAX_PENDING_BLOCKS = 50;
    private static final long APART_MILLIS = 2;
    private static final long APART_NANOS = 1_500_000;
    private static final long STANDING_MILLIS = 1_000;

    private final AtomicLong videoFrames = new AtomicLong();
    private final AtomicLong videoDropped = new AtomicLong();
    private final AtomicLong audioFrames = new AtomicLong();
    private final AtomicLong audioDropped = new AtomicLong();
    private final AtomicInteger pendingPictures = new AtomicInteger();
    private final AtomicInteger pendingBlocks = new AtomicInteger();
    private final AudioBlocks blocks = new AudioBlocks(this::push);
    private final AtomicInteger receivers = new AtomicInteger();
    /** A repeated picture must not overtake the one that comes after it, so both are handed over under this. */
    private final Object order = new Object();

    private @Nullable VideoFrame latest; // guarded by order

    private volatile boolean audioMuted;
    private volatile boolean videoMuted;

    /** Who wants to know that the pictures have another size; on the native thread. */
    private final Set<Runnable> resized = new LinkedHashSet<>();

    /** Of the links that get fewer pictures than the others; on the native thread. */
    private final Set<Branch> branches = new LinkedHashSet<>();

    private @Nullable Pace pace; // guarded by order

    private @Nullable Size pushedSize;
    private @Nullable Picture tooEarly;
    private long pushedAt = System.nanoTime();
    private boolean watched;

    private @Nullable CustomVideoSource videoSource;
    private @Nullable VideoTrack videoTrack;
    private @Nullable CustomAudioSource audioSource;
    private @Nullable AudioTrack audioTrack;

    /** A picture in native memory, to be released once. */
    private record Picture(NativeI420Buffer buffer, int rotation, long timestampNanos, Size size, boolean black) {
        static Picture of(VideoFrame frame, boolean black) {
            return new Picture(Frames.toNative(frame), frame.rotation(), frame.timestampNanos(), Size.of(frame), black);
        }

        void pushTo(CustomVideoSource source) {
            source.pushFrame(new dev.onvoid.webrtc.media.video.VideoFrame(buffer, rotation, timestampNanos));
        }
    }

    /** Of a picture, as it is shown. */
    record Size(int width, int height) {
        static Size of(VideoFrame frame) {
            return frame.rotation() % 180 == 0
                    ? new Size(frame.width(), frame.height())
                    : new Size(frame.height(), frame.width());
        }
    }

    /** A source and track of one link, with a pace of its own. */
    record Branch(CustomVideoSource source, VideoTrack track, Pace pace) {}

    /** No more pictures a second than these, for nobody. */
    void pace(int perSecond) {
        synchronized (order) {
            pace = new Pace(perSecond);
        }
    }

    /** On the native thread, like all that follows. */
    Branch branch(int perSecond) throws SessionException {
        CustomVideoSource source = new CustomVideoSource();
        VideoTrack track =
                Factories.publish().createVideoTrack(UUID.randomUUID().toString(), source);
        Branch branch = new Branch(source, track, new Pace(perSecond));
        branches.add(branch);
        return branch;
    }

    /** When no line has its track any more. */
    void prune(Branch branch) {
        if (branches.remove(branch)) {
            dispose(branch.track());
            branch.source().dispose();
        }
    }

    /** Makes the native side; on the native thread. */
    void create(boolean video, boolean audio) throws SessionException {
        PeerConnectionFactory factory = Factories.publish();
        if (video && videoSource == null) {
            CustomVideoSource source = new CustomVideoSource();
            videoSource = source;
            videoTrack = factory.createVideoTrack(UUID.randomUUID().toString(), source);
        }
        if (audio && audioSource == null) {
            CustomAudioSource source = new CustomAudioSource();
            audioSource = source;
            audioTrack = factory.createAudioTrack(UUID.randomUUID().toString(), source);
        }
    }

    @Nullable
    VideoTrack videoTrack() {
        return videoTrack;
    }

    @Nullable
    AudioTrack audioTrack() {
        return audioTrack;
    }

    /** Of the newest picture; null before the first. Any thread. */
    @Nullable
    Size size() {
        synchronized (order) {
            return latest == null ? null : Size.of(latest);
        }
    }

    /** On the native thread. */
    void onResize(Runnable told) {
        resized.add(told);
    }

    void notOnResize(Runnable told) {
        resized.remove(told);
    }

    /** Any thread. What waits for the native one is silenced, too. */
    void muteAudio(boolean muted) {
        audioMuted = muted;
    }

    /** Any thread. Black is sent at once, and once more for each picture of the source: one alone may be dropped by an encoder. */
    void muteVideo(boolean muted) {
        if (videoMuted != muted) {
            videoMuted = muted;
            resetPaces();
            if (receivers.get() > 0) {
                repeatLatest();
            }
        }
    }

    /** One more link lets our media flow. On the native thread. */
    void receiverAdded() {
        receivers.incrementAndGet();
        if (!watched) {
            watched = true;
            watchLater();
        }
    }

    private void watchLater() {
        var unused = NativeThread.after(STANDING_MILLIS, this::watch);
    }

    /**
     * What stands still is handed over again once a second, as libwebrtc does with screens: an encoder that is not ready yet drops the
     * only picture there is, and who lost it would ask in vain for another one.
     */
    private void watch() {
        if (receivers.get() == 0) {
            watched = false;
            return;
        }
        watchLater();
        if (System.nanoTime() - pushedAt >= STANDING_MILLIS * 1_000_000) {
            repeatLatest();
        }
    }

    void receiverRemoved() {
        receivers.decrementAndGet();
    }

    /**
     * Hands the latest picture over again: a source that stands still would leave a new receiver in the dark.
     */
    void repeatLatest() {
        synchronized (order) {
            VideoFrame frame = latest;
            if (frame != null) {
                picture(frame);
            }
        }
    }

    /** From the video source, on its thread. */
    void video(VideoFrame frame) {
        videoFrames.incrementAndGet();
        if (!Frames.fits(frame.width(), frame.height())) {
            videoDropped.incrementAndGet();
            return;
        }
        synchronized (order) {
            latest = frame;
            if (receivers.get() == 0) {
                return;
            }
            if (pace != null && !pace.admits(System.nanoTime())) {
                planOverdue(pace);
                return;
            }
            if (pendingPictures.get() >= MAX_PENDING_PICTURES) {
                videoDropped.incrementAndGet();
                return;
            }
            picture(frame);
        }
    }

    /** What comes now is something else than before, and is not to wait for its turn. Any thread. */
    void resetPaces() {
        synchronized (order) {
            if (pace != null) {
                pace.reset();
            }
        }
        NativeThread.post(() -> branches.forEach(branch -> branch.pace().reset()));
    }

    /** Under the order. */
    private void planOverdue(Pace of) {
        long millis = of.plan(System.nanoTime());
        if (millis > 0) {
            var unused = NativeThread.after(millis, this::overdue);
        }
    }

    private void overdue() {
        synchronized (order) {
            Pace of = pace;
            VideoFrame frame = latest;
            if (of == null || frame == null) {
                return;
            }
            if (of.overdue(System.nanoTime())) {
                picture(frame);
            } else {
                planOverdue(of);
            }
        }
    }

    /** On the native thread, like all that is about branches. */
    private void planOverdue(Branch branch) {
        long millis = branch.pace().plan(System.nanoTime());
        if (millis > 0) {
            var unused = NativeThread.after(millis, () -> overdue(branch));
        }
    }

    /** For this branch alone; the others have had the picture, or have their own time for it. */
    private void overdue(Branch branch) {
        if (!branches.contains(branch)) {
            return;
        }
        if (!branch.pace().overdue(System.nanoTime())) {
            planOverdue(branch);
            return;
        }
        Picture picture;
        synchronized (order) {
            VideoFrame frame = latest;
            if (frame == null) {
                return;
            }
            picture = toNative(frame);
        }
        try {
            if (!videoMuted || picture.black()) { // otherwise a black one is behind it
                picture.pushTo(branch.source());
                pushedAt = System.nanoTime();
            }
        } finally {
            picture.buffer().release();
        }
    }

    /**
     * Another source has taken over and has shown nothing yet. The last picture of the one before is not for those who come now.
     */
    void nothingYet() {
        synchronized (order) {
            VideoFrame before = latest;
            latest = before == null ? null : Frames.black(before);
        }
    }

    private Picture toNative(VideoFrame frame) {
        boolean muted = videoMuted;
        return Picture.of(muted ? Frames.black(frame) : frame, muted);
    }

    private void picture(VideoFrame frame) {
        Picture picture = toNative(frame);
        pendingPictures.incrementAndGet();
        NativeThread.post(() -> {
            pendingPictures.decrementAndGet();
            push(picture);
        });
    }

    /**
     * Not two within a millisecond: the library stamps pictures with its clock in milliseconds, the encoder drops the second one of
     * the same time, and of two that wait for it also the first. A picture that stands still would be lost for good.
     */
    private void push(Picture picture) {
        boolean waiting = tooEarly != null;
        dropEarly();
        if (System.nanoTime() - pushedAt < APART_NANOS) {
            tooEarly = picture;
            if (!waiting) {
                var unused = NativeThread.after(APART_MILLIS, this::pushEarly);
            }
        } else {
            pushNow(picture);
        }
    }

    private void pushEarly() {
        Picture picture = tooEarly;
        tooEarly = null;
        if (picture != null) {
            push(picture);
        }
    }

    private void dropEarly() {
        Picture picture = tooEarly;
        tooEarly = null;
        if (picture != null) {
            videoDropped.incrementAndGet();
            picture.buffer().release();
        }
    }

    private void pushNow(Picture picture) {
        try {
            if (videoMuted && !picture.black()) {
                return; // it has waited since before; a black one is behind it
            }
            CustomVideoSource to = videoSource;
            if (to != null) {
                picture.pushTo(to);
                pushedAt = System.nanoTime();
            }
            for (Branch branch : branches) {
                if (branch.pace().admits(System.nanoTime())) {
                    picture.pushTo(branch.source());
                } else {
                    planOverdue(branch);
                }
            }
            if (!picture.size().equals(pushedSize)) {
                pushedSize = picture.size();
                List.copyOf(resized).forEach(Runnable::run);
            }
        } finally {
            picture.buffer().release();
        }
    }

    /** From the audio source, on its thread. */
    void audio(AudioFrame frame) {
        audioFrames.incrementAndGet();
        if (receivers.get() > 0) {
            blocks.add(frame);
        }
    }

    private void push(byte[] pcm, int sampleRate, int channels) {
        if (pendingBlocks.get() >= MAX_PENDING_BLOCKS) {
            audioDropped.incrementAndGet();
            return;
        }
        pendingBlocks.incrementAndGet();
        NativeThread.post(() -> {
            pendingBlocks.decrementAndGet();
            CustomAudioSource to = audioSource;
            if (audioMuted) {
                Arrays.fill(pcm, (byte) 0);
            }
            if (to != null) {
                to.pushAudio(pcm, 16, sampleRate, channels, sampleRate / 100);
            }
        });
    }

    SourceCounters counters(long videoDroppedBySource, long audioDroppedBySource) {
        return new SourceCounters(
                videoFrames.get(),
                videoDropped.get() + videoDroppedBySource,
                audioFrames.get(),
                audioDropped.get() + audioDroppedBySource);
    }

    /** After every link was closed; on the native thread. */
    void dispose() {
        synchronized (order) {
            latest = null;
        }
        dropEarly();
        List.copyOf(branches).forEach(this::prune);
        dispose(videoTrack);
        dispose(audioTrack);
        videoTrack = null;
        audioTrack = null;
        CustomVideoSource video = videoSource;
        CustomAudioSource audio = audioSource;
        videoSource = null;
        audioSource = null;
        if (video != null) {
            video.dispose();
        }
        if (audio != null) {
            audio.dispose();
        }
    }

    private static void dispose(@Nullable MediaStreamTrack track) {
        if (track != null) {
            try {
                track.dispose();
            } catch (Throwable e) {
                LOG.debug("a track is still referenced by a closed connection", e);
            }
        }
    }
}
