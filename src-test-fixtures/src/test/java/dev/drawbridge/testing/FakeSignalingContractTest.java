package dev.drawbridge.testing;

import dev.drawbridge.spi.SignalingTransport;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakGuard.class)
class FakeSignalingContractTest extends SignalingContract {
    private final VirtualTime time = new VirtualTime();
    private final FakeServer server = new FakeServer(time, Shape.FANOUT);
    private final SignalingTransport transport = server.signaling();

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
        server.unreachable();
        return server.uri();
    }

    @Override
    protected void serverSays(String frame) {
        server.sendToAll(frame);
    }

    @Override
    protected void serverSaysGoodbye() {
        server.closeAll();
    }

    @Override
    protected void networkBreaks() {
        server.disconnectAll();
    }

    @Override
    protected void serverStopsAnswering() {
        server.stopAnswering();
    }

    @Override
    protected void turn() {
        time.advance(Duration.ofSeconds(1));
    }
}
