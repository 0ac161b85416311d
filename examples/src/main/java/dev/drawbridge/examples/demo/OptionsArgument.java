package dev.drawbridge.examples.demo;

import dev.drawbridge.OptionsException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.spi.SignalingTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options or the link on the command line. */
final class OptionsArgument {
    @Parameters(
            index = "0",
            paramLabel = "OPTIONS",
            description =
                    "Options as in a link, or a whole link (docs/options.md has them all). Quote them, for the shell"
                            + " reads & and ?. With - they are read from standard input, which keeps a password out of the"
                            + " list of processes.")
    private String text = "";

    @Option(
            names = "--allow-plain",
            description = "Use ws:// beyond this machine. Everybody on the way can read and change the handshake.")
    private boolean allowPlain;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "Trust the certificate in this file (PEM) too, as 'bin/demo server --tls' writes it.")
    private Optional<Path> trusted = Optional.empty();

    /** @throws OptionsException if the certificate cannot be read */
    SignalingTransport signaling() {
        return Trust.of(trusted.map(Trust::read));
    }

    /** @throws OptionsException with every problem */
    SessionOptions parse(Terminal terminal) {
        return checked(
                terminal,
                SessionOptions.builder()
                        .allowPlainWebSocket(allowPlain)
                        .query(text.equals("-") ? standardInput(terminal) : text)
                        .build());
    }

    /** Tells of parameters that nobody knows: they may be misspelt. */
    static SessionOptions checked(Terminal terminal, SessionOptions options) {
        options.unrecognized().keySet().forEach(name -> terminal.err().println("unknown option, ignored: " + name));
        return options;
    }

    static String standardInput(Terminal terminal) {
        try {
            return new String(terminal.in().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
