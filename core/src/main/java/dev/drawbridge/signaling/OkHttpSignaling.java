package dev.drawbridge.signaling;

import dev.drawbridge.spi.SignalingConnection;
import dev.drawbridge.spi.SignalingEnd;
import dev.drawbridge.spi.SignalingListener;
import dev.drawbridge.spi.SignalingTransport;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;

/** WebSocket signaling over OkHttp. */
public final class OkHttpSignaling implements SignalingTransport {
    private final OkHttpClient client =
            new OkHttpClient.Builder().connectTimeout(10, TimeUnit.SECONDS).build();

    private OkHttpSignaling() {}

    /** A transport with the default settings. */
    public static OkHttpSignaling create() {
        return new OkHttpSignaling();
    }

    @Override
    public SignalingConnection open(URI server, SignalingListener listener) {
        AtomicBoolean shut = new AtomicBoolean();
        AtomicBoolean gone = new AtomicBoolean();
        WebSocket socket =
                client.newWebSocket(new Request.Builder().url(server.toString()).build(), new WebSocketListener() {
                    @Override
                    public void onOpen(WebSocket ws, Response response) {
                        listener.opened();
                    }

                    @Override
                    public void onMessage(WebSocket ws, String text) {
                        if (!shut.get()) {
                            listener.received(text);
                        }
                    }

                    @Override
                    public void onClosing(WebSocket ws, int code, String reason) {
                        ws.close(1000, null);
                    }

                    @Override
                    public void onClosed(WebSocket ws, int code, String reason) {
                        if (gone.compareAndSet(false, true)) {
                            listener.gone(new SignalingEnd(SignalingEnd.Kind.CLOSED_BY_SERVER, "closed"));
                        }
                    }

                    @Override
                    public void onFailure(WebSocket ws, Throwable failure, @Nullable Response response) {
                        if (gone.compareAndSet(false, true)) {
                            listener.gone(new SignalingEnd(SignalingEnd.Kind.UNREACHABLE, "failed"));
                        }
                    }
                });
        return new SignalingConnection() {
            @Override
            public boolean send(String frame) {
                return !shut.get() && socket.send(frame);
            }

            @Override
            public void close() {
                if (shut.compareAndSet(false, true)) {
                    socket.close(1000, null);
                    client.dispatcher().executorService().execute(socket::cancel);
                }
            }

            @Override
            public void cancel() {
                shut.set(true);
                socket.cancel();
            }
        };
    }
}
