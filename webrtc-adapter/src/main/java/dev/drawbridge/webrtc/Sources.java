package dev.drawbridge.webrtc;

import dev.drawbridge.CloseReason;
import dev.drawbridge.SessionException;
import dev.drawbridge.media.AudioSource;
import dev.drawbridge.media.AudioSources;
import dev.drawbridge.media.VideoSource;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.spi.MediaTransport.MediaNeeds;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what a publisher sends. */
record Sources(@Nullable VideoSource video, @Nullable AudioSource audio) {
    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);
    static final String TEST_PATTERN = "testpattern";
    private static final int TONE_HERTZ = 440;
    private static final long LOOK_MILLIS = 3_000;
    private static final String INSTEAD =
            "choose videodevice=testpattern, give own frames, or use datamode; bin/doctor lists what is here";

    /** What a machine has; looking may take long and may throw anything. */
    interface Devices {
        List<VideoSource> cameras() throws Exception;

        Optional<AudioSource> microphone() throws Exception;

        Devices HERE = new Devices() {
            @Override
            public List<VideoSource> cameras() {
                return Camera.all();
            }

            @Override
            public Optional<AudioSource> microphone() {
                return Microphone.standard();
            }
        };
    }

    /** <b>Blocking:</b> 3 s at most, when devices have to be looked for. */
    static Sources choose(@Nullable VideoSource video, @Nullable AudioSource audio, MediaNeeds needs, Devices devices)
            throws SessionException {
        if (video != null || audio != null || (!needs.video() && !needs.audio())) {
            return new Sources(needs.video() ? video : null, needs.audio() ? audio : null);
        }
        if (needs.videoDevice().equalsIgnoreCase(TEST_PATTERN)) {
            return new Sources(
                    needs.video() ? VideoSources.testPattern(1280, 720, 30) : null,
                    needs.audio() ? AudioSources.tone(TONE_HERTZ) : null);
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
        // Side by side: each of them may hang in a driver.
        FutureTask<List<VideoSource>> cameras =
                needs.video() ? looking("cameras", devices::cameras) : new FutureTask<>(List::of);
        FutureTask<Optional<AudioSource>> microphone =
                needs.audio() ? looking("microphone", devices::microphone) : new FutureTask<>(Optional::empty);
        VideoSource camera = needs.video() ? camera(found(cameras, deadline, List.of()), needs.videoDevice()) : null;
        AudioSource sound =
                needs.audio() ? found(microphone, deadline, Optional.empty()).orElse(null) : null;
        if (sound == null && needs.audio()) {
            if (camera == null) {
                throw new SessionException(CloseReason.NO_MEDIA, "there is no microphone; " + INSTEAD);
            }
            LOG.warn(
                    "there is no microphone: the camera is published without sound (audiodevice=0 says that this is meant)");
        }
        return new Sources(camera, sound);
    }

    private static VideoSource camera(List<VideoSource> all, String wanted) throws SessionException {
        String part = wanted.toLowerCase(Locale.ROOT);
        for (VideoSource camera : all) {
            if (camera.name().toLowerCase(Locale.ROOT).contains(part)) {
                return camera;
            }
        }
        String missing = all.isEmpty()
                ? "there is no camera; "
                : "none of the " + all.size() + " cameras has a name with the text of videodevice in it; ";
        throw new SessionException(CloseReason.NO_MEDIA, missing + INSTEAD);
    }

    /** A driver that hangs holds up a thread of its own and nobody else. */
    private static <T> FutureTask<T> looking(String what, Callable<T> look) {
        FutureTask<T> task = new FutureTask<>(look);
        Thread thread = new Thread(task, "drawbridge-look-" + what);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static <T> T found(FutureTask<T> task, long deadline, T nothing) throws SessionException {
        try {
            return task.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.warn("the devices of this machine did not answer within {} ms", LOOK_MILLIS);
            return nothing;
        } catch (ExecutionException e) {
            LOG.warn("the devices of this machine could not be listed", e.getCause());
            return nothing;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SessionException(
                    CloseReason.CLOSED_BY_APPLICATION,
                    "interrupted while the media was prepared; start again on a thread that may wait",
                    e);
        }
    }
}
