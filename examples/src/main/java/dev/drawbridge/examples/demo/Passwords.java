package dev.drawbridge.examples.demo;

import java.security.SecureRandom;

/** Passwords that nobody guesses. */
final class Passwords {
    /** Letters and digits, about which all clients of the protocol agree, without look-alikes. */
    private static final String CHARACTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";

    private static final int LENGTH = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Passwords() {}

    /** A new one of 92 bits. */
    static String random() {
        StringBuilder text = new StringBuilder(LENGTH);
        RANDOM.ints(LENGTH, 0, CHARACTERS.length()).forEach(i -> text.append(CHARACTERS.charAt(i)));
        return text.toString();
    }
}
