package dev.drawbridge.testing;

import dev.drawbridge.spi.FetchListener;
import dev.drawbridge.spi.Scheduler;
import dev.drawbridge.spi.SignalingConnection;
import dev.drawbridge.spi.SignalingListener;
import dev.drawbridge.spi.SignalingTransport;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Connects to a fake server; what is to be fetched is answered by the test, when it likes. */
final class Lists implements SignalingTransport {
    static final String OPTION = "turnlist=https://lists.invalid/turn%3Fkey=Canary9";

    private final SignalingTransport signaling;
    final List<Request> requests = new ArrayList<>();

    Lists(SignalingTransport signaling) {
        this.signaling = signaling;
    }

    @Override
    public SignalingConnection open(URI server, SignalingListener listener) {
        return signaling.open(server, listener);
    }

    @Override
    public Scheduler.Cancellable fetch(URI address, FetchListener listener) {
        Request request = new Request(address, listener);
        requests.add(request);
        return () -> request.calledOff = true;
    }

    /** One request. */
    static final class Request {
        final URI address;
        final FetchListener listener;
        boolean calledOff;

        Request(URI address, FetchListener listener) {
            this.address = address;
            this.listener = listener;
        }
    }
}
