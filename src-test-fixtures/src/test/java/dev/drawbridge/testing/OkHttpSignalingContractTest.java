package dev.drawbridge.testing;

import dev.drawbridge.signaling.OkHttpSignaling;
import dev.drawbridge.spi.SignalingTransport;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakGuard.class)
class OkHttpSignalingContractTest extends SignalingContract {
    private final HandshakeServer server = HandshakeServer.start(Shape.FANOUT);
    private final SignalingTransport transport = OkHttpSignaling.create();

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    protected SignalingTransport transport() {
        return transport;
    }

    @Override
    protected URI server() {
        return server.uri();
    }

    @Override
    protected URI nowhere() {
        server.faults().stopAccepting();
        return server.uri();
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
