package dev.drawbridge.examples.demo;

import dev.drawbridge.OptionsException;
import dev.drawbridge.SessionException;
import java.io.IOException;
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
    private Commands() {}

    /** The command line, to be executed; the result is the exit status. */
    public static CommandLine all(Terminal terminal) {
        CommandLine line = command(new DemoCommand(terminal), ExitStatus.ofDemo())
                .addSubcommand(command(new PublishCommand(terminal), ExitStatus.ofSessions()))
                .addSubcommand(command(new ViewCommand(terminal), ExitStatus.ofSessions()))
                .addSubcommand(
                        command(new ServerCommand(terminal), ExitStatus.of("the time was up", "it could not listen")))
                .addSubcommand(command(
                        new SelfTestCommand(terminal),
                        ExitStatus.of("every check passed", "a check failed, or a step did not come in time")))
                .addSubcommand(command(
                        new DoctorCommand(terminal),
                        ExitStatus.of("nothing failed", "a check failed; its advice follows it")));
        return line.setOut(writer(terminal.out()))
                .setErr(writer(terminal.err()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Commands::misused)
                .setExecutionExceptionHandler(Commands::failed);
    }

    private static CommandLine command(Callable<Integer> command, Map<String, String> statuses) {
        CommandLine line = new CommandLine(command);
        line.getCommandSpec()
                .usageMessage()
                .parameterListHeading("%n")
                .optionListHeading("%n")
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
            // The one thing that a program has to say is an argument here.
            options.problems()
                    .forEach(problem -> err.println(
                            problem.toString().replace("the builder's allowPlainWebSocket(true)", "--allow-plain")));
            return ExitStatus.USAGE;
        } else if (thrown instanceof SessionException session) {
            err.println(session.getMessage());
            return ExitStatus.of(session.code());
        } else if (thrown instanceof UncheckedIOException io && io.getCause() != null) {
            err.println(io.getCause().getMessage());
            return ExitStatus.FAILED;
        } else if (thrown instanceof IOException) {
            err.println(thrown);
            return ExitStatus.FAILED;
        }
        throw thrown;
    }
}
