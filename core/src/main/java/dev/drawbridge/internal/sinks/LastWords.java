package dev.drawbridge.internal.sinks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What a process complained of last, read on a thread of its own, so that it never waits for a reader. */
public final class LastWords {
    private static final int LINES = 10;
    private static final int LONGEST_LINE = 400;

    private final Deque<String> lines = new ArrayDeque<>(); // guarded by itself
    private final Thread reader;

    /** Begins to read, until the end of the process. */
    public LastWords(Process process, String thread) {
        InputStream errors = process.getErrorStream();
        reader = new Thread(() -> read(errors), thread);
        reader.setDaemon(true);
        reader.start();
    }

    private void read(InputStream errors) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(errors, StandardCharsets.UTF_8))) {
            for (String line = next(in); line != null; line = next(in)) {
                synchronized (lines) {
                    lines.add(line);
                    if (lines.size() > LINES) {
                        lines.remove();
                    }
                }
            }
        } catch (IOException e) {
            // It is gone, and has said what it had to say.
        }
    }

    /** The next line, or null at the end. What is longer than anybody reads is cut before it takes memory. */
    private static @Nullable String next(BufferedReader in) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        for (; next >= 0 && next != '\n'; next = in.read()) {
            if (line.length() < LONGEST_LINE) {
                line.append(next < ' ' ? ' ' : (char) next);
            }
        }
        return line.toString().strip();
    }

    /**
     * All of it, in one line; empty if there was none.
     *
     * @param millis how long to wait for the last of it, once the process has ended
     */
    public String await(long millis) throws InterruptedException {
        reader.join(millis);
        synchronized (lines) {
            return String.join("; ", lines);
        }
    }
}
