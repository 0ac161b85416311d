package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JVM that has used the library ends as if it had not; each test starts one. */
class ProcessEndTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"closed", "warm", "prepared", "exit", "hostile"})
    void theProcessEndsWithinASecondAndWithoutAComplaint(String what) throws Exception {
        Path errors = directory.resolve("err");
        Path output = directory.resolve("out");
        List<String> options = new ArrayList<>(List.of("-Dslf4j.internal.verbosity=ERROR"));
        if (Runtime.version().feature() >= 24) {
            options.add("--enable-native-access=ALL-UNNAMED");
        }
        Process child = Programs.command(options, ProcessEndChild.class, what)
                .redirectErrorStream(false)
                .redirectError(errors.toFile())
                .redirectOutput(output.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        boolean ended = child.waitFor(60, TimeUnit.SECONDS);
        long now = System.currentTimeMillis();
        if (!ended) {
            child.destroyForcibly();
        }
        assertThat(ended)
                .as("it ended; it said %s %s", text(output), text(errors))
                .isTrue();
        assertThat(child.exitValue()).as(text(output) + text(errors)).isZero();
        assertThat(text(errors)).isEmpty();
        // The child closed its output after this line, for libwebrtc's static destructors write there: see ProcessEnd.
        String[] lines = text(output).split("\n", -1);
        assertThat(lines).hasSize(2);
        assertThat(now - Long.parseLong(lines[0])).isBetween(0L, 1_000L);
    }

    @Test
    void whatTheLibraryWritesAtTheEndOfAProcessIsKnown() throws Exception {
        // A pin: when a later version is silent here, the advice in ProcessEnd can go.
        Path output = directory.resolve("out");
        Process child = Programs.command(List.of(), ProcessEndChild.class, "chatty")
                .redirectErrorStream(false)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(output.toFile())
                .start();
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isZero();
        assertThat(text(output)).matches("VM attach current thread failed\nFailed to attach thread \\d+\n");
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
