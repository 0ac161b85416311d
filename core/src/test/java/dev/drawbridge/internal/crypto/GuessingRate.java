package dev.drawbridge.internal.crypto;

import dev.drawbridge.StreamId;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * How many passwords one thread tests in a second of processor time against a stream id that was seen on the wire: with our own
 * class, and with as little as somebody needs who wants to be quick. {@code bin/soak guess} runs it; docs/secure-mode.md tells the
 * figures.
 */
final class GuessingRate {
    private static final String SALT = "vdo.ninja";
    private static final String SEEN =
            Keys.of(Optional.of("correct7horse"), SALT).wireStream(StreamId.of("camera1"));
    private static final Duration EACH = Duration.ofSeconds(5);

    private GuessingRate() {}

    public static void main(String[] arguments) throws Exception {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        String suffix = SEEN.substring(SEEN.length() - 6);
        int wanted = Integer.parseInt(suffix, 16);
        for (int round = 0; round < 2; round++) { // the first one is for the compiler
            rate("with Keys", guess -> Keys.of(Optional.of("guess" + guess), SALT)
                    .plainStream(SEEN)
                    .isPresent());
            rate("with one SHA-256", guess -> {
                byte[] hash = sha.digest(("guess" + guess + SALT).getBytes(StandardCharsets.ISO_8859_1));
                return ((hash[0] & 0xff) << 16 | (hash[1] & 0xff) << 8 | (hash[2] & 0xff)) == wanted;
            });
        }
    }

    private static void rate(String how, IntPredicate fits) {
        long began = processorNanos();
        int guesses = 0;
        int hits = 0;
        while (processorNanos() - began < EACH.toNanos()) {
            for (int i = 0; i < 10_000; i++) {
                hits += fits.test(guesses++) ? 1 : 0;
            }
        }
        double seconds = (processorNanos() - began) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%-17s %5.2f million guesses a second; %d of %d happen to fit%n",
                how + ":",
                guesses / seconds / 1e6,
                hits,
                guesses);
    }

    /** Of this thread: what else the machine does makes no difference. */
    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
