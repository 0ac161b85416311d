package dev.drawbridge.internal.sinks;

import dev.drawbridge.media.SinkException;
import dev.drawbridge.media.SinkException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process of {@code ffmpeg} that gets everything through its standard input and writes the file. When this process is gone that input
 * ends, and the file is completed all the same; when {@code ffmpeg} itself is killed, all but the last second is in it.
 */
public final class FfmpegTarget implements Target {
    private static final long FINISH_SECONDS = 20;

    /** What is to be written. */
    public record Plan(
            Path ffmpeg,
            Path file,
            boolean overwrite,
            int width,
            int height,
            int framesPerSecond,
            boolean sound,
            List<String> encoders,
            List<String> container) {}

    private final Process process;
    private final OutputStream pipe;
    private final Matroska stream;
    private final int framesPerSecond;
    private final LastWords complaints;
    private volatile boolean aborted;

    /** Starts it. */
    public FfmpegTarget(Plan plan) throws IOException {
        framesPerSecond = plan.framesPerSecond();
        process = new ProcessBuilder(command(plan))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        complaints = new LastWords(process, "drawbridge-record-log");
        pipe = process.getOutputStream();
        stream = new Matroska(pipe);
        try {
            stream.begin(plan.width(), plan.height(), 1_000_000_000L / framesPerSecond, plan.sound());
        } catch (IOException e) {
            abort();
            throw e;
        }
    }

    static List<String> command(Plan plan) {
        List<String> command = new ArrayList<>(List.of(
                plan.ffmpeg().toString(),
                "-hide_banner",
                "-nostdin",
                "-loglevel",
                "error",
                plan.overwrite() ? "-y" : "-n",
                "-analyzeduration", // the head says everything
                "0",
                "-f",
                "matroska",
                "-i",
                "pipe:0"));
        command.addAll(plan.encoders());
        command.addAll(List.of("-flush_packets", "1"));
        command.addAll(plan.container());
        command.add("file:" + plan.file());
        return command;
    }

    @Override
    public boolean takesGaps() {
        return true;
    }

    @Override
    public void picture(byte[] i420, long tick) throws IOException {
        stream.picture(i420, tick * 1_000_000_000L / framesPerSecond);
    }

    @Override
    public void sound(byte[] pcm, int length, long at) throws IOException {
        stream.sound(pcm, length, at * 1_000_000_000L / SoundTrack.RATE);
    }

    @Override
    public void finish() throws IOException, SinkException {
        pipe.close();
        try {
            if (!process.waitFor(FINISH_SECONDS, TimeUnit.SECONDS)) {
                throw new SinkException(
                        Reason.FFMPEG_FAILED,
                        "ffmpeg did not complete the file within " + FINISH_SECONDS
                                + " s; choose a smaller size or frame rate");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SinkException(Reason.FFMPEG_FAILED, "interrupted while ffmpeg completed the file", e);
        } finally {
            abort();
        }
        if (process.exitValue() != 0) {
            throw failed(null);
        }
    }

    @Override
    public void abort() {
        if (!aborted) {
            aborted = true;
            process.destroyForcibly();
        }
    }

    @Override
    public SinkException explained(IOException failure) {
        return failed(failure);
    }

    private SinkException failed(@Nullable IOException cause) {
        String said = "";
        try {
            if (!process.waitFor(1, TimeUnit.SECONDS)) { // a broken pipe comes before the end of who broke it
                return new SinkException(Reason.IO, "ffmpeg takes nothing any more", cause);
            }
            said = complaints.await(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new SinkException(
                Reason.FFMPEG_FAILED,
                "ffmpeg ended with status " + (process.isAlive() ? "unknown" : process.exitValue())
                        + (said.isEmpty() ? "" : ": " + said)
                        + "; what it has written so far can be played. Try another codec, or look at the disk's space",
                cause);
    }
}
