package dev.drawbridge.webrtc;

import static dev.drawbridge.webrtc.HostileServer.answer;
import static dev.drawbridge.webrtc.HostileServer.head;
import static dev.drawbridge.webrtc.HostileServer.repeat;
import static dev.drawbridge.webrtc.HostileServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.Shape;
import dev.drawbridge.webrtc.HostileServer.Attack;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * No peer, no server and no missing device ends the program: each line of the table is a JVM of its own with 64 MiB of heap, that serves
 * somebody honest afterwards or ends its session with a reason, and leaves with status 0. The table is printed and written to {@code
 * target/host-process.txt}. {@code -Ddrawbridge.hostile=part-of-a-name} runs a part of it, {@code all} what viewers are sent as well.
 */
class HostProcessTest {
    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofMinutes(10));

    @TempDir
    Path directory;

    private static final String TO_VIEWER = ", to a viewer";
    /** What is much like another case, so that a build can do without. */
    private static final Set<String> VARIANTS = Set.of(
            "listeners and receivers of a viewer that throw",
            "a source that throws errors",
            "close twice, and use what is closed",
            "no temporary directory",
            "a temporary directory that takes no files",
            "a Close with an illegal code, to a publisher",
            "a reset in the middle of a frame, to a publisher",
            "a redirect",
            "headers without an end",
            "an answer byte by byte",
            "no answer",
            "silence for TLS",
            "malformed offers",
            "descriptions of the wrong type",
            "lines that end and come back",
            "strange and duplicate channels",
            "10,000 wishes of a viewer",
            "messages that nobody can read, of a viewer",
            "1,000,000 empty binary frames, to a publisher",
            "1,000,000 messages of a viewer",
            "500 more channels",
            "Continue for ever",
            "a header line without an end",
            "a message that never ends, to a publisher",
            "compression that nobody offered",
            "errors thrown by all of the program's code",
            "malformed answers",
            "media that is never prepared",
            "something else than HTTP",
            "1,000,000 pings, to a publisher",
            "close inside every callback",
            "close while everything is under way",
            "no native library on the class path",
            "malformed candidates",
            "listeners and sinks that never return");

    private static final String ALIVE = "alive( reconnected)?( told)?";
    private static final String AGAIN = "alive reconnected( told)?";
    private static final String WIRE_ID = RawPeer.onTheWire("camera1", RawPeer.DEFAULT_KEY);

    /** @param attack null: the child needs none */
    private record Case(
            String name,
            String child,
            @Nullable Attack attack,
            boolean instead,
            String scheme,
            List<String> jvm,
            Map<String, String> environment,
            String verdict) {

        Case with(List<String> options, Map<String, String> variables) {
            return new Case(name, child, attack, instead, scheme, options, variables, verdict);
        }
    }

    private record Row(Case of, String outcome, long heap, long millis, int exit) {
        boolean good() {
            return exit == 0 && outcome.matches(of.verdict) && heap < 48;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%-46s %-44s %2d MiB %6d ms  exit %d",
                    of.name,
                    shortened(outcome),
                    heap,
                    millis,
                    exit);
        }

        private static String shortened(String text) {
            return text.length() > 44 ? text.substring(0, 43) + "…" : text;
        }
    }

    private static Case inside(String name, String child, String verdict) {
        return new Case(name, child, null, false, "ws", List.of(), Map.of(), verdict);
    }

    private static Case instead(String name, String scheme, String verdict, Attack attack) {
        return new Case(name, "start", attack, true, scheme, List.of(), Map.of(), verdict);
    }

    private static List<Case> onBoth(String name, String verdict, Attack attack) {
        return List.of(
                new Case(name + ", to a publisher", "publisher", attack, false, "ws", List.of(), Map.of(), verdict),
                new Case(name + TO_VIEWER, "viewer", attack, false, "ws", List.of(), Map.of(), verdict));
    }

    // ---- the table

    private static List<Case> servers() {
        List<Case> cases = new ArrayList<>();
        cases.addAll(onBoth("a frame of 400 MiB", AGAIN, client -> {
            client.getOutputStream().write(head(0x81, 400L << 20));
            repeat(client, new byte[1024], 400L << 10);
        }));
        cases.addAll(onBoth("a compressed bomb", AGAIN, client -> {
            client.getOutputStream().write(head(0xc1, 408_000));
            repeat(client, new byte[1024], 400);
        }));
        cases.addAll(
                onBoth("1,000,000 small frames", ALIVE, client -> repeat(client, bytes(0x81, 2, '{', '}'), 1_000_000)));
        cases.addAll(
                onBoth("1,000,000 empty binary frames", ALIVE, client -> repeat(client, bytes(0x82, 0), 1_000_000)));
        cases.addAll(onBoth("100,000 ids", ALIVE, client -> {
            for (int i = 0; i < 100_000; i++) {
                text(
                        client,
                        "{\"from\":\"id" + i + "\",\"streamID\":\"" + WIRE_ID + "\",\"session\":\"s\","
                                + (i % 2 == 0
                                        ? "\"request\":\"play\"}"
                                        : "\"description\":{\"type\":\"offer\",\"sdp\":\"v=0\"}}"));
            }
        }));
        cases.addAll(onBoth("invalid UTF-8", "alive told", client -> {
            repeat(client, bytes(0x81, 4, 0xff, 0xc0, 0xed, 0xa0), 100);
            repeat(client, bytes(0x81, 5, '{', '"', 0xff, '"', '}'), 100);
        }));
        cases.addAll(onBoth("JSON 100,000 deep", "alive told", client -> {
            text(client, "[".repeat(100_000));
            text(client, "{\"a\":".repeat(100_000));
        }));
        cases.addAll(onBoth("1,000,000 pings", ALIVE, client -> repeat(client, bytes(0x89, 0), 1_000_000)));
        cases.addAll(onBoth("a message that never ends", AGAIN, client -> {
            client.getOutputStream().write(bytes(0x01, 0));
            repeat(client, bytes(0x00, 0), 1_000_000);
            throw new IOException("enough");
        }));
        cases.addAll(onBoth("a Close with an illegal code", AGAIN, client -> client.getOutputStream()
                .write(bytes(0x88, 2, 0, 7))));
        cases.addAll(onBoth("a reset in the middle of a frame", AGAIN, client -> {
            client.getOutputStream().write(head(0x81, 100_000));
            client.setSoLinger(true, 0);
            client.close();
        }));
        cases.add(instead(
                "a redirect",
                "ws",
                "refused SERVER_REFUSED",
                client -> answer(
                        client, "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")));
        cases.add(instead("a refusal with a body of 400 MiB", "ws", "refused SERVER_REFUSED", client -> {
            answer(client, "HTTP/1.1 403 No\r\nContent-Length: 419430400\r\n\r\n");
            repeat(client, new byte[1024], 400L << 10);
        }));
        cases.add(instead("headers without an end", "ws", "refused SERVER_.*", client -> {
            answer(client, "HTTP/1.1 101 Switching Protocols\r\n");
            repeat(client, "X-Y: z\r\n".getBytes(StandardCharsets.ISO_8859_1), 10_000_000);
        }));
        cases.add(instead("a header line without an end", "ws", "refused SERVER_.*", client -> {
            answer(client, "HTTP/1.1 101 Switching Protocols\r\nX: ");
            repeat(client, bytes('x'), 400L << 20);
        }));
        cases.add(instead("Continue for ever", "ws", "refused SERVER_.*", client -> {
            answer(client, "");
            repeat(client, "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1), 10_000_000);
        }));
        cases.add(instead("an answer byte by byte", "ws", "refused SERVER_.*", client -> {
            answer(client, "");
            for (byte next : "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                    .getBytes(StandardCharsets.ISO_8859_1)) {
                client.getOutputStream().write(next);
                Thread.sleep(40);
            }
        }));
        cases.add(instead("no answer", "ws", "refused SERVER_UNREACHABLE", client -> answer(client, "")));
        cases.add(instead(
                "compression that nobody offered", "ws", "refused SERVER_PROTOCOL", client -> answer(client, """
                        HTTP/1.1 101 Switching Protocols\r
                        Upgrade: websocket\r
                        Connection: Upgrade\r
                        Sec-WebSocket-Extensions: permessage-deflate\r
                        \r
                        """)));
        cases.add(instead(
                "something else than HTTP",
                "ws",
                "refused SERVER_PROTOCOL",
                client -> answer(client, "\u0000\u0001SSH-2.0-x\r\n".repeat(1_000))));
        cases.add(instead("garbage for TLS", "wss", "refused (TLS_FAILED|SERVER_UNREACHABLE)", client -> {
            repeat(client, bytes(0x16, 3, 3, 0xff, 0xff, 1, 2, 3), 10_000);
            client.getInputStream().read();
        }));
        cases.add(instead("silence for TLS", "wss", "refused SERVER_UNREACHABLE", client -> {}));
        cases.add(new Case(
                "10,000 requests, to a publisher with real media",
                "requests",
                client -> {
                    for (int i = 0; i < 10_000; i++) {
                        text(
                                client,
                                "{\"from\":\"id" + i + "\",\"streamID\":\"" + WIRE_ID + "\",\"request\":\"play\"}");
                    }
                },
                false,
                "ws",
                List.of(),
                Map.of(),
                ALIVE));
        return cases;
    }

    private static List<Case> peers() {
        return List.of(
                inside("malformed ICE servers, TURN without credentials", "ice", "alive"),
                inside("malformed answers", "answers", "alive"),
                inside("malformed offers", "offers", "alive"),
                inside("descriptions of the wrong type", "types", "alive"),
                inside("malformed candidates", "candidates", "alive"),
                inside("100,000 candidates", "100000 candidates", "alive told 1"),
                inside("lines that end and come back", "lines", "alive"),
                inside("another DTLS certificate, again and again", "other certificate", "alive"),
                inside("1,000 negotiations and ICE restarts", "1000 negotiations", "alive"),
                inside("strange and duplicate channels", "channels", "alive"),
                inside("500 more channels", "all channels", "alive"),
                inside("1,000 connections opened and closed", "open and close", "alive"),
                inside("1,000,000 messages of a viewer", "a million messages", "alive left CHANNEL_CLOSED after some"),
                inside("messages that nobody can read, of a viewer", "bad messages", "alive told"),
                // Where the viewer finds out first, it has asked anew before the end of the old connection is here.
                inside(
                        "50 MiB at once, of a viewer",
                        "50 MiB at once",
                        "alive left (CHANNEL_CLOSED|BYE|LOST|REPLACED)"),
                inside("10,000 wishes of a viewer", "wishes", "alive"));
    }

    private List<Case> programs() throws IOException {
        String noNatives = Arrays.stream(
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                                .split(":"))
                .filter(path -> !path.matches(".*webrtc-java-[0-9.]+-linux-.*"))
                .collect(Collectors.joining(":"));
        Path broken = Files.createDirectory(directory.resolve("libs"));
        Files.writeString(broken.resolve("libpulse.so.0"), "not a library");
        String missing = directory.resolve("missing").toString();
        String refused = "refused NATIVE_LIBRARY .*";
        return List.of(
                inside("media that is never prepared", "never prepared", "refused INTERNAL_ERROR"),
                inside("listeners and receivers of a publisher that throw", "throwing publisher", "alive"),
                inside("listeners and receivers of a viewer that throw", "throwing viewer", "alive"),
                inside("errors thrown by all of the program's code", "errors", "alive"),
                inside("listeners and sinks that never return", "hanging", "alive"),
                inside("a source that throws errors", "bad source", "refused .*"),
                inside("frames of no size, huge, odd, null", "frames", "alive"),
                inside("close inside every callback", "close in callbacks", "alive"),
                inside("close while everything is under way", "closing", "alive"),
                inside("close twice, and use what is closed", "closed", "alive"),
                inside("no camera and no sound device", "no device", "refused NO_MEDIA|started .*"),
                inside("no display", "library", "started ANNOUNCED")
                        .with(List.of(), Map.of("DISPLAY", ":77", "WAYLAND_DISPLAY", "none")),
                inside("no temporary directory", "library", refused)
                        .with(List.of("-Djava.io.tmpdir=" + missing), Map.of()),
                inside("a temporary directory that takes no files", "library", refused)
                        .with(List.of("-Djava.io.tmpdir=/proc"), Map.of()),
                inside("a temporary directory that is full", "library", refused)
                        .with(List.of(), Map.of("FILE_BLOCKS", "2000")),
                inside("a system library that cannot be loaded", "library", refused)
                        .with(List.of(), Map.of("LD_LIBRARY_PATH", broken.toString())),
                inside("no native library on the class path", "library", refused)
                        .with(List.of("-cp", noNatives), Map.of()));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    // ---- how it is run

    @Test
    void nothing_that_comes_from_outside_ends_the_program() throws Exception {
        List<Case> cases = new ArrayList<>(programs()); // the slowest comes first, which only waits
        cases.addAll(servers());
        cases.addAll(peers());
        cases.removeIf(one -> !wanted(one.name));
        ExecutorService side = Executors.newFixedThreadPool(2);
        List<Row> rows = new ArrayList<>();
        try {
            List<Future<Row>> running = new ArrayList<>();
            for (Case one : cases) {
                running.add(side.submit(() -> {
                    Row row = run(one);
                    System.out.println(row);
                    return row;
                }));
            }
            for (Future<Row> row : running) {
                rows.add(row.get());
            }
        } finally {
            side.shutdownNow();
        }
        String table = rows.stream().map(Row::toString).collect(Collectors.joining("\n"));
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target", "host-process.txt"), table + "\n");
        assertThat(rows).isNotEmpty().allSatisfy(row -> assertThat(row.good())
                .as("%s: %s", row, row.outcome())
                .isTrue());
    }

    /** Of what both are sent, a build takes the publisher's side; {@code bin/soak hostile} takes everything. */
    private static boolean wanted(String name) {
        String only = System.getProperty("drawbridge.hostile", "");
        return switch (only) {
            case "" -> !name.endsWith(TO_VIEWER) && !VARIANTS.contains(name);
            case "all" -> true;
            default -> name.contains(only);
        };
    }

    private static Row run(Case one) throws Exception {
        long begin = System.nanoTime();
        try (HandshakeServer honest = HandshakeServer.start(Shape.FANOUT);
                HostileServer hostile = new HostileServer(honest.uri(), one.instead)) {
            List<String> jvm = new ArrayList<>(List.of("-Xmx64m", "-Dslf4j.internal.verbosity=ERROR"));
            jvm.addAll(one.jvm);
            ProcessBuilder builder = Programs.command(
                    jvm, HostProcessChild.class, one.child, hostile.address().replaceFirst("ws", one.scheme));
            builder.environment().putAll(one.environment);
            String blocks = one.environment.get("FILE_BLOCKS");
            if (blocks != null) {
                builder.command().addAll(0, List.of("sh", "-c", "ulimit -f " + blocks + "; exec \"$0\" \"$@\""));
            }
            try (Programs.Running child = new Programs.Running(builder.start())) {
                var unused = child.process
                        .onExit()
                        .orTimeout(60, TimeUnit.SECONDS)
                        .exceptionally(late -> {
                            child.process.destroyForcibly();
                            return child.process;
                        });
                String outcome;
                long heap = -1;
                try {
                    if (one.attack != null) {
                        if (!one.instead) {
                            child.line("ready");
                        }
                        hostile.attack(one.attack);
                        if (!one.instead) {
                            child.process.getOutputStream().write('\n');
                            child.process.getOutputStream().flush();
                        }
                    }
                    heap = Long.parseLong(child.line("heap "));
                    outcome = child.line("verdict ");
                } catch (AssertionError | IOException noVerdict) {
                    outcome = String.valueOf(noVerdict.getMessage());
                }
                int exit = child.process.waitFor();
                return new Row(one, outcome, heap, (System.nanoTime() - begin) / 1_000_000, exit);
            }
        }
    }
}
