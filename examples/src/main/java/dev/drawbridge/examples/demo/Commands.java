package dev.drawbridge.examples.demo;

import dev.drawbridge.OptionsException;
import dev.drawbridge.SessionException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The whole command line: every subcommand, and what becomes of mistakes. */
public final class Commands {
    private static final Map<String, String> STATUSES = Map.of(
            "0", "ended as meant",
            "1", "failed; why is on standard error",
            "2", "bad arguments or options");

    private Commands() {}

    /** The command line, to be executed; the result is the exit status. */
    public static CommandLine all(Terminal terminal) {
        CommandLine line = command(new DemoCommand(terminal), ExitStatus.ofSessions())
                .addSubcommand(command(new PublishCommand(terminal), ExitStatus.ofSessions()))
                .addSubcommand(command(new ViewCommand(terminal), ExitStatus.ofSessions()))
                .addSubcommand(command(new ServerCommand(terminal), STATUSES))
                .addSubcommand(command(new SelfTestCommand(terminal), STATUSES));
        return line.setOut(writer(terminal.out()))
                .setErr(writer(terminal.err()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Commands::misused)
                .setExecutionExceptionHandler(Commands::failed);
    }

    private static CommandLine command(Callable<Integer> command, Map<String, String> statuses) {
        CommandLine line = new CommandLine(command);
        line.getCommandSpec()
                .mixinStandardHelpOptions(true)
                .usageMessage()
                .exitCodeListHeading("%nExit status:%n")
                .exitCodeList(statuses);
        return line;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private static int misused(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        command.getErr().println(wrong.getMessage());
        command.getErr().println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitStatus.USAGE;
    }

    /** What a user can mend is told in its own words, one problem a line; anything else keeps its stack trace. */
    private static int failed(Exception thrown, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        PrintWriter err = command.getErr();
        if (thrown instanceof OptionsException options) {
            options.problems().forEach(err::println);
            return ExitStatus.USAGE;
        } else if (thrown instanceof SessionException session) {
            err.println(session.getMessage());
            return ExitStatus.of(session.code());
        } else if (thrown instanceof UncheckedIOException io && io.getCause() != null) {
            err.println(io.getCause().getMessage());
            return ExitStatus.FAILED;
        }
        throw thrown;
    }
}
