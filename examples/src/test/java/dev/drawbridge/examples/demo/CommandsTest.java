package dev.drawbridge.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.AuditLog;
import dev.drawbridge.CloseReason;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.Shape;
import dev.drawbridge.webrtc.Doctor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line: arguments, help, exit statuses, and what goes where. */
class CommandsTest {
    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(60));

    @Test
    void the_help_names_every_command_and_the_exit_statuses() {
        Run run = run("--help");

        assertThat(run.status).isZero();
        Commands.all(terminal(new ByteArrayOutputStream(), new ByteArrayOutputStream(), InputStream.nullInputStream()))
                .getSubcommands()
                .keySet()
                .forEach(name -> assertThat(run.out()).contains("  " + name + " "));
        assertThat(run.out()).contains("publish", "view", "server", "self-test", "Exit status:", "Examples:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish", "view", "server", "self-test"})
    void every_command_has_help_of_its_own(String name) {
        Run run = run(name, "--help");

        assertThat(run.status).isZero();
        assertThat(run.out()).contains("bin/demo " + name, "--json", "--seconds", "Exit status:", "Examples:");
        assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void every_reason_to_close_has_a_status_and_failures_have_one_each() {
        List<Integer> failures = Arrays.stream(CloseReason.values())
                .map(ExitStatus::of)
                .filter(status -> status != 0)
                .toList();

        assertThat(failures).doesNotHaveDuplicates().allMatch(status -> status > 2 && status < 126);
        assertThat(ExitStatus.ofSessions()).hasSize(failures.size() + 4);
    }

    @Test
    void bad_options_are_told_one_problem_a_line() {
        Run run = run("publish", "push=door&vb=fast&maxviewers=0&wss=ws://example.org");

        assertThat(run.status).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).hasSize(3).allMatch(line -> line.matches("\\w+: .* \\(allowed: .*\\)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish", "view"})
    void options_for_the_other_side_are_bad_options(String name) {
        String other = name.equals("publish") ? "view=door" : "push=door";

        Run run = run(name, other + "&wss=ws://127.0.0.1:9");

        assertThat(run.status).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
    }

    @Test
    void bad_arguments_point_to_the_help() {
        assertThat(run("publish").status).isEqualTo(2);
        assertThat(run("publish").err()).contains("OPTIONS", "bin/demo publish --help");
        assertThat(run("fly").status).isEqualTo(2);
        assertThat(run("server", "--port", "70000").status).isEqualTo(2);
        assertThat(run("server", "--shape", "round").err()).contains("round", "ROUTER", "bin/demo server --help");
    }

    @Test
    void a_server_that_is_not_there_has_its_own_status() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }

        Run run = run("publish", "push=door&wss=ws://127.0.0.1:" + nobody, "--json");

        assertThat(run.status).isEqualTo(ExitStatus.of(CloseReason.SERVER_UNREACHABLE));
        assertThat(run.err()).contains("cannot be reached").doesNotContain("\tat ");
        assertThat(run.events()).last().satisfies(closed -> assertThat(closed)
                .containsEntry("event", "Closed")
                .containsEntry("reason", "SERVER_UNREACHABLE"));
    }

    @Test
    void a_port_that_is_taken_is_told_in_a_sentence() {
        try (HandshakeServer server = HandshakeServer.start(Shape.ROUTER)) {
            Run run = run("server", "--port", String.valueOf(server.port()));

            assertThat(run.status).isEqualTo(1);
            assertThat(run.err()).contains(String.valueOf(server.port())).doesNotContain("\tat ");
        }
    }

    @Test
    void the_server_tells_where_it_listens_and_for_whom() {
        Run run = run("server", "--port", "0", "--shape", "hosted", "--seconds", "1", "--json");

        assertThat(run.status).isZero();
        assertThat(run.events()).first().satisfies(listening -> assertThat(listening)
                .containsEntry("event", "Listening")
                .containsEntry("shape", "hosted")
                .containsEntry("loopbackOnly", true));
        assertThat(run.events()).last().satisfies(stats -> assertThat(stats).containsEntry("connections", 0.0));
        assertThat(run("server", "--port", "0", "--seconds", "0").out()).contains("Only this machine", "wss=ws://127.");
    }

    @Test
    void a_publisher_and_a_viewer_report_in_json_and_end_as_meant() throws Exception {
        try (HandshakeServer server = HandshakeServer.start(Shape.HOSTED)) {
            String common = "=door&secure&password=only4tests&wss2=" + server.uri();
            CompletableFuture<Run> publishing =
                    CompletableFuture.supplyAsync(() -> runWith("push" + common, "publish", "-", "--json"));

            Run viewing = run("view", "view" + common, "--json", "--seconds", "6");

            Run published = publishing.get(30, TimeUnit.SECONDS);
            assertThat(viewing.status).isZero();
            assertThat(published.status).isZero();
            assertThat(published.names()).containsOnlyOnce("Announced").doesNotContain("Link");
            assertThat(published.names())
                    .containsSubsequence(
                            "Announced", "ViewerRequested", "ViewerJoined", "Sealed", "Stats", "ViewerLeft", "Closed");
            assertThat(viewing.names()).containsSubsequence("StreamRequested", "MediaStarted", "Stats", "Closed");
            assertThat(viewing.events())
                    .filteredOn(event -> event.get("event").equals("Stats"))
                    .last()
                    .satisfies(stats ->
                            assertThat((double) stats.get("framesReceived")).isPositive());
            // The link is told where it is not in the way of a program.
            assertThat(published.err())
                    .startsWith("Watch it:  " + server.pageUri())
                    .hasLineCount(1);
            assertThat(viewing.err()).isEmpty();
        }
    }

    @Test
    void a_certificate_that_the_server_writes_is_one_that_the_others_trust(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("server.pem");
        try (HandshakeServer server =
                HandshakeServer.builder().shape(Shape.ROUTER).tls(true).start()) {
            String options = "push=door&datamode&wss=" + server.uri();
            Files.writeString(file, Trust.pem(server.certificate().orElseThrow()));

            assertThat(run("publish", options, "--seconds", "0", "--trust", file.toString()).status)
                    .isZero();
            assertThat(run("publish", options, "--seconds", "0").status)
                    .isEqualTo(ExitStatus.of(CloseReason.TLS_FAILED));
            assertThat(run("publish", options, "--trust", folder.toString()).status)
                    .isEqualTo(2);
        }
    }

    @Test
    void the_audit_log_of_a_publisher_is_whole_when_the_command_ends(@TempDir Path folder) throws Exception {
        String file = folder.resolve("audit.log").toString();
        try (HandshakeServer server = HandshakeServer.start(Shape.ROUTER)) {
            String options = "push=door&datamode&wss=" + server.uri();

            assertThat(run("publish", options, "--seconds", "0", "--audit", file).status)
                    .isZero();
            assertThat(AuditLog.verify(Path.of(file))).hasToString("INTACT, 2 lines");
            Run again = run("publish", options, "--seconds", "0", "--audit", file);
            assertThat(again.status).isEqualTo(ExitStatus.FAILED);
            assertThat(again.err()).contains("audit log", file).doesNotContain("\tat ");
        }
    }

    @Test
    void unknown_options_are_told_and_ignored() {
        try (HandshakeServer server = HandshakeServer.start(Shape.ROUTER)) {
            Run run = run("publish", "push=door&datamode&sekure&wss=" + server.uri(), "--seconds", "0");

            assertThat(run.status).isZero();
            assertThat(run.err()).isEqualToIgnoringNewLines("unknown option, ignored: sekure");
        }
    }

    @Test
    void clean_output_leaves_the_events_alone() {
        try (HandshakeServer server = HandshakeServer.start(Shape.ROUTER)) {
            String options = "push=door&cleanoutput&wss=" + server.uri();

            assertThat(run("publish", options, "--seconds", "0").out().lines())
                    .hasSize(2)
                    .allMatch(line -> line.matches("[0-9:.]{12}  (Announced|Closed) .*"));
        }
    }

    @Test
    void the_doctor_has_help_and_takes_options_without_a_server_but_no_bad_ones() {
        assertThat(run("doctor", "--help").out())
                .contains("bin/demo doctor", "--json", "--addresses", "Exit status:", "Examples:");
        Run bad = run("doctor", "turn=relay.example.org");
        assertThat(bad.status).isEqualTo(2);
        assertThat(bad.err()).startsWith("turn: is not user;password;url");
    }

    @Test
    void the_doctors_exit_status_is_whether_something_failed_and_only_a_terminal_gets_colours() {
        Doctor.Check good = new Doctor.Check("Java", Doctor.Verdict.OK, List.of("17"), List.of(), Duration.ZERO);
        Doctor.Check bad = new Doctor.Check("loading", Doctor.Verdict.FAILED, List.of(), List.of(), Duration.ZERO);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        Terminal terminal = terminal(text, text, InputStream.nullInputStream());

        assertThat(DoctorCommand.tell(new Doctor.Report(List.of(good), Duration.ZERO), false, terminal))
                .isZero();
        assertThat(DoctorCommand.tell(
                        new Doctor.Report(List.of(good, bad), Duration.ZERO),
                        true,
                        terminal(json, json, InputStream.nullInputStream())))
                .isEqualTo(1);
        assertThat(JsonText.lines(json)).singleElement().satisfies(report -> assertThat(report)
                .containsEntry("healthy", false));
        assertThat(text.toString(StandardCharsets.UTF_8))
                .startsWith("ok       Java")
                .doesNotContain("\u001b");
        text.reset();
        Terminal attended = new Terminal(terminal.out(), terminal.err(), terminal.in(), true);
        assertThat(DoctorCommand.tell(new Doctor.Report(List.of(bad), Duration.ZERO), false, attended))
                .isEqualTo(1);
        assertThat(text.toString(StandardCharsets.UTF_8)).startsWith("\u001b[1;31mFAILED\u001b[0m");
    }

    private static Run run(String... args) {
        return runWith("", args);
    }

    private static Run runWith(String input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = terminal(out, err, new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        return new Run(Commands.all(terminal).execute(args), out, err);
    }

    private static Terminal terminal(ByteArrayOutputStream out, ByteArrayOutputStream err, InputStream in) {
        return new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                in,
                false);
    }

    private record Run(int status, ByteArrayOutputStream output, ByteArrayOutputStream errors) {
        String out() {
            return output.toString(StandardCharsets.UTF_8);
        }

        String err() {
            return errors.toString(StandardCharsets.UTF_8);
        }

        List<Map<String, Object>> events() {
            return JsonText.lines(output);
        }

        List<Object> names() {
            return events().stream().map(event -> event.get("event")).toList();
        }
    }
}
