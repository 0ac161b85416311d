package dev.drawbridge.webrtc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Stands before an honest handshake server and hands everything on, but what it does to the first connection: instead of it, or from a
 * moment on in the middle of it.
 */
final class HostileServer implements AutoCloseable {
    private final URI honest;
    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new ArrayList<>(); // guarded by itself
    private final CompletableFuture<Socket> first = new CompletableFuture<>();
    private final boolean instead;

    /** What it does, with bytes of its own. An exception means that the other side would have no more of it. */
    interface Attack {
        void on(Socket client) throws Exception;
    }

    /** @param instead whether the attack takes the place of the first connection */
    HostileServer(URI honest, boolean instead) throws IOException {
        this.honest = honest;
        this.instead = instead;
        daemon(this::accept);
    }

    String address() {
        return "ws://127.0.0.1:" + door.getLocalPort();
    }

    /** Returns when it is done or the other side has hung up. */
    void attack(Attack attack) throws Exception {
        Socket client = first.get();
        synchronized (client) { // no honest byte comes between any more
            try {
                attack.on(client);
            } catch (IOException | InterruptedException hungUp) {
                client.close();
            }
        }
    }

    private void accept() throws IOException {
        for (int number = 1; ; number++) {
            Socket client = kept(door.accept());
            if (number > 1 || !instead) {
                Socket server = kept(new Socket(honest.getHost(), honest.getPort()));
                daemon(() -> copy(client, server));
                daemon(() -> copy(server, client));
            }
            first.complete(client);
        }
    }

    private static void copy(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[8192];
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                synchronized (to) {
                    out.write(bytes, 0, count);
                }
            }
        }
    }

    private Socket kept(Socket socket) {
        synchronized (sockets) {
            sockets.add(socket);
        }
        return socket;
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void daemon(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException over) {
                // One of the two has ended.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        door.close();
        synchronized (sockets) {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    // ---- bytes

    /** The head of a frame that a server sends, unmasked. */
    static byte[] head(int firstByte, long length) {
        byte[] head = new byte[10];
        head[0] = (byte) firstByte;
        head[1] = 127;
        for (int i = 0; i < 8; i++) {
            head[2 + i] = (byte) (length >> (8 * (7 - i)));
        }
        return head;
    }

    static void send(Socket client, int firstByte, byte[] payload) throws IOException {
        client.getOutputStream().write(head(firstByte, payload.length));
        client.getOutputStream().write(payload);
    }

    static void text(Socket client, String text) throws IOException {
        send(client, 0x81, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Over and over, in large pieces. */
    static void repeat(Socket client, byte[] bytes, long times) throws IOException {
        int each = Math.max(1, 65_536 / bytes.length);
        byte[] many = new byte[bytes.length * each];
        for (int i = 0; i < each; i++) {
            System.arraycopy(bytes, 0, many, i * bytes.length, bytes.length);
        }
        for (long sent = 0; sent < times; sent += each) {
            client.getOutputStream().write(many);
        }
    }

    static void answer(Socket client, String head) throws IOException {
        InputStream in = client.getInputStream();
        StringBuilder request = new StringBuilder();
        while (request.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return;
            }
            request.append((char) next);
        }
        client.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
    }
}
