package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.MemberLeft;
import dev.drawbridge.SessionEvent.RoomEntered;
import dev.drawbridge.SessionEvent.StreamEnded;
import dev.drawbridge.SessionState;
import dev.drawbridge.Viewer;
import dev.drawbridge.media.TestPattern;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.Shape;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A viewer of a whole room gets everybody's pictures, with libwebrtc and real servers of every shape. */
class WholeRoomTest {
    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(40));

    private final EventRecorder story = new EventRecorder();
    private final Map<String, CountDownLatch> pictures = new ConcurrentHashMap<>();

    @ParameterizedTest
    @EnumSource(Shape.class)
    void theStreamsOfTwoMembersArePlayedWhoeverCameFirst(Shape shape) throws Exception {
        try (Stage stage = new Stage(shape)) {
            Publisher anna = stage.publish("push=anna1&room=lobby&password=correct-horse", new EventRecorder());
            Viewer viewer = stage.keep(Viewer.builder(stage.options("room=lobby&password=correct-horse"))
                    .media(WebRtcMedia.create())
                    .signaling(stage.signaling())
                    .listener(story)
                    .start());
            assertThat(story.await(RoomEntered.class)).isNotNull();
            viewer.onVideo((stream, frame) -> {
                if (TestPattern.readCounter(frame).isPresent()) {
                    pictureOf(stream.value()).countDown();
                }
            });
            assertThat(pictureOf("anna1").await(10, TimeUnit.SECONDS)).isTrue();

            stage.publish("push=bert1&room=lobby&password=correct-horse", new EventRecorder());
            assertThat(pictureOf("bert1").await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(viewer.stats().links()).containsOnlyKeys("anna1", "bert1");

            anna.close();
            assertThat(story.await(StreamEnded.class).stream().value()).isEqualTo("anna1");
            story.await(MemberLeft.class);
            assertThat(viewer.state()).isEqualTo(SessionState.WATCHING);
            assertThat(viewer.stats().links()).containsOnlyKeys("bert1");
        }
    }

    private CountDownLatch pictureOf(String stream) {
        return pictures.computeIfAbsent(stream, first -> new CountDownLatch(5));
    }
}
