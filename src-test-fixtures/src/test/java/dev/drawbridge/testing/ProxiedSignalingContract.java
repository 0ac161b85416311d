package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.signaling.OkHttpSignaling;
import dev.drawbridge.spi.SignalingEnd;
import dev.drawbridge.spi.SignalingTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever a transport promises, it promises through a proxy, the end within 250 ms above all. */
abstract class ProxiedSignalingContract extends SignalingContract {
    private final HandshakeServer server = HandshakeServer.start(Shape.FANOUT);
    private Detour detour;
    private SignalingTransport transport;

    /** A proxy that knows these names. */
    abstract Detour detour(Map<String, InetSocketAddress> names) throws Exception;

    @BeforeEach
    void start() throws Exception {
        detour = detour(
                Map.of("handshake.invalid", new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port())));
        transport = OkHttpSignaling.builder().proxy(detour.proxy()).build();
    }

    @AfterEach
    void stop() {
        detour.close();
        server.close();
    }

    @Test
    void a_message_above_the_limit_ends_it_before_memory_is_taken() throws Exception {
        SignalingRecorder heard = new SignalingRecorder();
        transport.open(server(), heard);
        assertThat(heard.await(r -> r.openings() == 1)).isTrue();
        server.faults().sendToAll("x".repeat((1 << 20) + 1));
        assertThat(heard.await(r -> r.end().isPresent())).isTrue();
        assertThat(heard.end().orElseThrow().kind()).isEqualTo(SignalingEnd.Kind.PROTOCOL_ERROR);
        assertThat(heard.frames()).isEmpty();
    }

    @Override
    protected SignalingTransport transport() {
        return transport;
    }

    @Override
    protected URI server() {
        return URI.create("ws://handshake.invalid");
    }

    @Override
    protected URI nowhere() {
        server.faults().stopAccepting();
        return server();
    }

    @Override
    protected void serverSays(String frame) {
        server.faults().sendToAll(frame);
    }

    @Override
    protected void serverSaysGoodbye() {
        server.faults().closeAll(1001, "leaving");
    }

    @Override
    protected void networkBreaks() {
        server.faults().disconnectAll();
    }

    @Override
    protected void serverStopsAnswering() {
        server.faults().stopAnswering();
    }
}
