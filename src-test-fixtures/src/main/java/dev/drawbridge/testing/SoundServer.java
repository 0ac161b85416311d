package dev.drawbridge.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A machine with a microphone, for a machine without one: PulseAudio as a child process, with a source that hears a tone for ever and a
 * loudspeaker that nobody hears. Java's sound system finds both as the default device in a process with {@link #environment}.
 *
 * <p>It does not outlive this process, however that ends.
 *
 * <p><b>Thread:</b> any. <b>Blocking:</b> {@code start}, up to 10 s, and {@code close}. <b>Bounds:</b> none needed.
 */
public final class SoundServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final Process process;

    private SoundServer(int hertz) throws IOException, InterruptedException {
        folder = Files.createTempDirectory("drawbridge-sound");
        Path socket = folder.resolve("socket");
        List<String> command = new ArrayList<>(List.of("sh", "-c", TurnServer.LEASH, "sh"));
        command.addAll(List.of(
                SystemProgram.find("pulseaudio", "pulseaudio"),
                "--daemonize=no",
                "--use-pid-file=false",
                "--exit-idle-time=-1",
                "-n",
                "-L",
                "module-null-sink sink_name=nobody",
                "-L",
                "module-sine-source source_name=tone frequency=" + hertz,
                "-L",
                "module-native-protocol-unix auth-anonymous=1 socket=" + socket));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        for (String home : List.of("HOME", "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH")) {
            builder.environment().put(home, folder.toString());
        }
        Files.writeString(folder.resolve("asound.conf"), configuration(socket));
        process = builder.start();
        long late = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(socket)) {
            if (!process.isAlive() || System.nanoTime() > late) {
                close();
                throw new AssertionError("PulseAudio did not start");
            }
            Thread.sleep(20);
        }
    }

    private static String configuration(Path socket) {
        return "</usr/share/alsa/alsa.conf>\n"
                + "pcm.!default { type pulse server \"unix:" + socket + "\" device \"tone\" }\n"
                + "ctl.!default { type pulse server \"unix:" + socket + "\" }\n";
    }

    /**
     * Starts one whose microphone hears a tone of this frequency.
     *
     * @throws AssertionError if it is not installed, or did not start
     */
    public static SoundServer start(int hertz) throws IOException, InterruptedException {
        return new SoundServer(hertz);
    }

    /** What a process needs in its environment to find it. */
    public Map<String, String> environment() {
        return Map.of(
                "ALSA_CONFIG_PATH", folder.resolve("asound.conf").toString(),
                "HOME", folder.toString());
    }

    /** The microphone is gone, while whoever hears it goes on. Idempotent. */
    public void unplug() {
        close();
    }

    /** Ends it. Idempotent. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close(); // the leash
            if (!process.waitFor(2, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            if (Files.exists(folder)) {
                try (Stream<Path> all = Files.walk(folder)) {
                    for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(path);
                    }
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("a sound server was not cleaned up", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "SoundServer(" + (process.isAlive() ? "plugged in" : "unplugged") + ")";
    }
}
