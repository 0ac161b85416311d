package dev.drawbridge.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A screen that nobody sees: Debian's Xvfb as a child process, with a number that is free. Programs show their windows on it when their
 * environment variable {@code DISPLAY} is {@link #display}.
 *
 * <p><b>Thread:</b> any. <b>Blocking:</b> {@link #open}, until it takes windows, and {@link #close}, some milliseconds.
 */
public final class VirtualScreen implements AutoCloseable {
    private final Process process;
    private final String display;

    private VirtualScreen(Process process, String display) {
        this.process = process;
        this.display = display;
    }

    /** One of this size in pixels. @throws AssertionError if Xvfb is not installed or does not start */
    public static VirtualScreen open(int width, int height) {
        List<String> command = List.of(
                SystemProgram.find("Xvfb", "xvfb"),
                "-displayfd", // it chooses a free number itself, and tells it when it is ready
                "1",
                "-screen",
                "0",
                width + "x" + height + "x24",
                "-nolisten",
                "tcp");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String number = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            if (number == null) {
                throw new AssertionError("Xvfb did not start: status " + process.waitFor());
            }
            return new VirtualScreen(process, ":" + number.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Its name, such as {@code :99}. */
    public String display() {
        return display;
    }

    @Override
    public void close() {
        process.destroy(); // in order, or its lock file stays
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
