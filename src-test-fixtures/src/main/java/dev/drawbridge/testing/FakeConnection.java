package dev.drawbridge.testing;

import dev.drawbridge.spi.SignalingConnection;
import dev.drawbridge.spi.SignalingEnd;
import dev.drawbridge.spi.SignalingListener;
import java.time.Duration;
import java.util.Optional;

/**
 * The client's side of one connection to a {@link FakeServer}, and the line by which the server knows it.
 *
 * <p>The listener is called under the lock of the server: that alone keeps the promise that no {@code received} begins after close
 * returned. Listeners only post.
 */
final class FakeConnection implements SignalingConnection, Line {
    private static final System.Logger LOG = System.getLogger(FakeConnection.class.getName());
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private enum Phase {
        OPENING,
        OPEN,
        /** The client has left; frames of the server find nobody. */
        LEFT,
        GONE
    }

    private final FakeServer server;
    private final SignalingListener listener;
    // Guarded by the server.
    private Phase phase = Phase.OPENING;
    private int number;
    private String peer = "";
    private boolean known;
    private boolean stranded;

    FakeConnection(FakeServer server, SignalingListener listener) {
        this.server = server;
        this.listener = listener;
    }

    // ---- the client

    @Override
    public boolean send(String frame) {
        synchronized (server) {
            if (phase == Phase.OPEN && !stranded) {
                server.takeUp(this, Packet.text(frame));
            }
            return phase == Phase.OPEN;
        }
    }

    @Override
    public void close() {
        synchronized (server) {
            if (phase == Phase.OPENING) {
                cancel();
            } else if (phase == Phase.OPEN) {
                phase = Phase.LEFT;
                server.carry(() -> server.arrived(this, Packet.close(1000, "")));
                server.later(PATIENCE, () -> end(SignalingEnd.Kind.CLOSED_BY_US, "the server did not answer"));
            }
        }
    }

    @Override
    public void cancel() {
        synchronized (server) {
            if (phase != Phase.GONE) {
                phase = Phase.LEFT;
                end(SignalingEnd.Kind.CLOSED_BY_US, "cancelled");
            }
        }
    }

    @Override
    public void check() {
        synchronized (server) {
            if (stranded && phase != Phase.GONE) {
                end(SignalingEnd.Kind.LOST, "the address is gone");
            }
        }
    }

    // ---- what happens to it, in tasks of the clock

    void strand() {
        synchronized (server) {
            stranded = true;
        }
    }

    void open() {
        synchronized (server) {
            if (phase == Phase.OPENING) {
                phase = Phase.OPEN;
                tell(listener::opened);
            }
        }
    }

    void receive(Packet packet) {
        synchronized (server) {
            if (phase == Phase.OPEN && !stranded) {
                tell(() -> {
                    if (packet.opcode() == Packet.TEXT) {
                        listener.received(packet.words());
                    } else {
                        listener.unusable("a binary frame");
                    }
                });
            }
        }
    }

    /** The server's end of the connection is no more, or its Close has come. */
    void dropped(SignalingEnd.Kind kind, String detail) {
        synchronized (server) {
            end(phase == Phase.LEFT ? SignalingEnd.Kind.CLOSED_BY_US : kind, detail);
        }
    }

    /** Tells the end as soon as the clock is moved. */
    void end(SignalingEnd.Kind kind, String detail) {
        server.later(Duration.ZERO, () -> {
            synchronized (server) {
                if (phase != Phase.GONE) {
                    phase = Phase.GONE;
                    if (!stranded) {
                        server.carry(() -> server.hungUp(this));
                    }
                    tell(() -> listener.gone(new SignalingEnd(kind, detail)));
                }
            }
        });
    }

    private static void tell(Runnable call) {
        try {
            call.run();
        } catch (Throwable thrown) { // the listener's defect is not the transport's
            LOG.log(System.Logger.Level.DEBUG, "a signaling listener threw", thrown);
        }
    }

    // ---- the server's view, under its lock

    @Override
    public void send(Packet packet) {
        server.deliver(this, packet);
    }

    @Override
    public void named(String name) {
        peer = name;
    }

    void numbered(int given) {
        number = given;
        known = true;
    }

    /** Whether the server has it; from {@link #forgotten} on it has not. */
    boolean known() {
        return known;
    }

    void forgotten() {
        known = false;
    }

    int number() {
        return number;
    }

    Optional<String> peer() {
        return peer.isEmpty() ? Optional.empty() : Optional.of(peer);
    }
}
