package dev.drawbridge.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** SOCKS 5 (RFC 1928) without a password: CONNECT to a name of its own or to an address. */
final class SocksDetour implements Detour {
    private static final int NAME = 3;

    private final Map<String, InetSocketAddress> names;
    private final ServerSocket door;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    SocksDetour(Map<String, InetSocketAddress> names) throws IOException {
        this.names = names;
        door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        run(this::accept);
    }

    @Override
    public Proxy.Type type() {
        return Proxy.Type.SOCKS;
    }

    @Override
    public int port() {
        return door.getLocalPort();
    }

    @Override
    public List<String> asked() {
        return List.copyOf(asked);
    }

    private void accept() {
        while (true) {
            try {
                @SuppressWarnings("resource") // closed with the proxy, if not before
                Socket client = door.accept();
                sockets.add(client);
                run(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        Socket server = new Socket();
        sockets.add(server);
        try {
            DataInputStream in = new DataInputStream(client.getInputStream());
            expect(in, 5);
            in.readNBytes(in.read()); // the ways in which it could say who it is
            client.getOutputStream().write(new byte[] {5, 0});
            expect(in, 5);
            expect(in, 1);
            expect(in, 0);
            boolean name = in.read() == NAME;
            String host = name
                    ? new String(in.readNBytes(in.read()), StandardCharsets.US_ASCII)
                    : InetAddress.getByAddress(in.readNBytes(4)).getHostAddress();
            int port = in.readUnsignedShort();
            asked.add(host + ":" + port);
            boolean reached = connect(server, host, port);
            client.getOutputStream().write(new byte[] {5, (byte) (reached ? 0 : 4), 0, 1, 0, 0, 0, 0, 0, 0});
            if (reached) {
                run(() -> pass(server, client));
                pass(client, server);
                return;
            }
        } catch (IOException e) {
            // It hung up, or it does not speak SOCKS.
        }
        close(client);
        close(server);
    }

    @SuppressWarnings("AddressSelection") // names are not what this proxy is for
    private boolean connect(Socket server, String host, int port) {
        try {
            InetSocketAddress known = names.get(host);
            server.connect(known != null ? known : new InetSocketAddress(InetAddress.getByName(host), port));
            server.setTcpNoDelay(true);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void expect(InputStream in, int wanted) throws IOException {
        if (in.read() != wanted) {
            throw new IOException("not SOCKS 5");
        }
    }

    private static void pass(Socket from, Socket to) {
        try {
            from.setTcpNoDelay(true);
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static void run(Runnable task) {
        Thread thread = new Thread(task, "drawbridge-server-socks");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        close(door);
        sockets.forEach(SocksDetour::close);
    }

    private static void close(AutoCloseable what) {
        try {
            what.close();
        } catch (Exception e) {
            // It is closed all the same.
        }
    }
}
