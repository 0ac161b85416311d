package dev.drawbridge.examples.demo;

import dev.drawbridge.HandshakeEndpoint;
import dev.drawbridge.OptionsException;
import dev.drawbridge.OptionsException.Problem;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.webrtc.Doctor;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is in the way when something does not work. */
@Command(
        name = "doctor",
        description = {
            "Look for what is in the way when something does not work: Java, the system, the native library, cameras and"
                    + " sound, the network, and a connection to itself. With options also the handshake server, and STUN and"
                    + " TURN servers.",
            "",
            "It takes 3 to 5 s, 20 at most. No password and no credential is in the report, and no address unless"
                    + " --addresses asks for them: it can be shown to others."
        },
        footer = {
            "",
            "Examples:",
            "  bin/doctor",
            "  bin/doctor 'wss=wss://handshake.example.org'",
            "  bin/doctor 'wss=...&turn=user;password;turn:relay.example.org' --json"
        })
final class DoctorCommand implements Callable<Integer> {
    /** Stands for the server where only others are to be looked at. */
    private static final HandshakeEndpoint NONE = HandshakeEndpoint.custom("wss://localhost");

    private final Terminal terminal;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "OPTIONS",
            description =
                    "Options as in a link, or a whole link: its servers are looked at as well. With - they are read from"
                            + " standard input, which keeps a password out of the list of processes.")
    private String text = "";

    @Option(names = "--json", description = "Print one JSON object and nothing else.")
    private boolean json;

    @Option(names = "--addresses", description = "Let addresses be in the report.")
    private boolean addresses;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "Trust the certificate in this file (PEM) too, as 'bin/demo server --tls' writes it.")
    private Optional<Path> trusted = Optional.empty();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks at the annotation
    private boolean help;

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Doctor.Builder doctor = named().addresses(addresses).signaling(Trust.of(trusted.map(Trust::read)));
        if (terminal.interactive()) {
            terminal.err().println("Looking, for 30 s at most ...");
        }
        return tell(doctor.build().examine(), json, terminal);
    }

    /** Prints the report; the result is the exit status. */
    static int tell(Doctor.Report report, boolean json, Terminal terminal) {
        terminal.out()
                .print(json ? report.json() + "\n" : terminal.interactive() ? coloured(report.text()) : report.text());
        terminal.out().flush();
        return report.healthy() ? 0 : ExitStatus.FAILED;
    }

    /** The servers that the options name, if there are any. Nothing is sent to them but greetings, so ws:// does no harm. */
    private Doctor.Builder named() {
        String query = text.equals("-") ? OptionsArgument.standardInput(terminal) : text;
        if (query.isBlank()) {
            return Doctor.builder();
        }
        SessionOptions.Builder options =
                SessionOptions.builder().allowPlainWebSocket(true).query(query);
        try {
            return Doctor.of(OptionsArgument.checked(terminal, options.build()));
        } catch (OptionsException e) {
            List<Problem> problems = e.problems();
            if (problems.size() == 1 && problems.get(0).message().startsWith("no handshake server")) {
                return Doctor.builder().network(options.endpoint(NONE).build().network());
            }
            throw e;
        }
    }

    private static String coloured(String report) {
        if (System.getenv("NO_COLOR") != null) {
            return report;
        }
        return report.lines().map(DoctorCommand::verdictColoured).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String verdictColoured(String line) {
        String verdict = line.split(" ", 2)[0];
        String colour =
                switch (verdict) {
                    case "ok" -> "32";
                    case "warning" -> "33";
                    case "FAILED" -> "1;31";
                    case "skipped" -> "2";
                    default -> "";
                };
        return colour.isEmpty()
                ? line
                : "\u001b[" + colour + "m" + verdict + "\u001b[0m" + line.substring(verdict.length());
    }
}
