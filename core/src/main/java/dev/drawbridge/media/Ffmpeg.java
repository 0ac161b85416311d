package dev.drawbridge.media;

import dev.drawbridge.internal.sinks.BoundedLines;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process of {@code ffmpeg} that reads a file of any kind and writes what {@link MatroskaReel} reads. It waits when we do not read, so
 * nothing piles up; it ends with the reel, with the JVM, and by itself when nobody holds the other end of its pipe.
 */
final class Ffmpeg extends Bytes {
    static final int RATE = 48_000;
    static final int CHANNELS = 2;
    /** What the file itself names, such as the parts of a playlist, may not come from the network. */
    private static final String READING = "-nostdin -hide_banner -loglevel error -protocol_whitelist file";

    /** Where the sound begins late or pauses, pictures are not kept back for it longer than half a second. */
    private static final String INTERLEAVING = " -max_interleave_delta 500000";

    private static final String WRITING = "-map 0:v:0? -map 0:a:0? -sn -dn -map_metadata -1 -c:v rawvideo"
            + " -pix_fmt yuv420p -c:a pcm_s16le -ar " + RATE + " -ac " + CHANNELS + INTERLEAVING + " -f matroska -";
    private static final int LAST_LINES = 5;
    private static final int LONGEST_LINE = 300;
    private static final long EXIT_MILLIS = 2_000;
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    private final List<String> command;
    private final Deque<String> complaints = new ArrayDeque<>(); // guarded by itself
    private @Nullable Process process;
    private @Nullable Thread listening;

    private Ffmpeg(List<String> command) {
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
    static Ffmpeg reading(String program, Path file, Playback playback, int maxWidth, int maxHeight) {
        String fit = "scale=w=min(iw\\," + maxWidth + "):h=min(ih\\," + maxHeight
                + "):force_original_aspect_ratio=decrease:force_divisible_by=2:out_color_matrix=bt601:out_range=tv";
        String start = playback.from().toMillis() + "ms";
        // No shell sees any of it, and "file:" makes a name of whatever the path looks like.
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(READING.split(" ", -1)));
        command.addAll(List.of("-ss", start, "-i", "file:" + file.toAbsolutePath(), "-vf", fit));
        command.addAll(List.of(WRITING.split(" ", -1)));
        return new Ffmpeg(command);
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
        Thread reader = new Thread(() -> listen(started.getErrorStream()), "drawbridge-ffmpeg");
        reader.setDaemon(true);
        reader.start();
        listening = reader;
        return started.getInputStream();
    }

    private void listen(InputStream errors) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(errors, StandardCharsets.UTF_8))) {
            for (String line = BoundedLines.next(lines, LONGEST_LINE);
                    line != null;
                    line = BoundedLines.next(lines, LONGEST_LINE)) {
                synchronized (complaints) {
                    complaints.add(line);
                    if (complaints.size() > LAST_LINES) {
                        complaints.remove();
                    }
                }
            }
        } catch (IOException e) {
            // It has been ended.
        }
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
        Thread reader = listening;
        if (ended == null || reader == null) {
            return;
        }
        try {
            if (!ended.waitFor(EXIT_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IOException("ffmpeg closed its output and goes on");
            }
            reader.join(EXIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (ended.exitValue() != 0) {
            synchronized (complaints) {
                throw new IOException("ffmpeg ended with " + ended.exitValue() + ": " + String.join(" / ", complaints));
            }
        }
    }
}
