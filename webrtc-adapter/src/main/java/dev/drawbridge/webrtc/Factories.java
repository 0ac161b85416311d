package dev.drawbridge.webrtc;

import dev.drawbridge.SessionException;
import dev.drawbridge.spi.LinkSettings;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.media.audio.AudioDeviceModule;
import dev.onvoid.webrtc.media.audio.AudioLayer;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two native factories of the process, made when first needed and kept until it ends: a disposed one leaves threads and
 * memory behind. Two, because custom sound aborts the process in a factory with the headless audio module, and because such a factory
 * would send received sound on to its own viewers. On the native thread only.
 */
final class Factories {
    private static final Logger LOG = LoggerFactory.getLogger(Factories.class);

    private static @Nullable PeerConnectionFactory publish;
    private static @Nullable PeerConnectionFactory view;

    private Factories() {}

    static PeerConnectionFactory of(LinkSettings.Role role) throws SessionException {
        return role == LinkSettings.Role.PUBLISHER ? publish() : view();
    }

    /** For own media: its audio module has no device at all, sound comes from custom sources. */
    static PeerConnectionFactory publish() throws SessionException {
        PeerConnectionFactory factory = publish;
        if (factory == null) {
            NativeLibrary.load();
            factory = new PeerConnectionFactory(new AudioDeviceModule(AudioLayer.kDummyAudio));
            publish = factory;
        }
        return factory;
    }

    /** For received media: its audio module pulls decoded sound through the track sinks and plays it nowhere. */
    static PeerConnectionFactory view() throws SessionException {
        PeerConnectionFactory factory = view;
        if (factory == null) {
            NativeLibrary.load();
            factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
            view = factory;
        }
        return factory;
    }

    /** Only at the end of the process, when no link is open: it ends the library's threads, which keep the JVM alive. */
    static void dispose() {
        dispose(publish);
        dispose(view);
        publish = null;
        view = null;
    }

    private static void dispose(@Nullable PeerConnectionFactory factory) {
        if (factory == null) {
            return;
        }
        try {
            factory.dispose();
        } catch (Throwable e) {
            LOG.debug("a native factory was not disposed cleanly", e);
        }
    }
}
