package dev.drawbridge.examples.demo;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.webrtc.WebRtcMedia;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Publishes against any handshake server. */
@Command(
        name = "publish",
        description = "Publish through any handshake server.",
        footer = {
            "",
            "With --json an event is {\"at\":<epoch ms>,\"event\":\"ViewerJoined\",...} and \"Stats\" has state, framesSent,"
                    + " bitrateKbps, width, height, roundTripMs, path, and marks: the time of each step.",
            "",
            "Examples:",
            "  bin/demo publish 'push=door&secure&password=xyz&wss=ws://127.0.0.1:8080'",
            "  bin/demo publish 'push=door&secure&wss=ws://127.0.0.1:8080' --audit door.log",
            "  bin/demo publish 'push&wss2=wss://handshake.example.org' --seconds 60 --json"
        })
final class PublishCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final OptionsArgument argument = new OptionsArgument();

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Option(
            names = "--camera",
            description =
                    "Publish the camera and the microphone of this machine, those that videodevice= and audiodevice="
                            + " say. Without it, and without videodevice=, the test pattern is published.")
    private boolean camera;

    @Option(
            names = "--page",
            paramLabel = "URL",
            description = "The page for the link that is printed. If not given: the handshake server's own address,"
                    + " where 'bin/demo server' serves a page.")
    private Optional<URI> page = Optional.empty();

    @Option(
            names = "--audit",
            paramLabel = "FILE",
            description =
                    "Write who asked, who was let in and how it ended to a new file. Each line has the SHA-256 of the"
                            + " line before (docs/audit.md).")
    private Optional<Path> audit = Optional.empty();

    PublishCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws SessionException {
        SessionOptions options = argument.parse(terminal);
        Report report = output.report(terminal, !options.cleanOutput());
        SessionRun run = new SessionRun(report, output.limit());
        return ExitStatus.of(run.run(
                listener -> Publisher.builder(options)
                        .media(camera ? WebRtcMedia.create() : PatternMedia.of(options))
                        .signaling(argument.signaling())
                        .approval(new Doorkeeper(terminal, report))
                        .listener(listener)
                        .start(),
                publisher -> {
                    audit.ifPresent(file -> run.awaitAlso(written(publisher, file)));
                    tellLink(report, publisher, options);
                },
                publisher -> SessionSnapshot.of(publisher, OptionalInt.empty())));
    }

    private static CompletionStage<Void> written(Publisher publisher, Path file) {
        try {
            return publisher.audit().writeTo(file);
        } catch (IOException e) {
            throw new UncheckedIOException(new IOException("the audit log cannot be written: " + e, e));
        }
    }

    private void tellLink(Report report, Publisher publisher, SessionOptions options) {
        URI link = publisher.viewLink(page.orElseGet(() -> Links.page(options.endpoint())));
        if (report.forPerson()) {
            report.say("Watch it:  " + link);
            report.say("or:        bin/demo view '" + link.getRawQuery() + "'");
        } else {
            terminal.err()
                    .println("Watch it:  " + link); // with JSON, standard output is for events and statistics alone
        }
    }
}
