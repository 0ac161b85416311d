package dev.drawbridge.webrtc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.locks.LockSupport;

/**
 * A stretch of network that carries so many bytes a second towards one end and has a short queue, as a router in front of a slow line
 * has; back it carries everything. It can be held up.
 */
final class NarrowPath implements AutoCloseable {
    private static final int QUEUE = 256 * 1024;

    private final DatagramSocket front;
    private final DatagramSocket back;
    private final SocketAddress end;
    private final long bytesPerSecond;
    private volatile SocketAddress asker;
    private volatile boolean heldUp;

    /** @param end where the narrow way leads */
    NarrowPath(InetSocketAddress end, long bytesPerSecond) throws IOException {
        this.end = end;
        this.bytesPerSecond = bytesPerSecond;
        front = new DatagramSocket(0, end.getAddress());
        back = new DatagramSocket(0, end.getAddress());
        front.setReceiveBufferSize(QUEUE);
        start("there", this::there);
        start("back", this::back);
    }

    private static void start(String way, Runnable carrying) {
        Thread thread = new Thread(carrying, "drawbridge-server-narrow-" + way);
        thread.setDaemon(true);
        thread.start();
    }

    InetAddress address() {
        return front.getLocalAddress();
    }

    int port() {
        return front.getLocalPort();
    }

    /** Nothing gets to the end from now on, or everything again. */
    void holdUp(boolean now) {
        heldUp = now;
    }

    private void there() {
        long free = System.nanoTime();
        while (!front.isClosed()) {
            DatagramPacket packet = receive(front);
            if (packet == null || heldUp) {
                continue;
            }
            asker = packet.getSocketAddress();
            free = Math.max(free, System.nanoTime()) + packet.getLength() * 1_000_000_000L / bytesPerSecond;
            // The timer's grain is coarser than a packet takes.
            if (free - System.nanoTime() > 1_000_000) {
                LockSupport.parkNanos(free - System.nanoTime());
            }
            send(back, packet, end);
        }
    }

    private void back() {
        while (!back.isClosed()) {
            DatagramPacket packet = receive(back);
            SocketAddress to = asker;
            if (packet != null && to != null) {
                send(front, packet, to);
            }
        }
    }

    private static DatagramPacket receive(DatagramSocket socket) {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        try {
            socket.receive(packet);
            return packet;
        } catch (IOException closed) {
            return null;
        }
    }

    private static void send(DatagramSocket from, DatagramPacket packet, SocketAddress to) {
        try {
            from.send(new DatagramPacket(packet.getData(), packet.getLength(), to));
        } catch (IOException e) {
            if (!from.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        front.close();
        back.close();
    }
}
