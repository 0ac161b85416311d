package dev.drawbridge.media;

import dev.drawbridge.internal.sinks.Ffmpeg;
import dev.drawbridge.internal.sinks.FfmpegTarget;
import dev.drawbridge.internal.sinks.RawTarget;
import dev.drawbridge.internal.sinks.Tape;
import dev.drawbridge.media.RecorderOptions.Codec;
import dev.drawbridge.media.SinkException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Writes pictures and sound into a file. {@code viewer.record(file)} makes one and hands it what arrives; one that was made by {@link #to}
 * takes what the program gives it.
 *
 * <table>
 * <caption>The kind of file follows from its name</caption>
 * <tr><th>ending</th><th>what is in it</th><th>needs</th></tr>
 * <tr><td>{@code .webm}</td><td>VP8 or VP9, Opus</td><td>{@code ffmpeg}</td></tr>
 * <tr><td>{@code .mp4}</td><td>H264, AAC, in fragments</td><td>{@code ffmpeg}</td></tr>
 * <tr><td>{@code .y4m}</td><td>pictures as they are, 41 MB a second at 1280x720; the sound in a {@code .wav} beside it</td><td></td></tr>
 * <tr><td>{@code .wav}</td><td>sound alone, 16-bit stereo of 48 kHz</td><td></td></tr>
 * </table>
 *
 * <p>The first picture is the beginning, and its size, made even, that of the file; later ones of another size or rotation are scaled into
 * it, with black around them. Pictures and sound stand at the time at which they came ({@link VideoFrame#timestampNanos}, {@link
 * AudioFrame#timestampNanos}): where no picture came the one before is repeated, where no sound came there is silence.
 * Sound may be handed over up to 1.5 s after its time. What is stamped by another clock, more than 5 s away from {@link System#nanoTime},
 * counts as of the moment at which it is handed over.
 *
 * <p>The file can be played whatever happens: when this process is killed {@code ffmpeg} completes it, and when {@code ffmpeg} is killed,
 * or there is none, all but the last second is in it; of one whose sound has stopped, all but the last three.
 *
 * <p><b>Bounds:</b> 32 pictures or 128 MiB of them, and 5 s of sound wait. A disk or encoder that is too slow costs pictures, which
 * {@link Recording#dropped} counts; a Y4M file that falls behind by 10 s ends with {@code TOO_SLOW}. <b>Thread:</b> every method from any
 * thread; one of its own, {@code drawbridge-record-N}, writes. <b>Blocking:</b> no.
 */
public final class Recorder {
    private final Tape tape;

    private Recorder(Tape tape) {
        this.tape = tape;
    }

    /**
     * Begins a recording; the file appears with the first picture, or the first sound where there are no pictures.
     *
     * @throws SinkException {@code FORMAT} if the name has none of the endings above or the codec does not fit it, {@code FILE_EXISTS}, {@code
     *     FFMPEG_MISSING}, or {@code IO} if there is no such folder; what comes later fails {@link #done}
     */
    public static Recorder to(Path file, RecorderOptions options) throws SinkException {
        String name = Optional.ofNullable(file.getFileName())
                .map(last -> last.toString().toLowerCase(Locale.ROOT))
                .orElse("");
        String ending = name.substring(Math.max(0, name.lastIndexOf('.')));
        Tape.Opening opening =
                switch (ending) {
                    case ".webm" -> encoded(file, options, true);
                    case ".mp4" -> encoded(file, options, false);
                    case ".y4m" -> raw(file, options, true);
                    case ".wav" -> raw(file, options, false);
                    default ->
                        throw new SinkException(
                                Reason.FORMAT,
                                "'" + ending + "' is no ending of a recording; use .webm, .mp4, .y4m or .wav");
                };
        boolean pictures = options.pictures() && !ending.equals(".wav");
        if (!pictures && (!options.sound() || ending.equals(".y4m"))) {
            throw new SinkException(
                    Reason.FORMAT, "a file that ends in " + ending + " would have nothing in it; use another ending");
        }
        if (!options.overwrites()) {
            refuse(file);
            if (ending.equals(".y4m") && options.sound()) {
                refuse(beside(file));
            }
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new SinkException(
                    Reason.IO, folder + " is no folder that can be written to; make it, or choose another");
        }
        Optional<Tape.Size> size =
                options.width() == 0 ? Optional.empty() : Optional.of(new Tape.Size(options.width(), options.height()));
        return new Recorder(
                new Tape(new Tape.Plan(file, pictures, options.sound(), size, options.frameRate()), opening));
    }

    private static void refuse(Path file) throws SinkException {
        if (Files.exists(file)) {
            throw Tape.exists(file);
        }
    }

    private static Path beside(Path pictures) {
        String name = String.valueOf(pictures.getFileName());
        return pictures.resolveSibling(name.substring(0, name.length() - ".y4m".length()) + ".wav");
    }

    private static Tape.Opening raw(Path file, RecorderOptions options, boolean pictures) {
        Optional<Path> sound = !options.sound() ? Optional.empty() : Optional.of(pictures ? beside(file) : file);
        return (width, height) -> new RawTarget(
                pictures ? Optional.of(file) : Optional.empty(),
                sound,
                options.overwrites(),
                width,
                height,
                options.frameRate());
    }

    private static Tape.Opening encoded(Path file, RecorderOptions options, boolean webm) throws SinkException {
        Codec codec = options.codec().orElse(webm ? Codec.VP8 : Codec.H264);
        if ((codec == Codec.H264) == webm) {
            throw new SinkException(
                    Reason.FORMAT,
                    codec + " does not go into this kind of file; use .webm for VP8 and VP9, .mp4 for H264");
        }
        Path ffmpeg = Ffmpeg.find(options.ffmpeg());
        List<String> container = webm
                ? List.of("-f", "webm", "-cluster_time_limit", "1000")
                : List.of(
                        "-f",
                        "mp4",
                        "-movflags",
                        "+frag_keyframe+empty_moov+default_base_moof",
                        "-frag_duration",
                        "1000000");
        return (width, height) -> new FfmpegTarget(new FfmpegTarget.Plan(
                ffmpeg,
                file,
                options.overwrites(),
                width,
                height,
                options.frameRate(),
                options.sound(),
                encoders(options, codec, webm, width, height),
                container));
    }

    private static List<String> encoders(RecorderOptions options, Codec codec, boolean webm, int width, int height) {
        List<String> arguments = new ArrayList<>();
        if (width > 0) {
            int rate = options.frameRate();
            // A tenth of a bit for each pixel: 2.7 Mbit/s at 1280x720 and 30 pictures a second.
            long kbps = options.kbps()
                    .orElse((int) Math.min(200_000, Math.max(200, (long) width * height * rate / 10_000)));
            arguments.addAll(List.of("-map", "0:v", "-b:v", kbps + "k", "-g", Integer.toString(2 * rate)));
            // What libwebrtc decodes, and what a player would otherwise guess from the size.
            arguments.addAll(List.of("-color_range", "tv", "-colorspace", "smpte170m"));
            arguments.addAll(List.of(
                    "-threads",
                    Integer.toString(Math.min(8, Runtime.getRuntime().availableProcessors()))));
            arguments.addAll(
                    switch (codec) {
                        case VP8 ->
                            List.of("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-lag-in-frames", "0");
                        case VP9 ->
                            List.of(
                                    "-c:v",
                                    "libvpx-vp9",
                                    "-deadline",
                                    "realtime",
                                    "-cpu-used",
                                    "8",
                                    "-row-mt",
                                    "1",
                                    "-lag-in-frames",
                                    "0");
                        case H264 ->
                            List.of(
                                    "-c:v",
                                    "libx264",
                                    "-preset",
                                    "veryfast",
                                    "-tune",
                                    "zerolatency",
                                    "-pix_fmt",
                                    "yuv420p",
                                    "-maxrate",
                                    3 * kbps / 2 + "k",
                                    "-bufsize",
                                    2 * kbps + "k");
                    });
        }
        if (options.sound()) {
            arguments.addAll(List.of("-map", "0:a", "-c:a", webm ? "libopus" : "aac", "-b:a", webm ? "96k" : "128k"));
        }
        return arguments;
    }

    /** Takes a picture. Does nothing after close, or when the recording has failed. */
    public void picture(VideoFrame frame) {
        tape.picture(frame);
    }

    /** Takes a block of sound; likewise. */
    public void sound(AudioFrame block) {
        tape.sound(block);
    }

    /**
     * Ends the recording. Idempotent. Returns at once.
     *
     * @return {@link #done}
     */
    public CompletionStage<Recording> close() {
        return tape.close();
    }

    /**
     * Completes when the recording has ended and its file is whole: after {@link #close}, or with the session of {@code viewer.record}.
     * Fails with a {@link SinkException} if it had to end before, or nothing came; what was written until then stays and can be played. At
     * most 30 s after close. On the thread that writes, which has nothing else to do any more.
     */
    public CompletionStage<Recording> done() {
        return tape.done();
    }
}
