package dev.drawbridge.media;

import dev.drawbridge.internal.sinks.LastWords;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process of {@code ffmpeg} that reads a file of any kind and writes what {@link MatroskaReel} reads. It waits when we do not read, so
 * nothing piles up; it ends with the reel, with the JVM, and by itself when nobody holds the other end of its pipe.
 */
final class FfmpegReader extends Bytes {
    static final int RATE = 48_000;
    static final int CHANNELS = 2;
    /** What the file itself names, such as the parts of a playlist, may not come from the network. */
    private static final String READING = "-nostdin -hide_banner -loglevel error -protocol_whitelist file";

    /** Where the sound begins late or pauses, pictures are not kept back for it longer than half a second. */
    private static final String INTERLEAVING = " -max_interleave_delta 500000";

    private static final String WRITING = "-map 0:v:0? -map 0:a:0? -sn -dn -map_metadata -1 -c:v rawvideo"
            + " -pix_fmt yuv420p -c:a pcm_s16le -ar " + RATE + " -ac " + CHANNELS + INTERLEAVING + " -f matroska -";
    private static final long EXIT_MILLIS = 2_000;
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    private final List<String> command;
    private @Nullable Process process;
    private @Nullable LastWords complaints;

    private FfmpegReader(List<String> command) {
        this.command = command;
    }

    static {
        try {
            Runtime.getRuntime()
                    .addShutdownHook(
                            new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "drawbridge-ffmpeg-exit"));
        } catch (IllegalStateException e) {
            // The JVM ends already, and with it the pipes.
        }
    }

    /** @param program its name or place */
    static FfmpegReader reading(String program, Path file, Playback playback, int maxWidth, int maxHeight) {
        String fit = "scale=w=min(iw\\," + maxWidth + "):h=min(ih\\," + maxHeight
                + "):force_original_aspect_ratio=decrease:force_divisible_by=2:out_color_matrix=bt601:out_range=tv";
        String start = playback.from().toMillis() + "ms";
        // No shell sees any of it, and "file:" makes a name of whatever the path looks like.
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(READING.split(" ", -1)));
        command.addAll(List.of("-ss", start, "-i", "file:" + file.toAbsolutePath(), "-vf", fit));
        command.addAll(List.of(WRITING.split(" ", -1)));
        return new FfmpegReader(command);
    }

    @Override
    InputStream begin() throws IOException {
        Process started;
        try {
            started = new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new IOException(
                    "there is no " + new File(command.get(0)).getName()
                            + " on the path: install ffmpeg (Debian: apt-get install ffmpeg) or use Y4M and WAV",
                    e);
        }
        RUNNING.add(started);
        var unused = started.onExit().thenAccept(RUNNING::remove);
        process = started;
        started.getOutputStream().close();
        complaints = new LastWords(started, "drawbridge-ffmpeg");
        return started.getInputStream();
    }

    @Override
    void end(InputStream opened) {
        Process ending = process;
        if (ending != null) {
            ending.destroyForcibly();
        }
    }

    @Override
    void check() throws IOException {
        Process ended = process;
        LastWords said = complaints;
        if (ended == null || said == null) {
            return;
        }
        try {
            if (!ended.waitFor(EXIT_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IOException("ffmpeg closed its output and goes on");
            }
            if (ended.exitValue() != 0) {
                throw new IOException("ffmpeg ended with " + ended.exitValue() + ": " + said.await(EXIT_MILLIS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
