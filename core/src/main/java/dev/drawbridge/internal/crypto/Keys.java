package dev.drawbridge.internal.crypto;

import dev.drawbridge.StreamId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a password and a salt turn into on the wire: names and a key (protocol section 5.3). Without a password everything stays
 * as it is and nothing can be encrypted. Immutable; {@code toString} shows nothing.
 */
public final class Keys {
    private static final int SUFFIX = 6;
    private static final int ROOM = 16;
    private static final int CHECK = 4;
    /** The salt of links made before the web client got its present name; such links still carry a {@code hash}. */
    private static final String FORMER_SALT = "obs.ninja";

    private final Optional<String> password;
    private final String salt;
    private final Optional<SecretKey> key;
    private final String suffix;

    private Keys(Optional<String> password, String salt) {
        this.password = password;
        this.salt = salt;
        this.key = password.map(pw -> new SecretKeySpec(sha256(pw + salt), "AES"));
        this.suffix = password.map(pw -> hex(pw + salt).substring(0, SUFFIX)).orElse("");
    }

    /**
     * Derives everything.
     *
     * @param password the effective password, that is trimmed and percent-encoded; empty when passwords are switched off
     * @param salt the salt option, usually {@code vdo.ninja}
     */
    public static Keys of(Optional<String> password, String salt) {
        return new Keys(password, salt);
    }

    /** Whether there is a password, and so something to encrypt with. */
    public boolean encrypting() {
        return key.isPresent();
    }

    /** The six hex digits behind every stream id on the wire; empty without a password. */
    public String streamSuffix() {
        return suffix;
    }

    /** A stream id as it stands in handshake frames. */
    public String wireStream(StreamId stream) {
        return stream.value() + suffix;
    }

    /**
     * Takes our suffix off a stream id of a handshake frame. Empty when it ends otherwise: then it belongs to people with
     * another password.
     */
    public Optional<String> plainStream(String wire) {
        return wire.endsWith(suffix)
                ? Optional.of(wire.substring(0, wire.length() - suffix.length()))
                : Optional.empty();
    }

    /** A room's name as it stands in handshake frames: a digest, or the name itself without a password. */
    public String wireRoom(String room) {
        return password.map(pw -> hex(room + pw + salt).substring(0, ROOM)).orElse(room);
    }

    /** The four hex digits for a link's {@code hash} parameter; empty without a password. */
    public String check() {
        return suffix.isEmpty() ? "" : suffix.substring(0, CHECK);
    }

    /** Whether a link's {@code hash} parameter (1 to 6 hex digits) was made from this password. */
    public boolean matches(String check) {
        if (check.isEmpty() || password.isEmpty()) {
            return false;
        }
        return suffix.startsWith(check)
                || hex(password.get() + FORMER_SALT).substring(0, CHECK).equals(check);
    }

    Optional<SecretKey> key() {
        return key;
    }

    @Override
    public String toString() {
        return encrypting() ? "keys" : "no keys";
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(sha256(text));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
