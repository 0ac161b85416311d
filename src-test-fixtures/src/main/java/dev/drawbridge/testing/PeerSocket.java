package dev.drawbridge.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The WebSocket connection of one client: bytes in, packets out.
 *
 * <p>It always reads, so the end of the TCP connection is noticed at once in every state. After a Close it shuts only its
 * own direction and waits a moment for the client's: closing a socket that has unread bytes would reset it, and the client
 * might never see the Close.
 */
final class PeerSocket extends AbstractConnection.NonBlocking implements Connection.UpgradeTo, Line {
    private static final long LINGER_MILLIS = 1000;
    private static final int READ_BUFFER = 8192;

    private final int number;
    private final Switchboard switchboard;
    private final Scheduler scheduler;
    private final FrameReader reader;
    private final Outbox outbox;
    private final ByteBuffer buffer = BufferUtil.allocate(READ_BUFFER);
    private final AtomicBoolean gone = new AtomicBoolean();

    /** Why it ends: what the first one said who ended it. */
    private final AtomicReference<String> end = new AtomicReference<>();

    private volatile @Nullable String peer;

    /** What followed the upgrade request in the same packet. */
    private ByteBuffer initial = BufferUtil.EMPTY_BUFFER;

    /** Set when nothing that still arrives can be understood. */
    private boolean deaf;

    PeerSocket(
            EndPoint endPoint,
            Executor executor,
            Scheduler scheduler,
            int number,
            Switchboard switchboard,
            int maxFrame,
            long maxQueued) {
        super(endPoint, executor);
        this.number = number;
        this.switchboard = switchboard;
        this.scheduler = scheduler;
        this.reader = new FrameReader(maxFrame, packet -> switchboard.arrived(this, packet));
        this.outbox = new Outbox(endPoint, maxQueued, this::lastIsWritten, cause -> cut("writing failed"));
    }

    int number() {
        return number;
    }

    Optional<String> peer() {
        return Optional.ofNullable(peer);
    }

    @Override
    public void named(String id) {
        peer = id;
    }

    @Override
    public void send(Packet packet) {
        switchboard.deliver(this, packet);
    }

    Outbox outbox() {
        return outbox;
    }

    boolean isGone() {
        return gone.get();
    }

    /** Ends the TCP connection now, without a word. */
    void cut(String why) {
        end.compareAndSet(null, why);
        // The raw connection, below TLS: a farewell that a stuck client does not read would keep it alive.
        EndPoint raw = getEndPoint();
        while (raw instanceof EndPoint.Wrapper wrapper) {
            raw = wrapper.unwrap();
        }
        raw.close();
        ended();
    }

    @Override
    public void onUpgradeTo(ByteBuffer bytes) {
        initial = BufferUtil.toBuffer(BufferUtil.toArray(bytes));
        BufferUtil.clear(bytes);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        getEndPoint().setIdleTimeout(0);
        outbox.begin();
        try {
            consume(initial);
        } catch (RuntimeException | AssertionError e) {
            cut("inside the server: " + e);
            return;
        }
        fillInterested();
    }

    @Override
    public void onFillable() {
        try {
            while (true) {
                BufferUtil.clear(buffer);
                int count = getEndPoint().fill(buffer);
                if (count < 0) {
                    cut("the client ended it");
                    return;
                }
                if (count == 0) {
                    fillInterested();
                    return;
                }
                consume(buffer);
            }
        } catch (IOException e) {
            cut("the client ended it");
        } catch (RuntimeException | AssertionError e) {
            // A predicate of a test, most likely. Nobody would read this connection again.
            cut("inside the server: " + e);
        }
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
        cut("reading failed");
    }

    @Override
    public void onClose(Throwable cause) {
        super.onClose(cause);
        // Nobody cut it, so both directions were shut: ours behind the goodbye, and now the client's.
        end.compareAndSet(null, "the client ended it");
        ended();
    }

    private void consume(ByteBuffer bytes) {
        if (deaf) {
            BufferUtil.clear(bytes);
            return;
        }
        try {
            reader.read(bytes);
        } catch (ProtocolError e) {
            deaf = true;
            switchboard.broken(this, e);
        }
    }

    private void lastIsWritten() {
        getEndPoint().shutdownOutput();
        scheduler.schedule(() -> cut("the client did not end it"), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void ended() {
        if (gone.compareAndSet(false, true)) {
            switchboard.gone(this, String.valueOf(end.get()));
        }
    }
}
