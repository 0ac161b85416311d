package dev.drawbridge.webrtc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be said of a machine without loading anything. */
final class MachineChecks {
    /** What the library takes when it is unpacked, and some more. */
    private static final long ROOM = 32L << 20;

    private static final Pattern PRETTY_NAME = Pattern.compile("^PRETTY_NAME=\"?([^\"\\n]*)", Pattern.MULTILINE);
    private static final Pattern RELEASE = Pattern.compile("release version (2\\.[0-9]{1,3})");
    private static final String ANOTHER_DIRECTORY = "start Java with -Djava.io.tmpdir=<a directory ";

    private final Patient patient;

    MachineChecks(Patient patient) {
        this.patient = patient;
    }

    void java(Notes notes) {
        notes.found(patient.property("java.version") + " of " + patient.property("java.vendor") + " on "
                + patient.property("os.arch") + ", " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB of heap");
    }

    void platform(Notes notes) throws IOException {
        String classifier = classifier();
        String name = patient.property("os.name") + " " + patient.property("os.version");
        notes.found(linux() ? distribution().map(known -> known + ", " + name).orElse(name) : name);
        if (!NativeLibrary.CLASSIFIERS.contains(classifier)) {
            notes.fail(
                    "there is no native library for " + classifier,
                    "use a machine, or a Java, of one of these: " + String.join(", ", NativeLibrary.CLASSIFIERS));
        } else if (linux() && musl()) {
            notes.fail(
                    "this system has musl instead of glibc, with which the native library is linked",
                    "use a system with glibc: Debian, Ubuntu, Fedora, or an image such as eclipse-temurin:17-jre instead of its alpine form");
        }
    }

    private Optional<String> distribution() throws IOException {
        Path file = patient.file("/etc/os-release");
        if (!Files.isReadable(file)) {
            return Optional.empty();
        }
        Matcher name = PRETTY_NAME.matcher(Files.readString(file));
        return name.find() ? Optional.of(name.group(1)) : Optional.empty();
    }

    private boolean musl() throws IOException {
        Path libraries = patient.file("/lib");
        if (!Files.isDirectory(libraries)) {
            return false;
        }
        try (var files = Files.list(libraries)) {
            List<String> names =
                    files.map(file -> String.valueOf(file.getFileName())).toList();
            return names.stream().anyMatch(name -> name.startsWith("ld-musl-"))
                    && names.stream().noneMatch(name -> name.startsWith("ld-linux") || name.endsWith("-linux-gnu"));
        }
    }

    // ---- the temporary directory ------------------------------------------------------------------------------------

    void temporaryDirectory(Notes notes) throws IOException {
        String name = patient.property("java.io.tmpdir");
        Path directory = patient.file(name);
        String shown = shown(name);
        if (!Files.isDirectory(directory)) {
            notes.fail(
                    shown + " is not there, and the native library has to be unpacked to it",
                    "make it, or " + ANOTHER_DIRECTORY + "that exists>");
            return;
        }
        try {
            Files.delete(Files.createTempFile(directory, "drawbridge-doctor", ""));
        } catch (IOException | SecurityException e) {
            notes.fail(
                    "nothing can be written to " + shown,
                    "make it writable for this user, or " + ANOTHER_DIRECTORY + "that is>");
            return;
        }
        long free = patient.freeBytes(directory);
        if (free < ROOM) {
            notes.fail(
                    shown + " has " + (free >> 20) + " MiB left, and " + (ROOM >> 20) + " are needed",
                    "make room there, or " + ANOTHER_DIRECTORY + "with room>");
        } else if (linux() && mountOptions(directory.toRealPath()).contains("noexec")) {
            notes.fail(
                    shown + " is mounted noexec, so no library can be loaded from it",
                    ANOTHER_DIRECTORY + "that is not noexec>");
        } else {
            notes.found(shown + ", " + (free >> 20) + " MiB free");
        }
    }

    private String shown(String directory) {
        String home = patient.property("user.home");
        return home.length() > 1 && directory.startsWith(home) ? "~" + directory.substring(home.length()) : directory;
    }

    /** Of the mount that the directory is on: the one with the longest path that leads there, and of several the last. */
    private List<String> mountOptions(Path directory) throws IOException {
        Path mounts = patient.file("/proc/self/mounts");
        List<String> options = List.of();
        int longest = -1;
        if (Files.isReadable(mounts)) {
            for (String line : Files.readAllLines(mounts, StandardCharsets.ISO_8859_1)) {
                String[] words = line.split(" ", -1);
                if (words.length > 3) {
                    Path point = patient.file(words[1].replace("\\040", " "));
                    if (directory.startsWith(point) && point.getNameCount() >= longest) {
                        longest = point.getNameCount();
                        options = List.of(words[3].split(",", -1));
                    }
                }
            }
        }
        return options;
    }

    // ---- the native library -----------------------------------------------------------------------------------------

    void library(Notes notes) throws IOException {
        String classifier = classifier();
        InputStream library = patient.library(NativeLibrary.fileName(classifier));
        if (library == null) {
            notes.fail(
                    "the jar with the library for " + classifier + " is not on the class path",
                    "add the dependency " + NativeLibrary.ARTIFACT + " with the classifier " + classifier
                            + (patient.property("jdk.module.path").isEmpty()
                                    ? ""
                                    : ", and --add-modules ALL-MODULE-PATH to the command line"));
            return;
        }
        if (!linux()) {
            library.close();
            notes.found("the jar with the library for " + classifier + " is there");
            return;
        }
        Elf elf;
        try {
            elf = SharedObjects.read(library);
        } catch (IOException e) {
            notes.fail(
                    "the jar with the library for " + classifier + " is damaged",
                    "delete it from the local repository (~/.m2/repository/dev/onvoid), and have it downloaded again");
            return;
        }
        SharedObjects objects = SharedObjects.of(elf, NativeLibrary.fileName(classifier), patient);
        objects.missing().forEach((object, by) -> notes.fail(object + " is missing, which " + by + " needs"));
        objects.advice().forEach(notes::advise);
        List<String> found = new ArrayList<>(List.of("the library for " + classifier));
        found.add(objects.found().size() + " shared objects"
                + (objects.missing().isEmpty() ? ", none is missing" : " are there"));
        Optional<Runtime.Version> glibc = glibc(objects.found());
        if (glibc.isPresent() && elf.glibc().isPresent()) {
            found.add("glibc " + glibc.get());
            if (glibc.get().compareTo(elf.glibc().get()) < 0) {
                notes.fail(
                        "glibc " + glibc.get() + " is too old, " + elf.glibc().get() + " is needed",
                        "use a newer release of this system");
            }
        }
        notes.found(String.join("; ", found));
    }

    /** As the C library says it of itself when it is run as a program. */
    private static Optional<Runtime.Version> glibc(Map<String, Path> objects) throws IOException {
        Path library = objects.get("libc.so.6");
        if (library == null) {
            return Optional.empty();
        }
        Matcher release = RELEASE.matcher(Files.readString(library, StandardCharsets.ISO_8859_1));
        return release.find() ? Optional.of(Runtime.Version.parse(release.group(1))) : Optional.empty();
    }

    private boolean linux() {
        return patient.property("os.name").toLowerCase(Locale.ROOT).startsWith("linux");
    }

    private String classifier() {
        return NativeLibrary.classifier(patient.property("os.name"), patient.property("os.arch"));
    }
}
