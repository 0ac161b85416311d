package dev.drawbridge.internal.wire;

import java.util.regex.Pattern;

/** Texts of strangers, made fit for a log line or a window title. */
final class Clean {
    /** Line breaks forge log lines, direction marks turn text around; only the joiner of emoji is harmless. */
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}&&[^\\u200d]]+");

    private Clean() {}

    /** Without tags, cut to the limit of labels. */
    static String label(String text) {
        return cut(untagged(line(text, 10 * Limits.LABEL)), Limits.LABEL).trim();
    }

    /** A line of chat: without tags, one line, cut. */
    static String chat(String text) {
        return cut(untagged(line(text, 10 * Limits.CHAT)), Limits.CHAT).trim();
    }

    /** A tag ends what began with the last bracket before it, so that none can be left around another one that went. */
    private static String untagged(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int open = c == '>' ? kept.lastIndexOf("<") : -1;
            if (open >= 0) {
                kept.setLength(open);
            } else {
                kept.append(c);
            }
        }
        return kept.toString();
    }

    /** One line, cut. */
    static String line(String text, int limit) {
        return cut(INVISIBLE.matcher(cut(text, limit)).replaceAll(" "), limit);
    }

    /** Cut between characters, not within one. */
    static String cut(String text, int limit) {
        if (text.length() <= limit) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit);
    }
}
