package dev.drawbridge.webrtc;

import dev.drawbridge.SessionException;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.PeerLinkListener;
import dev.drawbridge.spi.SessionDescription;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** The real media transport, of which every message on a data channel is heard, both ways, and which can say something there itself. */
final class TappedMedia implements MediaTransport {
    private final WebRtcMedia real;
    private final BiConsumer<String, String> tap;
    private final BlockingQueue<SessionDescription> applied = new LinkedBlockingQueue<>();
    private volatile PeerLink newest;

    /** @param tap is told the way and the message */
    TappedMedia(WebRtcMedia real, BiConsumer<String, String> tap) {
        this.real = real;
        this.tap = tap;
    }

    /** Sends a message to the peer of the newest connection, past the session. */
    void say(String message) {
        newest.send(message);
    }

    /** Waits for the next description of a peer. */
    SessionDescription awaitDescription() throws InterruptedException {
        SessionDescription next = applied.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no description came");
        }
        return next;
    }

    @Override
    public PeerLink open(LinkSettings settings, PeerLinkListener listener) {
        PeerLink link = real.open(settings, around(PeerLinkListener.class, listener, "received", "channel in"));
        newest = around(PeerLink.class, link, "send", "channel out");
        return newest;
    }

    private <T> T around(Class<T> type, T inner, String message, String way) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals(message) && arguments[0] instanceof String text) {
                tap.accept(way, text);
            }
            try {
                return method.invoke(inner, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            } finally {
                if (method.getName().equals("accept")) {
                    applied.add((SessionDescription) arguments[0]);
                }
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Override
    public void prepare(LinkSettings.Role role, MediaNeeds needs) throws SessionException {
        real.prepare(role, needs);
    }

    @Override
    public void muteAudio(boolean muted) {
        real.muteAudio(muted);
    }

    @Override
    public void muteVideo(boolean muted) {
        real.muteVideo(muted);
    }

    @Override
    public SourceCounters sourceCounters() {
        return real.sourceCounters();
    }

    @Override
    public void close() {
        real.close();
    }
}
