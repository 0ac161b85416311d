package dev.drawbridge.webrtc;

import dev.drawbridge.media.VideoSources;
import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.MediaTransportContract;
import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;

class WebRtcMediaContractTest extends MediaTransportContract {
    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(20));

    @Override
    protected MediaTransport publishing() {
        return WebRtcMedia.builder()
                .video(VideoSources.testPattern(320, 240, 30))
                .audio(new TestFrames.Sine(48000, 1, 480, 440))
                .build();
    }

    @Override
    protected MediaTransport viewing() {
        return WebRtcMedia.create();
    }
}
