package dev.drawbridge.internal.sinks;

import java.io.BufferedReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What another program says, line by line; what is longer than anybody reads is cut before it takes memory. */
public final class BoundedLines {
    private BoundedLines() {}

    /**
     * The next line, without blanks around it.
     *
     * @param longest in characters; the rest of a longer line is passed over
     * @return null at the end
     */
    public static @Nullable String next(BufferedReader in, int longest) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        for (; next >= 0 && next != '\n'; next = in.read()) {
            if (line.length() < longest) {
                line.append(next < ' ' ? ' ' : (char) next);
            }
        }
        return line.toString().strip();
    }
}
