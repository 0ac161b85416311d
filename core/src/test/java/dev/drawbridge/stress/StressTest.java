package dev.drawbridge.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The short form of the inbox's and the gate's {@code *Stress} classes, which jcstress runs in JVMs of their own: a look at whether the
 * end of each is still final. The long form, of all such classes with every compiler and many more samples, is {@code bin/soak stress}.
 */
class StressTest {
    private static final List<String> TESTS = List.of(
            "dev.drawbridge.internal.runtime.InboxStress.PostAgainstEnd",
            "dev.drawbridge.signaling.GateStress.ReceiveAgainstClose");

    private static final Pattern TEST = Pattern.compile("\\[OK] (\\S+)");
    private static final Pattern SAMPLES = Pattern.compile("\\s{2,}([0-9,]+)\\s+[0-9.]+%  ");
    /** Far below what even a busy machine reaches, far above nothing. */
    private static final int FEW = 50;

    @Test
    void no_race_of_the_inbox_and_the_gate_ends_in_a_forbidden_way() throws Exception {
        Path directory = Files.createDirectories(Path.of("target", "jcstress"));
        Path output = directory.resolve("output.txt");
        Process run = new ProcessBuilder(command())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = run.waitFor(5, TimeUnit.MINUTES);
        run.destroyForcibly();

        assertThat(ended).as("ended in time").isTrue();
        assertThat(run.exitValue()).as(Files.readString(output)).isZero();
        Map<String, Integer> samples = samples(output);
        assertThat(samples.keySet()).containsExactlyElementsOf(TESTS);
        assertThat(samples)
                .allSatisfy((test, count) -> assertThat(count).as(test).isGreaterThan(FEW));
    }

    private static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "org.openjdk.jcstress.Main",
                "-v",
                "-t",
                "InboxStress.PostAgainstEnd|GateStress.ReceiveAgainstClose",
                "-r",
                "report",
                // One fork and one iteration for each, without the harness' own variations of compiler and processor,
                // and without
                // a gigabyte of memory that has to be touched before each.
                "-f",
                "1",
                "-iters",
                "1",
                "-time",
                "100",
                "-sc",
                "false",
                "-af",
                "NONE",
                "-pth",
                "false",
                "-hs",
                "64",
                // Every sample has threads of its own: few at a time.
                "-strideSize",
                "8",
                "-strideCount",
                "2",
                "-jvmArgs",
                "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
    }

    /** How often each test ran, by its name. */
    private static Map<String, Integer> samples(Path output) throws IOException {
        Map<String, Integer> samples = new TreeMap<>();
        String test = "";
        for (String line : Files.readAllLines(output)) {
            Matcher name = TEST.matcher(line);
            Matcher row = SAMPLES.matcher(line);
            if (name.find()) {
                test = name.group(1);
            } else if (row.find()) {
                samples.merge(test, Integer.valueOf(row.group(1).replace(",", "")), Integer::sum);
            }
        }
        return samples;
    }
}
