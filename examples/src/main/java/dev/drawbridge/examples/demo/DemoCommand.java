package dev.drawbridge.examples.demo;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.StreamId;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.Shape;
import java.net.URI;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The demo itself: server, publisher and link. */
@Command(
        name = "bin/demo",
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "Live video from Java, peer to peer, for one viewer.",
            "",
            "Without a command: starts a handshake server on this machine, publishes a test pattern in secure mode, and"
                    + " prints the link. Open it in a browser: as soon as it plays, the publisher leaves the server for"
                    + " good, and nobody else can get in."
        },
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Examples:",
            "  bin/demo                      open the link in a browser on this machine",
            "  bin/demo --host 0.0.0.0       scan the code with a phone on the same network",
            "  bin/demo --with 'prompt'      decide yourself about the viewer",
            "  bin/demo self-test            all of it without a browser, in seconds",
            "  bin/demo publish --help       one side alone, any server, any options"
        })
final class DemoCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ServerOptions serverOptions = new ServerOptions();

    @Option(names = "--port", paramLabel = "N", description = "The port to listen on. If not given, a free one.")
    private int port;

    @Option(
            names = "--with",
            paramLabel = "OPTIONS",
            description =
                    "More options as in a link, such as 'label=Garden&password=false'; they win over the demo's own.")
    private String with = "";

    @Mixin
    private final OutputOptions output = new OutputOptions();

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws SessionException {
        try (HandshakeServer server = serverOptions.start(port, Shape.ROUTER)) {
            SessionOptions options = OptionsArgument.checked(
                    terminal,
                    SessionOptions.builder()
                            .allowPlainWebSocket(true) // it is our own server, on this machine
                            .query(with + "&push=" + StreamId.random().value() + "&secure&password="
                                    + Passwords.random() + "&videodevice=testpattern&wss=" + server.uri())
                            .build());
            Report report = output.report(terminal, !options.cleanOutput());
            return ExitStatus.of(new SessionRun(report, output.limit())
                    .run(
                            listener -> Publisher.builder(options)
                                    .media(PatternMedia.of(options))
                                    .signaling(Trust.of(server.certificate()))
                                    .approval(new Doorkeeper(terminal, report))
                                    .listener(listener)
                                    .start(),
                            publisher -> invite(report, server, options),
                            publisher -> SessionSnapshot.of(publisher, OptionalInt.empty())));
        }
    }

    private void invite(Report report, HandshakeServer server, SessionOptions options) {
        URI link = Links.from(server, Addresses.of(serverOptions.host()).get(0), options);
        report.fact("Link", Links.facts(options, link));
        if (terminal.interactive()) {
            QrCode.lines(link.toString()).forEach(report::say);
        }
        report.say("Open this link; it is good for one viewer:");
        report.say(link.toString());
        if (Addresses.loopback(serverOptions.host())) {
            report.say("It works on this machine only. For a phone: bin/demo --host 0.0.0.0");
        } else {
            report.say("Whoever reaches this machine over the network can open it.");
        }
        if (serverOptions.tls()) {
            report.say("The browser warns of the certificate, which this program signed itself.");
        }
        report.say("Ctrl-C ends it.");
    }
}
