package dev.drawbridge.webrtc;

import dev.drawbridge.CloseReason;
import dev.drawbridge.Encoding;
import dev.drawbridge.SecurityPolicy;
import dev.drawbridge.SessionEvent.MediaKind;
import dev.drawbridge.SessionException;
import dev.drawbridge.SourceException;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.AudioSource;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.media.VideoSource;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.PeerLinkListener;
import dev.onvoid.webrtc.RTCRtpCapabilities;
import dev.onvoid.webrtc.media.MediaType;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The media transport on webrtc-java: real peer connections, pictures and sound.
 *
 * <p>One of these belongs to one session. The native library and its two factories are shared by the process, are made when first
 * needed and live until it ends; one thread, {@code drawbridge-native}, makes every native call.
 *
 * <p><b>Sources.</b> What {@link Builder#video} and {@link Builder#audio} name is used, and nothing else is opened. When neither is
 * named, the options decide: {@code screenshare} is the screen; {@code videodevice=testpattern} is the built-in pattern with a tone;
 * otherwise the camera with the option's text in its name, whatever its case, or with its number, at the format next to {@code width},
 * {@code height} and {@code framerate}, without them at 1280x720 or less; without a name the first camera, or the one whose formats come
 * nearest. Beside it the default microphone or the one of {@code audiodevice}. A machine without a camera gets a {@code NO_MEDIA}; without
 * a microphone the camera is published without sound and a warning. The microphone is read by Java's own sound system, without echo
 * cancellation. A device that is unplugged is a {@code SourceLost}, and the session goes on.
 *
 * <p><b>Thread:</b> every method may be called from any thread. <b>Blocking:</b> {@link #prepare} up to 10 s, {@link #close} up to 2 s
 * (not at all on a thread of the library). <b>End of the process:</b> after the last transport was closed the JVM ends as if the
 * library were not there; while one is open, the library's threads keep the JVM alive. When the process exits, the library writes
 * two lines ("VM attach current thread failed") to standard output, which mean nothing; {@code System.out.close()} as a program's
 * last step keeps them out of what another program reads.
 */
public final class WebRtcMedia implements MediaTransport {
    private static final Logger LOG = LoggerFactory.getLogger(WebRtcMedia.class);
    private static final long PREPARE_MILLIS = 10_000;
    private static final long CLOSE_MILLIS = 1_900;
    private static final long STOP_MILLIS = 900;
    private static final long LOOK_MILLIS = 1_000;
    /** A camera that is there delivers within this, and a microphone too, silence included. */
    private static final long SILENT_MILLIS = 3_000;

    private static final long REOPEN_MILLIS = 5_000;
    /** One that was opened may take this long for its first picture, or it would be opened anew for ever. */
    private static final long FIRST_MILLIS = 15_000;

    private static final SourceListener NOBODY = new SourceListener() {
        @Override
        public void lost(MediaKind kind, String source) {}

        @Override
        public void restored(MediaKind kind, String source) {}
    };
    /** Opening and closing takes the native thread some milliseconds, and every session of the process waits for it. */
    static final int MAX_LEAVING = 64;

    private final @Nullable VideoSource namedVideo;
    private final @Nullable AudioSource namedAudio;
    private final Sources.Devices devices;
    final OwnMedia media = new OwnMedia();
    final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final SourceLine<VideoFrame> video =
            new SourceLine<>("pictures", this::video, media::resetPaces, media::nothingYet);
    private final SourceLine<AudioFrame> audio = new SourceLine<>("sound", this::audio, () -> {}, () -> {});
    private volatile SourceListener sourceListener = NOBODY;
    private volatile @Nullable ScheduledFuture<?> late;
    private boolean ended;
    private boolean entered; // guarded by this
    private boolean left; // guarded by this

    private WebRtcMedia(Builder builder) {
        namedVideo = builder.video;
        namedAudio = builder.audio;
        devices = builder.devices;
    }

    /** A transport with chosen sources. */
    public static Builder builder() {
        return new Builder();
    }

    /** A transport whose sources follow the session's options. */
    public static WebRtcMedia create() {
        return builder().build();
    }

    /**
     * Loads the native library in the background, so that the first session starts at once. Never fails: a problem shows when a
     * session is started. Returns at once.
     */
    public static void warmUp() {
        NativeThread.post(() -> {
            try {
                Factories.publish();
                Factories.view();
            } catch (SessionException e) {
                LOG.debug("warm-up", e);
            }
        });
    }

    /**
     * The cameras, microphones and loudspeakers of this machine. Needs no device, no display and no session. <b>Blocking:</b> 3 s at most;
     * what has not answered by then is missing, and {@link DeviceList#problems} says so. Any thread but those of listeners and sinks.
     */
    public static DeviceList devices() {
        return DeviceLook.at(
                () -> {
                    NativeLibrary.load();
                    return Camera.described();
                },
                () -> Microphones.all(1),
                Microphones::speakers,
                Sources.LOOK_MILLIS);
    }

    /** Chooses the sources of a {@link WebRtcMedia}. Not for several threads at once. */
    public static final class Builder {
        private @Nullable VideoSource video;
        private @Nullable AudioSource audio;
        private Sources.Devices devices = Sources.Devices.HERE;

        private Builder() {}

        /** Those of a test. */
        Builder devices(Sources.Devices made) {
            devices = made;
            return this;
        }

        /** Publishes these pictures. The transport starts and stops the source. */
        public Builder video(VideoSource source) {
            video = source;
            return this;
        }

        /** Publishes this sound. The transport starts and stops the source. */
        public Builder audio(AudioSource source) {
            audio = source;
            return this;
        }

        /** The transport; nothing is opened yet. */
        public WebRtcMedia build() {
            return new WebRtcMedia(this);
        }
    }

    @Override
    public void prepare(LinkSettings.Role role, MediaNeeds needs) throws SessionException {
        if (closing.get() || !enter()) {
            throw closedException();
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PREPARE_MILLIS);
        CompletableFuture<Void> loaded = new CompletableFuture<>();
        NativeThread.post(() -> {
            try {
                Factories.of(role);
                loaded.complete(null);
            } catch (Throwable e) {
                loaded.completeExceptionally(e);
            }
        });
        await(
                loaded,
                deadline,
                CloseReason.NATIVE_LIBRARY,
                "the native WebRTC library did not load in time; see what bin/doctor says");
        if (needs.video() && needs.encoding().onlyCodecs()) {
            checkCodecs(role, needs, deadline);
        }
        if (role == LinkSettings.Role.PUBLISHER) {
            prepareSources(needs, deadline);
        }
        Rehearsal.begin(role, rehearsal -> (Link) open(Rehearsal.settings(role), rehearsal));
    }

    /** A session that could show nobody a picture does not begin. */
    private static void checkCodecs(LinkSettings.Role role, MediaNeeds needs, long deadline) throws SessionException {
        CompletableFuture<Void> checked = new CompletableFuture<>();
        NativeThread.post(() -> {
            try {
                RTCRtpCapabilities known = role == LinkSettings.Role.PUBLISHER
                        ? Factories.publish().getRtpSenderCapabilities(MediaType.VIDEO)
                        : Factories.view().getRtpReceiverCapabilities(MediaType.VIDEO);
                if (!Codecs.any(known, needs.codecs())) {
                    throw new SessionException(
                            CloseReason.NO_COMMON_CODEC,
                            "the media library has none of the codecs " + String.join(", ", needs.codecs())
                                    + "; name another one in codec=, or leave onlycodecs out");
                }
                checked.complete(null);
            } catch (Throwable e) {
                checked.completeExceptionally(e);
            }
        });
        await(checked, deadline, CloseReason.NATIVE_LIBRARY, "the native WebRTC library did not answer in time");
    }

    /** What the page has a word for and webrtc-java has not; better said than passed over. */
    private static void warnOfHints(Encoding encoding) {
        encoding.contentHint()
                .ifPresent(hint -> LOG.warn("contenthint={} has no effect: webrtc-java does not let us say it", hint));
        encoding.degrade()
                .ifPresent(what -> LOG.warn(
                        "degrade={} has no effect on our own encoder: webrtc-java does not let us say it", what));
    }

    @Override
    public void watchSources(SourceListener listener) {
        sourceListener = listener;
    }

    /** @param wanted until the end, or until another source has taken its place */
    private void watch(Silence silence, BooleanSupplier wanted, Opening opening, Runnable stopping) {
        silence.heard(System.nanoTime()); // opening it may have taken long
        AtomicBoolean trying = new AtomicBoolean();
        look(silence, wanted, () -> {
            if (trying.compareAndSet(false, true)) {
                onHelper("drawbridge-source-start", () -> reopen(wanted, opening, stopping, trying));
            }
        });
    }

    /** Once a second. */
    private void look(Silence silence, BooleanSupplier wanted, Runnable ifLost) {
        var unused = NativeThread.after(LOOK_MILLIS, () -> {
            if (wanted.getAsBoolean()) {
                if (silence.look(System.nanoTime())) {
                    ifLost.run();
                }
                look(silence, wanted, ifLost);
            }
        });
    }

    /** A device that was unplugged has to be opened anew once it is back; a driver that hangs is tried no further. */
    private void reopen(BooleanSupplier wanted, Opening opening, Runnable stopping, AtomicBoolean trying) {
        long pause = REOPEN_MILLIS;
        try {
            stopQuietly(stopping);
            if (wanted.getAsBoolean()) {
                opening.run();
                pause = FIRST_MILLIS;
            }
            if (!wanted.getAsBoolean()) {
                stopping.run(); // close() or an exchange may have come in between
            }
        } catch (Throwable e) { // whatever a driver throws, it is tried again
            LOG.debug("a device is still away: {}", e.getMessage());
        } finally {
            var unused = NativeThread.after(pause, () -> trying.set(false));
        }
    }

    /** What was unplugged may not be able to, and is opened anew all the same. */
    private static void stopQuietly(Runnable stopping) {
        try {
            stopping.run();
        } catch (Throwable e) {
            LOG.debug("a device could not be stopped: {}", e.getMessage());
        }
    }

    private Silence silence(MediaKind kind, String source) {
        return new Silence(
                kind, source, TimeUnit.MILLISECONDS.toNanos(SILENT_MILLIS), System.nanoTime(), sourceListener);
    }

    private void prepareSources(MediaNeeds needs, long deadline) throws SessionException {
        warnOfHints(needs.encoding());
        Sources chosen = Sources.choose(namedVideo, namedAudio, needs, devices);
        VideoSource pictures = chosen.video();
        AudioSource sound = chosen.audio();
        CompletableFuture<Void> made = new CompletableFuture<>();
        NativeThread.post(() -> {
            try {
                if (closing.get()) {
                    throw closedException(); // nobody would dispose of what is made now
                }
                media.create(pictures != null, sound != null);
                made.complete(null);
            } catch (Throwable e) {
                made.completeExceptionally(e);
            }
        });
        await(
                made,
                deadline,
                CloseReason.INTERNAL_ERROR,
                "the native media sources were not made in time; the machine is very busy, try again");
        needs.encoding().frameRate().ifPresent(media::pace);
        if (pictures != null) {
            boolean device = pictures instanceof Sources.Device;
            begin(MediaKind.VIDEO, video, SourceLine.Source.of(pictures), device, deadline);
        }
        if (sound != null) {
            boolean device = sound instanceof Sources.Device;
            begin(MediaKind.AUDIO, audio, SourceLine.Source.of(sound), device, deadline);
        }
    }

    private <T> void begin(
            MediaKind kind, SourceLine<T> line, SourceLine.Source<T> source, boolean device, long deadline)
            throws SessionException {
        SourceLine.Feed<T> feed = line.feed();
        line.use(source, feed); // first, so that a close in between stops it
        Silence silence = silence(kind, source.name());
        Opening opening = () -> source.start(content -> {
            silence.heard(System.nanoTime());
            feed.accept(content);
        });
        start(source.name(), opening, source::stop, deadline);
        if (device) {
            watch(silence, () -> !closing.get() && line.uses(source), opening, source::stop);
        }
    }

    private void video(VideoFrame frame) {
        if (!closing.get()) {
            media.video(frame);
        }
    }

    private void audio(AudioFrame frame) {
        if (!closing.get()) {
            media.audio(frame);
        }
    }

    @Override
    public CompletionStage<Void> switchVideo(VideoSource source) {
        return exchange(video, SourceLine.Source.of(source));
    }

    @Override
    public CompletionStage<Void> switchAudio(AudioSource source) {
        return exchange(audio, SourceLine.Source.of(source));
    }

    private <T> CompletionStage<Void> exchange(SourceLine<T> line, SourceLine.Source<T> next) {
        if (closing.get()) {
            return CompletableFuture.failedStage(closedWhileSwitching());
        }
        try {
            line.beginExchange();
        } catch (SourceException refused) {
            return CompletableFuture.failedStage(refused);
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        onHelper("drawbridge-source-switch", () -> {
            SourceException failure = null;
            try {
                exchangeNow(line, next);
            } catch (SourceException e) {
                failure = e;
            } catch (RuntimeException e) {
                failure = new SourceException(SourceException.Reason.NOT_STARTED, "the source does not work: " + e, e);
            } finally {
                line.endExchange(); // before anybody hears of it, so that the next exchange can follow at once
            }
            if (failure == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }

    private <T> void exchangeNow(SourceLine<T> line, SourceLine.Source<T> next) throws SourceException {
        SourceLine.Feed<T> feed = line.feed();
        try {
            start(
                    next.name(),
                    () -> next.start(feed),
                    next::stop,
                    System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PREPARE_MILLIS));
        } catch (SessionException e) {
            throw closing.get()
                    ? closedWhileSwitching()
                    : new SourceException(
                            SourceException.Reason.NOT_STARTED, "the source was not started: " + e.getMessage(), e);
        }
        SourceLine.Source<T> before = line.use(next, feed);
        if (before != null) {
            onHelper("drawbridge-source-stop", before::stop);
        }
        if (closing.get()) { // whoever closes may have looked for the source to be stopped before this one was there
            next.stop();
            throw closedWhileSwitching();
        }
    }

    private static SourceException closedWhileSwitching() {
        return new SourceException(SourceException.Reason.SESSION_CLOSED, "the session has ended", null);
    }

    private interface Opening {
        void run() throws IOException;
    }

    private void start(String name, Opening opening, Runnable stopping, long deadline) throws SessionException {
        CompletableFuture<Void> started = new CompletableFuture<>();
        onHelper("drawbridge-source-start", () -> {
            try {
                opening.run();
                if (closing.get() || !started.complete(null)) {
                    // close() may have come and stopped it before it was started, or nobody waits any more: a camera
                    // must
                    // not stay on.
                    stopping.run();
                    throw closedException();
                }
            } catch (Throwable e) {
                started.completeExceptionally(e);
            }
        });
        try {
            await(
                    started,
                    deadline,
                    CloseReason.NO_MEDIA,
                    name + " did not start in time; choose videodevice=testpattern, own frames, or datamode");
        } catch (SessionException e) {
            started.completeExceptionally(e);
            throw e;
        }
    }

    /** A foreign source may hang, so it never runs on a thread that somebody waits for without a limit. */
    private static void onHelper(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((where, e) -> LOG.warn("a media source failed", e));
        thread.start();
    }

    private static void await(CompletableFuture<Void> step, long deadline, CloseReason late, String lateText)
            throws SessionException {
        try {
            step.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new SessionException(late, lateText, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SessionException(
                    CloseReason.CLOSED_BY_APPLICATION,
                    "interrupted while the media was prepared; start again on a thread that may wait",
                    e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof SessionException known) {
                throw known;
            }
            if (cause instanceof IOException) {
                throw new SessionException(CloseReason.NO_MEDIA, String.valueOf(cause.getMessage()), cause);
            }
            throw new SessionException(
                    CloseReason.INTERNAL_ERROR,
                    "the media could not be prepared; see what bin/doctor says: " + cause,
                    cause);
        }
    }

    private static SessionException closedException() {
        return new SessionException(
                CloseReason.CLOSED_BY_APPLICATION, "the media transport is closed; make one for each session");
    }

    /** Holds the process open until the end; false if that has come. */
    private synchronized boolean enter() {
        if (!entered && !left) {
            entered = true;
            ProcessEnd.enter();
        }
        return !left;
    }

    private synchronized void leave() {
        if (entered && !left) {
            ProcessEnd.leave();
        }
        left = true;
    }

    @Override
    public PeerLink open(LinkSettings settings, PeerLinkListener listener) {
        Link link = settings.role() == LinkSettings.Role.PUBLISHER
                ? new PublisherLink(settings, listener, links::remove, media)
                : new ViewerLink(settings, listener, links::remove);
        links.add(link);
        if (closing.get() || !enter()) {
            link.refused(PeerLinkListener.Operation.CREATE, "the media transport is closed");
        } else if (links.size() > SecurityPolicy.MOST_VIEWERS + MAX_LEAVING
                || links.stream().filter(Link::closing).count() > MAX_LEAVING) {
            link.refused(PeerLinkListener.Operation.CREATE, "too many connections");
        } else {
            link.create();
        }
        return link;
    }

    @Override
    public void muteAudio(boolean muted) {
        media.muteAudio(muted);
    }

    @Override
    public void muteVideo(boolean muted) {
        media.muteVideo(muted);
    }

    @Override
    public SourceCounters sourceCounters() {
        return media.counters(video.dropped(), audio.dropped());
    }

    @Override
    public void close() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
        if (closing.compareAndSet(false, true)) {
            List.copyOf(links).forEach(Link::close);
            if (video.empty() && audio.empty()) {
                NativeThread.post(this::end);
            } else {
                // The sources get their time, but a foreign one that hangs holds nothing up.
                late = NativeThread.after(STOP_MILLIS, this::end);
                onHelper("drawbridge-source-stop", this::stopSources);
            }
        }
        if (NativeThread.mustNotWait()) {
            return;
        }
        try {
            if (!closed.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                LOG.warn("the media transport is still closing in the background");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopSources() {
        try {
            video.stop();
        } finally {
            try {
                audio.stop();
            } finally {
                NativeThread.post(this::end);
            }
        }
    }

    /** On the native thread, behind the closing of the links. */
    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        ScheduledFuture<?> timer = late;
        if (timer != null) {
            timer.cancel(false);
        }
        try {
            // One that was opened while this transport was being closed.
            List.copyOf(links).forEach(Link::shut);
            media.dispose();
        } finally {
            leave();
            closed.countDown();
        }
    }

    @Override
    public String toString() {
        return "WebRtcMedia(" + links.size() + " links)";
    }
}
