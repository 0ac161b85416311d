package dev.drawbridge.examples.demo;

import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.Shape;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the handshake server alone. */
@Command(
        name = "server",
        description = "Run the handshake server alone, with the viewer's page on the same port.",
        footer = {
            "",
            "Examples:",
            "  bin/demo server",
            "  bin/demo server --host 0.0.0.0 --port 8443 --tls --shape hosted"
        })
final class ServerCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "The port to listen on, 8080 if not given; 0 takes a free one.")
    private int port;

    @Option(
            names = "--shape",
            paramLabel = "SHAPE",
            defaultValue = "router",
            description =
                    "router (the default) delivers to the addressee and fanout sends everything to everybody, both for"
                            + " wss=; hosted owns the ids as the public service does, for wss2=.")
    private Shape shape = Shape.ROUTER;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "With --tls, write the certificate to this file (PEM), for --trust of the other commands.")
    private Optional<Path> certificate = Optional.empty();

    @Mixin
    private final OutputOptions output = new OutputOptions();

    ServerCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Report report = output.report(terminal, true);
        CountDownLatch stopped = new CountDownLatch(1);
        try (HandshakeServer server = options.start(port, shape)) {
            if (certificate.isPresent() && server.certificate().isPresent()) {
                Files.writeString(
                        certificate.get(), Trust.pem(server.certificate().get()));
            }
            tell(report, server);
            long end = output.limit()
                    .map(limit -> System.nanoTime() + limit.toNanos())
                    .orElse(Long.MAX_VALUE);
            for (long left = Long.MAX_VALUE; left > 0 && !report.broken(); ) {
                left = end == Long.MAX_VALUE ? Long.MAX_VALUE : end - System.nanoTime();
                if (stopped.await(Math.min(left, TimeUnit.SECONDS.toNanos(1)), TimeUnit.NANOSECONDS)) {
                    break;
                }
                report.stats("", new Connections(Instant.now(), server.connections()));
            }
        } finally {
            report.end();
        }
        return 0;
    }

    private void tell(Report report, HandshakeServer server) {
        String key = ServerOptions.parameter(shape);
        boolean local = Addresses.loopback(options.host());
        String first = Addresses.of(options.host()).get(0);
        URI url = server.uri(first);
        URI page = Links.page(url);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("url", url.toString());
        facts.put("page", page.toString());
        facts.put("shape", ServerOptions.name(shape));
        facts.put("loopbackOnly", local);
        report.fact("Listening", facts);
        report.say("Handshake server (" + ServerOptions.name(shape) + ") at " + url);
        Addresses.of(options.host()).stream().skip(1).forEach(other -> report.say("  also " + server.uri(other)));
        if (local) {
            report.say("Only this machine reaches it; --host 0.0.0.0 opens it to the network.");
        }
        String more = options.tls() ? " --trust FILE" : local ? "" : " --allow-plain";
        report.say("Publish:  bin/demo publish 'push=door&secure&" + key + "=" + url + "'" + more);
        report.say("Watch:    bin/demo view 'view=door&" + key + "=" + url + "'" + more);
        report.say("or open:  " + page + "?view=door" + (key.equals("wss2") ? "&wss2=" + url : ""));
    }

    /** How many clients are connected. */
    private record Connections(Instant at, int connections) implements Snapshot {
        @Override
        public Map<String, Object> fields() {
            return Map.of("connections", connections);
        }

        @Override
        public String line() {
            return connections + (connections == 1 ? " connection" : " connections");
        }
    }
}
