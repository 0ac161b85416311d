package dev.drawbridge.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A web server on loopback that serves lists of TURN servers ({@code turnlist=}), and misbehaves when it is told to. Until it is told
 * what to answer it hangs.
 *
 * <p><b>Thread:</b> any; one thread for each connection. <b>Bounds:</b> none. <b>After close:</b> every connection is cut; {@link
 * #requests} stays.
 */
public final class TurnListServer implements AutoCloseable {
    private final ServerSocket door;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    private volatile CompletableFuture<byte[]> answer = new CompletableFuture<>();
    private volatile boolean dripping;

    /**
     * On a free port.
     *
     * @throws UncheckedIOException if there is none to listen on
     */
    public TurnListServer() {
        try {
            door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run(this::accept);
    }

    /** A list of four servers at addresses that nobody has, two near New York and two near Berlin, all with this user's name. */
    public static String list(String username) {
        return """
            {"version":1,"servers":[
              {"username":"%1$s","credential":"c1","urls":["turn:192.0.2.1:3478"],"tz":300,"udp":true,"locale":"us"},
              {"username":"%1$s","credential":"c2","urls":"turns:192.0.2.2:443","tz":300,"udp":false},
              {"username":"%1$s","credential":"c3","urls":["turn:192.0.2.3:3478"],"tz":-60,"udp":true},
              {"username":"%1$s","credential":"c4","urls":["turns:192.0.2.4:443"],"tz":-60,"udp":false}
            ],"options":[]}""".formatted(username);
    }

    /** A list with this server alone, reached over UDP. */
    public static String list(TurnServer turn) {
        return """
                {"version":1,"options":[],"servers":[
                  {"username":"%s","credential":"%s","urls":["%s"],"tz":0,"udp":true}
                ]}""".formatted(turn.user(), turn.password(), turn.udpUrl());
    }

    /** Its address, with a key in it. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + door.getLocalPort() + "/turn?key=Canary9");
    }

    /** The option that names it. */
    public String option() {
        return "turnlist=" + uri().toString().replace("?", "%3F");
    }

    /** From now on this is the answer, also to those who wait; header lines end with CR and LF. */
    public TurnListServer answer(String status, String headers, String body) {
        byte[] text = body.getBytes(StandardCharsets.UTF_8);
        return raw("HTTP/1.1 " + status + "\r\nContent-Length: " + text.length + "\r\n" + headers + "\r\n" + body);
    }

    /** The same with every byte of it. */
    public TurnListServer raw(String whole) {
        if (answer.isDone()) {
            answer = new CompletableFuture<>();
        }
        answer.complete(whole.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** From now on it answers as it should, with this. */
    public TurnListServer serve(String list) {
        return answer("200 OK", "Content-Type: application/json\r\n", list);
    }

    /** From now on nobody is answered, until there is an answer again. */
    public TurnListServer hang() {
        answer = new CompletableFuture<>();
        return this;
    }

    /** From now on an answer has no end. */
    public TurnListServer drip() {
        dripping = true;
        return raw("HTTP/1.1 200 OK\r\n\r\n{");
    }

    /** The first line of each request. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /**
     * Waits until the next connection has ended on the client's side, and returns how: {@code closed} or {@code reset}.
     *
     * @throws AssertionError if none ends within 5 s
     */
    public String awaitEnd() throws InterruptedException {
        String end = ends.poll(5, TimeUnit.SECONDS);
        if (end == null) {
            throw new AssertionError("no connection ended");
        }
        return end;
    }

    private void accept() {
        while (true) {
            try {
                @SuppressWarnings("resource") // closed by who serves it
                Socket client = door.accept();
                sockets.add(client);
                run(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        String end = "closed";
        try (client) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            String first = in.readLine();
            for (String line = first; line != null && !line.isEmpty(); line = in.readLine()) {
                // its headers
            }
            if (first != null) {
                requests.add(first);
                var unused = answer.thenAccept(bytes -> write(client, bytes));
            }
            while (in.read() >= 0) {
                // nothing more is expected
            }
        } catch (IOException e) {
            end = "reset";
        }
        ends.add(end);
    }

    private void write(Socket client, byte[] bytes) {
        try {
            OutputStream out = client.getOutputStream();
            out.write(bytes);
            while (dripping) {
                out.write(' ');
                Thread.sleep(50); // how slowly it drips; nobody waits for it
            }
        } catch (IOException gone) {
            // The client has had enough.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void run(Runnable task) {
        Thread thread = new Thread(task, "drawbridge-server-list");
        thread.setDaemon(true);
        thread.start();
    }

    /** Idempotent. */
    @Override
    public void close() {
        dripping = false;
        close(door);
        sockets.forEach(TurnListServer::close);
    }

    private static void close(@Nullable AutoCloseable what) {
        try {
            if (what != null) {
                what.close();
            }
        } catch (Exception e) {
            // It is closed all the same.
        }
    }
}
