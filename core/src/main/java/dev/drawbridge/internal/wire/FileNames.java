package dev.drawbridge.internal.wire;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Names of files that strangers chose, made fit to be a file's name in a directory of ours, on every file system: one segment of a path,
 * never a way out of the directory, a device, a hidden file or a stream.
 */
public final class FileNames {
    private static final String NAMELESS = "file";
    /** What a separator or a wildcard is somewhere. */
    private static final Pattern SPECIAL = Pattern.compile("[<>:\"|?*]");

    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]+");
    /** A run in the middle is looked at once, not from each of its characters. */
    private static final Pattern EDGES = Pattern.compile("^[.\\s\\p{Z}]++|(?<![.\\s\\p{Z}])[.\\s\\p{Z}]++$");
    /** Windows takes these for devices, with any ending; the raised digits too. */
    private static final Pattern DEVICE = Pattern.compile(
            "(?:CON|PRN|AUX|NUL|CONIN\\$|CONOUT\\$|COM[0-9¹²³]|LPT[0-9¹²³])(?:\\s*\\..*)?",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);

    /** No file system takes more; what is behind it is not looked at. */
    private static final int LONGEST = 1024;

    /** A longer one is no ending but the name. */
    private static final int ENDING = 16;

    private FileNames() {}

    /** Never empty; the same for a name that is clean already. */
    public static String clean(String name) {
        String segment = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        String some = segment.length() <= LONGEST ? segment : segment.substring(0, LONGEST);
        String visible = INVISIBLE.matcher(some).replaceAll("");
        String plain = trimmed(SPECIAL.matcher(visible).replaceAll("_"));
        String named = DEVICE.matcher(plain).matches() ? "_" + plain : plain;
        String cut = cut(named);
        return cut.isEmpty() ? NAMELESS : cut;
    }

    private static String trimmed(String text) {
        return EDGES.matcher(text).replaceAll("");
    }

    /** Keeps the ending, by which people and programs know what it is. */
    private static String cut(String name) {
        if (fits(name)) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        String ending = dot > 0 && name.length() - dot <= ENDING ? name.substring(dot) : "";
        String stem = name.substring(0, name.length() - ending.length());
        while (!stem.isEmpty() && !fits(stem + ending)) {
            stem = stem.substring(0, stem.offsetByCodePoints(stem.length(), -1));
        }
        String cut = trimmed(trimmed(stem) + ending);
        return DEVICE.matcher(cut).matches() ? "_" + cut : cut;
    }

    private static boolean fits(String name) {
        return name.length() <= Limits.FILE_NAME
                && name.getBytes(StandardCharsets.UTF_8).length <= Limits.FILE_NAME_BYTES;
    }

    /** The same with a number before the ending, for when there is one of this name already. */
    public static String numbered(String name, int number) {
        if (number == 0) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        int end = dot > 0 ? dot : name.length();
        return name.substring(0, end) + " (" + number + ")" + name.substring(end);
    }
}
