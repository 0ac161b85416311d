package dev.drawbridge.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The line that is rewritten in place. */
class StatusLineTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void without_a_terminal_there_are_plain_lines_only() {
        StatusLine line = new StatusLine(out, false);

        line.show("SEALED");
        line.print("an event");
        line.clear();

        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("an event" + System.lineSeparator());
    }

    @Test
    void on_a_terminal_the_status_stays_below_the_lines() {
        StatusLine line = new StatusLine(out, true);

        line.show("SEALED");
        line.print("an event");
        line.clear();

        String erase = "\r\033[2K";
        String status = "\033[?7lSEALED\033[?7h";
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo(erase + status + erase + "an event" + System.lineSeparator() + status + erase);
    }
}
