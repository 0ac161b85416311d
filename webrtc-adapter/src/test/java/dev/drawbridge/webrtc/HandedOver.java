package dev.drawbridge.webrtc;

import dev.drawbridge.spi.SignalingConnection;
import dev.drawbridge.spi.SignalingListener;
import dev.drawbridge.spi.SignalingTransport;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Writes down, in order, what a session hands over to its signaling transport: the texts of frames, and {@link #LEAVE} when it closes
 * or cuts. What the wire shows can then be compared by order instead of by two clocks.
 */
final class HandedOver implements SignalingTransport {
    /** No frame reads like this. */
    static final String LEAVE = "leave";

    private final SignalingTransport real;
    private final List<String> seen = new CopyOnWriteArrayList<>();

    HandedOver(SignalingTransport real) {
        this.real = real;
    }

    List<String> seen() {
        return List.copyOf(seen);
    }

    @Override
    public SignalingConnection open(URI server, SignalingListener listener) {
        SignalingConnection connection = real.open(server, listener);
        return new SignalingConnection() {
            @Override
            public boolean send(String frame) {
                seen.add(frame);
                return connection.send(frame);
            }

            @Override
            public void close() {
                seen.add(LEAVE);
                connection.close();
            }

            @Override
            public void cancel() {
                seen.add(LEAVE);
                connection.cancel();
            }
        };
    }
}
