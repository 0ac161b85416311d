package dev.drawbridge.webrtc;

import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.Shape;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * The classes of a session as a JVM has them once it has read them (class data sharing). A build starts some seventy JVMs, and half of
 * what each needs of a processor goes into reading the same classes; so they are read once, into {@code target}. Only a build does
 * that: for one test it does not pay.
 */
final class ClassArchive {
    /** Where it is, and the jars of what is otherwise in directories, for an archive takes classes from jars alone. */
    private static final String DIRECTORY = System.getProperty("drawbridge.children", "");

    private static final List<String> OPTIONS = options();

    private ClassArchive() {}

    /** How a JVM gets at the classes that this one has. */
    static List<String> classes() {
        return OPTIONS;
    }

    private static List<String> options() {
        String plain = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        if (DIRECTORY.isEmpty()) {
            return List.of("-cp", plain);
        }
        try {
            // A JVM says aloud that an archive is another JVM's or has other jars, which some tests would take for a
            // complaint.
            String kind = Integer.toHexString(Objects.hash(plain, System.getProperty("java.home"), Runtime.version()));
            return shared(Files.createDirectories(Path.of(DIRECTORY, kind)), plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> shared(Path directory, String plain) throws IOException {
        Path archive = directory.resolve("classes.jsa");
        List<Path> all = new ArrayList<>();
        List<Path> folders = new ArrayList<>();
        List<String> entries = new ArrayList<>();
        for (String entry : plain.split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (entry.isEmpty() || Files.notExists(path)) {
                continue;
            }
            all.add(path);
            if (Files.isDirectory(path)) {
                entries.add(directory.resolve(folders.size() + ".jar").toString());
                folders.add(path);
            } else {
                entries.add(entry);
            }
        }
        List<String> classPath = List.of("-cp", String.join(File.pathSeparator, entries));
        // Of the JVMs that run tests one makes it.
        try (FileChannel channel = FileChannel.open(
                        directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            if (held.isValid() && (Files.notExists(archive) || newest(all).compareTo(time(archive)) > 0)) {
                for (int i = 0; i < folders.size(); i++) {
                    pack(folders.get(i), directory.resolve(i + ".jar"));
                }
                fill(archive, classPath);
            }
        }
        return Stream.concat(Stream.of("-XX:SharedArchiveFile=" + archive), classPath.stream())
                .toList();
    }

    private static FileTime newest(List<Path> all) throws IOException {
        FileTime newest = FileTime.fromMillis(0);
        for (Path each : all) {
            try (Stream<Path> files = Files.walk(each)) {
                FileTime time = files.map(ClassArchive::time)
                        .max(Comparator.naturalOrder())
                        .orElse(newest);
                newest = time.compareTo(newest) > 0 ? time : newest;
            }
        }
        return newest;
    }

    private static FileTime time(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pack(Path folder, Path jar) {
        int status = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "--create",
                        "--no-compress",
                        "--file=" + jar,
                        "-C",
                        folder.toString(),
                        ".");
        if (status != 0) {
            throw new IllegalStateException(folder + " could not be packed");
        }
    }

    private static void fill(Path archive, List<String> classPath) throws IOException {
        Files.deleteIfExists(archive);
        List<String> options = Stream.concat(Stream.of("-XX:ArchiveClassesAtExit=" + archive), classPath.stream())
                .toList();
        Path output = archive.resolveSibling("output");
        Process session = Programs.command(options, List.of(), Session.class)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!session.waitFor(60, TimeUnit.SECONDS) || session.exitValue() != 0) {
                session.destroyForcibly();
                throw new IllegalStateException("no session: " + Files.readString(output));
            }
        } catch (InterruptedException e) {
            session.destroyForcibly();
            throw new IllegalStateException(e);
        }
    }

    /** What most of the programs do. */
    static final class Session {
        public static void main(String[] arguments) throws Exception {
            try (HandshakeServer server = HandshakeServer.start(Shape.FANOUT)) {
                Programs.WholeSession.main(new String[] {"closed", server.uri().toString()});
            }
        }
    }
}
