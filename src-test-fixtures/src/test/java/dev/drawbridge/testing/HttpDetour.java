package dev.drawbridge.testing;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ConnectHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/** HTTP with CONNECT, by Jetty. */
final class HttpDetour implements Detour {
    private final Server server;
    private final ServerConnector door;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    HttpDetour(Map<String, InetSocketAddress> names) throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool(16, 2);
        threads.setName("drawbridge-server-proxy");
        threads.setDaemon(true);
        threads.setStopTimeout(500);
        server = new Server(threads, new ScheduledExecutorScheduler("drawbridge-server-proxy-timer", true), null);
        server.setStopTimeout(0);
        door = new ServerConnector(server, 1, 1);
        door.setHost("127.0.0.1");
        server.addConnector(door);
        server.setHandler(new ConnectHandler() {
            @Override
            @SuppressWarnings("AddressSelection") // names are not what this proxy is for
            protected InetSocketAddress newConnectAddress(String host, int port) {
                asked.add(host + ":" + port);
                return names.getOrDefault(host, new InetSocketAddress(host, port));
            }
        });
        server.start();
    }

    @Override
    public Proxy.Type type() {
        return Proxy.Type.HTTP;
    }

    @Override
    public int port() {
        return door.getLocalPort();
    }

    @Override
    public List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the proxy did not stop", e);
        }
    }
}
