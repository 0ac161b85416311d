package dev.drawbridge.internal.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;

/**
 * Seals and opens what travels through the handshake server: AES-256-CBC with PKCS#7 padding and a fresh IV for each text
 * (protocol section 5.4). There is no MAC in this protocol, so whatever is wrong with a sealed text ends in the same empty
 * {@link #open}: a difference would help a guesser. Thread-safe if the IV source is.
 */
public final class Envelope {
    public static final int IV_BYTES = 16;

    private static final HexFormat HEX = HexFormat.of();

    private final Keys keys;
    private final Supplier<byte[]> ivs;
    /** One for all texts, since to look for it among the providers takes longer than to use it. Guarded by this. */
    private final Cipher cipher;

    /**
     * @param keys the key
     * @param ivs gives 16 fresh bytes on each call; {@link #randomIvs} outside of tests
     */
    public Envelope(Keys keys, Supplier<byte[]> ivs) {
        this.keys = keys;
        this.ivs = ivs;
        try {
            this.cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES/CBC", e);
        }
    }

    /** IVs from the system's cryptographic generator. Thread-safe. */
    public static Supplier<byte[]> randomIvs() {
        return () -> Chance.bytes(IV_BYTES);
    }

    /**
     * A sealed text, both parts in lower-case hex.
     *
     * @param payload the cipher text
     * @param vector the IV
     */
    public record Sealed(String payload, String vector) {
        @Override
        public String toString() {
            return "Sealed";
        }
    }

    /**
     * Seals a text. Callers hand in ASCII: the web client takes the bytes for Latin-1, all others for UTF-8.
     *
     * @throws IllegalStateException without a password
     */
    public Sealed seal(String text) {
        SecretKey key = keys.key().orElseThrow(() -> new IllegalStateException("nothing to encrypt with"));
        byte[] iv = ivs.get();
        try {
            byte[] sealed = run(Cipher.ENCRYPT_MODE, key, iv, text.getBytes(StandardCharsets.UTF_8));
            return new Sealed(HEX.formatHex(sealed), HEX.formatHex(iv));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES/CBC", e);
        }
    }

    /** Opens a sealed text: UTF-8, or Latin-1 where it is not UTF-8. Empty for every cause of failure. */
    public Optional<String> open(String payload, String vector) {
        if (keys.key().isEmpty() || payload.isEmpty() || vector.length() != 2 * IV_BYTES) {
            return Optional.empty();
        }
        try {
            byte[] iv = HEX.parseHex(vector);
            byte[] opened = run(Cipher.DECRYPT_MODE, keys.key().get(), iv, HEX.parseHex(payload));
            return Optional.of(text(opened));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "Envelope";
    }

    private static String text(byte[] bytes) {
        try {
            // A new decoder reports what is malformed; new String(...) would put replacement characters.
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private synchronized byte[] run(int mode, SecretKey key, byte[] iv, byte[] text) throws GeneralSecurityException {
        cipher.init(mode, key, new IvParameterSpec(iv));
        return cipher.doFinal(text);
    }
}
