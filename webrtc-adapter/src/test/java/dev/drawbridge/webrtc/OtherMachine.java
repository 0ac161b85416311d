package dev.drawbridge.webrtc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A Linux machine that is made up, in a directory: it has what this one has, but for what a test takes away. */
final class OtherMachine extends Patient implements AutoCloseable {
    private static final SharedObjects HERE = here();

    final Map<String, String> properties = new HashMap<>();
    final List<Network> networks = new ArrayList<>();
    /** What the other JVMs do, one after the other, in the words of a shell. */
    final Deque<String> children = new ArrayDeque<>();

    long freeBytes = 1L << 30;
    boolean withLibrary = true;
    private final Path root;

    OtherMachine(Path root) throws IOException {
        this.root = root;
        Files.createDirectories(root.resolve("tmp"));
        Files.createDirectories(root.resolve("lib"));
        properties.put("os.name", "Linux");
        properties.put("os.arch", "amd64");
        properties.put("java.io.tmpdir", "/tmp");
        write("/proc/self/mounts", "overlay / overlay rw,relatime 0 0\ntmpfs /tmp tmpfs rw,nosuid 0 0\n");
        networks.add(new Network("lo", true, true, List.of(InetAddress.getLoopbackAddress())));
        networks.add(network("eth0", "10.1.2.3", "2001:db8::5"));
    }

    static Network network(String name, String... addresses) throws IOException {
        List<InetAddress> all = new ArrayList<>();
        for (String address : addresses) {
            all.add(InetAddress.getByName(address));
        }
        return new Network(name, true, false, all);
    }

    OtherMachine write(String path, String text) throws IOException {
        Path file = file(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    /** Everything that the library is linked with, but for these. */
    OtherMachine withoutObjects(String... names) throws IOException {
        for (Map.Entry<String, Path> object : HERE.found().entrySet()) {
            if (!List.of(names).contains(object.getKey())) {
                Files.createSymbolicLink(root.resolve("lib").resolve(object.getKey()), object.getValue());
            }
        }
        return this;
    }

    private static SharedObjects here() {
        try (InputStream library = new Patient().library("libwebrtc-java-linux-x86_64.so")) {
            return SharedObjects.of(SharedObjects.read(library), "", new Patient());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** JUnit would tell of each link that leads out of its directory. */
    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path link : files.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }

    /** Of a JVM that answers so many checks with OK. */
    static String ready(int checks) {
        return "echo '@doctor ready'; for i in $(seq " + checks
                + "); do printf '@doctor verdict OK\\n@doctor found well\\n@doctor end 1\\n'; done; ";
    }

    @Override
    String property(String name) {
        return properties.getOrDefault(
                name, name.startsWith("java.") && !name.contains("path") ? super.property(name) : "");
    }

    @Override
    String variable(String name) {
        return "";
    }

    @Override
    Path file(String path) {
        return path.startsWith(root.toString()) ? Path.of(path) : root.resolve(path.substring(1));
    }

    @Override
    long freeBytes(Path directory) {
        return freeBytes;
    }

    @Override
    InputStream library(String name) {
        return withLibrary ? super.library(name) : null;
    }

    @Override
    List<Network> networks() {
        return networks;
    }

    @Override
    Process child() throws IOException {
        if (children.isEmpty()) {
            throw new IOException("this Java has no launcher of its own");
        }
        return new ProcessBuilder("sh", "-c", children.remove())
                .redirectErrorStream(true)
                .start();
    }
}
