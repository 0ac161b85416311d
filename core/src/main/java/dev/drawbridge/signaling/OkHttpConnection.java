package dev.drawbridge.signaling;

import dev.drawbridge.spi.SignalingConnection;
import dev.drawbridge.spi.SignalingEnd;
import dev.drawbridge.spi.SignalingEnd.Kind;
import dev.drawbridge.spi.SignalingListener;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import okio.Utf8;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket. Two facts make its end: why ({@link #end}, the first reason counts), and that no socket is left. Only when
 * both are there the listener hears of it.
 */
final class OkHttpConnection extends WebSocketListener implements SignalingConnection {
    private static final Logger LOG = LoggerFactory.getLogger(OkHttpConnection.class);
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int NORMAL = 1000;
    /** How long a goodbye may take; below the 250 ms that are promised. */
    private static final long GRACE_MILLIS = 200;
    /** How long {@link #close} waits for a call to the listener that has just begun. */
    private static final long PATIENCE_MILLIS = 100;
    /** At 16 MiB OkHttp would close the connection by itself. */
    private static final long MAX_QUEUE_BYTES = 4L << 20;

    private final String place;
    private final SignalingListener listener;
    private final Sockets sockets;
    private final ThreadPoolExecutor threads;
    private final CountDownLatch gone = new CountDownLatch(1);

    /** Held while the listener is called. Fair, so that the last call is not kept waiting by a server that keeps talking. */
    private final ReentrantLock delivery = new ReentrantLock(true);

    /** Held during a look at the addresses of this machine. */
    private final AtomicBoolean lookAsked = new AtomicBoolean();

    private final Object lock = new Object();
    // Guarded by the lock:
    private @Nullable WebSocket socket;
    private boolean open;
    private @Nullable SignalingEnd end;
    private boolean settled;

    OkHttpConnection(String place, boolean tls, int maxMessage, SignalingListener listener) {
        this.place = place;
        this.listener = listener;
        this.sockets = new Sockets(tls, maxMessage, this::settle);
        String name = "drawbridge-signaling-" + COUNT.incrementAndGet();
        this.threads =
                new ThreadPoolExecutor(
                        0, Integer.MAX_VALUE, 100, TimeUnit.MILLISECONDS, new SynchronousQueue<>(), task -> {
                            Thread thread = new Thread(task, name);
                            thread.setDaemon(true);
                            return thread;
                        }) {
                    @Override
                    protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
                        if (thrown != null) {
                            // An error (no memory is left, say) ends OkHttp's reader without a word to anybody.
                            finish(new SignalingEnd(Kind.LOST, "the connection to " + place + " could not be read"));
                        }
                    }
                };
    }

    Sockets sockets() {
        return sockets;
    }

    ThreadPoolExecutor threads() {
        return threads;
    }

    /** Connects in the background: even making a client may take its time, when trusted certificates have to be read. */
    void start(ClientSource source, String url) {
        run(() -> {
            try {
                OkHttpClient client = source.clientFor(this);
                connect(client, new Request.Builder().url(url).build());
            } catch (IllegalArgumentException e) {
                finish(Verdict.badAddress());
            } catch (RuntimeException e) {
                LOG.error("cannot start to connect to {}", place, e);
                finish(new SignalingEnd(Kind.UNREACHABLE, "cannot start to connect to " + place));
            }
        });
    }

    /** Makes the client for one connection. */
    interface ClientSource {
        OkHttpClient clientFor(OkHttpConnection connection);
    }

    private void connect(OkHttpClient client, Request request) {
        synchronized (lock) {
            if (end != null) {
                return;
            }
            socket = client.newWebSocket(request, this);
        }
    }

    // ---- SignalingConnection

    @Override
    public boolean send(String frame) {
        synchronized (lock) {
            return open
                    && socket != null
                    && socket.queueSize() + Utf8.size(frame) <= MAX_QUEUE_BYTES
                    && socket.send(frame);
        }
    }

    @Override
    public void close() {
        leave(false);
    }

    @Override
    public void cancel() {
        leave(true);
    }

    /**
     * Aside: on a machine with many interfaces a look at them takes some milliseconds. However often it is asked for, one look is under
     * way and one more waits for it, which then sees what has changed since.
     */
    @Override
    public void check() {
        if (lookAsked.compareAndSet(false, true)) {
            run(() -> {
                boolean stranded;
                synchronized (lookAsked) {
                    lookAsked.set(false);
                    stranded = sockets.stranded();
                }
                if (stranded) {
                    finish(new SignalingEnd(Kind.LOST, "the address that we had for " + place + " is gone"));
                }
            });
        }
    }

    private void leave(boolean atOnce) {
        // Counted from here: the waits below are part of what is promised.
        long cutAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS);
        WebSocket leaving;
        boolean stood;
        boolean first;
        synchronized (lock) {
            leaving = socket;
            stood = open;
            first = end == null;
            if (first) {
                end = new SignalingEnd(Kind.CLOSED_BY_US, "closed by us");
            }
            open = false;
        }
        if (first) {
            sockets.shut();
            letDeliveryFinish();
        }
        if (first && stood && !atOnce && leaving != null) {
            sayGoodbye(leaving, cutAt);
        } else if (first || atOnce) {
            sockets.cut(); // first, for OkHttp would merely close
            if (leaving != null) {
                leaving.cancel();
            }
        }
        settle();
    }

    private void sayGoodbye(WebSocket leaving, long cutAt) {
        leaving.close(NORMAL, null);
        run(() -> {
            try {
                if (!gone.await(cutAt - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    sockets.cut();
                    leaving.cancel();
                }
            } catch (InterruptedException e) {
                sockets.cut();
            }
        });
    }

    /**
     * A call to the listener that has passed the gate may be about to begin. Bounded, because a listener that waits for the
     * thread that closes must not stop it.
     */
    private void letDeliveryFinish() {
        if (delivery.isHeldByCurrentThread()) {
            return;
        }
        try {
            if (delivery.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                delivery.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- WebSocketListener: one thread at a time, but not always the same

    @Override
    public void onOpen(WebSocket webSocket, Response response) {
        deliver(() -> {
            synchronized (lock) {
                if (end != null) {
                    return;
                }
                open = true;
            }
            listener.opened();
        });
    }

    @Override
    public void onMessage(WebSocket webSocket, String text) {
        deliverWhileOpen(() -> listener.received(text));
    }

    @Override
    public void onMessage(WebSocket webSocket, ByteString bytes) {
        deliverWhileOpen(() -> listener.unusable("a binary frame"));
    }

    private void deliverWhileOpen(Runnable call) {
        deliver(() -> {
            synchronized (lock) {
                if (!open) {
                    return;
                }
            }
            call.run();
        });
    }

    @Override
    public void onClosing(WebSocket webSocket, int code, String reason) {
        boolean first;
        synchronized (lock) {
            first = end == null;
            if (first) {
                // The reason is the server's text and stays out.
                end = new SignalingEnd(Kind.CLOSED_BY_SERVER, place + " closed the connection with code " + code);
            }
            open = false;
        }
        if (first) {
            long cutAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS);
            sockets.shut();
            sayGoodbye(webSocket, cutAt);
        }
    }

    @Override
    public void onClosed(WebSocket webSocket, int code, String reason) {
        sockets.close();
        settle();
    }

    @Override
    public void onFailure(WebSocket webSocket, Throwable failure, @Nullable Response response) {
        boolean stood;
        synchronized (lock) {
            stood = open;
        }
        OptionalInt status = response == null ? OptionalInt.empty() : OptionalInt.of(response.code());
        LOG.debug("{}: {}", place, failure.getClass().getSimpleName());
        finish(Verdict.of(failure, status, stood, place));
    }

    // ---- the end

    private void finish(SignalingEnd reason) {
        synchronized (lock) {
            if (end == null) {
                end = reason;
            }
            open = false;
        }
        sockets.cut();
        settle();
    }

    /** Called whenever one of the two facts may have come true. */
    private void settle() {
        SignalingEnd reason;
        synchronized (lock) {
            if (settled || end == null || !sockets.gone()) {
                return;
            }
            settled = true;
            reason = end;
        }
        gone.countDown();
        run(() -> {
            deliver(() -> listener.gone(reason));
            threads.shutdown();
        });
    }

    private void deliver(Runnable call) {
        delivery.lock();
        try {
            call.run();
        } catch (Exception | Error e) {
            LOG.warn("a listener threw {}", e.getClass().getName());
            LOG.debug("a listener threw", e);
        } finally {
            delivery.unlock();
        }
    }

    private void run(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            // Only after the end, when nothing is left to be done.
        }
    }
}
