package dev.drawbridge.webrtc;

import dev.drawbridge.CloseReason;
import dev.drawbridge.Encoding;
import dev.drawbridge.SessionException;
import dev.drawbridge.media.AudioSource;
import dev.drawbridge.media.AudioSources;
import dev.drawbridge.media.ScreenVideo;
import dev.drawbridge.media.Screens;
import dev.drawbridge.media.VideoSource;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.spi.MediaTransport.MediaNeeds;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what a publisher sends. */
record Sources(@Nullable VideoSource video, @Nullable AudioSource audio) {
    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);
    static final String TEST_PATTERN = "testpattern";
    private static final int TONE_HERTZ = 440;
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]?");
    private static final Pattern OTHER = Pattern.compile("\\W+", Pattern.UNICODE_CHARACTER_CLASS);
    static final long LOOK_MILLIS = 3_000;
    private static final String INSTEAD =
            "choose videodevice=testpattern, give own frames, or use datamode; bin/doctor lists what is here";

    /** What a machine has; looking may take long and may throw anything. */
    interface Devices {
        /** In the order of the system, to be opened at the format next to what is wanted. */
        List<VideoSource> cameras(Encoding wanted) throws Exception;

        /** The default one. */
        Optional<AudioSource> microphone(int channels) throws Exception;

        /** All of them, in the order of the system. */
        default List<AudioSource> microphones(int channels) throws Exception {
            return microphone(channels).stream().toList();
        }

        /**
         * The screen or a window.
         *
         * @param which empty for the whole of the first screen, a number from 1 for another one, or what a window's title contains
         * @return empty where there is no such thing
         */
        default Optional<VideoSource> screen(String which, Encoding wanted) throws Exception {
            return Optional.empty();
        }

        Devices HERE = new Devices() {
            @Override
            public List<VideoSource> cameras(Encoding wanted) {
                return Camera.all(wanted);
            }

            @Override
            public Optional<VideoSource> screen(String which, Encoding wanted) {
                ScreenVideo screen = which.isEmpty()
                        ? Screens.whole()
                        : NUMBER.matcher(which).matches()
                                ? Screens.screen(Integer.parseInt(which) - 1)
                                : Screens.window(which);
                if (wanted.frameRate().isPresent()) {
                    screen = screen.framesPerSecond(
                            Math.min(60, wanted.frameRate().getAsInt()));
                }
                if (wanted.width().isPresent() || wanted.height().isPresent()) {
                    screen = screen.atMost(side(wanted.width()), side(wanted.height()));
                }
                return Optional.of(screen);
            }

            @Override
            public Optional<AudioSource> microphone(int channels) {
                return Microphones.standard(channels);
            }

            @Override
            public List<AudioSource> microphones(int channels) {
                return Microphones.all(channels);
            }
        };
    }

    /** A source that delivers all the time while it is there, and whose end nobody tells. */
    interface Device {
        /** How far it is from what is wanted; 0 is exact. */
        default double misfit(Encoding wanted) {
            return 0;
        }
    }

    /** <b>Blocking:</b> 3 s at most, when devices have to be looked for. */
    static Sources choose(@Nullable VideoSource video, @Nullable AudioSource audio, MediaNeeds needs, Devices devices)
            throws SessionException {
        if (video != null || audio != null || (!needs.video() && !needs.audio())) {
            return new Sources(needs.video() ? video : null, needs.audio() ? audio : null);
        }
        Encoding encoding = needs.encoding();
        if (needs.screen().isEmpty() && needs.videoDevice().equalsIgnoreCase(TEST_PATTERN)) {
            return new Sources(
                    needs.video() ? pattern(encoding) : null, needs.audio() ? AudioSources.tone(TONE_HERTZ) : null);
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
        int channels = encoding.stereo().sends() ? 2 : 1;
        // Side by side: each of them may hang in a driver.
        FutureTask<Optional<VideoSource>> picture = needs.video()
                ? looking("pictures", () -> Optional.of(picture(needs, devices)))
                : new FutureTask<>(Optional::empty);
        FutureTask<Optional<AudioSource>> microphone = needs.audio()
                ? looking("microphone", () -> microphone(needs.audioDevice(), channels, devices))
                : new FutureTask<>(Optional::empty);
        VideoSource camera = needs.video()
                ? found(picture, deadline, Optional.empty())
                        .orElseThrow(() -> new SessionException(
                                CloseReason.NO_MEDIA, "there is no camera that can be used; " + INSTEAD))
                : null;
        AudioSource sound =
                needs.audio() ? found(microphone, deadline, Optional.empty()).orElse(null) : null;
        if (sound == null && needs.audio() && !needs.audioDevice().isEmpty()) {
            throw new SessionException(
                    CloseReason.NO_MEDIA,
                    "no microphone has a name with the text of audiodevice in it, or is the one of that number;"
                            + " take audiodevice=1 for the default one, or audiodevice=0 for none");
        }
        if (sound == null && needs.audio()) {
            if (camera == null) {
                throw new SessionException(CloseReason.NO_MEDIA, "there is no microphone; " + INSTEAD);
            }
            LOG.warn(
                    "there is no microphone: the camera is published without sound (audiodevice=0 says that this is meant)");
        }
        return new Sources(camera, sound);
    }

    private static VideoSource pattern(Encoding encoding) {
        // It has a smallest size; what is sent is made smaller than that all the same.
        return VideoSources.testPattern(
                Math.max(64, encoding.width().orElse(1280)),
                Math.max(48, encoding.height().orElse(720)),
                encoding.frameRate().orElse(30));
    }

    private static int side(OptionalInt wanted) {
        return Math.max(16, Math.min(7680, wanted.orElse(7680)));
    }

    private static VideoSource picture(MediaNeeds needs, Devices devices) throws Exception {
        Encoding encoding = needs.encoding();
        if (needs.screen().isPresent()) {
            String which = needs.screen().get();
            return devices.screen(which, encoding)
                    .orElseThrow(() -> new SessionException(
                            CloseReason.NO_MEDIA,
                            which.isEmpty()
                                    ? "there is no screen to share; start on a machine with a display, or " + INSTEAD
                                    : "no window or screen is the one that screenshare names; leave its value out for"
                                            + " the whole screen, or " + INSTEAD));
        }
        List<VideoSource> all = devices.cameras(encoding);
        if (all.isEmpty()) {
            throw new SessionException(CloseReason.NO_MEDIA, "there is no camera; " + INSTEAD);
        }
        if (needs.videoDevice().isEmpty()) {
            return Formats.said(encoding) ? best(all, encoding) : all.get(0);
        }
        return named(all, VideoSource::name, needs.videoDevice())
                .orElseThrow(() -> new SessionException(
                        CloseReason.NO_MEDIA,
                        "none of the " + all.size() + " cameras has a name with the text of videodevice in it, or that"
                                + " number; " + INSTEAD));
    }

    /** Of several that fit as well the first one. */
    private static VideoSource best(List<VideoSource> all, Encoding encoding) {
        VideoSource best = all.get(0);
        double least = misfit(best, encoding);
        for (VideoSource camera : all.subList(1, all.size())) {
            double misfit = misfit(camera, encoding);
            if (misfit < least) {
                best = camera;
                least = misfit;
            }
        }
        return best;
    }

    private static double misfit(VideoSource camera, Encoding encoding) {
        return camera instanceof Device device ? device.misfit(encoding) : 0;
    }

    private static Optional<AudioSource> microphone(String wanted, int channels, Devices devices) throws Exception {
        return wanted.isEmpty()
                ? devices.microphone(channels)
                : named(devices.microphones(channels), AudioSource::name, wanted);
    }

    /**
     * As on the page, letters and digits count and nothing else, a name that begins with the text comes before one that has it somewhere; a
     * number of one or two digits is ours: the first, the second and so on.
     */
    private static <T> Optional<T> named(List<T> all, Function<T, String> name, String wanted) {
        if (NUMBER.matcher(wanted).matches()) {
            int number = Integer.parseInt(wanted);
            return number <= all.size() ? Optional.of(all.get(number - 1)) : Optional.empty();
        }
        String text = plain(wanted);
        if (text.replace("_", "").isEmpty()) {
            return Optional.empty(); // every name has something that is no letter
        }
        return all.stream()
                .filter(one -> plain(name.apply(one)).startsWith(text))
                .findFirst()
                .or(() -> all.stream()
                        .filter(one -> plain(name.apply(one)).contains(text))
                        .findFirst());
    }

    private static String plain(String name) {
        return OTHER.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT);
    }

    /** A driver that hangs holds up a thread of its own and nobody else. */
    static <T> FutureTask<T> looking(String what, Callable<T> look) {
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
            if (e.getCause() instanceof SessionException known) {
                throw known;
            }
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
