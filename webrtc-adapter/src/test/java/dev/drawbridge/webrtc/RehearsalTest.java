package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.testing.LeakGuard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakGuard.class)
class RehearsalTest {

    @Test
    void aRehearsalEndsByItselfAndGathersNothing() throws Exception {
        WebRtcMedia media = WebRtcMedia.builder()
                .video(new TestFrames.PlainVideo(TestFrames.plain(64, 48, 1, 1, 1), 30))
                .audio(new TestFrames.Sine(48000, 1, 480, 440))
                .build();
        try (Pair pair = new Pair(media)) {
            for (Pair.End end : new Pair.End[] {pair.publisher, pair.viewer}) {
                ((Link) end.link).rehearse();
                end.await(end.ended, "end");
                assertThat(end.failures).isEmpty();
                assertThat(end.descriptions).isEmpty();
                assertThat(end.candidates).isEmpty();
                assertThat(end.states).isEmpty();
            }
        }
    }

    @Test
    void aTransportThatIsClosedDuringItsRehearsalClosesItToo() throws Exception {
        for (LinkSettings.Role role : LinkSettings.Role.values()) {
            WebRtcMedia media = WebRtcMedia.builder()
                    .video(new TestFrames.PlainVideo(TestFrames.plain(64, 48, 1, 1, 1), 30))
                    .build();
            Pair pair = new Pair(media);
            Pair.End end = role == LinkSettings.Role.PUBLISHER ? pair.publisher : pair.viewer;
            ((Link) end.link).rehearse();
            pair.close();
            end.await(end.ended, "end");
            assertThat(end.closings).hasValue(1);
            assertThat(media).hasToString("WebRtcMedia(0 links)");
        }
    }
}
