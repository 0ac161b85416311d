package dev.drawbridge.internal.crypto;

import java.security.SecureRandom;

/** Where chance enters: the system's cryptographic generator, for everything that nobody may guess. Thread-safe. */
public final class Chance {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Chance() {}

    /** So many random bytes. */
    public static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** A number from 0 up to and without the bound. */
    public static int below(int bound) {
        return RANDOM.nextInt(bound);
    }
}
