package dev.drawbridge.webrtc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Looks for the shared objects that a library needs, and those that they need, where the loader of Linux looks: so that all that
 * is missing is told at once, when the loader itself names the first one alone.
 */
final class SharedObjects {
    /** The directories that are looked into without being named anywhere. */
    private static final List<String> USUAL = List.of("/lib", "/usr/lib", "/lib64", "/usr/lib64");

    private static final int MOST = 500;

    private final Patient patient;
    private final Map<String, Path> found = new LinkedHashMap<>();
    private final Map<String, String> missing = new LinkedHashMap<>();

    private SharedObjects(Patient patient) {
        this.patient = patient;
    }

    /** Takes some time, for it reads a few dozen files. */
    static SharedObjects of(Elf library, String name, Patient patient) {
        SharedObjects objects = new SharedObjects(patient);
        objects.follow(library, name);
        return objects;
    }

    /** What is there, by name. */
    Map<String, Path> found() {
        return Collections.unmodifiableMap(found);
    }

    /** What is not there, and which object needs it. */
    Map<String, String> missing() {
        return Collections.unmodifiableMap(missing);
    }

    /** An object that is needed, by which one, and where that one wants it to be looked for first. */
    private record Wanted(String object, String by, List<Path> first) {}

    private void follow(Elf library, String name) {
        List<Path> directories = directories();
        Deque<Wanted> wanted = new ArrayDeque<>();
        library.needed().forEach(object -> wanted.add(new Wanted(object, name, List.of())));
        Set<String> seen = new LinkedHashSet<>();
        while (!wanted.isEmpty() && seen.size() < MOST) {
            Wanted next = wanted.remove();
            // The loader itself: without it nothing would run here.
            if (next.object.startsWith("ld-linux") || !seen.add(next.object)) {
                continue;
            }
            boolean there = Stream.concat(next.first.stream(), directories.stream())
                    .anyMatch(directory -> take(directory, next.object, library.machine(), wanted));
            if (!there) {
                missing.put(next.object, next.by);
            }
        }
    }

    private boolean take(Path directory, String object, int machine, Deque<Wanted> wanted) {
        Path file = directory.resolve(object);
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try {
            Elf elf = read(file);
            if (elf.machine() != machine) {
                return false;
            }
            String origin = String.valueOf(file.toRealPath().getParent());
            List<Path> first = elf.runPath().stream()
                    .map(path -> path.replace("${ORIGIN}", origin).replace("$ORIGIN", origin))
                    .filter(path -> path.startsWith("/"))
                    .map(patient::file)
                    .toList();
            found.put(object, file);
            elf.needed().forEach(needed -> wanted.add(new Wanted(needed, object, first)));
            return true;
        } catch (IOException notOfThisKind) {
            return false; // as the loader does: the next directory may have a better one
        }
    }

    static Elf read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return Elf.read(channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(channel.size(), Integer.MAX_VALUE)));
        }
    }

    static Elf read(InputStream library) throws IOException {
        try (library) {
            return Elf.read(ByteBuffer.wrap(library.readNBytes(1 << 27)));
        }
    }

    private List<Path> directories() {
        Set<Path> all = new LinkedHashSet<>();
        for (String path : patient.variable("LD_LIBRARY_PATH").split("[:;]", -1)) {
            if (path.startsWith("/")) {
                all.add(patient.file(path));
            }
        }
        configured(patient.file("/etc/ld.so.conf"), all, 0);
        USUAL.forEach(path -> all.add(patient.file(path)));
        return List.copyOf(all);
    }

    /** {@code ld.so.conf}: a directory a line, or {@code include} and a pattern. */
    private void configured(Path file, Set<Path> all, int depth) {
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                String text = line.replaceAll("#.*", "").strip();
                if (text.startsWith("include ") && depth < 4) {
                    String pattern = text.substring("include ".length()).strip();
                    Path included = pattern.startsWith("/") ? patient.file(pattern) : file.resolveSibling(pattern);
                    for (Path one : matching(included)) {
                        configured(one, all, depth + 1);
                    }
                } else if (text.startsWith("/")) {
                    all.add(patient.file(text));
                }
            }
        } catch (IOException absent) {
            // A system without it has the usual directories alone.
        }
    }

    private static Set<Path> matching(Path pattern) throws IOException {
        Path directory = pattern.getParent();
        Path name = pattern.getFileName();
        Set<Path> files = new TreeSet<>();
        if (directory != null && name != null) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, name.toString())) {
                all.forEach(files::add);
            }
        }
        return files;
    }

    // ---- the packages of Debian -------------------------------------------------------------------------------------

    /** The one list of what the library is linked with, which {@code bin/setup} reads too: object and package. */
    static Map<String, String> packages() {
        Map<String, String> packages = new LinkedHashMap<>();
        try (InputStream list = SharedObjects.class.getResourceAsStream("shared-objects")) {
            if (list == null) {
                throw new IllegalStateException("shared-objects is missing in the jar of this library");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(list, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.strip().split(" ", -1);
                packages.put(words[0], words[1]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packages;
    }

    /** The command that installs all of them, in one line. */
    static String install(Iterable<String> packages) {
        return "apt-get install -y " + String.join(" ", packages);
    }

    /** What to do about those that are missing. */
    List<String> advice() {
        Map<String, String> known = packages();
        List<String> advice = new ArrayList<>();
        Set<String> install = new LinkedHashSet<>();
        missing.forEach((object, by) -> {
            String name = known.get(object);
            if (name != null) {
                install.add(name);
            } else {
                advice.add("find the package of " + object + ": apt-file search " + object
                        + ", or https://packages.debian.org");
            }
        });
        if (!install.isEmpty()) {
            advice.add(0, "on Debian and Ubuntu: " + install(install));
        }
        return advice;
    }
}
