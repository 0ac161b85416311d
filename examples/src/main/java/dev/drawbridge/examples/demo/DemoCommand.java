package dev.drawbridge.examples.demo;

import dev.drawbridge.OptionsException;
import dev.drawbridge.SessionException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The whole command line. Without a subcommand it is the demo itself. */
@Command(
        name = "bin/demo",
        description =
                "Live video from Java, peer to peer. Without a subcommand: start a handshake server, publish a test"
                        + " pattern in secure mode, and print the link for its one viewer.",
        synopsisSubcommandLabel = "[COMMAND]")
public final class DemoCommand implements Callable<Integer> {
    private final Terminal terminal;

    private DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The command line, to be executed; the result is the exit status. */
    public static CommandLine commandLine(Terminal terminal) {
        CommandLine line = new CommandLine(new DemoCommand(terminal))
                .addSubcommand(session(new PublishCommand(terminal)))
                .addSubcommand(session(new ViewCommand(terminal)))
                .addSubcommand(new ServerCommand(terminal));
        line.getCommandSpec().mixinStandardHelpOptions(true);
        line.getSubcommands().values().forEach(each -> each.getCommandSpec().mixinStandardHelpOptions(true));
        return line.setOut(writer(terminal.out()))
                .setErr(writer(terminal.err()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(DemoCommand::misused)
                .setExecutionExceptionHandler(DemoCommand::failed);
    }

    private static CommandLine session(Callable<Integer> command) {
        CommandLine line = new CommandLine(command);
        line.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit status:%n")
                .exitCodeList(ExitStatus.ofSessions());
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

    private static int failed(Exception thrown, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        PrintWriter err = command.getErr();
        if (thrown instanceof OptionsException options) {
            options.problems().forEach(err::println);
            return ExitStatus.USAGE;
        } else if (thrown instanceof SessionException session) {
            err.println(session.getMessage());
            return ExitStatus.of(session.code());
        } else if (thrown instanceof UncheckedIOException io) {
            err.println(io.getMessage());
            return ExitStatus.FAILED;
        }
        throw thrown;
    }

    @Override
    public Integer call() throws Exception {
        terminal.err().println("not yet");
        return ExitStatus.FAILED;
    }
}
