package dev.drawbridge.testing;

import dev.drawbridge.spi.MediaTransport;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakGuard.class)
class FakeMediaContractTest extends MediaTransportContract {
    private final VirtualTime time = new VirtualTime();
    private final FakeNetwork network = new FakeNetwork(time);

    @Override
    protected MediaTransport publishing() {
        return network.media();
    }

    @Override
    protected MediaTransport viewing() {
        return network.media();
    }

    @Override
    protected boolean turn() {
        time.advance(Duration.ofMillis(10));
        return true;
    }

    @Override
    protected int patienceSeconds() {
        return 1;
    }
}
