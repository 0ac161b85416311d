package dev.drawbridge.internal.options;

import java.util.Locale;
import java.util.Set;

/** Words that stand for yes and no in a value. */
public final class Words {
    private static final Set<String> OFF = Set.of("false", "0", "off", "no");
    private static final Set<String> ON = Set.of("true", "1", "on", "yes");

    private Words() {}

    public static boolean off(String value) {
        return OFF.contains(value.strip().toLowerCase(Locale.ROOT));
    }

    private static boolean on(String value) {
        return ON.contains(value.strip().toLowerCase(Locale.ROOT));
    }

    /** Whether this value says nothing beyond the parameter's presence; {@code =false} does not take a flag back. */
    public static boolean flag(String value) {
        return value.isBlank() || on(value) || off(value);
    }

    /** Whether this names no device in particular. */
    public static boolean defaultDevice(String value) {
        return value.isBlank() || on(value) || value.strip().equalsIgnoreCase("default");
    }
}
