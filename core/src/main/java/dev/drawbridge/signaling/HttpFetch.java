package dev.drawbridge.signaling;

import dev.drawbridge.spi.FetchListener;
import dev.drawbridge.spi.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One text over HTTP: one request, one connection, and an end of both within {@link #LIMIT}. */
final class HttpFetch implements Callback, Scheduler.Cancellable {
    static final Duration LIMIT = Duration.ofSeconds(2);
    static final int MAX_BYTES = 256 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(HttpFetch.class);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String place;
    private final FetchListener listener;
    private final Sockets sockets = new Sockets(true, 0, () -> {});
    private final ThreadPoolExecutor threads;

    // Guarded by this:
    private @Nullable Call call;
    private boolean over;

    HttpFetch(String place, FetchListener listener) {
        this.place = place;
        this.listener = listener;
        String name = "drawbridge-fetch-" + COUNT.incrementAndGet();
        this.threads = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 100, TimeUnit.MILLISECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
    }

    Sockets sockets() {
        return sockets;
    }

    ThreadPoolExecutor threads() {
        return threads;
    }

    /** Begins in the background: even making a client may take its time, when trusted certificates have to be read. */
    void start(Function<HttpFetch, OkHttpClient> clients, String url) {
        try {
            threads.execute(() -> {
                try {
                    // As it is, so that what is unpacked cannot be longer than what came.
                    Request request = new Request.Builder()
                            .url(url)
                            .header("Accept-Encoding", "identity")
                            .build();
                    begin(clients.apply(this).newCall(request));
                } catch (IllegalArgumentException e) {
                    end(true, () -> listener.failed("the address is not of the form http://host or https://host"));
                } catch (RuntimeException e) {
                    LOG.error("cannot start to ask {}", place, e);
                    end(true, () -> listener.failed("cannot start to ask " + place));
                }
            });
        } catch (RejectedExecutionException e) {
            // Called off.
        }
    }

    private synchronized void begin(Call made) {
        if (!over) {
            call = made;
            made.enqueue(this);
        }
    }

    /** Nobody is told any more. */
    @Override
    public void cancel() {
        end(true, () -> {});
    }

    @Override
    public void onResponse(Call ended, Response response) {
        try (response) {
            BufferedSource body = response.body().source();
            if (response.code() != 200) {
                boolean moved = response.code() / 100 == 3;
                String what = place + " answered " + response.code() + (moved ? "; redirects are not followed" : "");
                end(false, () -> listener.failed(what));
            } else if (body.request(MAX_BYTES + 1L)) {
                end(true, () -> listener.failed(place + " answered with more than " + MAX_BYTES / 1024 + " KiB"));
            } else {
                String text = body.getBuffer().readUtf8();
                end(false, () -> listener.fetched(text));
            }
        } catch (IOException e) {
            onFailure(ended, e);
        }
    }

    @Override
    public void onFailure(Call ended, IOException failure) {
        LOG.debug("{}: {}", place, failure.getClass().getSimpleName());
        end(true, () -> listener.failed(Verdict.ofFetch(failure, place)));
    }

    /** The first end counts. No socket is left behind it, and none will come. */
    private void end(boolean early, Runnable telling) {
        Call running;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            running = call;
        }
        if (early) {
            sockets.cut(); // first, for OkHttp would merely close
        } else {
            sockets.close();
        }
        if (running != null) {
            running.cancel();
        }
        telling.run();
        threads.shutdown();
    }
}
