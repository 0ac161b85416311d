package dev.drawbridge.examples.demo;

import dev.drawbridge.SessionEvent;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** One line for each event, for a person, and the status line below. */
final class EventLog implements Report {
    private final PrintStream out;
    private final StatusLine screen;
    private final Function<Instant, String> time;
    private final boolean decorated;

    /**
     * @param time how the time of an event is written
     * @param decorated whether there are words around the events, and a status line
     */
    EventLog(Terminal terminal, Function<Instant, String> time, boolean decorated) {
        this.out = terminal.out();
        this.screen = new StatusLine(out, terminal.interactive());
        this.time = time;
        this.decorated = decorated;
    }

    @Override
    public void event(String who, SessionEvent event) {
        String name = who.isEmpty() ? "" : String.format(Locale.ROOT, "%-9s  ", who);
        screen.print(time.apply(event.at()) + "  " + name + EventWords.line(event));
    }

    @Override
    public void stats(String who, Snapshot snapshot) {
        if (decorated) {
            screen.show(snapshot.line());
        }
    }

    @Override
    public void fact(String name, Map<String, Object> fields) {
        // Said in words.
    }

    @Override
    public void say(String text) {
        if (decorated) {
            screen.print(text);
        }
    }

    @Override
    public boolean forPerson() {
        return true;
    }

    @Override
    public boolean broken() {
        return out.checkError();
    }

    @Override
    public void end() {
        screen.clear();
        out.close(); // the native library has last words on standard output otherwise
    }
}
