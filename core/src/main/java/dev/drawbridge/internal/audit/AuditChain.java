package dev.drawbridge.internal.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * Makes lines of entries: {@code number time what before check}, where {@code before} is the SHA-256 of the line before and
 * {@code check} the CRC-32 of this line up to there. The chain shows that a line was changed; the check, which anybody can make
 * anew, says at once which, the last one included. Not thread-safe.
 */
public final class AuditChain {
    /** What stands for the line before the first. */
    public static final String START = "0".repeat(64);

    /** How the words of the last line of a session begin. */
    static final String END = "closed: ";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private int number;
    private String head = START;

    /** The line of an entry, without its end. */
    public String line(AuditStory.Entry entry) {
        number++;
        String text = number + " " + time(entry.at()) + " " + entry.what() + " " + head + " ";
        String line = text + check(text);
        head = sha256(line);
        return line;
    }

    /** The SHA-256 of the last line. */
    public String head() {
        return head;
    }

    static String time(Instant at) {
        return TIME.format(at);
    }

    /** Finds every change of up to 32 neighbouring bits for certain. */
    static String check(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    static String sha256(String line) {
        try {
            byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
