package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.AuditLog;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.SessionEvent.ViewerRequested;
import dev.drawbridge.Viewer;
import dev.drawbridge.testing.Stage.Party;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The audit log of whole sessions says what their events say. */
@ExtendWith(LeakGuard.class)
class AuditedSessionTest {
    private static final String PUBLISH = "push=bridge1&secure&password=correct-horse";
    private static final String WATCH = "view=bridge1&password=correct-horse";

    private Stage stage = new Stage();

    @AfterEach
    void everybodyEnds() {
        stage.close();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void a_secure_session_from_the_announcement_to_the_end(Shape shape, @TempDir Path folder) throws Exception {
        stage = new Stage(shape);
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        Path file = folder.resolve("audit.log");
        CompletionStage<Void> written = publisher.session().audit().writeTo(file);
        Party<Viewer> viewer = stage.viewer(WATCH);
        viewer.session().close();
        stage.pass(Stage.MOMENT);

        assertThat(texts(publisher))
                .containsExactly(
                        "announced",
                        "viewer-1 requested",
                        "viewer-1 admitted",
                        "viewer-1 sealed",
                        "viewer-1 left: bye",
                        "closed: viewer left");
        assertThat(publisher.story()).hasSameSizeAs(texts(publisher));
        assertThat(times(publisher))
                .isEqualTo(publisher.session().events().stream()
                        .map(event -> event.at().toEpochMilli())
                        .toList());
        written.toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(AuditLog.verify(file)).hasToString("INTACT, 6 lines");
        assertThat(AuditLog.verify(file).head())
                .isEqualTo(publisher.session().audit().head());
        assertThat(file).content().doesNotContain("bridge1", "correct-horse");
    }

    @Test
    void a_flood_of_requests_adds_up_and_hides_nobody() throws Exception {
        stage = new Stage(Shape.HOSTED);
        Party<Publisher> publisher = stage.publisher(PUBLISH);
        for (int i = 0; i < 60; i++) {
            stage.server.sendToAll("{\"request\":\"offerSDP\",\"UUID\":\"ghost" + i + "\"}");
            stage.pass(Duration.ofMillis(100));
        }
        stage.pass(Duration.ofSeconds(30));
        Party<Viewer> viewer = stage.viewer(WATCH);
        viewer.session().close();
        stage.pass(Stage.MOMENT);

        List<String> texts = texts(publisher);
        int requests = publisher.events(ViewerRequested.class).size();
        assertThat(requests).isEqualTo(61);
        assertThat(count(texts, "requested")).isEqualTo(requests);
        assertThat(count(texts, "refused: [a-z ]+"))
                .isEqualTo(publisher.events(ViewerRefused.class).size());
        // Two minutes at most, each with 32 lines and a count.
        assertThat(texts).hasSizeLessThan(2 * 33 + 6);
        assertThat(texts)
                .endsWith("viewer-61 admitted", "viewer-61 sealed", "viewer-61 left: bye", "closed: viewer left");
    }

    private static List<String> texts(Party<Publisher> publisher) {
        return publisher.session().audit().lines().stream()
                .map(line -> line.replaceFirst("^\\d+ \\S+ (.*) [0-9a-f]{64} [0-9a-f]{8}$", "$1"))
                .toList();
    }

    private static List<Long> times(Party<Publisher> publisher) {
        return publisher.session().audit().lines().stream()
                .map(line -> Instant.parse(line.replaceFirst("^\\d+ (\\S+) .*$", "$1"))
                        .toEpochMilli())
                .toList();
    }

    /** How often something happened, in lines of its own and in counts. */
    private static int count(List<String> texts, String what) {
        Pattern own = Pattern.compile("(?:viewer-\\d+|(?<=[:,] )(\\d+)) " + what + "(?=$|,)");
        return texts.stream()
                .flatMap(text -> own.matcher(text).results())
                .mapToInt(found -> found.group(1) == null ? 1 : Integer.parseInt(found.group(1)))
                .sum();
    }
}
