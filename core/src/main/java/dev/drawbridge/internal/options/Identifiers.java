package dev.drawbridge.internal.options;

import dev.drawbridge.internal.crypto.Chance;
import dev.drawbridge.internal.crypto.WebText;
import java.util.Locale;
import java.util.regex.Pattern;

/** The rules for names: streams, rooms, scenes, labels. */
public final class Identifiers {
    /** Every client cuts rooms here, so cutting is what makes them meet. */
    public static final int MAX_ROOM = 30;

    public static final int MAX_SCENE = 100;
    public static final int MAX_LABEL = 100;

    private static final String ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
    private static final Pattern UNSAFE_RUN = Pattern.compile("[^A-Za-z0-9_]+");
    private static final Pattern TAG = Pattern.compile("<[^<>]*>");
    private static final Pattern NOT_IN_LABEL = Pattern.compile("[<>\\p{Cc}]");

    private Identifiers() {}

    /** Trimmed, with each run of unsafe characters as one underscore. */
    public static String sanitised(String text) {
        return UNSAFE_RUN.matcher(WebText.trim(text)).replaceAll("_");
    }

    /** A room's name: sanitised and cut. */
    public static String room(String text) {
        String room = sanitised(text);
        return room.substring(0, Math.min(MAX_ROOM, room.length()));
    }

    /** A scene's name; the empty one is scene 0. */
    public static String scene(String text) {
        String scene = sanitised(text);
        return scene.isEmpty() ? "0" : scene.substring(0, Math.min(MAX_SCENE, scene.length()));
    }

    /** A label: no markup, no control characters, underscores as spaces, at most 100 characters. */
    public static String label(String text) {
        String plain = NOT_IN_LABEL
                .matcher(TAG.matcher(WebText.scalar(text)).replaceAll(""))
                .replaceAll("")
                .replace('_', ' ');
        String trimmed = WebText.trim(plain);
        int end = Math.min(MAX_LABEL, trimmed.length());
        if (end > 0 && end < trimmed.length() && Character.isHighSurrogate(trimmed.charAt(end - 1))) {
            end--;
        }
        return WebText.trim(trimmed.substring(0, end));
    }

    /** A random name without look-alikes, and without "ad", which ad blockers dislike in addresses. */
    public static String random(int length) {
        StringBuilder id = new StringBuilder(length);
        do {
            id.setLength(0);
            for (int i = 0; i < length; i++) {
                id.append(ALPHABET.charAt(Chance.below(ALPHABET.length())));
            }
        } while (id.toString().toLowerCase(Locale.ROOT).contains("ad"));
        return id.toString();
    }
}
