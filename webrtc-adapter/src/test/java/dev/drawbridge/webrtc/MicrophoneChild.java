package dev.drawbridge.webrtc;

import dev.drawbridge.SessionEvent.MediaKind;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaReceiver;
import dev.drawbridge.spi.MediaTransport.SourceListener;
import java.util.List;
import java.util.OptionalInt;

/** Publishes its default microphone to itself, says whether a tone arrives and what becomes of the microphone. */
final class MicrophoneChild {
    private MicrophoneChild() {}

    public static void main(String[] arguments) throws Exception {
        DeviceList found = WebRtcMedia.devices();
        for (int i = 0; i < 5 && !found.problems().isEmpty(); i++) {
            found = WebRtcMedia.devices(); // a busy machine may need longer than it is given
        }
        System.out.println("microphones " + found.microphones().size());
        System.out.println("speakers " + found.speakers().size());
        WebRtcMedia media = WebRtcMedia.create();
        media.watchSources(new SourceListener() {
            @Override
            public void lost(MediaKind kind, String source) {
                System.out.println("lost " + kind + " " + source);
            }

            @Override
            public void restored(MediaKind kind, String source) {
                System.out.println("back " + kind + " " + source);
            }
        });
        LinkSettings sound = new LinkSettings(
                LinkSettings.Role.PUBLISHER,
                List.of(),
                false,
                false,
                true,
                OptionalInt.empty(),
                List.of(),
                MediaReceiver.NONE);
        try (Pair pair = new Pair(media, sound, false, true).connect()) {
            pair.publisher.link.releaseMedia();
            while (loudest(pair.viewer.next(pair.viewer.sounds, "sound")) < 4_000) {
                // The first blocks are silent.
            }
            System.out.println("tone");
            while (System.in.read() >= 0) {
                // Until the end.
            }
        }
        System.out.println("closed");
    }

    private static int loudest(AudioFrame block) {
        int loudest = 0;
        for (short sample : block.samples()) {
            loudest = Math.max(loudest, Math.abs(sample));
        }
        return loudest;
    }
}
