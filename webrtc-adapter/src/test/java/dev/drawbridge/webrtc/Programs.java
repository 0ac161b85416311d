package dev.drawbridge.webrtc;

import dev.drawbridge.Publisher;
import dev.drawbridge.Session;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.Viewer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Small programs that a test runs in a JVM of their own, and what is needed to run them. */
final class Programs {
    private Programs() {}

    /** Starts one; its output comes through {@link Running#line}. */
    static Running run(Class<?> program, String... arguments) throws IOException {
        return new Running(command(List.of(), program, arguments).start());
    }

    /** Not started yet; errors go to the output, and logs nowhere: to set a log up that shows nothing takes a third of a start. */
    static ProcessBuilder command(List<String> jvm, Class<?> program, String... arguments) {
        return command(ClassArchive.classes(), jvm, program, arguments);
    }

    /** Likewise, with other classes. */
    static ProcessBuilder command(List<String> classes, List<String> jvm, Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider"));
        command.addAll(classes);
        command.addAll(jvm);
        command.add(program.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    /** A program that runs. */
    static final class Running implements AutoCloseable {
        final Process process;
        private final BufferedReader output;
        private final StringBuilder seen = new StringBuilder();

        Running(Process process) {
            this.process = process;
            output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        /** Reads until a line begins like this, and returns the rest of that line. */
        String line(String beginning) throws IOException {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                seen.append(line).append('\n');
                if (line.startsWith(beginning)) {
                    return line.substring(beginning.length());
                }
            }
            throw new AssertionError("no line '" + beginning + "' in the output:\n" + seen);
        }

        /** Writes a line to its standard input. */
        void tell(String line) throws IOException {
            process.getOutputStream().write((line + '\n').getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        }

        /** Sends a signal such as {@code STOP}. */
        void signal(String name) throws IOException, InterruptedException {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IOException("kill -" + name + " failed");
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    /** A whole secure session in one program; {@code main} returns when it is over. */
    static final class WholeSession {
        public static void main(String[] arguments) throws Exception {
            String server = arguments[1];
            switch (arguments[0]) {
                case "closed" -> session(server, true);
                case "left" -> session(server, false);
                case "refused" -> refused(server);
                default -> throw new IllegalArgumentException(arguments[0]);
            }
            System.out.println("threads " + ours());
            System.out.println("returning");
        }

        private static void session(String server, boolean closed) throws Exception {
            CountDownLatch playing = new CountDownLatch(5);
            Publisher publisher =
                    Publisher.start(SessionOptions.parse("push=camera1&secure&wss=" + server), Stage.pattern());
            Viewer viewer = Viewer.start(SessionOptions.parse("view=camera1&wss=" + server), WebRtcMedia.create());
            viewer.onVideo(frame -> playing.countDown());
            if (!playing.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nothing to be seen");
            }
            viewer.close();
            if (closed) {
                publisher.close();
            } else {
                publisher.awaitClosed();
            }
        }

        private static void refused(String server) {
            try (Session publisher =
                    Publisher.start(SessionOptions.parse("push=camera1&secure&wss=" + server), Stage.pattern())) {
                throw new IllegalStateException("started " + publisher.state());
            } catch (SessionException expected) {
                System.out.println(expected.code());
            }
        }

        /**
         * Of the library, OkHttp's among them, that are still there a second later; without those that belong to the process, as
         * docs/architecture.md has them.
         */
        private static String ours() throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
            List<Thread> left = new ArrayList<>();
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                String name = thread.getName();
                boolean mine = name.startsWith("drawbridge-") || name.startsWith("OkHttp");
                boolean shared = name.startsWith("drawbridge-native") || name.equals("OkHttp TaskRunner");
                if (mine && !shared) {
                    thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
                    if (thread.isAlive()) {
                        left.add(thread);
                    }
                }
            }
            return left.stream().map(Thread::getName).collect(Collectors.joining(","));
        }
    }

    /** Watches streams until its input ends, and prints its events. */
    static final class Watching {
        public static void main(String[] arguments) throws Exception {
            List<Viewer> viewers = new ArrayList<>();
            for (String options : arguments) {
                Viewer viewer = Viewer.start(SessionOptions.parse(options), WebRtcMedia.create());
                viewers.add(viewer);
                viewer.subscribe(event -> System.out.println(event.getClass().getSimpleName()));
            }
            while (System.in.read() >= 0) {
                // Until the end.
            }
            viewers.forEach(Viewer::close);
        }
    }
}
