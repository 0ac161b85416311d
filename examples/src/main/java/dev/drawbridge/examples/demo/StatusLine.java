package dev.drawbridge.examples.demo;

import java.io.PrintStream;

/** Lines of a log, and below them on a terminal one that is rewritten in place. Any thread. */
final class StatusLine {
    /** To the first column, and erase the line. */
    private static final String ERASE = "\r\033[2K";
    /** What is too long for the terminal is cut there instead of wrapped: a wrapped line could not be erased. */
    private static final String NO_WRAP = "\033[?7l";

    private static final String WRAP = "\033[?7h";

    private final PrintStream out;
    private final boolean interactive;
    private String status = "";

    StatusLine(PrintStream out, boolean interactive) {
        this.out = out;
        this.interactive = interactive;
    }

    /** Prints a line above the status. */
    synchronized void print(String line) {
        out.print(status.isEmpty() ? line + System.lineSeparator() : ERASE + line + System.lineSeparator() + drawn());
        out.flush();
    }

    /** Replaces the status; without a terminal nothing happens. */
    synchronized void show(String text) {
        if (interactive) {
            status = text;
            out.print(ERASE + drawn());
            out.flush();
        }
    }

    /** Takes the status away. */
    synchronized void clear() {
        if (!status.isEmpty()) {
            status = "";
            out.print(ERASE);
            out.flush();
        }
    }

    private String drawn() {
        return NO_WRAP + status + WRAP;
    }
}
