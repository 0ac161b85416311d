package dev.drawbridge.examples.demo;

import dev.drawbridge.SessionOptions;
import dev.drawbridge.media.AudioSources;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.webrtc.WebRtcMedia;

/** The media of a demo's publisher: the test pattern with a tone, unless the options name a camera. */
final class PatternMedia {
    private PatternMedia() {}

    static MediaTransport of(SessionOptions options) {
        boolean pattern = options.videoDevice()
                .map(name -> name.equalsIgnoreCase("testpattern"))
                .orElse(true);
        return pattern
                ? WebRtcMedia.builder()
                        .video(VideoSources.testPattern(1280, 720, 30))
                        .audio(AudioSources.tone(440))
                        .build()
                : WebRtcMedia.create();
    }
}
