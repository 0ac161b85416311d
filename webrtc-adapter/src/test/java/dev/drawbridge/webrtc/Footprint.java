package dev.drawbridge.webrtc;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What this process holds now. Memory is looked at behind a collection, or it would show the garbage too. Only Linux tells resident
 * memory, native threads and open files in {@code /proc}; elsewhere those are 0, and threads are those of Java.
 *
 * @param keptMb of the heap, what webrtc-java keeps of each message that was received until its threads end (docs/architecture.md)
 */
record Footprint(long nanos, double residentMb, double heapMb, double keptMb, long threads, long files, Duration cpu) {
    private static final Path SELF = Path.of("/proc/self");
    private static final Set<String> MESSAGE =
            Set.of("dev.onvoid.webrtc.RTCDataChannelBuffer", "java.nio.DirectByteBuffer");
    static final boolean COMPLETE = Files.exists(SELF);

    static Footprint now() throws IOException {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return new Footprint(
                System.nanoTime(),
                COMPLETE ? resident(SELF.resolve("status")) : 0,
                (runtime.totalMemory() - runtime.freeMemory()) / 1e6,
                kept() / 1e6,
                COMPLETE ? count("task") : Thread.getAllStackTraces().size(),
                COMPLETE ? count("fd") : 0,
                ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO));
    }

    /** What is ours of the heap, and what nobody here can free. */
    double ownHeapMb() {
        return heapMb - keptMb;
    }

    /** The two objects of each message, counted by the JVM itself. */
    private static long kept() {
        try {
            Object histogram = ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
            return histogram
                    .toString()
                    .lines()
                    .map(line -> line.trim().split(" +"))
                    .filter(words -> words.length > 3 && MESSAGE.contains(words[3]))
                    .mapToLong(words -> Long.parseLong(words[2]))
                    .sum();
        } catch (JMException e) {
            throw new IllegalStateException("this JVM does not count its objects", e);
        }
    }

    /** Processor time since an earlier one, in cores. */
    double cores(Footprint earlier) {
        return (double) cpu.minus(earlier.cpu).toNanos() / (nanos - earlier.nanos);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "RSS %6.1f MB, heap %5.1f MB with %4.1f MB of the library's, %3d threads, %3d files",
                residentMb,
                heapMb,
                keptMb,
                threads,
                files);
    }

    /** In megabytes, by the {@code status} of a process. */
    static double resident(Path status) throws IOException {
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6;
            }
        }
        return 0;
    }

    private static long count(String directory) throws IOException {
        try (Stream<Path> entries = Files.list(SELF.resolve(directory))) {
            return entries.count();
        }
    }

    /** What is left of a beginning in which caches fill and threads start: the last four fifths. */
    static List<Footprint> warm(List<Footprint> all) {
        return all.subList(all.size() / 5, all.size());
    }

    /** Megabytes for each unit of x, by least squares. */
    static double slope(double[] x, List<Footprint> y) {
        double meanX = 0;
        double meanY = 0;
        for (int i = 0; i < x.length; i++) {
            meanX += x[i] / x.length;
            meanY += y.get(i).residentMb / x.length;
        }
        double above = 0;
        double below = 0;
        for (int i = 0; i < x.length; i++) {
            above += (x[i] - meanX) * (y.get(i).residentMb - meanY);
            below += (x[i] - meanX) * (x[i] - meanX);
        }
        return below == 0 ? 0 : above / below;
    }
}
