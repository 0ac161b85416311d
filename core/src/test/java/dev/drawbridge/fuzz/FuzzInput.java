package dev.drawbridge.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What a fuzzer hands in: one byte that chooses, then the input proper. Written as a digit the choice keeps the files of a corpus
 * readable; from {@code 8} on the text is UTF-16, the only way to half a surrogate pair.
 */
public final class FuzzInput {
    private final byte[] bytes;

    /** Takes what the fuzzer made; an empty one chooses nothing. */
    public FuzzInput(byte[] bytes) {
        this.bytes = bytes.length == 0 ? new byte[] {'0'} : bytes;
    }

    /** One of {@code count} variants, at most 8. */
    public int choice(int count) {
        return (bytes[0] & 7) % count;
    }

    /** One of at most 8 things. */
    public <T> T choice(List<T> things) {
        return things.get(choice(things.size()));
    }

    /** The input without the choice. */
    public byte[] rest() {
        return Arrays.copyOfRange(bytes, 1, bytes.length);
    }

    /** The same as text. */
    public String text() {
        return new String(rest(), (bytes[0] & 8) == 0 ? StandardCharsets.UTF_8 : StandardCharsets.UTF_16BE);
    }

    /** Fails when a property does not hold. */
    public static void holds(boolean property, String what) {
        if (!property) {
            throw new AssertionError(what);
        }
    }

    /** Fails when two values are not equal. */
    public static void same(Object one, Object other, String what) {
        if (!one.equals(other)) {
            throw new AssertionError(what + ": " + one + " / " + other);
        }
    }
}
