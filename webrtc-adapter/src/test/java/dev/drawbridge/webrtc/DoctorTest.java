package dev.drawbridge.webrtc;

import static dev.drawbridge.webrtc.Doctor.Verdict.FAILED;
import static dev.drawbridge.webrtc.Doctor.Verdict.OK;
import static dev.drawbridge.webrtc.Doctor.Verdict.SKIPPED;
import static dev.drawbridge.webrtc.Doctor.Verdict.WARNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.Moshi;
import com.squareup.moshi.Types;
import com.sun.net.httpserver.HttpServer;
import dev.drawbridge.HandshakeEndpoint;
import dev.drawbridge.NetworkPolicy;
import dev.drawbridge.Secret;
import dev.drawbridge.signaling.OkHttpSignaling;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.MachineAddress;
import dev.drawbridge.testing.Shape;
import dev.drawbridge.testing.TurnServer;
import dev.drawbridge.webrtc.Doctor.Check;
import dev.drawbridge.webrtc.Doctor.Clock;
import dev.drawbridge.webrtc.Doctor.Report;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor says of machines with each of the usual faults, and of this one. */
class DoctorTest {
    private static final JsonAdapter<Map<String, Object>> JSON =
            new Moshi.Builder().build().adapter(Types.newParameterizedType(Map.class, String.class, Object.class));
    private static final int NATIVE = NativeChecks.orders(List.of()).size();

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(60));

    @TempDir
    Path root;

    // ---- this machine, with real servers

    @Test
    @Tag("alone") // its figures are those of a machine that has time
    void a_machine_that_works_is_well_and_a_relay_with_a_wrong_password_is_named() throws Exception {
        try (HandshakeServer server = HandshakeServer.start(Shape.ROUTER);
                TurnServer turn = TurnServer.start()) {
            Report report = Doctor.builder()
                    .server(HandshakeEndpoint.custom(server.uri().toString()))
                    .network(NetworkPolicy.builder()
                            .stun(turn.stunUrl())
                            .addTurn(
                                    turn.user(),
                                    Secret.of(turn.password()),
                                    turn.udpUrl(),
                                    turn.tcpUrl(),
                                    turn.tlsUrl())
                            .addTurn("Canary7", Secret.of("Canary8"), turn.udpUrl())
                            .anyTurnCertificate(true)
                            .build())
                    .build()
                    .examine();

            System.out.print(report.text());
            assertThat(report.checks())
                    .extracting(Check::name)
                    .containsExactly(
                            "Java",
                            "platform",
                            "temporary files",
                            "native library",
                            "loading",
                            "codecs",
                            "cameras",
                            "microphones",
                            "speakers",
                            "self-connection",
                            "network",
                            "handshake server",
                            "STUN 1",
                            "TURN 1",
                            "TURN 2",
                            "TURN 3",
                            "TURN 4");
            for (String well : List.of(
                    "Java",
                    "platform",
                    "temporary files",
                    "native library",
                    "loading",
                    "codecs",
                    "network",
                    "handshake server",
                    "TURN 1",
                    "TURN 2",
                    "TURN 3")) {
                assertThat(check(report, well).verdict()).as(text(report, well)).isEqualTo(OK);
            }
            // A busy machine shows fewer pictures, and may miss an answer, which are warnings.
            for (String slow : List.of("self-connection", "STUN 1")) {
                assertThat(check(report, slow).verdict()).as(text(report, slow)).isIn(OK, WARNING);
            }
            assertThat(text(report, "self-connection"))
                    .contains("first picture")
                    .containsPattern("640x360, .*host/udp|did not tell");
            assertThat(text(report, "codecs")).contains("VP8", "H264", "OPUS");
            assertThat(text(report, "handshake server")).containsPattern("TCP \\d+ ms, WebSocket \\d+ ms");
            assertThat(text(report, "TURN 3")).contains("a relay after");
            assertThat(check(report, "TURN 4").verdict()).isEqualTo(FAILED);
            assertThat(text(report, "TURN 4")).contains("refuses the user name or the password");
            assertThat(report.healthy()).isFalse();
            assertThat(report.took()).isLessThan(Doctor.LIMIT);
            assertThat(report.text() + report.json())
                    .doesNotContain(
                            "Canary",
                            turn.user(),
                            turn.password(),
                            turn.address().getHostAddress());
            Map<String, Object> json = JSON.fromJson(report.json());
            assertThat(json)
                    .containsEntry("healthy", false)
                    .containsEntry("tookMs", (double) report.took().toMillis())
                    .containsOnlyKeys("healthy", "tookMs", "checks");
            assertThat((List<?>) json.get("checks"))
                    .hasSameSizeAs(report.checks())
                    .allSatisfy(one -> assertThat(((Map<?, ?>) one).keySet())
                            .hasToString("[name, verdict, findings, advice, tookMs]"));
        }
    }

    // ---- what can be seen from outside of the library

    @Test
    void each_missing_shared_object_is_named_with_who_needs_it_and_its_package() throws Exception {
        try (OtherMachine machine =
                new OtherMachine(root).withoutObjects("libXfixes.so.3", "libXext.so.6", "libxcb.so.1")) {
            // One for another kind of machine is none.
            machine.write("/lib/libXfixes.so.3", "\u007fELF of something else");

            Check library = library(machine);

            assertThat(library.verdict()).isEqualTo(FAILED);
            assertThat(library.findings())
                    .contains(
                            "libXfixes.so.3 is missing, which libwebrtc-java-linux-x86_64.so needs",
                            "libxcb.so.1 is missing, which libX11.so.6 needs")
                    .anyMatch(finding -> finding.matches("libXext.so.6 is missing, which libX\\w+.so.\\d needs"));
            assertThat(library.advice()).first().asString().startsWith("on Debian and Ubuntu: apt-get install -y libx");
            assertThat(library.advice().get(0)).contains("libxfixes3").contains("libxext6");
            // Not in our list, for it comes with a package that is.
            assertThat(library.advice()).anyMatch(advice -> advice.contains("apt-file search libxcb.so.1"));
        }
    }

    @Test
    void with_nothing_missing_the_library_is_well_and_glibc_is_told() throws Exception {
        try (OtherMachine machine = new OtherMachine(root).withoutObjects()) {
            Check library = library(machine);

            assertThat(library.verdict()).as(library.toString()).isEqualTo(OK);
            assertThat(library.findings())
                    .singleElement()
                    .asString()
                    .containsPattern("none is missing; glibc 2\\.\\d+");
        }
    }

    @Test
    void a_damaged_object_is_none_whatever_it_says() throws Exception {
        int headers = 0x20;
        int dynamic = 0x80;
        int length = 0xc8;
        long far = 1L << 40;
        assertThat(Elf.read(object()).needed()).isEmpty();
        for (long[] damage : new long[][] {
            {headers, far}, {headers, 1 << 30}, {dynamic, far}, {length, far}, {length, -1}, {length, Integer.MAX_VALUE}
        }) {
            assertThatThrownBy(() -> Elf.read(object().putLong((int) damage[0], damage[1])))
                    .as("%x", damage[0])
                    .isInstanceOf(IOException.class)
                    .hasMessage("a damaged shared object");
        }
    }

    /** The least that can be read: one part that is loaded, with the names, and one that says where they are. */
    private static ByteBuffer object() {
        ByteBuffer object = ByteBuffer.allocate(0x100).order(ByteOrder.LITTLE_ENDIAN);
        object.putInt(0, 0x464c457f).put(4, (byte) 2).put(5, (byte) 1);
        object.putLong(0x20, 0x40).putShort(0x36, (short) 56).putShort(0x38, (short) 2);
        object.putInt(0x40, 1).putLong(0x40 + 32, 0x100);
        object.putInt(0x78, 2).putLong(0x78 + 8, 0xb0).putLong(0x78 + 32, 0x40);
        object.putLong(0xb0, 5).putLong(0xb8, 0xf0);
        object.putLong(0xc0, 10).putLong(0xc8, 0x10);
        return object;
    }

    @Test
    void without_its_jar_the_classifier_is_named() throws Exception {
        OtherMachine machine = new OtherMachine(root);
        machine.withLibrary = false;
        machine.properties.put("os.arch", "aarch64");

        Check library = library(machine);

        assertThat(library.verdict()).isEqualTo(FAILED);
        assertThat(library.advice()).singleElement().asString().contains("webrtc-java:0.14.0", "linux-aarch64");
    }

    @Test
    void a_system_that_has_no_library_is_told_which_do() throws Exception {
        OtherMachine riscv = new OtherMachine(root);
        riscv.properties.put("os.arch", "riscv64");
        OtherMachine alpine = new OtherMachine(root.resolve("alpine")).write("/lib/ld-musl-x86_64.so.1", "");

        assertThat(platform(riscv).verdict()).isEqualTo(FAILED);
        assertThat(platform(riscv).advice()).singleElement().asString().contains("linux-aarch64");
        assertThat(platform(alpine).findings()).anyMatch(finding -> finding.contains("musl"));
        assertThat(platform(new OtherMachine(root.resolve("debian"))
                                .write("/etc/os-release", "NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n"))
                        .findings())
                .singleElement()
                .asString()
                .startsWith("Debian GNU/Linux 12, Linux");
    }

    @Test
    void a_temporary_directory_that_is_of_no_use_is_told_from_one_that_is() throws Exception {
        OtherMachine machine = new OtherMachine(root);
        assertThat(temporary(machine).verdict()).isEqualTo(OK);

        machine.freeBytes = 5 << 20;
        assertThat(temporary(machine).findings()).anyMatch(finding -> finding.contains("has 5 MiB left"));

        machine.freeBytes = 1 << 30;
        machine.write("/proc/self/mounts", "overlay / overlay rw 0 0\ntmpfs /tmp tmpfs rw,noexec 0 0\n");
        assertThat(temporary(machine).findings()).anyMatch(finding -> finding.contains("noexec"));
        assertThat(temporary(machine).advice()).singleElement().asString().contains("-Djava.io.tmpdir=");

        machine.properties.put("java.io.tmpdir", "/nowhere");
        assertThat(temporary(machine).findings()).singleElement().asString().contains("is not there");

        machine.properties.put("java.io.tmpdir", "/proc/self/mounts");
        assertThat(temporary(machine).verdict()).isEqualTo(FAILED);
    }

    @Test
    void addresses_are_counted_by_their_kind_and_told_on_request_alone() throws Exception {
        OtherMachine machine = new OtherMachine(root);
        machine.networks.add(OtherMachine.network("wlan0", "10.9.9.9", "fe80::1", "100.64.1.1"));

        Notes counted = new Notes();
        NetworkCheck.look(machine, false, counted);
        Notes told = new Notes();
        NetworkCheck.look(machine, true, told);

        assertThat(check(counted).findings())
                .containsExactly(
                        "2 interfaces up: 1 IPv4 of a provider's NAT, 2 IPv4 private, 1 IPv6 global, 1 IPv6 link-local");
        assertThat(check(told).findings()).contains("wlan0: 10.9.9.9, fe80:0:0:0:0:0:0:1, 100.64.1.1");
    }

    @Test
    void a_machine_without_a_network_cannot_connect() throws Exception {
        OtherMachine machine = new OtherMachine(root);
        machine.networks.remove(1);
        Notes notes = new Notes();

        NetworkCheck.look(machine, false, notes);

        assertThat(check(notes).verdict()).isEqualTo(FAILED);
        assertThat(check(notes).advice()).isNotEmpty();
    }

    @Test
    void a_server_that_is_down_and_one_that_is_no_handshake_server_are_told_apart() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        Check down = server("ws://127.0.0.1:" + nobody);
        assertThat(down.verdict()).isEqualTo(FAILED);
        assertThat(down.findings()).anyMatch(finding -> finding.contains("refused the connection"));
        assertThat(down.advice()).containsExactly("is the server running?");

        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.start();
        try {
            Check wrong = server("ws://127.0.0.1:" + other.getAddress().getPort());
            assertThat(wrong.verdict()).isEqualTo(FAILED);
            assertThat(wrong.findings()).anyMatch(finding -> finding.contains("404"));
            assertThat(wrong.advice()).containsExactly("check the path of the address");
        } finally {
            other.stop(0);
        }
    }

    @Test
    void a_server_with_tls_of_its_own_making_is_told_to_be_trusted() {
        try (HandshakeServer server =
                HandshakeServer.builder().shape(Shape.ROUTER).tls(true).start()) {
            Check check = server(server.uri().toString());

            assertThat(check.verdict()).isEqualTo(FAILED);
            assertThat(check.findings()).anyMatch(finding -> finding.contains("is not trusted"));
            assertThat(check.findings()).last().asString().containsPattern("TLSv1\\.3 \\d+ ms");
        }
    }

    @Test
    void a_stun_server_that_is_not_there_is_a_warning_that_hides_its_address() throws Exception {
        InetAddress own = MachineAddress.own();
        int nobody;
        try (DatagramSocket socket = new DatagramSocket(0, own)) {
            nobody = socket.getLocalPort();
        }
        Notes notes = new Notes();

        StunCheck.look(
                NetworkPolicy.builder()
                        .stun("stun:" + own.getHostAddress() + ":" + nobody)
                        .build()
                        .stunServers()
                        .get(0),
                new Hosts(false),
                notes);

        assertThat(check(notes).verdict()).isEqualTo(WARNING);
        assertThat(check(notes).findings()).singleElement().asString().contains("nothing listens at stun:(IPv4 ");
        assertThat(check(notes).toString()).doesNotContain(own.getHostAddress());
    }

    // ---- what another JVM is asked

    @Test
    void a_library_that_kills_its_process_is_told_with_what_it_was_doing_and_the_rest_is_looked_at() throws Exception {
        OtherMachine machine = new OtherMachine(root);
        machine.children.add(OtherMachine.ready(2) + "echo '#  SIGSEGV (0xb) at pc=0x0'; kill -ABRT $$");
        machine.children.add(OtherMachine.ready(1) + "kill -KILL $$");
        machine.children.add(OtherMachine.ready(0) + "exit 7");
        machine.children.add(OtherMachine.ready(1));

        List<Check> checks = examined(machine, new Clock(Doctor.LIMIT));

        assertThat(checks).extracting(Check::verdict).containsExactly(OK, OK, FAILED, OK, FAILED, FAILED);
        assertThat(checks.get(2).findings())
                .containsExactly(
                        "the native library ended the process with signal 11 (SIGSEGV) while cameras were being looked for");
        assertThat(checks.get(2).advice()).first().asString().contains("videodevice=testpattern");
        assertThat(checks.get(4).findings()).singleElement().asString().contains("with signal 9 while speakers");
        assertThat(checks.get(5).findings()).singleElement().asString().contains("with exit status 7 while");
    }

    @Test
    void what_hangs_is_given_up_and_what_there_is_no_time_for_is_skipped() throws Exception {
        OtherMachine machine = new OtherMachine(root);
        machine.children.add(OtherMachine.ready(2) + "exec sleep 60");

        List<Check> checks = examined(machine, new Clock(Duration.ofSeconds(3)));

        assertThat(checks).extracting(Check::verdict).containsExactly(OK, OK, FAILED, SKIPPED, SKIPPED, SKIPPED);
        assertThat(checks.get(2).findings()).singleElement().asString().startsWith("did not come to an end");
    }

    @Test
    void a_library_that_does_not_load_is_not_asked_for_more() throws Exception {
        OtherMachine machine = new OtherMachine(root);
        machine.children.add("printf '@doctor ready\\n@doctor verdict FAILED\\n@doctor found no\\n@doctor end 3\\n'");

        List<Check> checks = examined(machine, new Clock(Doctor.LIMIT));

        assertThat(checks)
                .extracting(Check::verdict)
                .containsOnly(FAILED, SKIPPED)
                .hasSize(NATIVE);
        assertThat(checks.get(1).findings()).containsExactly("the native library does not load");
    }

    @Test
    void without_another_jvm_nothing_is_tried() throws Exception {
        OtherMachine none = new OtherMachine(root);
        OtherMachine broken = new OtherMachine(root.resolve("broken"));
        broken.children.add("echo 'Error: Could not find or load main class'; exit 1");

        assertThat(examined(none, new Clock(Doctor.LIMIT)))
                .extracting(Check::verdict)
                .containsOnly(WARNING, SKIPPED)
                .hasSize(NATIVE);
        assertThat(examined(broken, new Clock(Doctor.LIMIT)).get(0).findings())
                .singleElement()
                .asString()
                .contains("did not start: Error: Could not find");
    }

    @Test
    void a_library_that_loads_misses_nothing_whatever_was_found_before() {
        Check missing = new Check("native library", FAILED, List.of("a.so is missing"), List.of(), Duration.ZERO);
        Check loads = new Check("loading", OK, List.of(), List.of(), Duration.ZERO);

        assertThat(NativeChecks.believed(List.of(missing), List.of(loads))
                        .get(0)
                        .verdict())
                .isEqualTo(WARNING);
        assertThat(NativeChecks.believed(List.of(missing), List.of()).get(0).verdict())
                .isEqualTo(FAILED);
    }

    @Test
    void a_check_that_hangs_or_throws_has_failed_and_tells_no_secret() {
        Clock clock = new Clock(Doctor.LIMIT);

        Check hanging = Doctor.check("hanging", Duration.ofSeconds(1), clock, notes -> {
            notes.found("so far");
            Thread.sleep(60_000);
        });
        Check throwing = Doctor.check("throwing", Duration.ofSeconds(20), clock, notes -> {
            throw new IllegalStateException("Canary7");
        });

        assertThat(hanging.verdict()).isEqualTo(FAILED);
        assertThat(hanging.findings()).startsWith("so far").last().asString().startsWith("did not come to an end");
        assertThat(throwing.verdict()).isEqualTo(FAILED);
        assertThat(throwing.toString()).contains("IllegalStateException").doesNotContain("Canary");
    }

    // ---- the report

    @Test
    void a_report_reads_well_and_its_json_is_json() throws Exception {
        Report report = new Report(
                List.of(
                        new Check("Java", OK, List.of("17"), List.of(), Duration.ofMillis(3)),
                        new Check("cameras", WARNING, List.of("none"), List.of("plug one in"), Duration.ofMillis(4)),
                        new Check(
                                "loading",
                                FAILED,
                                List.of("a \"b\" \\ \ud83d\ude00", "c"),
                                List.of("word ".repeat(20)),
                                Duration.ofMillis(5))),
                Duration.ofMillis(1234));

        assertThat(report.text()).isEqualTo("""
                ok       Java              17
                warning  cameras           none
                                           -> plug one in
                FAILED   loading           a "b" \\ \ud83d\ude00
                                           c
                                           -> word word word word word word word word word word
                                              word word word word word word word word word word

                1 of 3 checks failed, 1 warning, in 1.2 s.
                """);
        assertThat(JSON.fromJson(report.json()).get("checks").toString()).contains("a \"b\" \\ \ud83d\ude00");
        assertThat(new Report(List.of(), Duration.ZERO).healthy()).isTrue();
    }

    @Test
    void what_comes_from_devices_and_processes_is_one_line_of_bounded_length() {
        Notes notes = new Notes();
        notes.found("a\nb\u001b[31mc" + "d".repeat(1000));
        for (int i = 0; i < 1000; i++) {
            notes.found("more");
        }

        assertThat(check(notes).findings()).hasSizeLessThanOrEqualTo(50);
        assertThat(check(notes).findings().get(0)).startsWith("a b [31mc").hasSizeLessThanOrEqualTo(300);
    }

    // ----

    private static List<Check> examined(OtherMachine machine, Clock clock) {
        return new NativeChecks(machine, false, clock).run(NativeChecks.orders(List.of()), false);
    }

    private static Check library(OtherMachine machine) throws IOException {
        Notes notes = new Notes();
        new MachineChecks(machine).library(notes);
        return check(notes);
    }

    private static Check platform(OtherMachine machine) throws IOException {
        Notes notes = new Notes();
        new MachineChecks(machine).platform(notes);
        return check(notes);
    }

    private static Check temporary(OtherMachine machine) throws IOException {
        Notes notes = new Notes();
        new MachineChecks(machine).temporaryDirectory(notes);
        return check(notes);
    }

    private static Check server(String address) {
        Notes notes = new Notes();
        try {
            new ServerCheck(OkHttpSignaling.create(), new Hosts(false), notes).look(URI.create(address));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return check(notes);
    }

    private static Check check(Notes notes) {
        return notes.check("", Duration.ZERO);
    }

    private static Check check(Report report, String name) {
        return report.checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String text(Report report, String name) {
        Check check = check(report, name);
        return check.findings().stream().collect(Collectors.joining("\n")) + check.advice();
    }
}
