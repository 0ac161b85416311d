package dev.drawbridge.internal.crypto;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Text functions of the web, exactly as browsers have them. Java's own ({@code strip}, {@code URLEncoder}) differ in details that
 * change keys and names. Pure.
 */
public final class WebText {
    private static final String UNRESERVED = "-_.!~*'()";
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private WebText() {}

    /** JavaScript's {@code trim}. */
    public static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && white(text.charAt(from))) {
            from++;
        }
        while (to > from && white(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean white(char c) {
        return (c >= '\t' && c <= '\r')
                || c == ' '
                || c == '\u00A0'
                || c == '\u1680'
                || (c >= '\u2000' && c <= '\u200A')
                || c == '\u2028'
                || c == '\u2029'
                || c == '\u202F'
                || c == '\u205F'
                || c == '\u3000'
                || c == '\uFEFF';
    }

    /** Whether every surrogate has its other half. */
    public static boolean wellFormed(String text) {
        return replacement(text, 0) < 0;
    }

    /** The text with each lonely surrogate replaced by U+FFFD, which is what a browser's URL functions do. */
    public static String scalar(String text) {
        if (wellFormed(text)) {
            return text;
        }
        StringBuilder mended = new StringBuilder(text);
        for (int i = replacement(mended, 0); i >= 0; i = replacement(mended, i)) {
            mended.setCharAt(i, '\uFFFD');
        }
        return mended.toString();
    }

    private static int replacement(CharSequence text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i))
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                return i;
            }
        }
        return -1;
    }

    /**
     * JavaScript's {@code encodeURIComponent}.
     *
     * @throws IllegalArgumentException for a lonely surrogate, where JavaScript throws too
     */
    public static String encodeComponent(String text) {
        if (!wellFormed(text)) {
            throw new IllegalArgumentException("not valid Unicode (half a surrogate pair)");
        }
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if ((c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || UNRESERVED.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
            }
        }
        return encoded.toString();
    }

    /** JavaScript's {@code decodeURIComponent}; empty where JavaScript throws. */
    public static Optional<String> decodeComponent(String text) {
        if (BROKEN_ESCAPE.matcher(text).find()) {
            return Optional.empty();
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(percentDecoded(text)))
                    .toString());
        } catch (CharacterCodingException malformed) {
            return Optional.empty();
        }
    }

    /** One name or value of a query as {@code URLSearchParams} reads it: plus is a space, broken escapes stay as they are. */
    public static String decodeQueryPart(String text) {
        return new String(percentDecoded(scalar(text).replace('+', ' ')), StandardCharsets.UTF_8);
    }

    private static byte[] percentDecoded(String text) {
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == '%') {
                int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
                int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
                if (high >= 0 && low >= 0) {
                    decoded.write(high << 4 | low);
                    i += 2;
                    continue;
                }
            }
            decoded.write(raw[i]);
        }
        return decoded.toByteArray();
    }
}
