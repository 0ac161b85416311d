package dev.drawbridge.examples.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.drawbridge.OptionsException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The options that every subcommand has. */
final class OutputOptions {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    @Option(
            names = "--json",
            description = "Print one JSON object a line and nothing else: each event, and statistics every second.")
    private boolean json;

    @Option(names = "--seconds", paramLabel = "N", description = "End after N seconds at the latest.")
    private Optional<Long> seconds = Optional.empty();

    @Option(
            names = {"-v", "--verbose"},
            description = "Write the library's own DEBUG log to standard error.")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks at the annotation
    private boolean help;

    /** @throws OptionsException if it is negative */
    Optional<Duration> limit() {
        if (seconds.orElse(0L) < 0) {
            throw new OptionsException("--seconds", "is negative", "0 or more");
        }
        return seconds.map(Duration::ofSeconds);
    }

    /** The report in the form that was asked for, with the time of day. */
    Report report(Terminal terminal, boolean decorated) {
        return report(terminal, decorated, CLOCK::format);
    }

    Report report(Terminal terminal, boolean decorated, Function<Instant, String> time) {
        if (verbose && LoggerFactory.getLogger("dev.drawbridge") instanceof Logger logger) {
            logger.setLevel(Level.DEBUG);
        }
        return json ? new JsonLines(terminal.out()) : new EventLog(terminal, time, decorated);
    }
}
