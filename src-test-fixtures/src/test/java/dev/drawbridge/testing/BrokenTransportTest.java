package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.CloseReason;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.SessionState;
import dev.drawbridge.spi.SignalingConnection;
import dev.drawbridge.spi.SignalingTransport;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A transport of somebody's own that does not keep to its contract. */
@ExtendWith(LeakGuard.class)
class BrokenTransportTest {
    private static final SignalingConnection DEAF = new SignalingConnection() {
        @Override
        public boolean send(String frame) {
            return true;
        }

        @Override
        public void close() {}

        @Override
        public void cancel() {}
    };

    @Test
    void what_makes_a_step_fail_ends_the_session_instead_of_getting_lost() throws Exception {
        VirtualTime time = new VirtualTime();
        SignalingTransport broken = (server, listener) -> {
            listener.opened();
            listener.gone(null);
            return DEAF;
        };
        Publisher publisher = Publisher.builder(SessionOptions.parse("push=broken&wss=ws://127.0.0.1:1"))
                .media(new FakeNetwork(time).media())
                .signaling(broken)
                .scheduler(time.another())
                .start();

        time.advance(Duration.ofSeconds(5));

        assertThat(publisher.state()).isEqualTo(SessionState.CLOSED);
        assertThat(publisher.events()).last().isInstanceOfSatisfying(Closed.class, closed -> assertThat(closed.reason())
                .isEqualTo(CloseReason.INTERNAL_ERROR));
    }
}
