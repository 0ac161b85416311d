package dev.drawbridge.webrtc;

import java.util.regex.Pattern;

/** Makes one harmless line of the library's error texts, which quote SDP lines and addresses. */
final class Details {
    private static final Pattern QUOTED = Pattern.compile("[\\[=\\r\\n\"'].*", Pattern.DOTALL);
    private static final Pattern NUMBERS = Pattern.compile("\\S*[0-9]\\S*");
    private static final int MAX = 120;

    private Details() {}

    static String of(Throwable e) {
        return of(String.valueOf(e.getMessage()));
    }

    static String of(String text) {
        String safe = NUMBERS.matcher(QUOTED.matcher(text).replaceAll(""))
                .replaceAll("…")
                .strip();
        if (safe.isEmpty()) {
            return "refused by the library";
        }
        return safe.length() > MAX ? safe.substring(0, MAX) : safe;
    }
}
