package dev.drawbridge.examples;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Programs of the operating system. */
final class Programs {
    private Programs() {}

    /** Where one of these is. @throws AssertionError that names the Debian package which is missing */
    static Path find(String debianPackage, String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(
                                System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("this test needs " + names[0]
                        + ", which is not on the path; on Debian: apt-get install " + debianPackage));
    }
}
