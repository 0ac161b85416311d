package dev.drawbridge.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Programs of the operating system that fixtures run. */
final class SystemProgram {
    /** Not on the path of everybody. */
    private static final List<String> FOR_ROOT = List.of("/usr/sbin", "/sbin");

    private SystemProgram() {}

    /** Where it is. @throws AssertionError that names the Debian package which is missing */
    static String find(String name, String debianPackage) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(File.pathSeparator)), FOR_ROOT.stream())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("this test needs " + name
                        + ", which is not on the path; on Debian: apt-get install " + debianPackage))
                .toString();
    }

    /** Runs a command to its end and returns what it printed. @throws IOException with that if it fails */
    static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + status + ": " + printed.strip());
        }
        return printed;
    }
}
