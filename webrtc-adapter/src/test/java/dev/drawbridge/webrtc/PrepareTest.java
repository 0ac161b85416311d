package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drawbridge.CloseReason;
import dev.drawbridge.SessionException;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.media.VideoSource;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaTransport.MediaNeeds;
import dev.drawbridge.testing.LeakGuard;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A session may end, for instance because its server refuses it, while its media is still being prepared. */
@ExtendWith(LeakGuard.class)
class PrepareTest {
    private final SlowSource source = new SlowSource();
    private final WebRtcMedia media = WebRtcMedia.builder().video(source).build();

    @Test
    void aSourceThatIsStillStartingWhenAllIsClosedIsStoppedAfterwards() throws Exception {
        CompletableFuture<Void> preparing = CompletableFuture.runAsync(this::prepare);
        assertThat(source.starting.await(5, TimeUnit.SECONDS)).isTrue();
        media.close();
        source.mayStart.countDown();
        assertThatThrownBy(() -> preparing.get(5, TimeUnit.SECONDS)).hasRootCauseInstanceOf(SessionException.class);
        assertThat(source.calls).containsExactly("stopped", "started", "stopped");
    }

    @Test
    void nothingIsStartedAfterTheClose() {
        media.close();
        assertThatThrownBy(() -> media.prepare(LinkSettings.Role.PUBLISHER, new MediaNeeds(true, false, "")))
                .isInstanceOfSatisfying(SessionException.class, thrown -> assertThat(thrown.code())
                        .isEqualTo(CloseReason.CLOSED_BY_APPLICATION));
        assertThat(source.calls).isEmpty();
    }

    private void prepare() {
        try {
            media.prepare(LinkSettings.Role.PUBLISHER, new MediaNeeds(true, false, ""));
        } catch (SessionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes its time to start, like a camera. */
    private static final class SlowSource implements VideoSource {
        final CountDownLatch starting = new CountDownLatch(1);
        final CountDownLatch mayStart = new CountDownLatch(1);
        final List<String> calls = new CopyOnWriteArrayList<>();

        @Override
        public String name() {
            return "slow";
        }

        @Override
        public void start(Consumer<VideoFrame> output) throws IOException {
            starting.countDown();
            try {
                mayStart.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            calls.add("started");
        }

        @Override
        public void stop() {
            calls.add("stopped");
        }
    }
}
