package dev.drawbridge.webrtc;

import dev.onvoid.webrtc.PeerConnectionFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The machine as the {@link Doctor} sees it; a test shows it another one. */
class Patient {
    /**
     * One network interface.
     *
     * @param name as the system has it
     */
    record Network(String name, boolean up, boolean loopback, List<InetAddress> addresses) {}

    /** A system property; empty without it. */
    String property(String name) {
        return System.getProperty(name, "");
    }

    /** A variable of the environment; empty without it. */
    String variable(String name) {
        String value = System.getenv(name);
        return value == null ? "" : value;
    }

    /** A file of the system by its absolute path. */
    Path file(String path) {
        return Path.of(path);
    }

    long freeBytes(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    /** The native library out of its jar, as webrtc-java finds it. */
    @Nullable
    InputStream library(String name) {
        // The class is not initialized by this, so nothing is loaded.
        return PeerConnectionFactory.class.getClassLoader().getResourceAsStream(name);
    }

    List<Network> networks() throws IOException {
        List<Network> networks = new ArrayList<>();
        for (NetworkInterface one : NetworkInterface.networkInterfaces().toList()) {
            networks.add(new Network(
                    one.getName(),
                    one.isUp(),
                    one.isLoopback(),
                    one.inetAddresses().toList()));
        }
        return networks;
    }

    /** Another JVM with the class path of this one, which runs {@link DoctorChild}. Errors go to its output. */
    Process child() throws IOException {
        Path launcher =
                Path.of(property("java.home"), "bin", property("os.name").startsWith("Windows") ? "java.exe" : "java");
        if (!Files.isRegularFile(launcher)) {
            throw new IOException("this Java has no launcher of its own");
        }
        Path temporary = Path.of(property("java.io.tmpdir"));
        List<String> command = new ArrayList<>(List.of(
                launcher.toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + temporary.resolve("drawbridge-doctor-%p.log"),
                "-Djava.io.tmpdir=" + temporary));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        String modules = property("jdk.module.path");
        String classes = property("java.class.path");
        if (!classes.isEmpty()) {
            command.addAll(List.of("-cp", classes));
        }
        if (modules.isEmpty()) {
            command.add(DoctorChild.class.getName());
        } else {
            command.addAll(List.of("--module-path", modules, "--add-modules", "ALL-MODULE-PATH"));
            command.addAll(List.of("-m", "dev.drawbridge.webrtc/" + DoctorChild.class.getName()));
        }
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
