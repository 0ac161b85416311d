package dev.drawbridge.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.ViewerApproval.Request;
import dev.drawbridge.ViewerApproval.Role;
import dev.drawbridge.ViewerId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Nobody gets in without a yes. */
class DoorkeeperTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void each_question_takes_one_line_and_only_yes_lets_in() throws Exception {
        Doorkeeper doorkeeper = doorkeeper("yes\n\nno\nY\n");

        assertThat(answer(doorkeeper, 1)).isTrue();
        assertThat(answer(doorkeeper, 2)).isFalse();
        assertThat(answer(doorkeeper, 3)).isFalse();
        assertThat(answer(doorkeeper, 4)).isTrue();
        assertThat(JsonText.lines(bytes)).hasSize(4).first().satisfies(question -> assertThat(question)
                .containsEntry("event", "ApprovalAsked")
                .containsEntry("viewer", "viewer-1")
                .containsEntry("label", "Anna")
                .containsEntry("role", "GUEST")
                .containsEntry("fingerprint", "sha-256 " + "AB:".repeat(31) + "CD"));
    }

    @Test
    void a_person_sees_what_the_viewer_claims_and_the_beginning_of_its_certificate() throws Exception {
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        ByteArrayInputStream in = new ByteArrayInputStream("y\n".getBytes(StandardCharsets.UTF_8));
        Terminal terminal = new Terminal(out, out, in, false);

        assertThat(answer(new Doorkeeper(terminal, new EventLog(terminal, Object::toString, true)), 1))
                .isTrue();
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("Let viewer-1 (\"Anna\", says it is a guest, certificate AB:AB:AB:AB:AB:AB:AB:AB…) in?");
    }

    @Test
    void the_end_of_input_lets_nobody_in() throws Exception {
        assertThat(answer(doorkeeper(""), 1)).isFalse();
    }

    private static boolean answer(Doorkeeper doorkeeper, int viewer) throws Exception {
        return doorkeeper
                .decide(new Request(
                        new ViewerId(viewer, "peer"), "Anna", Role.GUEST, "sha-256 " + "AB:".repeat(31) + "CD"))
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
    }

    private Doorkeeper doorkeeper(String input) {
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        return new Doorkeeper(new Terminal(out, out, in, false), new JsonLines(out));
    }
}
