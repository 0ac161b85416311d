package dev.drawbridge.webrtc;

import dev.drawbridge.SessionException;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.PeerLinkListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A viewer's real media transport at the far end of a {@link NarrowPath}: the one address that it names is the path's. */
final class NarrowMedia implements MediaTransport {
    private final WebRtcMedia real = WebRtcMedia.create();
    private final AtomicReference<NarrowPath> path = new AtomicReference<>();
    private final long bytesPerSecond;

    NarrowMedia(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    NarrowPath path() {
        return path.get();
    }

    @Override
    public PeerLink open(LinkSettings settings, PeerLinkListener listener) {
        PeerLink link = real.open(settings, around(PeerLinkListener.class, listener, true));
        return around(PeerLink.class, link, false);
    }

    private <T> T around(Class<T> type, T inner, boolean names) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals("add")) {
                return null; // whoever it is comes through the path
            }
            if (names && method.getName().equals("localCandidates")) {
                @SuppressWarnings("unchecked")
                List<IceCandidate> ours = (List<IceCandidate>) arguments[0];
                arguments[0] = ours.stream()
                        .map(this::named)
                        .filter(c -> !c.candidate().isEmpty())
                        .toList();
                if (((List<?>) arguments[0]).isEmpty()) {
                    return null;
                }
            }
            try {
                return method.invoke(inner, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** The first one of UDP and IPv4 becomes the path's, the others nothing. */
    private IceCandidate named(IceCandidate candidate) {
        String[] words = candidate.candidate().split(" ");
        if (path.get() != null || !words[2].equalsIgnoreCase("udp") || words[4].contains(":")) {
            return new IceCandidate("", candidate.sdpMid(), candidate.sdpMLineIndex());
        }
        try {
            NarrowPath made =
                    new NarrowPath(new InetSocketAddress(words[4], Integer.parseInt(words[5])), bytesPerSecond);
            path.set(made);
            words[4] = made.address().getHostAddress();
            words[5] = Integer.toString(made.port());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new IceCandidate(String.join(" ", words), candidate.sdpMid(), candidate.sdpMLineIndex());
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
        NarrowPath made = path.get();
        if (made != null) {
            made.close();
        }
    }
}
