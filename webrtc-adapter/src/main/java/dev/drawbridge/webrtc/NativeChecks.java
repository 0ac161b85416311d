package dev.drawbridge.webrtc;

import dev.drawbridge.spi.IceServer;
import dev.drawbridge.webrtc.Doctor.Check;
import dev.drawbridge.webrtc.Doctor.Clock;
import dev.drawbridge.webrtc.Doctor.Verdict;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What only the native library can tell. It may end the process that asks, so another JVM asks, one thing after the other. When that
 * one dies or hangs, it is known what it was doing, and a new one goes on with what is left.
 */
final class NativeChecks {
    /** What a JVM may take to start. */
    private static final Duration START = Duration.ofSeconds(8);
    /** The other JVM keeps to the limits by itself, unless the library stops all of it. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final String LIBRARY = "native library";
    private static final String TEMPORARY = "temporary files";

    /** The checks in the order in which they are made, with what to say of a process that ended meanwhile. */
    enum Kind {
        LOADING(
                "loading",
                12,
                "it was being loaded",
                "install what the checks above miss, or another version of webrtc-java"),
        CODECS("codecs", 8, "its codecs were being listed", "report it"),
        CAMERAS(
                "cameras",
                5,
                "cameras were being looked for",
                "publish without: videodevice=testpattern, own frames, or datamode"),
        MICROPHONES("microphones", 5, "microphones were being looked for", "publish without: audiodevice=0"),
        SPEAKERS("speakers", 5, "speakers were being looked for", "report it"),
        CONNECTION("self-connection", 18, "it was connecting to itself", "report it"),
        RELAY("TURN", 8, "a relay was being asked for", "report it, and use another address of the relay");

        final String title;
        final Duration limit;
        final String doing;
        final String advice;

        Kind(String title, int seconds, String doing, String advice) {
            this.title = title;
            this.limit = Duration.ofSeconds(seconds);
            this.doing = doing;
            this.advice = advice;
        }
    }

    /** @param relay the TURN server to ask, for that kind alone */
    record Order(Kind kind, String name, @Nullable IceServer relay) {}

    private final Patient patient;
    private final boolean addresses;
    private final Clock clock;

    NativeChecks(Patient patient, boolean addresses, Clock clock) {
        this.patient = patient;
        this.addresses = addresses;
        this.clock = clock;
    }

    /** Those of the machine, and then one for each TURN server. */
    static List<Order> orders(List<IceServer> servers) {
        List<Order> orders = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (kind != Kind.RELAY) {
                orders.add(new Order(kind, kind.title, null));
            }
        }
        int number = 0;
        for (IceServer server : servers) {
            if (server.relay()) {
                orders.add(new Order(Kind.RELAY, Kind.RELAY.title + " " + ++number, server));
            }
        }
        return orders;
    }

    /** A check for each order. */
    List<Check> run(List<Order> orders, boolean anyTurnCertificate) {
        List<Check> checks = new ArrayList<>();
        String why = "";
        while (checks.size() < orders.size() && why.isEmpty()) {
            List<Order> left = orders.subList(checks.size(), orders.size());
            if (clock.left(START).isZero()) {
                why = "the time for the whole examination was up";
                break;
            }
            try (Child child = new Child(patient.child())) {
                child.order(left, addresses, anyTurnCertificate);
                why = follow(child, left, checks);
            } catch (IOException e) {
                checks.add(noOther(left.get(0), String.valueOf(e.getMessage())));
                why = "there is no other JVM to try it in";
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                why = "interrupted";
            }
        }
        for (Order order : orders.subList(checks.size(), orders.size())) {
            Notes notes = new Notes();
            notes.skip(why);
            checks.add(notes.check(order.name, Duration.ZERO));
        }
        return checks;
    }

    /** As long as it lives. Returns why the rest is not worth another try; empty if it is, or nothing is left. */
    private String follow(Child child, List<Order> orders, List<Check> checks) throws InterruptedException {
        for (Order order : orders) {
            if (clock.left(START).isZero()) {
                return "the time for the whole examination was up";
            }
            Check check = child.examine(order);
            if (!child.ready) {
                checks.add(noOther(order, child.lastWords));
                return "there is no other JVM to try it in";
            }
            checks.add(check);
            if (order.kind == Kind.LOADING && check.verdict() == Verdict.FAILED) {
                return "the native library does not load";
            } else if (child.over) {
                return "";
            }
        }
        return "";
    }

    private static Check noOther(Order order, String detail) {
        Notes notes = new Notes();
        notes.warn(
                "another JVM, in which the native library could do no harm, did not start: " + detail,
                "run bin/doctor, or a program with a plain class path and the Java of a whole JDK or JRE");
        return notes.check(order.name, Duration.ZERO);
    }

    /** What loads is not missing anything, whatever was found before: there are more ways for a library than those looked at. */
    static List<Check> believed(List<Check> before, List<Check> tried) {
        boolean loads = tried.stream()
                .anyMatch(check -> check.name().equals(Kind.LOADING.title) && check.verdict() == Verdict.OK);
        return before.stream().map(check -> loads ? milder(check) : check).toList();
    }

    private static Check milder(Check check) {
        if (check.verdict() != Verdict.FAILED
                || !(check.name().equals(LIBRARY) || check.name().equals(TEMPORARY))) {
            return check;
        }
        List<String> findings = new ArrayList<>(check.findings());
        findings.add("it loads all the same");
        return new Check(check.name(), Verdict.WARNING, findings, check.advice(), check.took());
    }

    // ---- the other JVM ----------------------------------------------------------------------------------------------

    private final class Child implements AutoCloseable {
        private static final String END = "over";
        private static final int MOST_LINES = 1_000;
        private static final Pattern SIGNAL = Pattern.compile("#\\s+(SIG[A-Z]+) \\(0x([0-9a-f]+)\\)");

        private final Process process;
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>(MOST_LINES);
        private volatile String signal = "";
        private volatile String lastWords = "it said nothing";
        private boolean ready;
        private boolean over;

        Child(Process process) {
            this.process = process;
            Thread reader = new Thread(this::read, "drawbridge-doctor-reader");
            reader.setDaemon(true);
            reader.start();
        }

        /** Through its input: what is on a command line, everybody on the machine can read. */
        void order(List<Order> orders, boolean shown, boolean anyCertificate) {
            try {
                // Stays open: when it ends, so does the other JVM.
                DataOutputStream out = new DataOutputStream(process.getOutputStream());
                out.writeBoolean(shown);
                out.writeBoolean(anyCertificate);
                out.writeInt(orders.size());
                for (Order order : orders) {
                    out.writeUTF(order.kind.name());
                    out.writeUTF(order.name);
                    IceServer relay = order.relay;
                    out.writeUTF(relay == null ? "" : relay.url());
                    out.writeUTF(relay == null ? "" : relay.username());
                    out.writeUTF(
                            relay == null
                                    ? ""
                                    : relay.credential()
                                            .map(secret -> secret.reveal())
                                            .orElse(""));
                }
                out.flush();
            } catch (IOException e) {
                // It ended already, which its output tells.
            }
        }

        private void read() {
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    int at = line.indexOf(DoctorChild.MARK); // the library may have begun the line
                    if (at >= 0) {
                        var unused = lines.offer(line.substring(at + DoctorChild.MARK.length()));
                        continue;
                    }
                    Matcher named = SIGNAL.matcher(line);
                    if (named.lookingAt()) {
                        signal = "signal " + Integer.parseInt(named.group(2), 16) + " (" + named.group(1) + ")";
                    }
                    if (!line.isBlank()) {
                        lastWords = line;
                    }
                }
            } catch (IOException e) {
                // It is gone.
            } finally {
                var unused = lines.offer(END);
            }
        }

        Check examine(Order order) throws InterruptedException {
            Notes notes = new Notes();
            Duration begin = clock.passed();
            Duration limit = clock.left(order.kind.limit.plus(GRACE).plus(ready ? Duration.ZERO : START));
            long deadline = System.nanoTime() + limit.toNanos();
            while (true) {
                String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (line == null) {
                    over = true;
                    ready = true; // it hangs, which another one would do as well
                    Doctor.late(notes, limit);
                    notes.advise(order.kind.advice);
                    break;
                } else if (line.equals(END)) {
                    over = true;
                    notes.fail(
                            "the native library ended the process with " + cause() + " while " + order.kind.doing,
                            order.kind.advice);
                    account().ifPresent(file -> notes.advise("report it with " + file));
                    break;
                }
                String[] words = line.split(" ", 2);
                String text = words.length > 1 ? words[1] : "";
                switch (words[0]) {
                    case "ready" -> ready = true;
                    case "verdict" -> notes.worsen(Verdict.valueOf(text));
                    case "found" -> notes.found(text);
                    case "advise" -> notes.advise(text);
                    case "end" -> {
                        return notes.check(order.name, Duration.ofMillis(Long.parseLong(text)));
                    }
                    default -> throw new IllegalStateException("not a word of ours: " + words[0]);
                }
            }
            return notes.check(order.name, clock.passed().minus(begin));
        }

        /** A JVM catches the signal, writes its account and aborts: its exit status alone would always be that of an abort. */
        private String cause() throws InterruptedException {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                return "no word";
            } else if (!signal.isEmpty()) {
                return signal;
            }
            int status = process.exitValue();
            return status > 128 && status < 160 ? "signal " + (status - 128) : "exit status " + status;
        }

        private Optional<Path> account() {
            Path file = patient.file(patient.property("java.io.tmpdir"))
                    .resolve("drawbridge-doctor-" + process.pid() + ".log");
            return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
