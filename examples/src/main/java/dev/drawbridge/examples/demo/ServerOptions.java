package dev.drawbridge.examples.demo;

import dev.drawbridge.OptionsException;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.Shape;
import java.util.Locale;
import picocli.CommandLine.Option;

/** How the embedded handshake server is to listen. */
final class ServerOptions {
    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description =
                    "The address to listen on: 127.0.0.1 (the default) for this machine alone, 0.0.0.0 for the network.")
    private String host = "127.0.0.1";

    @Option(names = "--tls", description = "Speak TLS, with a certificate made and signed by itself.")
    private boolean tls;

    /**
     * A server with the viewer's page.
     *
     * @throws OptionsException if there is no such port
     * @throws java.io.UncheckedIOException if the address cannot be listened on
     */
    HandshakeServer start(int port, Shape shape) {
        if (port < 0 || port > 65535) {
            throw new OptionsException("--port", "is " + port, "0 to 65535");
        }
        return HandshakeServer.builder()
                .host(host)
                .port(port)
                .tls(tls)
                .shape(shape)
                .log(0)
                .pages(ServerOptions.class.getClassLoader(), "page")
                .start();
    }

    boolean tls() {
        return tls;
    }

    String host() {
        return host;
    }

    /** The option with which clients name a server of this shape. */
    static String parameter(Shape shape) {
        return shape == Shape.HOSTED ? "wss2" : "wss";
    }

    static String name(Shape shape) {
        return shape.name().toLowerCase(Locale.ROOT);
    }
}
